import { defineConnection } from "../../contract/define.js";
import { httpUrl } from "../../contract/formats.js";
import { flag, list, sealed, text } from "../../contract/params.js";
import { azureDevOpsOAuthSettings } from "./settings.js";

export const azureDevOpsOAuth = defineConnection({
  kind: "azureDevOpsOAuth",
  functionName: "azureDevOpsOAuthConnection",
  title: "Azure DevOps OAuth 2.0",
  kotlinClass: "AzureDevOpsOAuthConnection",
  providerType: "AzureDevOps",
  settings: azureDevOpsOAuthSettings,
  params: {
    displayName: text("displayName", "displayName"),
    azureDevOpsUrl: text("azureDevOpsUrl", "azureDevOpsUrl", { format: httpUrl }),
    applicationId: text("applicationId", "applicationId"),
    clientSecret: sealed("secure:clientSecret", "clientSecret"),
    scope: list(" ", "scope", "scope", { default: ["vso.identity", "vso.code", "vso.project"] }),
    useUniqueRedirect: flag("useUniqueRedirect", "useUniqueCallback", { default: false, kotlinSince: "2024.07" }),
  },
  guide: () => import("./guide.js"),
});
