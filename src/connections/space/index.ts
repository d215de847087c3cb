import { defineConnection } from "../../contract/define.js";
import { httpUrl } from "../../contract/formats.js";
import { flag, intent, sealed, text } from "../../contract/params.js";
import { spaceSettings } from "./settings.js";

export const space = defineConnection({
  kind: "space",
  functionName: "spaceConnection",
  title: "JetBrains Space",
  kotlinClass: "JetBrainsSpaceConnection",
  providerType: "JetBrains Space",
  settings: spaceSettings,
  params: {
    displayName: text("displayName", "displayName"),
    serverUrl: text("spaceServerUrl", "serverUrl", { format: httpUrl }),
    clientId: text("spaceClientId", "clientId"),
    clientSecret: sealed("secure:spaceClientSecret", "clientSecret"),
    useUniqueRedirect: flag("useUniqueRedirect", "useUniqueRedirect", { default: false, kotlinSince: "2024.07" }),
    creation: intent({ organization: "space" }),
  },
  guide: () => import("./guide.js"),
});
