import dns from "node:dns";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { createServer as createTcpServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import type { TransportOptions } from "../../src/transport/index.js";
import { Authority, type Internet, listen, startInternet } from "./internet.js";
import { Workspace } from "./workspace.js";

type Way = Partial<TransportOptions>;

/** Makes the way to some hosts fail, with real sockets: each gives the transport that leads there. */
export const brokenWays = {
  dns: async () => {
    fakeLookup((_, done) =>
      done(Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND", syscall: "getaddrinfo" })),
    );
    return {};
  },
  refused: async () => {
    fakeLookup((_, done) => done(null, [{ address: "127.0.0.1", family: 4 }]));
    return {};
  },
  reset: async (hosts) => rawServers(hosts, (socket) => socket.on("data", () => socket.destroy())),
  timeout: async (hosts) => ({ ...(await rawServers(hosts, () => {})), requestTimeout: 300 }),
  "tls-untrusted": async (hosts) => ({ proxy: (await serveAll(hosts, page)).proxy }),
  "tls-hostname": async (hosts) => servedAs(hosts, (authority) => authority.issue(["other.test"])),
  "tls-expired": async (hosts) =>
    servedAs(hosts, (authority, host) =>
      authority.issue([host], { notBefore: new Date("2020-01-01"), notAfter: new Date("2020-02-01") }),
    ),
  "tls-protocol": async (hosts) => {
    const port = await listen(createHttpServer(page));
    return (await startInternet(Object.fromEntries(hosts.map((host) => [host, { port }])))).config;
  },
  "proxy-auth": async () => proxyThatSays("407 Proxy Authentication Required"),
  "proxy-failed": async () => proxyThatSays("502 Bad Gateway"),
  "rate-limited": async (hosts) =>
    (await serveAll(hosts, (_, answer) => answer.writeHead(429, { "retry-after": "3600" }).end("{}"))).config,
  "provider-error": async (hosts) => (await serveAll(hosts, (_, answer) => answer.writeHead(500).end("{}"))).config,
  page: async (hosts) => (await serveAll(hosts, page)).config,
  redirect: async (hosts) =>
    (await serveAll(hosts, (_, answer) => answer.writeHead(302, { location: "https://elsewhere.example.com/" }).end())).config,
  "empty object": async (hosts) =>
    (await serveAll(hosts, (_, answer) => answer.setHeader("content-type", "application/json").end("{}"))).config,
  "not found": async (hosts) => (await serveAll(hosts, (_, answer) => answer.writeHead(404).end("not found"))).config,
} as const satisfies Readonly<Record<string, (hosts: readonly string[]) => Promise<Way>>>;

export type BrokenWay = keyof typeof brokenWays;

const page: RequestListener = (_, answer) =>
  answer.setHeader("content-type", "text/html").end("<!DOCTYPE html><html><title>Sign in</title></html>");

function serveAll(hosts: readonly string[], site: RequestListener): Promise<Internet> {
  return startInternet(Object.fromEntries(hosts.map((host) => [host, site])));
}

/** Serves the hosts with certificates of one's own making, from an authority that is trusted. */
async function servedAs(
  hosts: readonly string[],
  identity: (authority: Authority, host: string) => ReturnType<Authority["issue"]>,
): Promise<Way> {
  const authority = await Authority.create();
  const sites = await Promise.all(
    hosts.map(async (host) => [host, { port: await listen(createTlsServer(await identity(authority, host), page)) }] as const),
  );
  const { proxy } = await startInternet(Object.fromEntries(sites));
  return { proxy, ca: { "*": `${new Workspace({ "ca.pem": authority.cert }).folder}/ca.pem` } };
}

async function rawServers(hosts: readonly string[], connected: (socket: Socket) => void): Promise<Way> {
  const port = await listen(createTcpServer((socket) => void connected(socket.on("error", () => {}))));
  return (await startInternet(Object.fromEntries(hosts.map((host) => [host, { port }])))).config;
}

async function proxyThatSays(line: string): Promise<Way> {
  const proxy = createHttpServer();
  proxy.on("connect", (_, client: Socket) => client.end(`HTTP/1.1 ${line}\r\nContent-Length: 0\r\n\r\n`));
  return { proxy: `http://127.0.0.1:${await listen(proxy)}` };
}

type Lookup = (host: string, done: (error: Error | null, found?: readonly { address: string; family: number }[]) => void) => void;

/** Answers for the system's resolver until the test ends: a name that is known to nobody cannot be had otherwise. */
function fakeLookup(lookup: Lookup): void {
  const { lookup: real } = dns;
  dns.lookup = ((host: string, _options: unknown, done: Parameters<Lookup>[1]) =>
    lookup(host, done)) as unknown as typeof dns.lookup;
  onTestFinished(() => {
    dns.lookup = real;
  });
}
