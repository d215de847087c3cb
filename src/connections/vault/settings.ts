import * as z from "zod";
import { connectionSettings, secret, text } from "../../model/schema.js";

const authMethod = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("appRole"),
    roleId: text.describe("The role ID of the AppRole."),
    secretId: secret.describe("A secret ID of the AppRole."),
    endpointPath: text.describe("The path where the AppRole method is mounted, without slashes around it.").optional(),
  }),
  z.strictObject({
    type: z.literal("ldap"),
    path: text.describe("The path where the LDAP method is mounted, such as `ldap`."),
    userName: text.describe("The user's name in the directory."),
    password: secret.describe("The user's password."),
  }),
  z.strictObject({
    type: z.literal("gcpIam"),
    role: text.describe("The Vault role of the Google Cloud method."),
    serviceAccount: text
      .describe("The Google Cloud service account to log in as, such as `builds@example.iam.gserviceaccount.com`.")
      .optional(),
    endpointPath: text.describe("The path where the Google Cloud method is mounted, without slashes around it.").optional(),
  }),
]);

export const vaultSettings = connectionSettings({
  url: text.describe("Address of the Vault server, such as `https://vault.example.com:8200`."),
  vaultNamespace: text.describe("The namespace within Vault Enterprise or HCP Vault, such as `teams/payments`.").optional(),
  authMethod: authMethod.describe("How TeamCity logs in to Vault."),
});
