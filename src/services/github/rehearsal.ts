import type { Change, Reply, ServiceFailure } from "../../contract/rehearsal.js";

/** An answer of the token endpoint, which has status 200 whatever it says. */
export const says = (error: string): Reply => ({ body: { error } });

/** What no kind of GitHub connection can be in, and why. */
export const never = {
  deprecated: "GitHub has announced no end",
  "provider-retired": "GitHub exists",
  "wrong-secret": "GitHub does not tell a wrong secret from a wrong ID",
  revoked: "GitHub answers as for any wrong credentials",
  expired: "GitHub answers as for any wrong credentials",
} as const;

/** The failures of an OAuth app whose token endpoint is on a host. */
export const oauthFailures = (host: string): Readonly<Record<ServiceFailure, Change | string>> => {
  const access = `POST ${host}/login/oauth/access_token`;
  return {
    ...never,
    "ok-limited": "the client is proven, or it is not",
    unverifiable: {},
    "invalid-input": { secrets: { "github/client": "two\nlines" } },
    "wrong-id": { answers: { [access]: { status: 404, body: {} } } },
    "wrong-credentials": { answers: { [access]: says("incorrect_client_credentials") } },
    suspended: "GitHub answers as for any wrong credentials",
    "identity-mismatch": "nothing links a client to an owner",
    "missing-permission": "scopes are chosen when somebody signs in",
    "not-installed": "OAuth apps are not installed",
    "callback-mismatch": {
      serverUrls: ["https://teamcity.example.com"],
      answers: {
        [access]: ({ body }) => says(body.includes("redirect_uri") ? "redirect_uri_mismatch" : "bad_verification_code"),
      },
    },
    "clock-skew": "nothing that is sent depends on the time",
  };
};
