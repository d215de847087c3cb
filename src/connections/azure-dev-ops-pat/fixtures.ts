import type { Fixture } from "../../contract/define.js";

export const fixtures: readonly Fixture[] = [
  {
    name: "required settings only",
    settings: {
      displayName: "Azure DevOps",
      serverUrl: "https://dev.azure.com/example",
      accessToken: { $secret: "azure/pat" },
    },
    params: {
      displayName: "Azure DevOps",
      providerType: "tfs",
      "secure:accessToken": { $secret: "azure/pat" },
      serverUrl: "https://dev.azure.com/example",
      type: "token",
    },
  },
  {
    name: "every setting",
    settings: {
      displayName: "Azure DevOps Server",
      serverUrl: "https://azure.example.com:8080/tfs/",
      accessToken: { $token: "credentialsJSON:00000000-0000-4000-8000-000000000001" },
    },
    params: {
      displayName: "Azure DevOps Server",
      providerType: "tfs",
      "secure:accessToken": { $token: "credentialsJSON:00000000-0000-4000-8000-000000000001" },
      serverUrl: "https://azure.example.com:8080/tfs/",
      type: "token",
    },
  },
];
