import type { Fixture } from "../../contract/define.js";

export const fixtures: readonly Fixture[] = [
  {
    name: "required settings only",
    settings: { displayName: "npm" },
    params: { displayName: "npm", providerType: "NpmRegistry" },
  },
  {
    name: "every setting",
    settings: {
      displayName: "npm",
      url: "https://npm.example.com",
      scope: "@example",
      token: { $secret: "npm/read" },
    },
    params: {
      displayName: "npm",
      npmRegistryHost: "https://npm.example.com",
      npmRegistryScope: "@example",
      providerType: "NpmRegistry",
      "secure:npmRegistryToken": { $secret: "npm/read" },
    },
  },
];
