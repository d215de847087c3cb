import { defineConnection } from "../../contract/define.js";
import { choice, group, option, text, variant } from "../../contract/params.js";
import { accessKeyParams } from "../../services/aws/access-keys.js";
import { accountId, externalId, region, roleArn } from "../../services/aws/formats.js";
import { amazonEcrSettings } from "./settings.js";

export const amazonEcr = defineConnection({
  kind: "amazonEcr",
  functionName: "dockerECRRegistry",
  title: "Amazon ECR",
  kotlinClass: "DockerECRConnection",
  providerType: "AmazonDocker",
  settings: amazonEcrSettings,
  params: {
    displayName: text("displayName", "displayName"),
    registryType: choice(
      "ecrType",
      "ecrType",
      {
        private: { stored: "ECRPrivate", kotlin: "ecrPrivate" },
        public: { stored: "ECRPublic", kotlin: "ecrPublic" },
      },
      { default: "private", written: "private" },
    ),
    registryId: text("registryId", "registryId", { format: accountId }),
    region: text("aws.region.name", "regionCode", { format: region }),
    role: group(
      {
        roleArn: text("aws.iam.role.arn", "iamRoleArn", { format: roleArn }),
        externalId: text("aws.external.id", "externalId", { format: externalId }),
      },
      {
        stored: "aws.credentials.type",
        kotlin: "credentialsType",
        present: "aws.temp.credentials",
        absent: "aws.access.keys",
        functions: { present: "tempCredentials", absent: "accessKeys" },
      },
    ),
    credentials: variant("aws.use.default.credential.provider.chain", "credentialsProvider", {
      accessKeys: option(undefined, "accessKey", {
        ...accessKeyParams("aws.access.key.id", "secure:aws.secret.access.key"),
      }),
      defaultProviderChain: option("true", "defaultCredentialsProvider", {}),
    }),
  },
  adapter: () => import("./adapter.js"),
  guide: () => import("./guide.js"),
});
