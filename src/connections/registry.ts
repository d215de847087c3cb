import type { ConnectionType } from "../contract/define.js";
import { amazonEcr } from "./amazon-ecr/index.js";
import { aws } from "./aws/index.js";
import { azureDevOpsOAuth } from "./azure-dev-ops-oauth/index.js";
import { azureDevOpsPat } from "./azure-dev-ops-pat/index.js";
import { bitbucketCloud } from "./bitbucket-cloud/index.js";
import { bitbucketServer } from "./bitbucket-server/index.js";
import { docker } from "./docker/index.js";
import { github } from "./github/index.js";
import { githubApp } from "./github-app/index.js";
import { githubEnterprise } from "./github-enterprise/index.js";
import { gitlab } from "./gitlab/index.js";
import { gitlabEE } from "./gitlab-ee/index.js";
import { google } from "./google/index.js";
import { kubernetes } from "./kubernetes/index.js";
import { npm } from "./npm/index.js";
import { perforceAdmin } from "./perforce-admin/index.js";
import { slack } from "./slack/index.js";
import { space } from "./space/index.js";
import { vault } from "./vault/index.js";

/** Every built-in connection type: one line each. All else is in the type's folder. */
export const connectionTypes: readonly ConnectionType[] = [
  amazonEcr,
  aws,
  azureDevOpsOAuth,
  azureDevOpsPat,
  bitbucketCloud,
  bitbucketServer,
  docker,
  github,
  githubApp,
  githubEnterprise,
  gitlab,
  gitlabEE,
  google,
  kubernetes,
  npm,
  perforceAdmin,
  slack,
  space,
  vault,
];
