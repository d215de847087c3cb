import * as z from "zod";
import type { Verdict } from "../../contract/adapter.js";
import { quote, shown } from "../../model/text.js";
import { type AppClient, readAnswer, sentenceOf } from "./app-client.js";

/** An app, with the client that its key has opened. */
export interface OpenedApp {
  readonly client: AppClient;
  readonly description: AppDescription;
}

/** Of GitHub's description of an app, what checks look at. */
export type AppDescription = z.infer<typeof appShape>;

const appShape = z.looseObject({
  id: z.number(),
  /** Older Enterprise Servers do not tell it. */
  client_id: z.string().optional(),
  name: z.string(),
  html_url: z.string().optional(),
  /** A user, an organization or an enterprise. */
  owner: z.looseObject({ html_url: z.string() }),
  permissions: z.record(z.string(), z.string()),
});

/** Asks GitHub which app the key belongs to. */
export async function describeApp(client: AppClient): Promise<Verdict<OpenedApp>> {
  const answer = await client.request("GET /app");
  const skew = client.skew();
  if (skew !== undefined)
    return {
      outcome: "clock-skew",
      message:
        skew === 0
          ? "GitHub refused the time in the signature at first, though its clock is ours to the second"
          : `GitHub's clock is ${Math.abs(skew)} seconds ${skew < 0 ? "behind" : "ahead of"} ours`,
    };
  const refused = refusals.find(({ status, sentence }) => answer.status === status && sentence.test(sentenceOf(answer)));
  if (refused !== undefined) return refused.verdict;
  const description = readAnswer(appShape, answer);
  const { id, name } = description;
  return {
    outcome: "ok",
    message: `the key is one of the app ${quote(name)}`,
    evidence: { facts: { app: shown(name), id, owner: shown(description.owner.html_url) } },
    value: { client, description },
  };
}

/**
 * Sources: octokit/auth-app, which looks for the sentences about the clock; octokit/auth-app.js#375 and
 * actions/create-github-app-token#153 for the other 401. The 404 is not documented.
 */
const refusals: readonly { readonly status: number; readonly sentence: RegExp; readonly verdict: Verdict<never> }[] = [
  {
    status: 401,
    sentence: /\('(exp|iat)'\)/,
    verdict: { outcome: "clock-skew", message: "GitHub refuses the time in the signature" },
  },
  {
    status: 401,
    sentence: /^/,
    verdict: {
      outcome: "wrong-credentials",
      message: "GitHub refuses the signature: key and app ID are not of one app, or the key was deleted",
      hint: "Compare the app ID with the app's page, and the key's fingerprint with the private keys listed there.",
    },
  },
  {
    status: 404,
    sentence: /integration not found/i,
    verdict: { outcome: "wrong-id", message: "GitHub finds no app with this app ID" },
  },
  {
    status: 404,
    sentence: /^/,
    verdict: { outcome: "wrong-server", message: "GitHub's API does not answer at this address" },
  },
  {
    status: 403,
    sentence: /^/,
    verdict: {
      outcome: "missing-permission",
      message: "GitHub does not let the app in (403)",
      hint: "Look for a list of allowed IP addresses in the owner's settings: it holds for apps as well.",
    },
  },
];

/** Holds the IDs of the settings against those of the app that the key belongs to. */
export function compareIdentity(app: AppDescription, { appId, clientId }: { appId: string; clientId: string }): Verdict<void> {
  if (String(app.id) !== appId)
    return { outcome: "identity-mismatch", message: `the app ID is ${quote(appId)}, and the key belongs to the app ${app.id}` };
  if (app.client_id === undefined)
    return { outcome: "ok-limited", message: "the app ID is right; this version of the server does not tell the client ID" };
  if (app.client_id !== clientId) {
    const message = `the client ID is ${quote(clientId)}, and the app of the key has ${quote(app.client_id)}`;
    return { outcome: "identity-mismatch", message };
  }
  return { outcome: "ok", message: "app ID and client ID are those of the app" };
}
