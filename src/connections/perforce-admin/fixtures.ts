import type { Fixture } from "../../contract/define.js";

export const fixtures: readonly Fixture[] = [
  {
    name: "required settings only",
    settings: {
      displayName: "Perforce",
      port: "perforce.example.com:1666",
      userName: "teamcity-admin",
      password: { $secret: "perforce/admin" },
    },
    params: {
      displayName: "Perforce",
      port: "perforce.example.com:1666",
      providerType: "PerforceAdmin",
      "secure:passwd": { $secret: "perforce/admin" },
      user: "teamcity-admin",
    },
  },
  {
    name: "every setting",
    settings: {
      displayName: "Perforce",
      port: "ssl:perforce.example.com:1666",
      userName: "teamcity-admin",
      password: { $token: "credentialsJSON:00000000-0000-4000-8000-000000000001" },
    },
    params: {
      displayName: "Perforce",
      port: "ssl:perforce.example.com:1666",
      providerType: "PerforceAdmin",
      "secure:passwd": { $token: "credentialsJSON:00000000-0000-4000-8000-000000000001" },
      user: "teamcity-admin",
    },
  },
];
