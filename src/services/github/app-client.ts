import { createPrivateKey } from "node:crypto";
import * as z from "zod";
import { type Redacted, rememberSecret } from "../../model/redacted.js";
import { shown } from "../../model/text.js";
import { findFailure } from "../../transport/classify.js";
import { type Http, TransportFailure } from "../../transport/http.js";
import { apiHeaders, type GithubSite } from "./site.js";

export interface AppCredentials {
  readonly appId: string;
  readonly privateKey: Redacted;
}

/** The REST API as an app sees it: requests are signed with its private key. */
export interface AppClient {
  /** `GET /app`. Answers come back whatever their status, but for those of a limited rate and of a failing service. */
  request(route: string, parameters?: Readonly<Record<string, unknown>>): Promise<AppAnswer>;
  /** Seconds between GitHub's clock and ours, if they are too far apart for signatures. */
  skew(): number | undefined;
}

export interface AppAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  /** The JSON of the answer, or a text if it is none. */
  readonly data: unknown;
}

/**
 * Opens the API for an app. Octokit signs; all that it sends goes through the transport. It repeats a request that GitHub
 * refused because of our clock, with the time of GitHub's clock, and leaves no trace of it but a line in its log.
 */
export async function openApp(http: Http, { api }: GithubSite, { appId, privateKey }: AppCredentials): Promise<AppClient> {
  const [{ App }, { Octokit }] = await Promise.all([import("@octokit/app"), import("@octokit/core")]);
  let skew: number | undefined;
  const ignore = () => {};
  const log = {
    debug: ignore,
    info: ignore,
    warn: (line: string) => {
      const seconds = /different by (-?\d+) seconds/.exec(line)?.[1];
      if (seconds !== undefined) skew = Number(seconds);
    },
    error: ignore,
  };
  const fetch: typeof http.fetch = (input, init) => {
    const { authorization } = (init?.headers ?? {}) as Readonly<Record<string, string>>;
    // The token that Octokit has made of the key.
    if (authorization !== undefined) rememberSecret(authorization.replace(/^bearer /i, ""), privateKey.name);
    return http.fetch(input, init);
  };
  const pem = privateKey.derive((text) => createPrivateKey(text.trim()).export({ type: "pkcs8", format: "pem" }) as string);
  const { octokit } = new App({
    appId,
    privateKey: pem.reveal(),
    log,
    // The transport follows no redirect with a signature, and tells where one leads.
    Octokit: Octokit.defaults({ baseUrl: api, request: { fetch, log, redirect: "error" } }),
  });
  return {
    skew: () => skew,
    async request(route, parameters) {
      const answer = await answered(octokit.request(route, { ...parameters, headers: apiHeaders }));
      // The transport knows limits by their headers. This one may come without; GitHub's docs then say to wait for a minute.
      if (answer.status === 403 && /secondary rate limit/i.test(sentenceOf(answer)))
        throw new TransportFailure("rate-limited", "GitHub limits the rate of requests", { retryAfter: 60 });
      if (answer.status >= 500) throw new TransportFailure("provider-error", `GitHub answered ${answer.status}`);
      return answer;
    },
  };
}

/** The fields of an answer that a check builds on. */
export function readAnswer<Value>(shape: z.ZodType<Value>, { status, data }: Pick<AppAnswer, "status" | "data">): Value {
  if (status >= 300) throw new TransportFailure("provider-error", `GitHub answered ${status}`);
  const { success, data: value, error } = shape.safeParse(data);
  if (success) return value;
  const path = error.issues[0]?.path.join(".") ?? "";
  if (path === "") throw new TransportFailure("wrong-server", "what answers is not the API of GitHub");
  throw new TransportFailure("provider-error", `the answer is not as GitHub describes it, at ${shown(path)}`);
}

/** GitHub's sentence about an error. To be compared, not to be shown. */
export function sentenceOf({ data }: AppAnswer): string {
  return sentence.safeParse(data).data?.message ?? "";
}

const sentence = z.looseObject({ message: z.string() });

/** The answer to a request, also where Octokit throws it. Octokit's errors hold bodies and never leave this function. */
async function answered(sent: Promise<AppAnswer>): Promise<AppAnswer> {
  try {
    return await sent;
  } catch (error) {
    const { response } = error as { readonly response?: AppAnswer };
    if (response !== undefined) return response;
    throw findFailure(error) ?? error;
  }
}
