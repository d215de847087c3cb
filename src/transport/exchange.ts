import { promisify } from "node:util";
import type { Dispatcher } from "undici";
import { classifyError } from "./classify.js";
import { type Deadline, startDeadline } from "./deadline.js";
import { type Exchange, TransportFailure } from "./http.js";
import type { ProxyServer } from "./proxies.js";
import { isSafe, retryOf } from "./retry.js";
import { send } from "./send.js";
import type { Ways } from "./ways.js";

/** A request as it is sent, perhaps twice. */
export interface Call {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer> | undefined;
  /** Whether a redirect may be followed where the rules allow it. */
  readonly follow: boolean;
  /** Statuses for which the request is not sent again. */
  readonly accept: readonly number[];
  /** Whether nothing but the origin is told. */
  readonly hidesPath: boolean;
}

/** An answer, read to its end. */
export interface Received {
  readonly url: URL;
  readonly status: number;
  readonly headers: Headers;
  /** Decompressed. */
  readonly body: Uint8Array<ArrayBuffer>;
  readonly exchange: Exchange;
}

export interface ExchangeOptions {
  readonly ways: Ways;
  readonly signals: readonly AbortSignal[];
  /** Milliseconds. */
  readonly requestTimeout: number;
  /** Bytes. */
  readonly bodyLimit: number;
  readonly onExchange: (exchange: Exchange) => void;
}

/** Sends a request and reads the answer, all within one deadline. */
export async function perform(call: Call, options: ExchangeOptions): Promise<Received> {
  const deadline = startDeadline(options.requestTimeout, options.signals);
  try {
    const received = await exchange(call, deadline, options);
    const url = call.follow ? targetToFollow(call, received) : undefined;
    return url === undefined ? received : await exchange({ ...call, url }, deadline, options, call.url);
  } finally {
    deadline.end();
  }
}

export const redirects: readonly number[] = [301, 302, 303, 307, 308];

/** Where an answer redirects to, if it does. */
export function redirectTarget({ url, status, headers }: Received): URL | undefined {
  const location = headers.get("location");
  if (!redirects.includes(status) || location === null || !URL.canParse(location, url.href)) return undefined;
  return new URL(location, url);
}

/** Headers that carry no credentials. What is not known to be harmless may. */
const harmless: readonly string[] = ["accept", "accept-encoding", "accept-language", "cache-control", "user-agent"];

/** A redirect is followed to the same server only, since another may be anybody's, and without credentials only. */
function targetToFollow({ method, headers }: Call, received: Received): URL | undefined {
  if (!isSafe(method) || ![...headers.keys()].every((name) => harmless.includes(name))) return undefined;
  const target = redirectTarget(received);
  return target?.origin === received.url.origin && target.username === "" && target.password === "" ? target : undefined;
}

/** `asked` is what is told of the address: after a redirect, the server has chosen the other one. */
async function exchange(call: Call, deadline: Deadline, options: ExchangeOptions, asked = call.url): Promise<Received> {
  const { method, accept, hidesPath } = call;
  const began = performance.now();
  let retried: string | undefined;

  const tell = (end: Pick<Exchange, "status" | "failure">): Exchange => {
    const exchange: Exchange = {
      method,
      url: hidesPath ? asked.origin : asked.origin + asked.pathname,
      attempts: retried === undefined ? 1 : 2,
      ...(retried === undefined ? {} : { retried }),
      duration: performance.now() - began,
      ...end,
    };
    options.onExchange(exchange);
    return exchange;
  };

  try {
    let result = await attempt(call, deadline, options);
    const retry = result instanceof TransportFailure || !accept.includes(result.status) ? retryOf(method, result) : undefined;
    if (retry !== undefined && retry.pause < deadline.left()) {
      retried = retry.reason;
      await deadline.pause(retry.pause);
      result = await attempt(call, deadline, options);
    }
    if (result instanceof TransportFailure) throw result;
    return { ...result, exchange: tell({ status: result.status }) };
  } catch (error) {
    if (!(error instanceof TransportFailure)) {
      tell({});
      throw error;
    }
    const { outcome, message, details } = error;
    throw new TransportFailure(outcome, message, { ...details, exchange: tell({ failure: outcome }) });
  }
}

/** Sends a request once. Throws only what is no failure of the way: that somebody gave up, and errors of our own. */
async function attempt(
  call: Call,
  deadline: Deadline,
  options: ExchangeOptions,
): Promise<Omit<Received, "exchange"> | TransportFailure> {
  const { url, method, headers, body } = call;
  const { ways, bodyLimit } = options;
  let hasBegun = false;
  let proxy: ProxyServer | undefined;
  try {
    const way = await ways.to(url);
    ({ proxy } = way);
    const request = {
      origin: url.origin,
      path: url.pathname + url.search,
      method: method as Dispatcher.HttpMethod,
      headers: Object.fromEntries(headers),
      ...(body === undefined ? {} : { body }),
    };
    const onBegin = (): void => {
      hasBegun = true;
    };
    const answer = await send(way.dispatcher, request, { signal: deadline.signal, onBegin });
    const { status } = answer;
    const received = readHeaders(answer.headers);
    if (status > 599) throw new TransportFailure("provider-error", `${url.host} answers ${status}, which is no status of HTTP`);
    const whole = await decompress(answer.body, received.get("content-encoding"), bodyLimit);
    return { url, status, headers: received, body: whole };
  } catch (error) {
    if (!deadline.signal.aborted) return nameProxy(classify(error, url, hasBegun), url, proxy);
    if (!deadline.isUp()) throw deadline.signal.reason;
    const failure = new TransportFailure(
      "timeout",
      `${url.host} ${hasBegun ? "did not end its answer" : "did not answer"} in time`,
    );
    return nameProxy(failure, url, proxy);
  }
}

function classify(error: unknown, url: URL, hasBegun: boolean): TransportFailure {
  // What undici's parser takes for impossible, such as the status 000.
  if ((error as { readonly code?: unknown }).code === "ERR_ASSERTION")
    return new TransportFailure("wrong-server", `${url.host} does not speak HTTP`);
  const failure = classifyError(error, url);
  if (!hasBegun || failure.outcome !== "reset") return failure;
  const { hint: _, ...details } = failure.details;
  return new TransportFailure("reset", `${url.host} closes the connection in the middle of its answer`, details);
}

/** Behind a proxy, it may be the proxy that fails. Without TLS it is the proxy that speaks, and ought to speak HTTP. */
function nameProxy(failure: TransportFailure, url: URL, proxy: ProxyServer | undefined): TransportFailure {
  const { outcome, message, details } = failure;
  if (proxy === undefined || outcome === "proxy-auth" || outcome === "proxy-failed") return failure;
  if (outcome === "wrong-server" && url.protocol === "http:")
    return new TransportFailure("proxy-failed", `the proxy ${proxy.url.host} does not answer in HTTP`, details);
  return new TransportFailure(outcome, `${message}, through the proxy ${proxy.url.host}`, details);
}

function readHeaders(given: Readonly<Record<string, string | string[] | undefined>>): Headers {
  const headers = new Headers();
  for (const [name, value = []] of Object.entries(given)) {
    if (typeof value === "string") headers.set(name, value);
    else for (const each of value) headers.append(name, each);
  }
  return headers;
}

/** A body as it was before the server compressed it, which nobody asks for. Encodings that HTTP does not know are none. */
async function decompress(
  body: Uint8Array<ArrayBuffer>,
  encoding: string | null,
  limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (!/^(x-gzip|gzip|deflate|br)$/i.test(encoding ?? "") || body.length === 0) return body;
  const { brotliDecompress, unzip } = await import("node:zlib");
  const options = { maxOutputLength: limit };
  const plain = await (/br/i.test(encoding ?? "") ? promisify(brotliDecompress)(body, options) : promisify(unzip)(body, options));
  return new Uint8Array(plain);
}
