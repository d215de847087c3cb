import { setMaxListeners } from "node:events";
import { shown } from "../model/text.js";
import { type Call, type ExchangeOptions, perform, type Received, redirects, redirectTarget } from "./exchange.js";
import { type Answer, type Exchange, type Http, TransportFailure } from "./http.js";
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

  async function send(input: string | URL | Request, init: RequestInit = {}, accept: readonly number[] = []): Promise<Received> {
    const given = input instanceof Request ? input : undefined;
    const url = checkAddress(given?.url ?? String(input), allows);
    const headers = makeHeaders(init.headers ?? given?.headers);
    // All kinds of body, and a content type where none is set. It is read before it is sent, because it may be sent twice.
    const carrier = init.body === undefined || init.body === null ? given : new Response(init.body);
    const type = carrier?.headers.get("content-type");
    if (type && !headers.has("content-type")) headers.set("content-type", type);
    const call: Call = {
      url,
      method: (init.method ?? given?.method ?? "GET").toUpperCase(),
      headers,
      body: carrier?.body ? new Uint8Array(await carrier.arrayBuffer()) : undefined,
      follow: (init.redirect ?? given?.redirect ?? "follow") === "follow",
      accept,
    };
    const signals = [signal, init.signal, given?.signal].filter((each) => each instanceof AbortSignal);
    return await perform(call, { ways, signals, onExchange, ...limits });
  }

  return {
    async fetch(input, init) {
      const received = await send(input, init);
      const failure = failureOf(received);
      const redirect = init?.redirect ?? (input instanceof Request ? input.redirect : undefined);
      if (failure?.outcome === "rate-limited" || (failure?.outcome === "wrong-server" && redirect === "error")) throw failure;
      return makeResponse(received);
    },

    async request(url, { body, accept = [], headers = {}, method = body === undefined ? "GET" : "POST" } = {}) {
      const redirect = redirects.some((each) => accept.includes(each)) ? "manual" : "follow";
      const received = await send(url, { method, headers, redirect, ...(body === undefined ? {} : { body }) }, accept);
      const failure = accept.includes(received.status) ? undefined : failureOf(received);
      if (failure !== undefined) throw failure;
      return makeAnswer(received);
    },
  };
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
  if (status >= 500) return new TransportFailure("provider-error", `${url.host} answers ${status}`, details);
  return undefined;
}

function misled(received: Received): TransportFailure {
  const { url, exchange } = received;
  const target = redirectTarget(received);
  if (target === undefined)
    return new TransportFailure("wrong-server", `${url.host} answers with a redirect that leads nowhere`, { exchange });
  const isSame = target.origin === url.origin;
  const where = isSame ? `another path of its own, ${shown(target.pathname)}` : shown(target.origin);
  const hint =
    isSame || target.hostname === url.hostname
      ? "Write the address as the server itself gives it, if that is the same service."
      : "Check the address. What redirects may be a sign-in page, or the service has moved.";
  return new TransportFailure("wrong-server", `${url.host} redirects to ${where}`, { exchange, hint });
}

/** Statuses whose answers have no body. */
const empty: readonly number[] = [204, 205, 304];

function makeResponse({ url, status, statusText, headers, body }: Received): Response {
  const response = new Response(empty.includes(status) ? null : body, { status, statusText, headers });
  return Object.defineProperty(response, "url", { value: url.href });
}

function makeAnswer({ url, status, headers, body, exchange }: Received): Answer {
  const text = new TextDecoder().decode(body);
  return {
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
