import { connectionSettings, secret, text } from "../../model/schema.js";

export const dockerSettings = connectionSettings({
  url: text.describe("Address of the registry, `[http(s)://]host[:port]`; without a scheme TeamCity takes https.").optional(),
  userName: text.describe("The user to log in as. Unless given, the registry is used anonymously.").optional(),
  password: secret.describe("The password of the user, or an access token.").optional(),
});
