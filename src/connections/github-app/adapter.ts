import * as z from "zod";
import type { Adapter, Verdict } from "../../contract/adapter.js";
import type { SettingsOf } from "../../contract/define.js";
import { quote, row } from "../../model/text.js";
import { type AppDescription, compareIdentity, describeApp } from "../../services/github/app.js";
import { openApp, readAnswer } from "../../services/github/app-client.js";
import { callbackUrls } from "../../services/github/callbacks.js";
import { checkClient } from "../../services/github/client-secret.js";
import { checkInstalled, type Installed, tryToken } from "../../services/github/installations.js";
import { covers } from "../../services/github/permissions.js";
import { readPrivateKey } from "../../services/github/private-key.js";
import { checkServer } from "../../services/github/server.js";
import { githubEndpoints, githubSite } from "../../services/github/site.js";
import { readAddress } from "../../transport/addresses.js";
import { guide } from "./guide.js";
import { wantedPermissions } from "./permissions.js";
import type { githubAppSettings } from "./settings.js";

export const adapter: Adapter<SettingsOf<typeof githubAppSettings>> = {
  endpoints: ({ ownerUrl }) => githubEndpoints(githubSite(readAddress(ownerUrl, "ownerUrl"))),
  async test({ appId, clientId, clientSecret, privateKey, ownerUrl, webhookSecret, useUniqueRedirect }, context) {
    const { http, check, serverUrls, deep } = context;
    const site = githubSite(readAddress(ownerUrl, "ownerUrl"));
    const key = await check({ stage: "input", title: "private key" }, () => readPrivateKey(privateKey));
    const server = await checkServer(context, site);
    const app = await check({ stage: "authentication", title: "private key fits the app", after: [key, server] }, async () =>
      describeApp(await openApp(http, site, { appId, privateKey })),
    );
    const identity = await check({ stage: "identity", title: "app ID and client ID", after: app }, ({ description }) =>
      compareIdentity(description, { appId, clientId }),
    );
    await check({ stage: "permissions", title: "permissions of the app", after: app }, ({ description }) =>
      judgePermissions(description),
    );
    const installation = await check({ stage: "permissions", title: "installation for the owner", after: app }, async (opened) =>
      judgeGrants(await checkInstalled(opened, ownerUrl), opened.description),
    );
    await checkClient(
      context,
      site,
      { clientId, clientSecret },
      {
        after: server,
        idProven: identity.passed,
        // TeamCity alone knows the ID in a unique callback.
        callbacks: useUniqueRedirect === true ? [] : callbackUrls(guide.callback, serverUrls),
      },
    );
    if (webhookSecret !== undefined) {
      await check({ stage: "callback", title: "webhook", after: app }, async ({ client }) =>
        judgeWebhook(readAnswer(hookShape, await client.request("GET /app/hook/config")), serverUrls),
      );
    }
    if (deep) {
      await check({ stage: "permissions", title: "token of the installation", after: installation }, (installed) =>
        tryToken(context, site, installed),
      );
    }
  },
};

/** What the app asks for. Each account that installs it has to grant it as well. */
function judgePermissions({ permissions }: AppDescription): Verdict<void> {
  const lacking = wantedPermissions.filter(({ name, level }) => !covers(permissions[name], level));
  if (lacking.length === 0) return { outcome: "ok", message: "the app asks for every permission that TeamCity uses" };
  const needed = lacking.filter(({ name, least }) => least !== undefined && !covers(permissions[name], least));
  const evidence = { missing: lacking.map(({ name, level }) => `${name}: ${level}`) };
  if (needed.length > 0) {
    return {
      outcome: "missing-permission",
      message: `the app does not ask for ${listOf(needed.map(({ name, least }) => `${name}: ${least}`))}`,
      hint: "Add the permissions on the app's page, then have the owner of each installation accept them.",
      evidence,
    };
  }
  return {
    outcome: "ok-limited",
    message: `the app can be used, but not for ${listOf(lacking.map(({ serves }) => serves))}`,
    hint: "If that is needed, add the permissions on the app's page, then have the owner of each installation accept them.",
    evidence,
  };
}

/** What the account has granted, of what the app asks for now. */
function judgeGrants(verdict: Verdict<Installed>, { permissions }: AppDescription): Verdict<Installed> {
  if (verdict.value === undefined) return verdict;
  const granted = verdict.value.installation.permissions;
  const missing = wantedPermissions.flatMap(({ name, level }) => {
    const asked = covers(permissions[name], level) ? level : permissions[name];
    return asked === undefined || covers(granted[name], asked) ? [] : [`${name}: ${asked}`];
  });
  if (missing.length === 0) return verdict;
  return {
    outcome: "missing-permission",
    message: `the account has not granted ${listOf(missing)}, which the app asks for`,
    hint: "Have an owner of the account accept the new permissions, in its settings under Installed GitHub Apps.",
    evidence: { missing },
  };
}

function listOf(names: readonly string[]): string {
  return row(names, ", ");
}

const hookShape = z.looseObject({ url: z.string().optional(), insecure_ssl: z.union([z.string(), z.number()]).optional() });

/** GitHub masks the secret, so the address is all that can be looked at. */
function judgeWebhook({ url, insecure_ssl }: z.infer<typeof hookShape>, serverUrls: readonly string[]): Verdict<void> {
  const hint = "Enter TeamCity's webhook address on the app's page, with the secret of webhookSecret.";
  const hook = url !== undefined && URL.canParse(url) ? new URL(url) : undefined;
  if (hook === undefined || !/^https?:$/.test(hook.protocol))
    return { outcome: "callback-mismatch", message: "the app has no webhook address, so GitHub reports nothing", hint };
  const address = hook.origin + hook.pathname;
  const roots = serverUrls.filter((each) => URL.canParse(each)).map((each) => new URL(each));
  // `URL` writes a host in small letters, and leaves the default port out.
  const known = roots.some((root) => `${address}/`.startsWith(`${(root.origin + root.pathname).replace(/\/+$/, "")}/`));
  if (!known && serverUrls.length > 0) {
    const message = `GitHub reports to ${quote(address)}, which is at no address of the TeamCity server`;
    return { outcome: "callback-mismatch", message, hint };
  }
  const unsafe = String(insecure_ssl ?? "0") === "0" ? "" : " without looking at its certificate";
  return {
    outcome: "unverifiable",
    message: `GitHub reports to ${quote(address)}${unsafe}; it does not show the secret that it signs with`,
    hint: "Look at Recent Deliveries on the app's page: one that TeamCity has answered with 2xx proves the secret.",
  };
}
