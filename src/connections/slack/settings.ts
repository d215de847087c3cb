import * as z from "zod";
import { connectionSettings, secret, text } from "../../model/schema.js";

export const slackSettings = connectionSettings({
  botToken: secret.describe("The bot user token of the Slack app; it starts with `xoxb-`."),
  clientId: text.describe("The client ID of the Slack app, such as `1234567890.1234567890`."),
  clientSecret: secret.describe("The client secret of the Slack app."),
  serviceMessageMaxNotificationsPerBuild: z
    .int()
    .min(-1)
    .describe("How many notifications a build may send with service messages. 0 switches them off, -1 sets no limit.")
    .optional(),
  serviceMessageAllowedDomainNames: z
    .array(text.regex(/^[^,\s](?:[^,]*[^,\s])?$/, "PB132 a domain name has no comma and no blank at either end"))
    .describe("Domains that such notifications may name, `example.com` or `*.example.com`.")
    .optional(),
});
