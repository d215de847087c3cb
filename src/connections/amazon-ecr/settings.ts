import * as z from "zod";
import { connectionSettings, text } from "../../model/schema.js";
import { accessKeySettings } from "../../services/aws/access-keys.js";

const credentials = z.union([
  z.strictObject({
    type: z.literal("accessKeys"),
    ...accessKeySettings.managed,
  }),
  z.strictObject({
    type: z.literal("accessKeys"),
    ...accessKeySettings.explicit,
  }),
  z.strictObject({ type: z.literal("defaultProviderChain") }),
]);

const role = z.strictObject({
  roleArn: text.describe("ARN of the role to assume, `arn:aws:iam::123456789012:role/registry`."),
  externalId: text
    .describe("External ID that the role's trust policy demands, 2 to 1,224 characters. TeamCity advises to have one always.")
    .optional(),
});

export const amazonEcrSettings = connectionSettings({
  registryType: z
    .enum(["private", "public"])
    .describe("A private registry of the account, or its public one in the Amazon ECR Public Gallery.")
    .optional(),
  registryId: text.describe("The account ID that owns the registry, 12 digits, such as `123456789012`."),
  region: text.describe(
    "AWS region of the registry, such as `eu-central-1`. TeamCity's form asks for it for private registries only.",
  ),
  role: role
    .describe("A role whose temporary credentials are used at the registry. Unless given, the credentials are used as they are.")
    .optional(),
  credentials: credentials.describe("Where credentials come from: an access key, or the server's own environment."),
});
