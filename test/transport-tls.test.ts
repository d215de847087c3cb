import { once } from "node:events";
import { createServer as createTlsServer, type ServerOptions } from "node:https";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Authority, type LeafOptions, listen } from "./support/internet.js";
import { failureOf, openTransport, serve } from "./support/transport.js";
import { Workspace } from "./support/workspace.js";

interface Served {
  readonly url: string;
  /** Path of the authority's certificate. */
  readonly caFile: string;
}

/** A TLS server with a certificate from an authority of its own, for 127.0.0.1 unless other names are given. */
async function serveTls({
  names = ["127.0.0.1", "localhost"],
  leaf = {},
  sendsChain = false,
  server = {},
}: {
  readonly names?: readonly string[];
  readonly leaf?: LeafOptions;
  readonly sendsChain?: boolean;
  readonly server?: ServerOptions;
} = {}): Promise<Served> {
  const authority = await Authority.create();
  const { key, cert } = await authority.issue(names, leaf);
  const chain = sendsChain ? `${cert}\n${authority.cert}` : cert;
  const port = await listen(createTlsServer({ key, cert: chain, ...server }, (_, answer) => answer.end("made-up")));
  return { url: `https://127.0.0.1:${port}`, caFile: join(new Workspace({ "ca.pem": authority.cert }).folder, "ca.pem") };
}

const past = { notBefore: new Date("2020-01-01"), notAfter: new Date("2020-02-01") };
const future = { notBefore: new Date(Date.now() + 24 * 3600 * 1000) };

describe("a private authority", () => {
  it("is trusted for the hosts that it is named for, besides those that Node brings", async () => {
    const { url, caFile } = await serveTls();
    const { http, transport } = openTransport({ ca: { "*.example.com": "nowhere.pem", "127.0.0.1": caFile } });
    expect((await http.request(url)).text).toBe("made-up");
    expect(transport.reach(url)).toEqual({
      origin: url,
      address: new URL(url).host,
      tls: {
        protocol: "TLSv1.3",
        issuer: "Test authority",
        validTo: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/),
      },
    });
  });

  it("is not trusted for others, whether or not the server sends its certificate", async () => {
    for (const sendsChain of [false, true]) {
      const { url, caFile } = await serveTls({ sendsChain });
      const { http, transport } = openTransport({ ca: { localhost: caFile } });
      expect((await http.request(url.replace("127.0.0.1", "localhost"))).status).toBe(200);
      expect(await failureOf(http.request(url))).toMatchObject({
        outcome: "tls-untrusted",
        message: `the certificate of ${new URL(url).host} is signed by an authority that is not trusted`,
        details: { code: sendsChain ? "SELF_SIGNED_CERT_IN_CHAIN" : "UNABLE_TO_VERIFY_LEAF_SIGNATURE" },
      });
      expect(transport.reach(url)).toBeUndefined();
    }
  });

  it("is trusted if Node's own variable names it, whatever else the host has", async () => {
    const [{ url, caFile }, other] = await Promise.all([serveTls(), serveTls()]);
    const { http } = openTransport({ ca: { "*": other.caFile }, environment: { NODE_EXTRA_CA_CERTS: caFile } });
    expect((await http.request(url)).status).toBe(200);
    expect((await http.request(other.url)).status).toBe(200);
  });

  it("may be one of several in a file", async () => {
    const [first, second] = await Promise.all([Authority.create(), Authority.create()]);
    const { key, cert } = await second.issue(["127.0.0.1"]);
    const port = await listen(createTlsServer({ key, cert }, (_, answer) => answer.end()));
    const space = new Workspace({ "ca.pem": `# two of them\n${first.cert}\n\n${second.cert}\n` });
    const { http } = openTransport({ ca: { "*": join(space.folder, "ca.pem") } });
    expect((await http.request(`https://127.0.0.1:${port}`)).status).toBe(200);
  });

  it.each([
    ["absent.pem", "cannot be read (ENOENT)"],
    ["text.pem", "holds no certificates in PEM"],
    ["broken.pem", "holds certificates of which number 1 cannot be read"],
  ])("whose file is no good is bad input: %s", async (name, reason) => {
    const space = new Workspace({
      "text.pem": "text",
      "broken.pem": "-----BEGIN CERTIFICATE-----\nbWFkZS11cA==\n-----END CERTIFICATE-----\n",
    });
    const { http } = openTransport({ ca: { "*": join(space.folder, name) } });
    const failure = await failureOf(http.request((await serveTls()).url));
    expect(failure.outcome).toBe("invalid-input");
    expect(failure.message).toContain(name);
    expect(failure.message).toContain(`which \`ca\` of the configuration names, ${reason}`);
  });
});

describe("a certificate", () => {
  it("for another name tells the name", async () => {
    const { url, caFile } = await serveTls({ names: ["other.test", "*.other.test"] });
    const { http } = openTransport({ ca: { "*": caFile } });
    expect(await failureOf(http.request(url))).toMatchObject({
      outcome: "tls-hostname",
      message: `the certificate of ${new URL(url).host} is for other.test, *.other.test`,
    });
  });

  it("that has expired says so, whether or not its authority is known", async () => {
    const { url, caFile } = await serveTls({ leaf: past });
    for (const options of [{ ca: { "*": caFile } }, {}]) {
      const { http } = openTransport(options);
      expect(await failureOf(http.request(url))).toMatchObject({
        outcome: "tls-expired",
        message: `the certificate of ${new URL(url).host} has expired`,
      });
    }
  });

  it("that is not valid yet says so", async () => {
    const { url, caFile } = await serveTls({ leaf: future });
    const { http } = openTransport({ ca: { "*": caFile } });
    const failure = await failureOf(http.request(url));
    expect(failure).toMatchObject({ outcome: "tls-expired", message: expect.stringMatching(/is not valid yet$/) });
    expect(failure.details.hint).toContain("clock");
  });

  it("that is signed by itself says so", async () => {
    const { url } = await serveTls({ leaf: { selfSigned: true } });
    expect(await failureOf(openTransport().http.request(url))).toMatchObject({
      outcome: "tls-untrusted",
      message: `the certificate of ${new URL(url).host} is signed by itself`,
    });
  });

  it("is checked by libraries' requests as well", async () => {
    const { url } = await serveTls();
    expect(await failureOf(openTransport().http.fetch(url))).toMatchObject({ outcome: "tls-untrusted" });
  });
});

describe("a server", () => {
  it("with old versions of TLS only is not spoken to", async () => {
    const old = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT:@SECLEVEL=0" } as const;
    const { url, caFile } = await serveTls({ server: old });
    const { http } = openTransport({ ca: { "*": caFile } });
    expect(await failureOf(http.request(url))).toMatchObject({
      outcome: "tls-protocol",
      message: `${new URL(url).host} speaks only versions of TLS before 1.2, which are no longer safe`,
    });
  });

  it.each(["TLSv1.2", "TLSv1.3"] as const)("that wants a certificate of the client is hinted at, with %s", async (version) => {
    const server = { requestCert: true, minVersion: version, maxVersion: version };
    const { url, caFile } = await serveTls({ server });
    const { http } = openTransport({ ca: { "*": caFile } });
    const failure = await failureOf(http.request(url));
    expect(["reset", "tls-protocol"]).toContain(failure.outcome);
    expect(failure.details.hint).toContain("certificate of the client");
  });

  it("without TLS does not speak it", async () => {
    const url = (await serve((_, answer) => answer.end())).replace("http:", "https:");
    const failure = await failureOf(openTransport().http.request(url));
    expect(failure).toMatchObject({ outcome: "tls-protocol", message: `${new URL(url).host} does not speak TLS` });
    expect(failure.details.hint).toContain("http://");
  });

  it("with TLS is not spoken to without it", async () => {
    const url = (await serveTls()).url.replace("https:", "http:");
    const failure = await failureOf(openTransport().http.request(url));
    expect(["reset", "wrong-server"]).toContain(failure.outcome);
    expect(failure.details.hint).toContain("https://");
  });

  it("that does not listen refuses", async () => {
    const server = createTlsServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    server.close();
    await once(server, "close");
    for (const scheme of ["http", "https"])
      expect(await failureOf(openTransport().http.request(`${scheme}://127.0.0.1:${port}`))).toMatchObject({
        outcome: "refused",
        message: `127.0.0.1:${port} refuses the connection`,
        details: { code: "ECONNREFUSED" },
      });
  });

  it("whose name nobody knows cannot be resolved", async () => {
    expect(await failureOf(openTransport().http.request("https://plugboard.invalid:8443/path"))).toMatchObject({
      outcome: "dns",
      message: "the name plugboard.invalid cannot be resolved",
    });
  });
});
