import { defineConnection } from "../../contract/define.js";
import { hostUrl } from "../../contract/formats.js";
import { sealed, text } from "../../contract/params.js";
import { npmSettings } from "./settings.js";

export const npm = defineConnection({
  kind: "npm",
  functionName: "npmRegistry",
  title: "NPM Registry",
  kotlinClass: "NpmRegistryConnection",
  providerType: "NpmRegistry",
  settings: npmSettings,
  params: {
    displayName: text("displayName", "name"),
    url: text("npmRegistryHost", "url", { format: hostUrl }),
    scope: text("npmRegistryScope", "scope"),
    token: sealed("secure:npmRegistryToken", "token"),
  },
  adapter: () => import("./adapter.js"),
  guide: () => import("./guide.js"),
});
