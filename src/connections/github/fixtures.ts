import type { Fixture } from "../../contract/define.js";

export const fixtures: readonly Fixture[] = [
  {
    name: "required settings only",
    settings: { displayName: "GitHub.com", clientId: "Iv0example", clientSecret: { $secret: "github/oauth" } },
    params: {
      clientId: "Iv0example",
      defaultTokenScope: "public_repo,repo,repo:status,write:repo_hook",
      displayName: "GitHub.com",
      gitHubUrl: "https://github.com/",
      providerType: "GitHub",
      "secure:clientSecret": { $secret: "github/oauth" },
    },
  },
  {
    name: "every setting",
    settings: {
      displayName: "GitHub.com",
      clientId: "%github.client%",
      clientSecret: { $token: "credentialsJSON:00000000-0000-4000-8000-000000000001" },
    },
    params: {
      clientId: "%github.client%",
      defaultTokenScope: "public_repo,repo,repo:status,write:repo_hook",
      displayName: "GitHub.com",
      gitHubUrl: "https://github.com/",
      providerType: "GitHub",
      "secure:clientSecret": { $token: "credentialsJSON:00000000-0000-4000-8000-000000000001" },
    },
  },
];
