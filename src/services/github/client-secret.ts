import { randomUUID } from "node:crypto";
import * as z from "zod";
import type { Checked, Evidence, TestContext, Verdict } from "../../contract/adapter.js";
import { judgeSpelling } from "../../contract/token.js";
import type { Redacted } from "../../model/redacted.js";
import { findFailure } from "../../transport/classify.js";
import type { Http } from "../../transport/http.js";
import type { GithubSite } from "./site.js";

/** What an OAuth app and a GitHub App have alike. */
export interface ClientCredentials {
  readonly clientId: string;
  readonly clientSecret: Redacted;
}

export interface ClientOptions {
  readonly after?: Checked<unknown>;
  /** Whether another check has proven the client ID, so that only the secret can be wrong. */
  readonly idProven?: boolean;
  /** The callback URLs that ought to be registered. */
  readonly callbacks?: readonly string[];
}

/**
 * Checks client ID and secret by exchanging a code that GitHub cannot have given: it looks at the credentials first.
 *
 * The same exchange may refuse a callback URL. That it does not is no proof, so callback URLs appear in the report only if
 * GitHub has named one as not registered.
 */
export async function checkClient(
  { http, check }: TestContext,
  site: GithubSite,
  client: ClientCredentials,
  { after, idProven = false, callbacks = [] }: ClientOptions = {},
): Promise<Checked<unknown>> {
  const title = "client ID and secret";
  const checked = await check<Verdict<void> | undefined, unknown>(
    { stage: "authentication", title, ...(after === undefined ? {} : { after }) },
    async () => {
      const obstacle = judgeSpelling(client.clientSecret, "client secret");
      if (obstacle !== undefined) return obstacle;
      const verdict = judge(await exchange(http, site, client), idProven);
      if (verdict.outcome !== "ok") return verdict;
      return { ...verdict, value: await findMismatch(http, site, client, callbacks) };
    },
  );
  const { value: mismatch } = checked;
  if (mismatch !== undefined) await check({ stage: "callback", title: "callback URL" }, () => mismatch);
  return checked;
}

/** The last check of an OAuth app: its rights do not exist before somebody has signed in. */
export async function reportUserRights({ check }: TestContext, after: Checked<unknown>): Promise<void> {
  await check({ stage: "permissions", title: "rights of users", after }, () => ({
    outcome: "unverifiable",
    message: "scopes are granted by each user at sign-in, so nothing shows them before, nor whether organizations admit the app",
  }));
}

/** What came of an exchange. */
interface Refusal {
  /** Method and address. */
  readonly request: string;
  readonly status: number;
  /** GitHub's word for the error, if it had one. */
  readonly word: string | undefined;
}

/** GitHub answers 200 to good and bad credentials alike; the word makes the difference. */
async function exchange(
  http: Http,
  site: GithubSite,
  { clientId, clientSecret }: ClientCredentials,
  callback?: string,
): Promise<Refusal> {
  const answer = await http.request(`${site.web}/login/oauth/access_token`, {
    method: "POST",
    headers: { accept: "application/json" },
    body: new URLSearchParams({
      client_id: clientId,
      client_secret: clientSecret.reveal(),
      code: `plugboard-probe-${randomUUID()}`,
      ...(callback === undefined ? {} : { redirect_uri: callback }),
    }),
  });
  const { request, status } = answer;
  return { request, status, word: refusalShape.safeParse(answer.json()).data?.error };
}

const refusalShape = z.looseObject({ error: z.string().regex(/^[a-z_]{1,60}$/) });

/** Words after GitHub's docs, "Troubleshooting OAuth app access token request errors"; the 404 is not documented. */
function judge({ request, status, word: code }: Refusal, idProven: boolean): Verdict<never> {
  if (code === undefined) {
    if (status === 404)
      return { outcome: "wrong-id", message: "GitHub finds nothing (404): most likely there is no app with this client ID" };
    return { outcome: "provider-error", message: `GitHub answered ${status} without telling why` };
  }
  const evidence = { request, status, code };
  if (code === "bad_verification_code")
    return { outcome: "ok", message: "GitHub accepts client ID and secret, and refuses only the made-up code", evidence };
  if (code !== "incorrect_client_credentials")
    return { outcome: "provider-error", message: `GitHub answered with an unexpected word: ${code}`, evidence };
  if (idProven) return { outcome: "wrong-secret", message: "the client secret is not, or no longer, one of this app", evidence };
  return {
    outcome: "wrong-credentials",
    message: "GitHub refuses client ID and secret, without telling which is wrong",
    evidence,
  };
}

/** The callback URLs that GitHub names as not registered. What fails here says nothing: the credentials were just accepted. */
async function findMismatch(
  http: Http,
  site: GithubSite,
  client: ClientCredentials,
  callbacks: readonly string[],
): Promise<Verdict<void> | undefined> {
  const refused: string[] = [];
  let evidence: Evidence = {};
  try {
    for (const callback of callbacks) {
      const { request, status, word } = await exchange(http, site, client, callback);
      if (word !== "redirect_uri_mismatch") continue;
      refused.push(callback);
      evidence = { request, status, code: word };
    }
  } catch (error) {
    if (findFailure(error) === undefined) throw error;
  }
  if (refused.length === 0) return undefined;
  return {
    outcome: "callback-mismatch",
    message: `GitHub does not accept ${refused.join(" and ")} as callback URL of the app`,
    hint: "Add it to the callback URLs on the app's page; an OAuth app has one, which must lead to the server.",
    evidence,
  };
}
