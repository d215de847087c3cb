import type { Rehearsal } from "../../contract/rehearsal.js";
import { oauthFailures, says } from "../../services/github/rehearsal.js";

const githubEnterprise: Rehearsal = {
  source: "docs.github.com: Troubleshooting OAuth app access token request errors; meta",
  settings: {
    serverUrl: "https://github.example.com",
    clientId: "Ov23liEXAMPLE0000001",
    clientSecret: { $secret: "github/client" },
  },
  secrets: (unique) => ({ "github/client": unique("client") }),
  best: "unverifiable",
  answers: {
    "POST github.example.com/login/oauth/access_token": says("bad_verification_code"),
    "GET github.example.com/api/v3/meta": { body: { verifiable_password_authentication: true, installed_version: "3.19.0" } },
  },
  failures: oauthFailures("github.example.com"),
};

export const rehearsals: readonly Rehearsal[] = [githubEnterprise];
