import type { Fixture } from "../../contract/define.js";

export const fixtures: readonly Fixture[] = [
  {
    name: "required settings only",
    settings: { displayName: "Bitbucket", key: "ExampleConsumerKey", clientSecret: { $secret: "bitbucket/consumer" } },
    params: {
      clientId: "ExampleConsumerKey",
      displayName: "Bitbucket",
      providerType: "BitBucketCloud",
      "secure:clientSecret": { $secret: "bitbucket/consumer" },
    },
  },
  {
    name: "every setting",
    settings: {
      displayName: "Bitbucket",
      key: "%bitbucket.key%",
      clientSecret: { $token: "credentialsJSON:00000000-0000-4000-8000-000000000001" },
    },
    params: {
      clientId: "%bitbucket.key%",
      displayName: "Bitbucket",
      providerType: "BitBucketCloud",
      "secure:clientSecret": { $token: "credentialsJSON:00000000-0000-4000-8000-000000000001" },
    },
  },
];
