import { useUniqueRedirect } from "../../contract/settings.js";
import { connectionSettings, secret, text } from "../../model/schema.js";

export const githubAppSettings = connectionSettings({
  appId: text.describe("The App ID of the GitHub App, a number such as `123456`."),
  clientId: text.describe("The client ID of the GitHub App."),
  clientSecret: secret.describe("A client secret of the GitHub App."),
  privateKey: secret.describe("A private key of the GitHub App: the text of the `.private-key.pem` file."),
  ownerUrl: text.describe(
    "Address of the user or organization that the app is installed for, `https://github.com/example`. Its host tells GitHub.com from GitHub Enterprise.",
  ),
  webhookSecret: secret
    .describe("The secret of the app's webhook. Needed if GitHub is to report commits to TeamCity.")
    .optional(),
  useUniqueRedirect,
});
