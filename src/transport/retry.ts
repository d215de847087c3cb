import { TransportFailure } from "./http.js";

/** Milliseconds before a request is sent again after a failure on the way. */
const SHORT_PAUSE = 200;

/** The most seconds that a server may ask to wait. */
const LONGEST_WAIT = 5;

/** The part of an answer that tells whether the request is worth sending again. */
export interface Status {
  readonly status: number;
  readonly headers: Headers;
}

export interface Retry {
  /** A status, or the error code of the connection. */
  readonly reason: string;
  /** Milliseconds. */
  readonly pause: number;
}

/**
 * Whether a request is worth sending once more. If the connection was closed or a gateway failed, it may have been processed all
 * the same, so that its method decides. If the server asks to wait, it was not.
 */
export function retryOf(method: string, result: Status | TransportFailure): Retry | undefined {
  if (result instanceof TransportFailure) {
    if (result.outcome !== "reset" || !isSafe(method)) return undefined;
    return { reason: result.details.code ?? result.outcome, pause: SHORT_PAUSE };
  }
  const { status, headers } = result;
  const reason = String(status);
  if (status === 502 || status === 504) return isSafe(method) ? { reason, pause: SHORT_PAUSE } : undefined;
  if (status !== 503 && !isRateLimited(result)) return undefined;
  const seconds = secondsToWait(headers);
  return seconds === undefined || seconds > LONGEST_WAIT ? undefined : { reason, pause: seconds * 1000 };
}

/** Whether a request changes nothing on the server. */
export function isSafe(method: string): boolean {
  return method === "GET" || method === "HEAD";
}

/** Whether a server says that there were too many requests: by 429, or by 403 with its budget used up or a time to wait. */
export function isRateLimited({ status, headers }: Status): boolean {
  if (status === 429) return true;
  return status === 403 && (headers.get("x-ratelimit-remaining") === "0" || headers.has("retry-after"));
}

/** The seconds that a server asks to wait: by `Retry-After`, a number or a date, or by the time at which its budget is renewed. */
export function secondsToWait(headers: Headers): number | undefined {
  const after = headers.get("retry-after");
  if (after !== null) {
    if (/^\d+(\.\d+)?$/.test(after)) return bound(Math.ceil(Number(after)));
    return httpDate.test(after) ? bound(secondsUntil(Date.parse(after), headers)) : undefined;
  }
  const reset = headers.get("x-ratelimit-reset") ?? "";
  if (!/^\d+$/.test(reset) || headers.get("x-ratelimit-remaining") !== "0") return undefined;
  // Most give the time, in seconds since 1970; some the seconds that are left.
  return bound(Number(reset) < 1e9 ? Number(reset) : secondsUntil(Number(reset) * 1000, headers));
}

/** `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7). What else there is, `Date.parse` would guess at. */
const httpDate = /^\w+, \d\d[ -]\w+[ -]\d+ \d\d:\d\d:\d\d GMT$/;

/** A year. Who asks to wait for longer does not mean it. */
const LONGEST_MEANT = 31_536_000;

function bound(seconds: number | undefined): number | undefined {
  return seconds === undefined || seconds > LONGEST_MEANT ? undefined : seconds;
}

/** By the server's own clock, if it tells the time. */
function secondsUntil(time: number, headers: Headers): number | undefined {
  if (Number.isNaN(time)) return undefined;
  const now = Date.parse(headers.get("date") ?? "");
  return Math.max(0, Math.ceil((time - (Number.isNaN(now) ? Date.now() : now)) / 1000));
}
