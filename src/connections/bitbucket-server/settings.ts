import { useUniqueRedirect } from "../../contract/settings.js";
import { connectionSettings, secret, text } from "../../model/schema.js";

export const bitbucketServerSettings = connectionSettings({
  serverUrl: text.describe("Base URL of the server, such as `https://bitbucket.example.com`."),
  clientId: text.describe("The Client ID of the incoming application link in Bitbucket."),
  clientSecret: secret.describe("The Client Secret of the application link."),
  useUniqueRedirect,
});
