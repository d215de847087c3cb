import * as z from "zod";
import { useUniqueRedirect } from "../../contract/settings.js";
import { connectionOf, connectionSettings, secret, text } from "../../model/schema.js";

const creation = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("manual") }),
  z.strictObject({ type: z.literal("organization") }),
  z.strictObject({
    type: z.literal("project"),
    organization: connectionOf("space").describe("The organization connection, of the same project or of a parent."),
    spaceProjectKey: text.describe("The key of the Space project, such as `PAY`."),
  }),
]);

export const spaceSettings = connectionSettings({
  serverUrl: text.describe("Address of the Space organization, such as `https://space.example.com`."),
  clientId: text.describe("The client ID of the Space application."),
  clientSecret: secret.describe("The client secret of the Space application."),
  useUniqueRedirect,
  creation: creation
    .describe(
      "How the Space application comes about: made by hand (`manual`, the default), or by TeamCity for the organization or for one of its projects. Steers guides and checks.",
    )
    .optional(),
});
