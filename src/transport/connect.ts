import { once } from "node:events";
import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { isIP, connect as openTcp, type Socket } from "node:net";
import { connect as openTls, type SecureContext, type TLSSocket } from "node:tls";
import type { buildConnector } from "undici";
import { classifyError } from "./classify.js";
import { type Reach, TransportFailure } from "./http.js";
import type { ProxyServer } from "./proxies.js";

/**
 * Milliseconds for one of several addresses of a host before the next is tried. Node's own 250 are too few for a server on
 * another continent.
 */
const ADDRESS_TIMEOUT = 1000;

export interface ConnectOptions {
  readonly proxy: ProxyServer | undefined;
  /** What the certificate of the server is held against, and that of the proxy. */
  readonly context: SecureContext | undefined;
  readonly proxyContext: SecureContext | undefined;
  /** Milliseconds. */
  readonly timeout: number;
  /** Ends what is under way. */
  readonly closed: AbortSignal;
  readonly onReach: (reach: Reach) => void;
}

/**
 * How connections are made: to the server, or to a proxy that is asked for a tunnel with CONNECT. Requests without TLS go to the
 * proxy itself, as it is usual: many allow tunnels to port 443 only.
 *
 * undici has an agent of its own for proxies. It waits for ever for one that does not answer, tells the status of a refusal
 * in a text only, and does not tell whether it was proxy or server that could not be reached.
 */
export function createConnector(options: ConnectOptions): buildConnector.connector {
  return ({ protocol, host, hostname }, callback) => {
    open(new URL(`${protocol}//${host ?? hostname}`), options).then(
      (socket) => callback(null, socket),
      (error: Error) => callback(error, null),
    );
  };
}

async function open(target: URL, options: ConnectOptions): Promise<Socket> {
  const { proxy, context, onReach } = options;
  const isSecure = target.protocol === "https:";
  let socket = proxy === undefined ? await dial(target, options) : await openProxy(proxy, isSecure ? target : undefined, options);
  if (isSecure) socket = await addTls(socket, target, context, options);
  onReach({
    origin: target.origin,
    ...describeWay(socket, proxy),
    ...(isSecure ? { tls: describeTls(socket as TLSSocket) } : {}),
  });
  return socket;
}

/** A connection to the proxy or, if a target is given, through it. What fails here is never the target's fault. */
async function openProxy(proxy: ProxyServer, target: URL | undefined, options: ConnectOptions): Promise<Socket> {
  const { url } = proxy;
  try {
    let socket = await dial(url, options);
    if (url.protocol === "https:") socket = await addTls(socket, url, options.proxyContext, options);
    return target === undefined ? socket : await openTunnel(socket, proxy, `${target.hostname}:${portOf(target)}`, options);
  } catch (error) {
    const failure = classifyError(error, url);
    if (failure.outcome === "proxy-auth" || failure.outcome === "proxy-failed") throw failure;
    const { outcome, message, details } = failure;
    throw new TransportFailure(
      outcome === "timeout" ? outcome : "proxy-failed",
      `there is no way through the proxy: ${message}`,
      details.code === undefined ? {} : { code: details.code },
    );
  }
}

async function openTunnel(below: Socket, proxy: ProxyServer, path: string, options: ConnectOptions): Promise<Socket> {
  const authorization = proxy.authorization?.reveal();
  const headers = { host: path, ...(authorization === undefined ? {} : { "proxy-authorization": authorization }) };
  const asked = request({ method: "CONNECT", path, headers, createConnection: () => below });
  asked.end();
  const [answer, socket, head] = (await settle(asked, "connect", options)) as [IncomingMessage, Socket, Buffer];
  const { statusCode = 0 } = answer;
  if (statusCode < 200 || statusCode > 299) {
    socket.destroy();
    throw refuse(proxy, statusCode, path);
  }
  if (head.length > 0) {
    socket.destroy();
    throw new TransportFailure("proxy-failed", `the proxy ${proxy.url.host} answers for itself instead of connecting to ${path}`);
  }
  return socket;
}

/** What a proxy's own answer means. tinyproxy says 401 for wrong credentials, where the standard has 407. */
export function refuse({ url, authorization }: ProxyServer, status: number, target: string): TransportFailure {
  const code = String(status);
  if (status === 407 || status === 401) {
    const what = authorization === undefined ? "wants user name and password" : "refuses user name and password";
    return new TransportFailure("proxy-auth", `the proxy ${url.host} ${what}`, {
      code,
      hint: "Put both into the address of the proxy, percent-encoded: http://user:password@proxy.example.com:3128.",
    });
  }
  return new TransportFailure("proxy-failed", `the proxy ${url.host} makes no connection to ${target}: it answers ${code}`, {
    code,
    hint:
      status === 403
        ? "Ask whoever runs the proxy to allow this host and port, or exclude the host with `NO_PROXY` or `proxy`."
        : "Check the name and port of the server: the proxy may not resolve or reach them.",
  });
}

async function dial(url: URL, options: ConnectOptions): Promise<Socket> {
  const socket = openTcp({ host: bareHost(url), port: portOf(url), autoSelectFamilyAttemptTimeout: ADDRESS_TIMEOUT });
  await settle(socket, "connect", options);
  return socket.setNoDelay(true);
}

/** The whole handshake each time: a session that is taken up again would tell nothing new of the certificate. */
async function addTls(
  below: Socket,
  url: URL,
  secureContext: SecureContext | undefined,
  options: ConnectOptions,
): Promise<TLSSocket> {
  const host = bareHost(url);
  const socket = openTls({
    socket: below,
    host,
    servername: isIP(host) === 0 ? host : "",
    ALPNProtocols: ["http/1.1"],
    ...(secureContext === undefined ? {} : { secureContext }),
  });
  await settle(socket, "secureConnect", options);
  return socket;
}

/** Waits for an event of something that has to happen in time, and ends it if it does not happen. */
async function settle(link: Socket | ClientRequest, event: string, { timeout, closed }: ConnectOptions): Promise<unknown[]> {
  // Whoever uses the socket next listens for errors of its own; until then none may bring the process down.
  link.on("error", () => {});
  const timer = setTimeout(() => link.destroy(Object.assign(new Error("no connection in time"), { code: "ETIMEDOUT" })), timeout);
  const end = () => link.destroy(new Error("the transport is closed"));
  closed.addEventListener("abort", end);
  if (closed.aborted) end();
  try {
    return await once(link, event);
  } catch (error) {
    link.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
    closed.removeEventListener("abort", end);
  }
}

/** The host as sockets take it: an IPv6 address without brackets. */
function bareHost({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, "$1");
}

function portOf({ port, protocol }: URL): number {
  return Number(port === "" ? { "https:": 443, "http:": 80 }[protocol] : port);
}

function describeWay(
  { remoteAddress = "", remotePort }: Socket,
  proxy: ProxyServer | undefined,
): Pick<Reach, "address" | "proxy"> {
  if (proxy !== undefined) return { proxy: proxy.url.origin };
  return { address: `${isIP(remoteAddress) === 6 ? `[${remoteAddress}]` : remoteAddress}:${remotePort}` };
}

function describeTls(socket: TLSSocket): NonNullable<Reach["tls"]> {
  const { issuer, valid_to } = socket.getPeerCertificate();
  return {
    protocol: socket.getProtocol() ?? "",
    issuer: [issuer.CN ?? issuer.O ?? ""].flat().join(", "),
    validTo: new Date(valid_to).toISOString(),
  };
}
