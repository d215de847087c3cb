import type { Fixture } from "../../contract/define.js";

export const fixtures: readonly Fixture[] = [
  {
    name: "required settings only",
    settings: {
      displayName: "GitHub App",
      appId: "123456",
      clientId: "Iv1.example",
      clientSecret: { $secret: "github/app-secret" },
      privateKey: { $secret: "github/app-key" },
      ownerUrl: "https://github.com/example",
    },
    params: {
      connectionSubtype: "gitHubApp",
      displayName: "GitHub App",
      "gitHubApp.appId": "123456",
      "gitHubApp.clientId": "Iv1.example",
      "gitHubApp.ownerUrl": "https://github.com/example",
      providerType: "GitHubApp",
      "secure:gitHubApp.clientSecret": { $secret: "github/app-secret" },
      "secure:gitHubApp.privateKey": { $secret: "github/app-key" },
    },
  },
  {
    name: "every setting",
    settings: {
      displayName: "GitHub App",
      appId: "123456",
      clientId: "Iv1.example",
      clientSecret: { $token: "credentialsJSON:00000000-0000-4000-8000-000000000001" },
      privateKey: { $token: "credentialsJSON:00000000-0000-4000-8000-000000000002" },
      ownerUrl: "https://github.example.com/example",
      webhookSecret: { $secret: "github/app-webhook" },
      useUniqueRedirect: false,
    },
    params: {
      connectionSubtype: "gitHubApp",
      displayName: "GitHub App",
      "gitHubApp.appId": "123456",
      "gitHubApp.clientId": "Iv1.example",
      "gitHubApp.ownerUrl": "https://github.example.com/example",
      providerType: "GitHubApp",
      "secure:gitHubApp.clientSecret": { $token: "credentialsJSON:00000000-0000-4000-8000-000000000001" },
      "secure:gitHubApp.privateKey": { $token: "credentialsJSON:00000000-0000-4000-8000-000000000002" },
      "secure:gitHubApp.webhookSecret": { $secret: "github/app-webhook" },
      useUniqueRedirect: "false",
    },
  },
];
