import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer as createHttpServer, type IncomingHttpHeaders, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect, createServer as createTcpServer, type Socket } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { knownSecrets } from "../src/model/redacted.js";
import { createProxies } from "../src/transport/proxies.js";
import { Authority, type Identity, listen, startInternet } from "./support/internet.js";
import { requireProgram } from "./support/servers.js";
import { failureOf, openTransport, serve, serveRaw } from "./support/transport.js";
import { Workspace } from "./support/workspace.js";

const site: RequestListener = (request, answer) => answer.end(`made-up ${request.url}`);

interface OwnProxy {
  readonly port: number;
  readonly asked: { readonly method: string; readonly url: string; readonly headers: IncomingHttpHeaders }[];
}

/** A proxy that writes down what it is asked and, unless it answers otherwise, makes tunnels. */
async function startProxy(
  refusal?: (headers: IncomingHttpHeaders) => string | undefined,
  identity?: Identity,
): Promise<OwnProxy> {
  const asked: OwnProxy["asked"] = [];
  const forward: RequestListener = ({ method = "", url = "", headers }, answer) => {
    asked.push({ method, url, headers });
    const line = refusal?.(headers);
    if (line === undefined) answer.end("through the proxy");
    else answer.writeHead(Number.parseInt(line, 10)).end();
  };
  const proxy = identity === undefined ? createHttpServer(forward) : createTlsServer(identity, forward);
  proxy.on("connect", ({ method = "", url = "", headers }, client: Socket) => {
    asked.push({ method, url, headers });
    const line = refusal?.(headers);
    if (line !== undefined) return client.end(`HTTP/1.1 ${line}\r\nContent-Length: 0\r\n\r\n`);
    const { hostname, port } = new URL(`http://${url}`);
    const upstream = connect(Number(port), hostname, () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on("error", () => client.destroy());
    client.on("error", () => upstream.destroy());
    return upstream;
  });
  return { port: await listen(proxy), asked };
}

/** A port at which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createTcpServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

async function serveTls(): Promise<{ readonly url: string; readonly ca: Readonly<Record<string, string>> }> {
  const authority = await Authority.create();
  const port = await listen(createTlsServer(await authority.issue(["127.0.0.1"]), site));
  const caFile = join(new Workspace({ "ca.pem": authority.cert }).folder, "ca.pem");
  return { url: `https://127.0.0.1:${port}`, ca: { "127.0.0.1": caFile } };
}

describe("a proxy", () => {
  it("makes a tunnel to a server with TLS, which it does not look into", async () => {
    const { url, ca } = await serveTls();
    const { port, asked } = await startProxy();
    const { http, transport } = openTransport({ ca, proxy: `http://127.0.0.1:${port}` });
    expect((await http.request(`${url}/path`, { headers: { authorization: "Bearer made-up" } })).text).toBe("made-up /path");
    const { host } = new URL(url);
    expect(asked).toMatchObject([{ method: "CONNECT", url: host, headers: { host } }]);
    expect(JSON.stringify(asked)).not.toContain("made-up");
    expect(transport.reach(url)).toMatchObject({ proxy: `http://127.0.0.1:${port}`, tls: { issuer: "Test authority" } });
    expect(transport.reach(url)).not.toHaveProperty("address");
  });

  it("is given the whole address of what is asked without TLS", async () => {
    const { port, asked } = await startProxy();
    const { http, transport } = openTransport({ proxy: `http://made%2Dup:p%40ss@127.0.0.1:${port}` });
    expect((await http.request("http://registry.example.com/v2/?n=1")).text).toBe("through the proxy");
    expect(asked).toMatchObject([
      {
        method: "GET",
        url: "http://registry.example.com/v2/?n=1",
        headers: { host: "registry.example.com", "proxy-authorization": `Basic ${btoa("made-up:p@ss")}` },
      },
    ]);
    expect(transport.reach("http://registry.example.com")).toMatchObject({ proxy: `http://127.0.0.1:${port}` });
  });

  it("may speak TLS itself, with an authority of its own", async () => {
    const { url, ca } = await serveTls();
    const authority = await Authority.create();
    const { port, asked } = await startProxy(undefined, await authority.issue(["localhost"]));
    const caFile = join(new Workspace({ "ca.pem": authority.cert }).folder, "ca.pem");
    const proxy = `https://localhost:${port}`;
    const { http } = openTransport({ ca: { ...ca, localhost: caFile }, proxy });
    expect((await http.request(url)).status).toBe(200);
    expect((await http.request("http://registry.example.com/")).text).toBe("through the proxy");
    expect(asked.map(({ method }) => method)).toEqual(["CONNECT", "GET"]);
    expect(await failureOf(openTransport({ ca, proxy }).http.request(url))).toMatchObject({
      outcome: "proxy-failed",
      message: expect.stringMatching(
        /^there is no way through the proxy: the certificate of localhost:\d+ is signed by an authority that is not trusted$/,
      ),
    });
  });

  it("does not hide what is wrong with the server", async () => {
    const { url } = await serveTls();
    const { port } = await startProxy();
    const { http } = openTransport({ proxy: `127.0.0.1:${port}` });
    expect(await failureOf(http.request(url))).toMatchObject({
      outcome: "tls-untrusted",
      message: `the certificate of ${new URL(url).host} is signed by an authority that is not trusted, through the proxy 127.0.0.1:${port}`,
    });
  });

  it.each<[string, string, (socket: Socket) => void]>([
    ["proxy-failed", "does not answer in HTTP", (socket) => socket.end("\0\x5b\0\0")],
    ["reset", "closes the connection without an answer, through the proxy", (socket) => socket.once("data", () => socket.end())],
  ])("is named where it is what speaks: %s", async (outcome, message, behave) => {
    const { http } = openTransport({ proxy: `http://127.0.0.1:${await serveRaw(behave)}` });
    const failure = await failureOf(http.request("http://registry.example.com"));
    expect({ outcome: failure.outcome, message: failure.message }).toEqual({
      outcome,
      message: expect.stringContaining(message),
    });
  });

  it("that answers for itself where a tunnel was asked for is what has failed", async () => {
    const port = await serveRaw((socket) => socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\n\r\n<html>")));
    const { http } = openTransport({ proxy: `http://127.0.0.1:${port}` });
    expect(await failureOf(http.request("https://registry.example.com"))).toMatchObject({
      outcome: "proxy-failed",
      message: expect.stringContaining("answers for itself instead of connecting to registry.example.com:443"),
    });
  });

  it("takes user and password, which are known as secrets", async () => {
    const { url, ca } = await serveTls();
    const wanted = `Basic ${btoa("made-up:p@ss:w%rd")}`;
    const { port } = await startProxy((headers) =>
      headers["proxy-authorization"] === wanted ? undefined : "407 Proxy Authentication Required",
    );
    const open = (user: string) => openTransport({ ca, proxy: `http://${user}127.0.0.1:${port}` }).http;
    expect((await open("made-up:p%40ss%3Aw%25rd@").request(url)).status).toBe(200);
    expect([...knownSecrets().keys()]).toEqual(expect.arrayContaining(["p@ss:w%rd", wanted]));
    const refused = await failureOf(open("made-up:wrong-password@").request(url));
    expect(refused).toMatchObject({
      outcome: "proxy-auth",
      message: `the proxy 127.0.0.1:${port} refuses user name and password`,
      details: { code: "407" },
    });
    expect(JSON.stringify(refused)).not.toContain("wrong-password");
    expect(await failureOf(open("").request(url))).toMatchObject({
      outcome: "proxy-auth",
      message: `the proxy 127.0.0.1:${port} wants user name and password`,
    });
    expect(await failureOf(open("").request("http://registry.example.com"))).toMatchObject({ outcome: "proxy-auth" });
  });

  it.each(["403 Filtered", "500 Unable to connect", "502 Bad Gateway", "503 Service Unavailable"])(
    "that answers %s is what has failed",
    async (line) => {
      const { port, asked } = await startProxy(() => line);
      const { http } = openTransport({ proxy: `http://127.0.0.1:${port}` });
      expect(await failureOf(http.request("https://registry.example.com/v2/"))).toMatchObject({
        outcome: "proxy-failed",
        message: `the proxy 127.0.0.1:${port} makes no connection to registry.example.com:443: it answers ${line.slice(0, 3)}`,
        details: { code: line.slice(0, 3), exchange: { attempts: 1 } },
      });
      expect(asked).toHaveLength(1);
    },
  );

  it("that is down is named in the place of the server", async () => {
    const port = await closedPort();
    const { http } = openTransport({ proxy: `http://127.0.0.1:${port}` });
    for (const url of ["https://registry.example.com", "http://registry.example.com"])
      expect(await failureOf(http.request(url))).toMatchObject({
        outcome: "proxy-failed",
        message: `there is no way through the proxy: 127.0.0.1:${port} refuses the connection`,
        details: { code: "ECONNREFUSED" },
      });
  });

  it("that nobody knows is named in the place of the server", async () => {
    const { http } = openTransport({ proxy: "http://proxy.invalid:3128" });
    expect(await failureOf(http.request("https://registry.example.com"))).toMatchObject({
      outcome: "proxy-failed",
      message: "there is no way through the proxy: the name proxy.invalid cannot be resolved",
    });
  });

  it.each<[string, string, (socket: Socket) => void]>([
    ["does not answer", "timeout", () => {}],
    ["closes the connection", "proxy-failed", (socket) => socket.once("data", () => socket.destroy())],
    ["speaks something else", "proxy-failed", (socket) => socket.end("220 mail.example.com ESMTP\r\n")],
  ])("that %s gives up in time", async (_, outcome, behave) => {
    const port = await serveRaw(behave);
    const { http } = openTransport({ proxy: `http://127.0.0.1:${port}`, requestTimeout: 300 });
    const failure = await failureOf(http.request("https://registry.example.com"));
    expect(failure.outcome).toBe(outcome);
    expect(failure.message).toContain("through the proxy");
  });

  it("that does not answer keeps nothing open", async () => {
    let ended: Promise<unknown> | undefined;
    const asked = new Promise<void>((resolve) => {
      serveRaw((socket) => {
        ended = once(socket, "close");
        socket.once("data", () => resolve());
      }).then((port) => {
        const { http, transport } = openTransport({ proxy: `http://127.0.0.1:${port}` });
        http.request("https://registry.example.com").catch(() => {});
        void asked.then(() => transport.close());
      });
    });
    await asked;
    await ended;
  });

  it.each(["socks5://user:made-up-password@proxy.example.com", "http://", "http://proxy.example.com:port"])(
    "with an address that is none is bad input: %s",
    async (proxy) => {
      for (const [options, source] of [
        [{ proxy }, "`proxy` of the configuration"],
        [{ environment: { https_proxy: proxy } }, "HTTPS_PROXY"],
      ] as const) {
        const failure = await failureOf(openTransport(options).http.request("https://registry.example.com"));
        expect(failure).toMatchObject({ outcome: "invalid-input", message: `${source} is not the address of an HTTP proxy` });
        expect(JSON.stringify(failure)).not.toContain("made-up-password");
      }
    },
  );
});

describe("which proxy", () => {
  /** Asks without TLS, and tells whether it went through the proxy. */
  async function goesThrough(url: string, environment: Readonly<Record<string, string>>): Promise<boolean> {
    const { port } = await startProxy();
    const used = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, value.replace("PORT", `${port}`)]));
    const { http } = openTransport({ environment: used });
    const answer = await http.request(url);
    return answer.text === "through the proxy";
  }

  const HTTP_PROXY = "http://127.0.0.1:PORT";

  it.each<[boolean, string, Readonly<Record<string, string>>]>([
    [true, "HTTP_PROXY", { HTTP_PROXY }],
    [true, "http_proxy", { http_proxy: HTTP_PROXY }],
    [true, "small letters before capitals", { http_proxy: HTTP_PROXY, HTTP_PROXY: "http://proxy.invalid" }],
    [true, "no scheme in the address", { HTTP_PROXY: "127.0.0.1:PORT" }],
    [false, "nothing for this scheme", { HTTPS_PROXY: HTTP_PROXY }],
    [false, "an empty variable", { HTTP_PROXY: "" }],
    [false, "NO_PROXY with everything", { HTTP_PROXY, NO_PROXY: "*" }],
    [false, "NO_PROXY with the address", { HTTP_PROXY, NO_PROXY: "example.com, 127.0.0.1" }],
    [false, "no_proxy with the address", { HTTP_PROXY, no_proxy: "example.com 127.0.0.1" }],
    [false, "NO_PROXY with the network", { HTTP_PROXY, NO_PROXY: "10.0.0.0/8,127.0.0.0/8" }],
    [true, "NO_PROXY with other networks", { HTTP_PROXY, NO_PROXY: "10.0.0.0/8,fd00::/8,127.0.0.0/99,example.com/8" }],
    [true, "NO_PROXY with the end of an address", { HTTP_PROXY, NO_PROXY: "0.0.1" }],
    [true, "NO_PROXY with another name of this machine", { HTTP_PROXY, NO_PROXY: "localhost" }],
  ])("is used: %s for %s", async (expected, _, environment) => {
    expect(await goesThrough(await serve(site), environment)).toBe(expected);
  });

  it.each([
    ["", true],
    ["example.org,mple.com", true],
    ["not.registry.example.com", true],
    ["registry.example.com", false],
    ["REGISTRY.example.COM.", false],
    ["other.example.org , example.com", false],
    [".example.com", false],
    ["*.example.com", false],
    ["*", false],
  ])("is used for a name below example.com if NO_PROXY is %j: %s", (list, expected) => {
    const proxyFor = createProxies(undefined, { HTTPS_PROXY: "http://proxy.example.org:3128", NO_PROXY: list });
    expect(proxyFor(new URL("https://registry.example.com:8443")) !== undefined).toBe(expected);
    expect(proxyFor(new URL("https://registry.example.com.")) !== undefined).toBe(expected);
  });

  it.each([
    ["::1", false],
    ["[::1]", false],
    ["0:0:0:0:0:0:0:1", false],
    ["::/64", false],
    ["fd00::/8", true],
    ["127.0.0.0/8", true],
  ])("is used for an IPv6 address if NO_PROXY is %j: %s", (list, expected) => {
    const proxyFor = createProxies(undefined, { HTTPS_PROXY: "http://proxy.example.org:3128", NO_PROXY: list });
    expect(proxyFor(new URL("https://[::1]:8443")) !== undefined).toBe(expected);
  });

  it("is what the configuration says, whatever the environment has", async () => {
    const { port } = await startProxy();
    const [url, dead] = [await serve(site), `http://127.0.0.1:${await closedPort()}`];
    const environment = { HTTP_PROXY: dead, NO_PROXY: "*" };
    const through = openTransport({ environment, proxy: { "127.0.0.1": `http://127.0.0.1:${port}`, "*": dead } });
    expect((await through.http.request(url)).text).toBe("through the proxy");
    const direct = openTransport({ environment: { HTTP_PROXY: dead }, proxy: { "127.0.0.1": "none" } });
    expect((await direct.http.request(url)).text).toBe("made-up /");
    const none = openTransport({ environment: { HTTP_PROXY: dead }, proxy: "none" });
    expect((await none.http.request(url)).text).toBe("made-up /");
    const other = openTransport({ environment, proxy: { "*.example.com": dead } });
    expect((await other.http.request(url)).text).toBe("made-up /");
  });
});

describe.runIf(requireProgram("tinyproxy", "apt-get install tinyproxy"))("tinyproxy", () => {
  /** Starts it for tunnels to one port, for `ci` with the password `made-up`; gives its port. */
  async function startTinyproxy(allowed: number): Promise<number> {
    const port = await closedPort();
    const space = new Workspace({
      "tinyproxy.conf": `Port ${port}\nListen 127.0.0.1\nAllow 127.0.0.1\nBasicAuth ci made-up\nConnectPort ${allowed}\nTimeout 60\n`,
    });
    const child: ChildProcess = spawn("tinyproxy", ["-d", "-c", join(space.folder, "tinyproxy.conf")], { stdio: "ignore" });
    onTestFinished(() => void child.kill());
    while (!(await answers(port))) if (child.exitCode !== null) throw new Error(`tinyproxy ended: ${child.exitCode}`);
    return port;
  }

  function answers(port: number): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(port, "127.0.0.1", () => {
        socket.destroy();
        resolve(true);
      });
      socket.on("error", () => setTimeout(resolve, 20, false));
    });
  }

  it("makes tunnels, asks for credentials and refuses in its own way", async () => {
    const { url, ca } = await serveTls();
    const port = await startTinyproxy(Number(new URL(url).port));
    const open = (user: string) => openTransport({ ca, proxy: `http://${user}127.0.0.1:${port}` }).http;
    expect((await open("ci:made-up@").request(url)).text).toBe("made-up /");
    expect((await open("ci:made-up@").request(await serve(site))).text).toBe("made-up /");
    expect(await failureOf(open("ci:wrong@").request(url))).toMatchObject({ outcome: "proxy-auth", details: { code: "401" } });
    expect(await failureOf(open("").request(url))).toMatchObject({ outcome: "proxy-auth", details: { code: "407" } });
    expect(await failureOf(open("").request("http://registry.example.com"))).toMatchObject({ outcome: "proxy-auth" });
    const other = await failureOf(open("ci:made-up@").request("https://127.0.0.1:8443"));
    expect(other).toMatchObject({ outcome: "proxy-failed", details: { code: "403" } });
    const unknown = await failureOf(open("ci:made-up@").request(`https://plugboard.invalid:${new URL(url).port}`));
    expect(unknown).toMatchObject({ outcome: "proxy-failed", details: { code: "500" } });
  });
});

describe("the internet of tests", () => {
  it("leads names to servers, with TLS and without", async () => {
    const port = Number(new URL(await serve(site)).port);
    const internet = await startInternet({ "api.example.com": site, "plain.example.com:80": { port } });
    const { http } = openTransport(internet.config);
    expect((await http.request("https://api.example.com/path")).text).toBe("made-up /path");
    expect((await http.request("http://plain.example.com/path?n=1")).text).toBe("made-up /path?n=1");
    expect(await failureOf(http.request("https://other.example.com"))).toMatchObject({ outcome: "proxy-failed" });
    expect(internet.asked).toEqual(["api.example.com:443", "plain.example.com:80", "other.example.com:443"]);
  });
});
