import type { Rehearsal, Reply } from "../../contract/rehearsal.js";

const scopes = "channels:read,chat:write,im:read,im:write,users:read,team:read,groups:read";

const identity = {
  ok: true,
  url: "https://acme.slack.com/",
  team: "Acme",
  user: "teamcity",
  team_id: "T00000001",
  user_id: "U00000001",
  bot_id: "B00000001",
};

const test = (body: object, granted = scopes): Reply => ({ headers: { "x-oauth-scopes": granted }, body });
const says = (error: string): Reply => ({ body: { ok: false, error } });

const AUTH_TEST = "POST slack.com/api/auth.test";
const ACCESS = "POST slack.com/api/oauth.v2.access";

const slack: Rehearsal = {
  source: "docs.slack.dev: auth.test, oauth.v2.access",
  settings: {
    botToken: { $secret: "slack/bot" },
    clientId: "1234567890.1234567890",
    clientSecret: { $secret: "slack/client" },
  },
  secrets: (unique) => ({ "slack/bot": `xoxb-${unique("bot")}`, "slack/client": unique("client") }),
  answers: { [AUTH_TEST]: test(identity), [ACCESS]: says("invalid_code") },
  failures: {
    "ok-limited": "bot and app are proven, or they are not",
    unverifiable: "every part of the connection can be asked for",
    deprecated: "Slack has announced no end of bots",
    "invalid-input": { secrets: { "slack/bot": "xoxb-two\nlines" } },
    "wrong-id": { answers: { [ACCESS]: says("invalid_client_id") } },
    "wrong-secret": { answers: { [AUTH_TEST]: says("invalid_auth") } },
    "wrong-credentials": "Slack tells which half is wrong",
    revoked: { answers: { [AUTH_TEST]: says("token_revoked") } },
    expired: { answers: { [AUTH_TEST]: says("token_expired") } },
    suspended: "Slack calls a bot that was switched off revoked",
    "identity-mismatch": { answers: { [AUTH_TEST]: test({ ...identity, bot_id: undefined }) } },
    "missing-permission": { answers: { [AUTH_TEST]: test(identity, "chat:write") } },
    "not-installed": "a bot token exists only once the app is installed",
    "callback-mismatch": "the code is refused before the redirect address is looked at",
    "clock-skew": "nothing that is sent depends on the time",
    "provider-retired": "Slack exists",
  },
};

export const rehearsals: readonly Rehearsal[] = [slack];
