import type { Guide } from "../../contract/define.js";

export const guide: Guide = {
  summary: "Logs builds in to a private or public Amazon Elastic Container Registry.",
  uses: [
    "Docker registry connections build feature (Docker Support in older versions): login before a build, logout after it",
    "clean-up of the images that a build has pushed",
  ],
  rights: [
    "private registry: ecr:GetAuthorizationToken, and pull or push rights on the repositories",
    "public registry: ecr-public:GetAuthorizationToken and sts:GetServiceBearerToken, and push rights on the repositories",
    "role: a trust policy that allows sts:AssumeRole to the credentials used, with the external ID as condition",
  ],
  steps: [
    "Look up the account ID in the AWS console: it is the registryId.",
    "Create an IAM user with an access key, or let the TeamCity server's machine run with a role.",
    "Grant the rights above, to that user or role itself or to a second role that it may assume.",
    "If there is a second role, give its ARN as role.roleArn and choose a role.externalId; put the latter into its trust policy as sts:ExternalId.",
  ],
  notes: [
    "Role and credentials are independent choices: a role can be assumed with an access key or with the default chain.",
    "The external ID is a text of your choice here. That of an AWS connection is computed by TeamCity.",
    "The connection has credentials of its own. Whether servers after 2025.11 let it use an AWS connection is not confirmed.",
    "Older versions of TeamCity store no `ecrType` for private registries; it is always written here.",
    "Key parameters may remain in a file beside the default chain. They are kept in `params`.",
  ],
};
