import type { Rehearsal } from "../../contract/rehearsal.js";
import { oauthFailures, says } from "../../services/github/rehearsal.js";

const github: Rehearsal = {
  source: "docs.github.com: Troubleshooting OAuth app access token request errors",
  settings: { clientId: "Ov23liEXAMPLE0000001", clientSecret: { $secret: "github/client" } },
  secrets: (unique) => ({ "github/client": unique("client") }),
  answers: { "POST github.com/login/oauth/access_token": says("bad_verification_code") },
  best: "unverifiable",
  failures: oauthFailures("github.com"),
};

export const rehearsals: readonly Rehearsal[] = [github];
