import { defineConnection } from "../../contract/define.js";
import { sealed, text } from "../../contract/params.js";
import { googleSettings } from "./settings.js";

export const google = defineConnection({
  kind: "google",
  functionName: "googleConnection",
  title: "Google",
  kotlinClass: "GoogleConnection",
  providerType: "Google",
  settings: googleSettings,
  params: {
    displayName: text("displayName", "displayName"),
    clientId: text("googleClientId", "clientId"),
    clientSecret: sealed("secure:googleClientSecret", "clientSecret"),
  },
  guide: () => import("./guide.js"),
});
