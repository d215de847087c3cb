import type { WebAPICallResult, WebClient } from "@slack/web-api";
import type { Redacted } from "../../model/redacted.js";
import { findFailure } from "../../transport/classify.js";
import { type Http, TransportFailure } from "../../transport/http.js";

/** What a method of Slack's Web API answered. Slack answers 200 to failures too. */
export type SlackAnswer<Result> = { readonly result: Result } | SlackError;

export interface SlackError {
  /** Slack's word: `invalid_auth`. */
  readonly error: string;
  /** The scopes that a method needs, if one is absent. */
  readonly needed: readonly string[];
}

/** Opens Slack's Web API, with a token or without. */
export async function openSlack(http: Http, token?: Redacted): Promise<WebClient> {
  const { LogLevel, WebClient } = await import("@slack/web-api");
  const ignore = () => {};
  return new WebClient(token?.reveal(), {
    fetch: http.fetch,
    // By default the library tries again for half an hour, and waits for as long as Slack says.
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: {
      debug: ignore,
      info: ignore,
      warn: ignore,
      error: ignore,
      setLevel: ignore,
      getLevel: () => LogLevel.ERROR,
      setName: ignore,
    },
  });
}

/** Calls a method once. The errors of the library hold tokens and whole pages, and never leave this function. */
export async function callSlack<Result extends WebAPICallResult>(call: Promise<Result>): Promise<SlackAnswer<Result>> {
  const { WebAPIHTTPError, WebAPIPlatformError } = await import("@slack/web-api");
  try {
    const result = await call;
    // The library takes whatever is not false for a success.
    if (result.ok !== true) throw new TransportFailure("provider-error", "the answer is not as Slack describes it, at ok");
    return { result };
  } catch (error) {
    const failure = findFailure(error);
    if (failure !== undefined) throw failure;
    if (error instanceof WebAPIHTTPError) {
      const outcome = error.statusCode >= 500 ? "provider-error" : "wrong-server";
      throw new TransportFailure(outcome, `the answer has the status ${error.statusCode}, which Slack's API does not use`);
    }
    // The library trips over fields that are of another type.
    if (error instanceof TypeError) throw new TransportFailure("provider-error", "the answer is not as Slack describes it");
    if (!(error instanceof WebAPIPlatformError)) throw error;
    const { error: word, needed }: { error: unknown; needed?: unknown } = error.data;
    if (typeof word !== "string")
      throw new TransportFailure("provider-error", "the answer is not as Slack describes it, at error");
    // What is no JSON becomes a word as well: the whole page.
    if (!/^[\w-]{1,60}$/.test(word)) throw new TransportFailure("wrong-server", "the answer is not JSON");
    return { error: word, needed: typeof needed === "string" ? needed.split(/[\s,]+/).filter(Boolean) : [] };
  }
}
