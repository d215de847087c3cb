import { defineConnection } from "../../contract/define.js";
import { httpUrl } from "../../contract/formats.js";
import { sealed, text } from "../../contract/params.js";
import { azureDevOpsPatSettings } from "./settings.js";

export const azureDevOpsPat = defineConnection({
  kind: "azureDevOpsPat",
  functionName: "azureDevopsConnection",
  title: "Azure DevOps PAT",
  kotlinClass: "AzureDevopsConnection",
  providerType: "tfs",
  settings: azureDevOpsPatSettings,
  params: {
    displayName: text("displayName", "displayName"),
    serverUrl: text("serverUrl", "serverUrl", { format: httpUrl }),
    accessToken: sealed("secure:accessToken", "accessToken"),
  },
  fixed: { type: "token" },
  guide: () => import("./guide.js"),
});
