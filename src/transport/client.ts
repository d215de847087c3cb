import { setMaxListeners } from "node:events";
import { shown } from "../model/text.js";
import { nameHost } from "./addresses.js";
import { type Call, type ExchangeOptions, perform, type Received, redirects, redirectTarget } from "./exchange.js";
import { type Answer, type Exchange, type Http, TransportFailure } from "./http.js";
import { blockedPorts } from "./ports.js";
import { isRateLimited, secondsToWait } from "./retry.js";
import type { Ways } from "./ways.js";

/** What one test may do on the network. */
export interface HttpScope {
  /** Ends all requests: as a timeout if its reason is a `TimeoutError`, else by throwing its reason. */
  readonly signal: AbortSignal;
  /** Tells whether a host (`URL.hostname`) may be reached. Default: every one may. */
  readonly allows?: (host: string) => boolean;
  readonly onExchange?: (exchange: Exchange) => void;
}

/** The transport as one test sees it. */
export function createHttp(
  { signal, allows = () => true, onExchange = () => {} }: HttpScope,
  ways: Ways,
  limits: Pick<ExchangeOptions, "requestTimeout" | "bodyLimit">,
): Http {
  // Every request under way listens, however many there are.
  setMaxListeners(0, signal);

  const send = (
    call: Omit<Call, "url">,
    address: string,
    ended: readonly (AbortSignal | null | undefined)[],
  ): Promise<Received> => {
    const signals = [signal, ...ended].filter((each) => each instanceof AbortSignal);
    return perform({ ...call, url: checkAddress(address, allows) }, { ways, signals, onExchange, ...limits });
  };

  return {
    async fetch(input, init = {}) {
      const given = input instanceof Request ? input : undefined;
      const address = given?.url ?? String(input);
      checkAddress(address, allows);
      const headers = makeHeaders(init.headers ?? given?.headers);
      // The deadline watches the signals: a request would keep them.
      const request = new Request(given ?? address, { ...init, headers, signal: null });
      const body = request.body === null ? undefined : new Uint8Array(await request.arrayBuffer());
      const { method, redirect } = request;
      const call = { method, headers: request.headers, body, follow: redirect === "follow", accept: [], hidesPath: false };
      const received = await send(call, address, [init.signal, given?.signal]);
      const failure = failureOf(received);
      if (failure?.outcome === "rate-limited" || (failure?.outcome === "wrong-server" && redirect === "error")) throw failure;
      return makeResponse(received);
    },

    async request(
      url,
      { body, accept = [], headers: given = {}, method = body === undefined ? "GET" : "POST", hidesPath = false } = {},
    ) {
      const headers = makeHeaders(given);
      if (body !== undefined && !headers.has("content-type")) headers.set("content-type", typeOf(body));
      const bytes = body === undefined ? undefined : new TextEncoder().encode(String(body));
      const follow = !redirects.some((each) => accept.includes(each));
      const received = await send({ method, headers, body: bytes, follow, accept, hidesPath }, String(url), []);
      const failure = accept.includes(received.status) ? undefined : failureOf(received);
      if (failure !== undefined) throw failure;
      return makeAnswer(received);
    },
  };
}

function typeOf(body: string | URLSearchParams): string {
  return typeof body === "string" ? "text/plain;charset=UTF-8" : "application/x-www-form-urlencoded;charset=UTF-8";
}

function checkAddress(text: string, allows: (host: string) => boolean): URL {
  const refuse = (message: string, hint?: string) =>
    new TransportFailure("invalid-input", message, hint === undefined ? {} : { hint });
  if (!URL.canParse(text)) throw refuse("the address is not a URL");
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:")
    throw refuse(`an address with ${shown(url.protocol)} cannot be asked`, "Write the address with https://.");
  if (url.username !== "" || url.password !== "")
    throw refuse(`the address of ${url.host} holds a user name or a password`, "Take them out of the address.");
  if (blockedPorts.has(Number(url.port)))
    throw refuse(`port ${url.port} of ${url.hostname} is one of other protocols`, "Check the port of the address.");
  if (!allows(url.hostname))
    throw refuse(`${url.hostname} may not be reached by this test`, "Add it to `hosts` of plugboard.config.ts if it should be.");
  return url;
}

/** The platform's own error would quote the value, which may be a secret. */
function makeHeaders(given: RequestInit["headers"]): Headers {
  let headers: Headers;
  try {
    headers = new Headers(given);
  } catch {
    throw new TransportFailure("invalid-input", "a header would hold characters that HTTP does not allow", {
      hint: "Look for line breaks and other characters in the secret that do not belong to it.",
    });
  }
  if (!headers.has("user-agent")) headers.set("user-agent", `plugboard/${PLUGBOARD_VERSION}`);
  return headers;
}

/** What an answer means where nobody expects it: too many requests, a redirect, an error of the server. */
function failureOf(received: Received): TransportFailure | undefined {
  const { url, status, headers, exchange } = received;
  const retryAfter = secondsToWait(headers);
  const details = { exchange, ...(retryAfter === undefined ? {} : { retryAfter }) };
  if (isRateLimited(received)) {
    const wait = retryAfter === undefined ? "" : ` and asks to wait for ${retryAfter} s`;
    return new TransportFailure("rate-limited", `${url.host} limits the rate of requests${wait}`, details);
  }
  if (redirects.includes(status)) return misled(received);
  if (status === 407) return new TransportFailure("provider-error", `${url.host} answers 407, which is for proxies`, details);
  if (status >= 500) return new TransportFailure("provider-error", `${url.host} answers ${status}`, details);
  return undefined;
}

function misled(received: Received): TransportFailure {
  const { url, exchange } = received;
  const target = redirectTarget(received);
  if (target === undefined)
    return new TransportFailure("wrong-server", `${url.host} answers with a redirect that leads nowhere`, { exchange });
  const isSame = target.origin === url.origin;
  const where = isSame ? "another path of its own" : `${target.protocol}//${nameHost(target)}`;
  const hint =
    isSame || target.hostname === url.hostname
      ? "Write the address as the server itself gives it, if that is the same service."
      : "Check the address. What redirects may be a sign-in page, or the service has moved.";
  return new TransportFailure("wrong-server", `${url.host} redirects to ${where}`, { exchange, hint });
}

/** Statuses whose answers have no body. */
const empty: readonly number[] = [204, 205, 304];

/** Without the reason phrase, which servers may write in characters that `Response` does not take. */
function makeResponse({ url, status, headers, body }: Received): Response {
  const response = new Response(empty.includes(status) ? null : body, { status, headers });
  return Object.defineProperty(response, "url", { value: url.href });
}

function makeAnswer({ url, status, headers, body, exchange }: Received): Answer {
  const text = new TextDecoder().decode(body);
  return {
    request: `${exchange.method} ${exchange.url}`,
    url: url.href,
    status,
    headers,
    text,
    json() {
      try {
        return JSON.parse(text);
      } catch {
        const type = headers.get("content-type")?.split(";")[0];
        const what = type === undefined || /json/.test(type) ? "something that is not JSON" : `${shown(type)} instead of JSON`;
        throw new TransportFailure("wrong-server", `${url.host} answers ${status} with ${what}`, { exchange });
      }
    },
  };
}
