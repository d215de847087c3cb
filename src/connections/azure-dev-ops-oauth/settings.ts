import * as z from "zod";
import { useUniqueRedirect } from "../../contract/settings.js";
import { connectionSettings, secret, text } from "../../model/schema.js";

export const azureDevOpsOAuthSettings = connectionSettings({
  azureDevOpsUrl: text.describe("Address of Azure DevOps Services, such as `https://app.vssps.visualstudio.com`."),
  applicationId: text.describe("The App ID of the OAuth application in Azure DevOps."),
  clientSecret: secret.describe("The Client Secret of the application. Its App Secret does not work."),
  scope: z
    .array(text.regex(/^\S+$/, "PB132 a scope has no blanks"))
    .describe("Scopes of the application, such as `vso.code`. They must be the ones it is registered with.")
    .optional(),
  useUniqueRedirect,
});
