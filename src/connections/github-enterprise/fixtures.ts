import type { Fixture } from "../../contract/define.js";

export const fixtures: readonly Fixture[] = [
  {
    name: "required settings only",
    settings: {
      displayName: "GitHub Enterprise",
      serverUrl: "https://github.example.com",
      clientId: "Iv0example",
      clientSecret: { $secret: "ghe/oauth" },
    },
    params: {
      clientId: "Iv0example",
      defaultTokenScope: "public_repo,repo,repo:status,write:repo_hook",
      displayName: "GitHub Enterprise",
      gitHubUrl: "https://github.example.com",
      providerType: "GHE",
      "secure:clientSecret": { $secret: "ghe/oauth" },
    },
  },
  {
    name: "every setting",
    settings: {
      displayName: "GitHub Enterprise",
      serverUrl: "https://github.example.com/",
      clientId: "Iv0example",
      clientSecret: { $token: "credentialsJSON:00000000-0000-4000-8000-000000000001" },
      useUniqueRedirect: true,
    },
    params: {
      clientId: "Iv0example",
      defaultTokenScope: "public_repo,repo,repo:status,write:repo_hook",
      displayName: "GitHub Enterprise",
      gitHubUrl: "https://github.example.com/",
      providerType: "GHE",
      "secure:clientSecret": { $token: "credentialsJSON:00000000-0000-4000-8000-000000000001" },
      useUniqueRedirect: "true",
    },
  },
];
