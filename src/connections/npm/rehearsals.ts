import type { Rehearsal } from "../../contract/rehearsal.js";

const npm: Rehearsal = {
  source: "docs.npmjs.com: registry API, whoami",
  settings: { url: "https://npm.example.com", scope: "@acme", token: { $secret: "npm/token" } },
  secrets: (unique) => ({ "npm/token": unique("token") }),
  answers: {
    "GET npm.example.com/-/ping": { body: {} },
    "GET npm.example.com/-/whoami": ({ headers }) =>
      headers.authorization === undefined ? { status: 401 } : { body: { username: "ci" } },
  },
  failures: {
    "ok-limited": { answers: { "GET npm.example.com/*": { status: 405, body: {} } } },
    unverifiable: { answers: { "GET npm.example.com/-/whoami": { status: 404, body: {} } } },
    deprecated: "the protocol has no announced end",
    "invalid-input": { secrets: { "npm/token": "two\nlines" } },
    "wrong-id": "there is no ID besides the token",
    "wrong-secret": { answers: { "GET npm.example.com/-/whoami": { status: 401, body: {} } } },
    "wrong-credentials": "there is only the token",
    revoked: "a registry answers as for any wrong token",
    expired: "a registry answers as for any wrong token",
    suspended: "a registry answers as for any wrong token",
    "identity-mismatch": "settings name no user",
    "missing-permission": {
      settings: { token: undefined },
      answers: { "GET npm.example.com/*": { status: 401, body: {} }, "GET npm.example.com/-/ping": { body: {} } },
    },
    "not-installed": "nothing is to be installed",
    "callback-mismatch": "there is no callback",
    "clock-skew": "nothing that is sent depends on the time",
    "provider-retired": "the protocol is served by many products",
  },
};

export const rehearsals: readonly Rehearsal[] = [npm];
