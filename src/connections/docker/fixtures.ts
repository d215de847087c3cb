import type { Fixture } from "../../contract/define.js";

export const fixtures: readonly Fixture[] = [
  {
    name: "required settings only",
    settings: { displayName: "Docker Hub" },
    params: { displayName: "Docker Hub", providerType: "Docker" },
  },
  {
    name: "every setting",
    settings: {
      displayName: "Registry",
      url: "https://registry.example.com:5000",
      userName: "builder",
      password: { $secret: "registry/builder" },
    },
    params: {
      displayName: "Registry",
      providerType: "Docker",
      repositoryUrl: "https://registry.example.com:5000",
      "secure:userPass": { $secret: "registry/builder" },
      userName: "builder",
    },
  },
  {
    name: "address without a scheme",
    settings: { displayName: "Registry", url: "registry.example.com:5000" },
    params: { displayName: "Registry", providerType: "Docker", repositoryUrl: "registry.example.com:5000" },
  },
];
