import { connectionSettings, secret, text } from "../../model/schema.js";

export const azureDevOpsPatSettings = connectionSettings({
  serverUrl: text.describe(
    "Address of the organization or server: `https://dev.azure.com/example`, `https://example.visualstudio.com` or `https://azure.example.com:8080/tfs/`.",
  ),
  accessToken: secret.describe("A personal access token with all scopes."),
});
