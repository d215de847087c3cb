import { createServer } from "node:http";
import { describe, expect, it } from "vitest";
import type { TestOptions } from "../src/tester/index.js";
import { listen, startInternet } from "./support/internet.js";
import { probeType, runProbes } from "./support/probe.js";

/** Asks its address for a greeting. */
const asking = probeType(async ({ url }: never, { http, check }) => {
  await check({ stage: "input", title: "settings" }, () => ({ outcome: "ok", message: "they are there" }));
  const server = await check({ stage: "server", title: "answers" }, async () => {
    const { status } = await http.request(url);
    return status === 200 ? { outcome: "ok", message: "it greets" } : { outcome: "wrong-server", message: "it does not" };
  });
  await check({ stage: "authentication", title: "token", after: server }, () => ({ outcome: "ok", message: "fine" }));
});

/** The test of one address, as lines. */
async function ask(url: string, network: TestOptions["network"] = {}, strict = false): Promise<string[]> {
  const { results, summary } = await runProbes(asking, [{ id: "A", url }], { network, strict });
  const lines = results.flatMap(({ checks }) =>
    checks.map(({ stage, title, status, outcome, message }) => `${stage} ${title}: ${outcome ?? status}, ${message}`),
  );
  return [...lines, ...summary.from.proxies];
}

const NOT_RUN = "not run, because a check that it builds on did not pass";

describe("what the transport sees of the way becomes checks of its own", () => {
  it("a server behind TLS and a proxy", async () => {
    const internet = await startInternet({ "one.example.com": (_, answer) => answer.end("hello") });
    const lines = await ask("https://one.example.com/", internet.config);
    expect(lines).toEqual([
      "input settings: ok, they are there",
      `name host name resolves: ok, one.example.com is looked up by the proxy ${internet.proxy}`,
      expect.stringMatching(/^tls TLS certificate: ok, TLSv1\.3, signed by Test authority, valid until \d{4}-\d\d-\d\d$/),
      "server answers: ok, it greets",
      "authentication token: ok, fine",
      internet.proxy,
    ]);
  });

  it("a certificate that nobody trusts", async () => {
    const internet = await startInternet({ "one.example.com": (_, answer) => answer.end("hello") });
    const lines = await ask("https://one.example.com/", { proxy: internet.proxy });
    expect(lines).toEqual([
      "input settings: ok, they are there",
      expect.stringMatching(/^name host name resolves: ok, one\.example\.com /),
      expect.stringMatching(/^tls TLS certificate: tls-untrusted, /),
      `server answers: notRun, ${NOT_RUN}`,
      `authentication token: notRun, ${NOT_RUN}`,
      ...lines.slice(5),
    ]);
  });

  it("a name that nobody knows", async () => {
    expect(await ask("https://nowhere.invalid/")).toEqual([
      "input settings: ok, they are there",
      expect.stringMatching(/^name host name resolves: dns, .*nowhere\.invalid/),
      `tls TLS certificate: notRun, ${NOT_RUN}`,
      `server answers: notRun, ${NOT_RUN}`,
      `authentication token: notRun, ${NOT_RUN}`,
    ]);
  });

  it("plain http: to this machine it is nothing to speak of, to another it is a reservation", async () => {
    const port = await listen(createServer((_, answer) => answer.end("hello")));
    expect(await ask(`http://127.0.0.1:${port}/`, {}, true)).toEqual([
      "input settings: ok, they are there",
      "name host name resolves: ok, 127.0.0.1 is an address itself",
      "tls TLS certificate: ok, plain http, which does not leave this machine",
      "server answers: ok, it greets",
      "authentication token: ok, fine",
    ]);
    const internet = await startInternet({ "one.example.com:80": { port } });
    const lines = await ask("http://one.example.com/", internet.config);
    expect(lines[2]).toBe("tls TLS certificate: ok-limited, plain http is used: whoever is on the way can read the credentials");
    expect(lines[3]).toBe("server answers: ok, it greets");
  });

  it("a closed port", async () => {
    const server = createServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    const lines = await ask(`https://localhost:${port}/`);
    expect(lines.slice(1, 4)).toEqual([
      "name host name resolves: ok, localhost is known",
      "tls TLS certificate: notRun, not known, because no connection was made",
      expect.stringMatching(/^server answers: refused, /),
    ]);
  });

  it("a host that the settings do not name is not reached", async () => {
    const astray = probeType(async (_, { http, check }) => {
      await check({ stage: "server", title: "answers" }, async () => {
        await http.request("https://two.example.com/");
        return { outcome: "ok", message: "it greets" };
      });
    });
    const internet = await startInternet({ "two.example.com": (_, answer) => answer.end("hello") });
    const network = internet.config;
    const probes = [{ id: "A", url: "https://one.example.com" }];
    const { results } = await runProbes(astray, probes, { network });
    expect(results[0]?.outcome).toBe("invalid-input");
    expect(internet.asked).toEqual([]);
    const allowed = await runProbes(astray, probes, { network, hosts: ["one.example.com", "two.example.com"] });
    expect(allowed.results[0]?.outcome).toBe("ok");
    expect(internet.asked).toEqual(["two.example.com:443"]);
  });
});
