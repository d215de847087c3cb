import { useUniqueRedirect } from "../../contract/settings.js";
import { connectionSettings, secret, text } from "../../model/schema.js";

export const githubEnterpriseSettings = connectionSettings({
  serverUrl: text.describe("Address of the GitHub Enterprise server, such as `https://github.example.com`."),
  clientId: text.describe("The client ID of the OAuth app on the server."),
  clientSecret: secret.describe("A client secret of the OAuth app."),
  useUniqueRedirect,
});
