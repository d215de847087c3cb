import type { Fixture } from "../../contract/define.js";

export const fixtures: readonly Fixture[] = [
  {
    name: "required settings only",
    settings: {
      displayName: "Google",
      clientId: "123456789012-example.apps.googleusercontent.com",
      clientSecret: { $secret: "google/client" },
    },
    params: {
      displayName: "Google",
      googleClientId: "123456789012-example.apps.googleusercontent.com",
      providerType: "Google",
      "secure:googleClientSecret": { $secret: "google/client" },
    },
  },
  {
    name: "every setting",
    settings: {
      displayName: "Google",
      clientId: "%google.client%",
      clientSecret: { $token: "credentialsJSON:00000000-0000-4000-8000-000000000001" },
    },
    params: {
      displayName: "Google",
      googleClientId: "%google.client%",
      providerType: "Google",
      "secure:googleClientSecret": { $token: "credentialsJSON:00000000-0000-4000-8000-000000000001" },
    },
  },
];
