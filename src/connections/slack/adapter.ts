import { randomUUID } from "node:crypto";
import * as z from "zod";
import type { Adapter, Verdict } from "../../contract/adapter.js";
import type { SettingsOf } from "../../contract/define.js";
import { judgeSpelling } from "../../contract/token.js";
import { quote, row, shown } from "../../model/text.js";
import { callSlack, openSlack, type SlackAnswer, type SlackError } from "../../services/slack/web-api.js";
import type { slackSettings } from "./settings.js";

/** The scopes of the bot that TeamCity's help asks for. */
const wantedScopes = ["channels:read", "chat:write", "im:read", "im:write", "users:read", "team:read", "groups:read"];

export const adapter: Adapter<SettingsOf<typeof slackSettings>> = {
  endpoints: () => [new URL("https://slack.com")],
  async test({ botToken, clientId, clientSecret }, { http, check }) {
    const token = await check({ stage: "authentication", title: "bot token" }, async () => {
      const obstacle = judgeSpelling(botToken, "token");
      if (obstacle !== undefined) return obstacle;
      const slack = await openSlack(http, botToken);
      return judgeToken(await callSlack(slack.auth.test()));
    });
    await check({ stage: "identity", title: "kind of token", after: token }, ({ botId }) =>
      judgeKind(botId, botToken.reveal().startsWith("xoxb-")),
    );
    await check({ stage: "permissions", title: "scopes of the bot", after: token }, ({ scopes }) => judgeScopes(scopes));
    await check({ stage: "authentication", title: "client ID and secret" }, async () => {
      const obstacle = judgeSpelling(clientSecret, "client secret");
      if (obstacle !== undefined) return obstacle;
      const slack = await openSlack(http);
      const code = `plugboard-probe-${randomUUID()}`;
      const answer = await callSlack(slack.oauth.v2.access({ client_id: clientId, client_secret: clientSecret.reveal(), code }));
      return judgeClient(answer);
    });
  },
};

/** What Slack tells about a token. */
interface TokenFacts {
  readonly botId: string | undefined;
  readonly scopes: readonly string[] | undefined;
}

const identityShape = z.looseObject({
  team: z.string().min(1),
  user: z.string().min(1),
  bot_id: z.string().min(1).nullish(),
  response_metadata: z.looseObject({ scopes: z.array(z.string()).optional() }).optional(),
});

function judgeToken(answer: SlackAnswer<unknown>): Verdict<TokenFacts> {
  if ("error" in answer) return explain(answer);
  const { data, error } = identityShape.safeParse(answer.result);
  if (data === undefined) {
    const path = error.issues[0]?.path.join(".") ?? "";
    return { outcome: "provider-error", message: `the answer is not as Slack describes it, at ${path}` };
  }
  const { team, user, bot_id, response_metadata } = data;
  const botId = bot_id ?? undefined;
  return {
    outcome: "ok",
    message: `the token is one of ${quote(user)} in the workspace ${quote(team)}`,
    evidence: { facts: { team: shown(team), user: shown(user) } },
    value: { botId, scopes: response_metadata?.scopes },
  };
}

function judgeKind(botId: string | undefined, hasPrefix: boolean): Verdict<void> {
  if (botId !== undefined && hasPrefix) return { outcome: "ok", message: `it is the token of the bot ${shown(botId)}` };
  return {
    outcome: "identity-mismatch",
    message: botId === undefined ? "the token is not one of a bot" : "the token does not start with xoxb-, as those of bots do",
    hint: "Copy the Bot User OAuth Token from OAuth & Permissions of the app.",
  };
}

function judgeScopes(scopes: readonly string[] | undefined): Verdict<void> {
  if (scopes === undefined) return { outcome: "unverifiable", message: "Slack does not tell the scopes of the token" };
  const missing = wantedScopes.filter((each) => !scopes.includes(each));
  if (missing.length === 0) return { outcome: "ok", message: "the bot has every scope that TeamCity uses" };
  return {
    outcome: "missing-permission",
    message: `the bot lacks ${row(missing, ", ")}`,
    hint: "Add the scopes under OAuth & Permissions of the app, then install the app to the workspace again.",
    evidence: { missing },
  };
}

/** The code is made up, so that the only good answer is that Slack refuses it and nothing else. */
function judgeClient(answer: SlackAnswer<unknown>): Verdict<void> {
  if (!("error" in answer)) return { outcome: "provider-error", message: "Slack accepted a made-up code" };
  if (answer.error !== "invalid_code") return explain(answer);
  return {
    outcome: "ok",
    message: "Slack accepts client ID and secret; no request tells whether the bot token is of the same app",
    evidence: { code: answer.error },
  };
}

/**
 * Words after Slack's reference of `auth.test` and `oauth.v2.access`; JetBrains/teamcity-slack-notifier, which is TeamCity's own
 * notifier, tells those about client ID and secret apart as well.
 */
const explanations: Readonly<Record<string, Pick<Verdict<never>, "outcome" | "message" | "hint">>> = {
  invalid_auth: { outcome: "wrong-secret", message: "Slack does not know the token" },
  not_authed: { outcome: "wrong-secret", message: "Slack sees no token in the request" },
  token_revoked: { outcome: "revoked", message: "the token was revoked" },
  account_inactive: { outcome: "revoked", message: "the bot or its workspace is gone" },
  token_expired: {
    outcome: "expired",
    message: "the token has expired: the app rotates its tokens, which TeamCity cannot follow",
    hint: "Switch token rotation off for the app, or make another app, and install it again.",
  },
  missing_scope: { outcome: "missing-permission", message: "the token lacks a scope" },
  org_login_required: { outcome: "missing-permission", message: "the workspace is being moved to an enterprise organization" },
  ekm_access_denied: { outcome: "missing-permission", message: "administrators have suspended the use of the workspace" },
  team_access_not_granted: { outcome: "missing-permission", message: "the token was not granted access to the workspace" },
  not_allowed_token_type: { outcome: "wrong-secret", message: "the token is of a kind that the call does not take" },
  access_denied: { outcome: "missing-permission", message: "Slack denies the token the access" },
  no_permission: { outcome: "missing-permission", message: "the token does not have the permissions that the call needs" },
  enterprise_is_restricted: { outcome: "missing-permission", message: "the enterprise does not admit the call" },
  invalid_client_id: { outcome: "wrong-id", message: "Slack does not know the client ID" },
  bad_client_secret: { outcome: "wrong-secret", message: "the client secret is not the one of this client ID" },
  ratelimited: { outcome: "rate-limited", message: "Slack limits the rate" },
};

function explain({ error: code, needed }: SlackError): Verdict<never> {
  const evidence = { code, ...(needed.length === 0 ? {} : { missing: needed }) };
  const found = Object.hasOwn(explanations, code) ? explanations[code] : undefined;
  if (found !== undefined) return { ...found, evidence };
  return { outcome: "provider-error", message: `Slack answered with an unexpected word: ${code}`, evidence };
}
