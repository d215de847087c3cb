import type { Fixture } from "../../contract/define.js";

export const fixtures: readonly Fixture[] = [
  {
    name: "required settings only",
    settings: {
      displayName: "GitLab",
      serverUrl: "https://gitlab.example.com",
      applicationId: "example-application",
      clientSecret: { $secret: "gitlab/application" },
    },
    params: {
      clientId: "example-application",
      displayName: "GitLab",
      gitLabUrl: "https://gitlab.example.com",
      providerType: "GitLabCEorEE",
      "secure:clientSecret": { $secret: "gitlab/application" },
    },
  },
  {
    name: "every setting",
    settings: {
      displayName: "GitLab",
      serverUrl: "https://git.example.com/gitlab",
      applicationId: "example-application",
      clientSecret: { $token: "credentialsJSON:00000000-0000-4000-8000-000000000001" },
      useUniqueRedirect: true,
    },
    params: {
      clientId: "example-application",
      displayName: "GitLab",
      gitLabUrl: "https://git.example.com/gitlab",
      providerType: "GitLabCEorEE",
      "secure:clientSecret": { $token: "credentialsJSON:00000000-0000-4000-8000-000000000001" },
      useUniqueRedirect: "true",
    },
  },
];
