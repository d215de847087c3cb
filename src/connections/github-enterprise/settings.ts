import * as z from "zod";
import { connectionSettings, secret, text } from "../../model/schema.js";

export const githubEnterpriseSettings = connectionSettings({
  serverUrl: text.describe("Address of the GitHub Enterprise server, such as `https://github.example.com`."),
  clientId: text.describe("The client ID of the OAuth app on the server."),
  clientSecret: secret.describe("A client secret of the OAuth app."),
  useUniqueRedirect: z
    .boolean()
    .describe("Use a callback URL that belongs to this connection alone, as a guard against mix-up attacks.")
    .optional(),
});
