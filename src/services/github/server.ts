import * as z from "zod";
import type { Checked, TestContext } from "../../contract/adapter.js";
import { shown } from "../../model/text.js";
import type { Answer } from "../../transport/http.js";
import { apiHeaders, type GithubSite } from "./site.js";

/** Checks that it is GitHub that answers, by the one request of its API that needs no credentials. */
export function checkServer({ http, check }: TestContext, { api }: GithubSite): Promise<Checked<void>> {
  return check({ stage: "server", title: "GitHub answers" }, async () => {
    const answer = await http.request(`${api}/meta`, { headers: apiHeaders, accept: [403, 429] });
    if ([401, 403, 429].includes(answer.status) && isSigned(answer))
      return { outcome: "ok", message: "GitHub answers, though it tells nothing about itself without credentials" };
    if (answer.status === 429) return { outcome: "rate-limited", message: "what answers limits the rate of requests" };
    const meta = answer.status === 200 ? overview.safeParse(answer.json()).data : undefined;
    if (meta === undefined) return { outcome: "wrong-server", message: "what answers is not the API of GitHub" };
    const { installed_version: version } = meta;
    if (version === undefined) return { outcome: "ok", message: "GitHub answers" };
    return { outcome: "ok", message: `GitHub Enterprise Server ${shown(version)} answers`, evidence: { facts: { version } } };
  });
}

const overview = z.looseObject({ verifiable_password_authentication: z.boolean(), installed_version: z.string().optional() });

/**
 * Tells whether an answer has headers that only GitHub sends. An Enterprise Server in private mode refuses anonymous
 * requests, and GitHub.com does once an address has sent 60 in an hour; neither says anything against the credentials.
 */
function isSigned({ headers }: Answer): boolean {
  return headers.has("x-github-request-id") || headers.has("x-github-enterprise-version");
}
