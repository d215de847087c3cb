import * as z from "zod";
import { connectionOf, connectionSettings, text } from "../../model/schema.js";
import { accessKeySettings } from "../../services/aws/access-keys.js";

const useSessionCredentials = z
  .boolean()
  .describe("Hand out temporary credentials from STS GetSessionToken instead of the key itself.")
  .optional();

const credentials = z.union([
  z.strictObject({
    type: z.literal("accessKeys"),
    ...accessKeySettings.managed,
    useSessionCredentials,
  }),
  z.strictObject({
    type: z.literal("accessKeys"),
    ...accessKeySettings.explicit,
    useSessionCredentials,
  }),
  z.strictObject({
    type: z.literal("iamRole"),
    principal: connectionOf("aws").describe(
      "The AWS connection whose credentials assume the role: of the same project, or of a parent that shares it with sub-projects.",
    ),
    roleArn: text.describe("ARN of the role to assume, `arn:aws:iam::123456789012:role/deploy`."),
    sessionName: text
      .describe("Name of the role session in AWS logs, 2 to 64 characters. TeamCity's form calls it session tag.")
      .optional(),
  }),
  z.strictObject({ type: z.literal("defaultProviderChain") }),
]);

export const awsSettings = connectionSettings({
  region: text.describe("AWS region of the resources, such as `eu-central-1`."),
  credentials: credentials.describe("Where credentials come from: an access key, a role, or the server's own environment."),
  stsEndpoint: text.describe("STS endpoint. Unless given, the region's own is written.").optional(),
  sessionDuration: z.int().min(15).max(2160).describe("How long temporary credentials live, in minutes, 15 to 2160.").optional(),
  allowInSubProjects: z.boolean().describe("Available for sub-projects: connections and builds below may use it.").optional(),
  allowInBuilds: z.boolean().describe("Available for build steps: the AWS Credentials build feature may use it.").optional(),
});
