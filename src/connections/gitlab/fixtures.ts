import type { Fixture } from "../../contract/define.js";

export const fixtures: readonly Fixture[] = [
  {
    name: "required settings only",
    settings: {
      displayName: "GitLab.com",
      applicationId: "example-application",
      clientSecret: { $secret: "gitlab/application" },
    },
    params: {
      clientId: "example-application",
      displayName: "GitLab.com",
      providerType: "GitLabCom",
      "secure:clientSecret": { $secret: "gitlab/application" },
    },
  },
  {
    name: "every setting",
    settings: {
      displayName: "GitLab.com",
      applicationId: "%gitlab.application%",
      clientSecret: { $token: "credentialsJSON:00000000-0000-4000-8000-000000000001" },
    },
    params: {
      clientId: "%gitlab.application%",
      displayName: "GitLab.com",
      providerType: "GitLabCom",
      "secure:clientSecret": { $token: "credentialsJSON:00000000-0000-4000-8000-000000000001" },
    },
  },
];
