import * as z from "zod";
import type { TestContext, Verdict } from "../../contract/adapter.js";
import { Redacted } from "../../model/redacted.js";
import { quote, shown } from "../../model/text.js";
import type { Answer } from "../../transport/http.js";
import type { AppDescription, OpenedApp } from "./app.js";
import { type AppClient, readAnswer } from "./app-client.js";
import { apiHeaders, type GithubSite } from "./site.js";

/** An app as it is installed for one account, with the client that its key has opened. */
export interface Installed {
  readonly client: AppClient;
  readonly installation: Installation;
}

type Installation = z.infer<typeof installationShape>;

const installationShape = z.looseObject({
  id: z.number(),
  /** A user, an organization or an enterprise. */
  account: z.looseObject({ html_url: z.string() }).nullable(),
  permissions: z.record(z.string(), z.string()),
  repository_selection: z.string().optional(),
  suspended_at: z.string().nullish(),
});

const accountShape = installationShape.pick({ account: true }).extend({ account: z.looseObject({ html_url: z.string() }) });

/** Checks that the app is installed for the account at an address, and that the installation is in force. */
export async function checkInstalled({ client, description }: OpenedApp, ownerUrl: string): Promise<Verdict<Installed>> {
  const installation = await findInstallation(client, ownerUrl);
  if (installation === "too many") {
    return {
      outcome: "unverifiable",
      message: `none of the first ${PAGES * PER_PAGE} installations of the app is that of ${quote(ownerUrl)}`,
    };
  }
  if (installation === undefined) return explainAbsence(description, ownerUrl);
  if (typeof installation.suspended_at === "string") {
    return {
      outcome: "suspended",
      message: `the installation for ${quote(ownerUrl)} is suspended`,
      hint: "Have an owner of the account lift the suspension, in its settings under Installed GitHub Apps.",
    };
  }
  const { id, repository_selection: selection } = installation;
  return {
    outcome: "ok",
    message: `the app is installed for ${quote(ownerUrl)}${selection === "selected" ? ", for some of its repositories" : ""}`,
    evidence: { facts: { installation: id } },
    value: { client, installation },
  };
}

/** The owner of an app need not be the account that it is installed for; only where it is not installed, the owner explains why. */
function explainAbsence({ owner, html_url: page }: AppDescription, ownerUrl: string): Verdict<never> {
  if (sameAddress(owner.html_url, ownerUrl)) {
    return {
      outcome: "not-installed",
      message: `the app exists and is not installed for ${quote(ownerUrl)}`,
      ...(page === undefined ? {} : { hint: `Install it: ${shown(page)}/installations/new.` }),
    };
  }
  return {
    outcome: "identity-mismatch",
    message: `the owner in the settings is ${quote(ownerUrl)}; the app belongs to ${quote(owner.html_url)} and is not installed there`,
  };
}

const PER_PAGE = 100;
const PAGES = 10;

/** The installation for the account at an address, by pages until it is found. */
async function findInstallation(client: AppClient, ownerUrl: string): Promise<Installation | "too many" | undefined> {
  for (let page = 1; page <= PAGES; page++) {
    const answer = await client.request("GET /app/installations", { per_page: PER_PAGE, page });
    const installations = readAnswer(z.array(z.unknown()), answer);
    const index = installations.findIndex((each) => {
      const url = accountShape.safeParse(each).data?.account.html_url;
      return url !== undefined && sameAddress(url, ownerUrl);
    });
    // What is odd about another account's installation is none of this test's business.
    if (index >= 0) return readAnswer(installationShape, { ...answer, data: installations[index] });
    if (!/rel="next"/.test(String(answer.headers.link))) return undefined;
  }
  return "too many";
}

/** Names of accounts have no case. Scheme, query and a `www.` make no difference: they are as somebody has copied them. */
function sameAddress(one: string, other: string): boolean {
  const plain = (address: string) => {
    if (!URL.canParse(address)) return undefined;
    const { host, pathname } = new URL(address.replace(/^http:/i, "https:"));
    return `${host.replace(/^www\.(?=github\.com$)/, "")}${pathname.replace(/\/+$/, "")}`.toLowerCase();
  };
  const address = plain(one);
  return address !== undefined && address === plain(other);
}

/**
 * Has a token made that may do nothing but see repositories, asks with it for one of them, and revokes it. The requests with
 * the token do not go through Octokit, which repeats what GitHub refuses for seconds.
 */
export async function tryToken(
  { http, cleanUp }: TestContext,
  { api }: GithubSite,
  { client, installation }: Installed,
): Promise<Verdict<void>> {
  const made = await client.request("POST /app/installations/{installation_id}/access_tokens", {
    installation_id: installation.id,
    permissions: { metadata: "read" },
  });
  if (made.status === 403 || made.status === 422)
    return { outcome: "missing-permission", message: `GitHub makes no token for the installation (${made.status})` };
  const token = new Redacted(readAnswer(z.looseObject({ token: z.string() }), made).token, "token of the installation");
  const headers = { ...apiHeaders, authorization: `Bearer ${token.reveal()}` };
  let isRevoked = false;
  let listed: Answer;
  try {
    listed = await http.request(`${api}/installation/repositories?per_page=1`, { headers });
  } finally {
    // That this fails is no reason to forget what the listing has said.
    await cleanUp(async (http) => {
      isRevoked = (await http.request(`${api}/installation/token`, { method: "DELETE", headers })).status === 204;
    }).catch(() => {});
  }
  return judgeListing(listed, isRevoked);
}

function judgeListing(listed: Answer, isRevoked: boolean): Verdict<void> {
  const { status } = listed;
  if (status === 403) return { outcome: "missing-permission", message: "a token of the installation may not see repositories" };
  const { total_count: count } = readAnswer(z.looseObject({ total_count: z.number() }), { status, data: listed.json() });
  if (!isRevoked)
    return { outcome: "ok-limited", message: "the token of the test could not be revoked; it ends within an hour by itself" };
  if (count === 0) return { outcome: "ok-limited", message: "the installation gives tokens, and has no repository selected" };
  return {
    outcome: "ok",
    message: `the installation gives tokens that reach ${count} ${count === 1 ? "repository" : "repositories"}`,
  };
}
