import type { Asked, Rehearsal, Reply } from "../../contract/rehearsal.js";

const V2 = "GET registry.example.com/v2/";
const TOKEN = "GET registry.example.com/token";

const challenge = 'Bearer realm="https://registry.example.com/token",service="registry.example.com"';
const version = { "docker-distribution-api-version": "registry/2.0" };
const refused: Reply = {
  status: 401,
  headers: { ...version, "www-authenticate": challenge },
  body: { errors: [{ code: "UNAUTHORIZED" }] },
};
const v2 = ({ headers }: Asked): Reply => (headers.authorization === "Bearer issued" ? { headers: version } : refused);

/** A second opinion is asked for with a password that nobody has. */
function isMadeUp(authorization = ""): boolean {
  return authorization === "" || Buffer.from(authorization.slice("Basic ".length), "base64").includes("plugboard-probe-");
}

const docker: Rehearsal = {
  source: "distribution.github.io: token authentication specification",
  settings: { url: "https://registry.example.com", userName: "ci", password: { $secret: "docker/password" } },
  secrets: (unique) => ({ "docker/password": unique("password") }),
  answers: {
    [V2]: v2,
    [TOKEN]: ({ headers }) => (isMadeUp(headers.authorization) ? { status: 401 } : { body: { token: "issued" } }),
  },
  failures: {
    "ok-limited": {
      answers: { [TOKEN]: ({ headers }) => (isMadeUp(headers.authorization) ? { status: 429 } : { body: { token: "issued" } }) },
    },
    unverifiable: { answers: { [V2]: { headers: version } } },
    deprecated: "the protocol has no announced end",
    "invalid-input": { settings: { userName: undefined } },
    "wrong-id": "a registry does not tell a wrong user from a wrong password",
    "wrong-secret": "a registry does not tell a wrong user from a wrong password",
    "wrong-credentials": { answers: { [TOKEN]: { status: 401, body: { errors: [{ code: "UNAUTHORIZED" }] } } } },
    revoked: "a registry answers as for any wrong password",
    expired: "a registry answers as for any wrong password",
    suspended: "a registry answers as for any wrong password",
    "identity-mismatch": "the user is part of the credentials",
    "missing-permission": {
      settings: { userName: undefined, password: undefined },
      answers: { [TOKEN]: { status: 401, body: {} } },
    },
    "not-installed": "nothing is to be installed",
    "callback-mismatch": "there is no callback",
    "clock-skew": "nothing that is sent depends on the time",
    "provider-retired": "the protocol is served by many products",
  },
};

export const rehearsals: readonly Rehearsal[] = [docker];
