import type { Fixture } from "../../contract/define.js";

const minimal = {
  displayName: "Space",
  serverUrl: "https://space.example.com",
  clientId: "00000000-0000-4000-8000-00000000000a",
  clientSecret: { $secret: "space/application" },
};

const stored = {
  displayName: "Space",
  providerType: "JetBrains Space",
  "secure:spaceClientSecret": { $secret: "space/application" },
  spaceClientId: "00000000-0000-4000-8000-00000000000a",
  spaceServerUrl: "https://space.example.com",
};

export const fixtures: readonly Fixture[] = [
  { name: "required settings only", settings: minimal, params: stored },
  {
    name: "every setting, made by hand",
    settings: {
      ...minimal,
      clientSecret: { $token: "credentialsJSON:00000000-0000-4000-8000-000000000001" },
      useUniqueRedirect: true,
      creation: { type: "manual" },
    },
    params: {
      ...stored,
      "secure:spaceClientSecret": { $token: "credentialsJSON:00000000-0000-4000-8000-000000000001" },
      useUniqueRedirect: "true",
    },
  },
  {
    name: "made for the organization",
    settings: { ...minimal, creation: { type: "organization" } },
    params: stored,
  },
  {
    name: "made for a project",
    settings: {
      ...minimal,
      creation: { type: "project", organization: { $connection: "PROJECT_EXT_1", external: true }, spaceProjectKey: "PAY" },
    },
    params: stored,
  },
];
