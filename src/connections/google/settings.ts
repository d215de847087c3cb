import { connectionSettings, secret, text } from "../../model/schema.js";

export const googleSettings = connectionSettings({
  clientId: text.describe("The client ID of the OAuth client, such as `123456789012-example.apps.googleusercontent.com`."),
  clientSecret: secret.describe("The client secret of the OAuth client."),
});
