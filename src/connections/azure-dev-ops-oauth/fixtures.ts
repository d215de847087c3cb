import type { Fixture } from "../../contract/define.js";

export const fixtures: readonly Fixture[] = [
  {
    name: "required settings only",
    settings: {
      displayName: "Azure DevOps",
      azureDevOpsUrl: "https://app.vssps.visualstudio.com",
      applicationId: "00000000-0000-4000-8000-00000000000a",
      clientSecret: { $secret: "azure/client-secret" },
    },
    params: {
      applicationId: "00000000-0000-4000-8000-00000000000a",
      azureDevOpsUrl: "https://app.vssps.visualstudio.com",
      displayName: "Azure DevOps",
      providerType: "AzureDevOps",
      "secure:clientSecret": { $secret: "azure/client-secret" },
    },
  },
  {
    name: "every setting",
    settings: {
      displayName: "Azure DevOps",
      azureDevOpsUrl: "https://app.vssps.visualstudio.com",
      applicationId: "00000000-0000-4000-8000-00000000000a",
      clientSecret: { $token: "credentialsJSON:00000000-0000-4000-8000-000000000001" },
      scope: ["vso.identity", "vso.code_write", "vso.project"],
      useUniqueRedirect: true,
    },
    params: {
      applicationId: "00000000-0000-4000-8000-00000000000a",
      azureDevOpsUrl: "https://app.vssps.visualstudio.com",
      displayName: "Azure DevOps",
      providerType: "AzureDevOps",
      scope: "vso.identity vso.code_write vso.project",
      "secure:clientSecret": { $token: "credentialsJSON:00000000-0000-4000-8000-000000000001" },
      useUniqueRedirect: "true",
    },
  },
];
