import { defineConnection } from "../../contract/define.js";
import { httpUrl } from "../../contract/formats.js";
import { flag, integer, option, reference, text, variant } from "../../contract/params.js";
import { accessKeyParams } from "../../services/aws/access-keys.js";
import { region, roleArn, sessionName } from "../../services/aws/formats.js";
import { stsEndpoint } from "../../services/aws/regions.js";
import { checks, codes } from "./checks.js";
import { defaults, externalId } from "./server.js";
import { awsSettings } from "./settings.js";

export { externalId };

export const aws = defineConnection({
  kind: "aws",
  functionName: "awsConnection",
  title: "Amazon Web Services (AWS)",
  kotlinClass: "AwsConnection",
  providerType: "AWS",
  settings: awsSettings,
  params: {
    displayName: text("displayName", "name"),
    region: text("awsRegionName", "regionName", { format: region, kotlinDefault: "us-east-1" }),
    credentials: variant("awsCredentialsType", "credentialsType", {
      accessKeys: option("awsAccessKeys", "static", {
        ...accessKeyParams("awsAccessKeyId", "secure:awsSecretAccessKey"),
        useSessionCredentials: flag("awsSessionCredentials", "useSessionCredentials", { default: true }),
      }),
      iamRole: option("awsAssumeIamRole", "iamRole", {
        principal: reference("aws", "awsConnectionId", "awsConnectionId"),
        roleArn: text("awsIamRoleArn", "roleArn", { format: roleArn }),
        sessionName: text("awsIamRoleSessionName", "sessionName", { default: defaults.sessionName, format: sessionName }),
      }),
      defaultProviderChain: option("defaultProvider", "default", {}),
    }),
    stsEndpoint: text("awsStsEndpoint", "stsEndpoint", {
      written: (settings: { region?: string }) => settings.region && stsEndpoint(settings.region),
      format: httpUrl,
      kotlinSince: "2025.03",
      kotlinDefault: (stored) => (stored.get("awsRegionName") === "us-east-1" ? stsEndpoint("us-east-1") : undefined),
    }),
    sessionDuration: integer("awsSessionDuration", undefined, { default: defaults.sessionDuration }),
    allowInSubProjects: flag("awsAllowedInSubProjects", "allowInSubProjects", { written: false }),
    allowInBuilds: flag("awsAllowedInBuilds", "allowInBuilds", { written: false }),
  },
  formerKotlin: { projectFeatureId: "projectFeatureId" },
  id: { syntax: "externalId", unique: "tree" },
  sharedBy: "allowInSubProjects",
  checks,
  codes,
  derived: ({ credentials }, { projectId, connectionId }) =>
    credentials.type === "iamRole" ? [{ label: "external ID", value: externalId(projectId, connectionId) }] : [],
  adapter: () => import("./adapter.js"),
  guide: () => import("./guide.js"),
});
