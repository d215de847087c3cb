// Generated from the registry of connection types by `npm run generate`. Do not edit.
import type { ConnectionFunctions } from "./authoring.generated.js";

/** Function name to kind. */
export const connectionFunctions = {
  dockerECRRegistry: "amazonEcr",
  awsConnection: "aws",
  azureDevOpsOAuthConnection: "azureDevOpsOAuth",
  azureDevopsConnection: "azureDevOpsPat",
  bitbucketCloudConnection: "bitbucketCloud",
  bitbucketServerConnection: "bitbucketServer",
  dockerRegistry: "docker",
  githubConnection: "github",
  githubAppConnection: "githubApp",
  gheConnection: "githubEnterprise",
  gitlabConnection: "gitlab",
  gitlabEEConnection: "gitlabEE",
  googleConnection: "google",
  kubernetesConnection: "kubernetes",
  npmRegistry: "npm",
  perforceAdminAccess: "perforceAdmin",
  slackConnection: "slack",
  spaceConnection: "space",
  hashiCorpVaultConnection: "vault",
} as const satisfies Record<keyof ConnectionFunctions, string>;
