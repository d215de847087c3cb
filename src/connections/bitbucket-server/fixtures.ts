import type { Fixture } from "../../contract/define.js";

export const fixtures: readonly Fixture[] = [
  {
    name: "required settings only",
    settings: {
      displayName: "Bitbucket Server",
      serverUrl: "https://bitbucket.example.com",
      clientId: "example-client",
      clientSecret: { $secret: "bitbucket/link" },
    },
    params: {
      bitbucketUrl: "https://bitbucket.example.com",
      clientId: "example-client",
      displayName: "Bitbucket Server",
      providerType: "BitbucketServer",
      "secure:clientSecret": { $secret: "bitbucket/link" },
    },
  },
  {
    name: "every setting",
    settings: {
      displayName: "Bitbucket Server",
      serverUrl: "https://git.example.com:7990/bitbucket",
      clientId: "example-client",
      clientSecret: { $token: "credentialsJSON:00000000-0000-4000-8000-000000000001" },
      useUniqueRedirect: true,
    },
    params: {
      bitbucketUrl: "https://git.example.com:7990/bitbucket",
      clientId: "example-client",
      displayName: "Bitbucket Server",
      providerType: "BitbucketServer",
      "secure:clientSecret": { $token: "credentialsJSON:00000000-0000-4000-8000-000000000001" },
      useUniqueRedirect: "true",
    },
  },
];
