import { connectionSettings, secret, text } from "../../model/schema.js";

export const githubSettings = connectionSettings({
  clientId: text.describe("The client ID of the OAuth app on GitHub.com."),
  clientSecret: secret.describe("A client secret of the OAuth app."),
});
