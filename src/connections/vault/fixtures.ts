import type { Fixture } from "../../contract/define.js";

export const fixtures: readonly Fixture[] = [
  {
    name: "AppRole, required settings only",
    settings: {
      displayName: "Vault",
      url: "https://vault.example.com:8200",
      authMethod: { type: "appRole", roleId: "example-role", secretId: { $secret: "vault/secret-id" } },
    },
    params: {
      "auth-method": "approle",
      displayName: "Vault",
      providerType: "teamcity-vault",
      "role-id": "example-role",
      "secure:secret-id": { $secret: "vault/secret-id" },
      url: "https://vault.example.com:8200",
    },
  },
  {
    name: "AppRole, every setting",
    settings: {
      displayName: "Vault",
      url: "https://vault.example.com:8200",
      vaultNamespace: "teams/payments",
      authMethod: {
        type: "appRole",
        roleId: "example-role",
        secretId: { $token: "credentialsJSON:00000000-0000-4000-8000-000000000001" },
        endpointPath: "teamcity",
      },
    },
    params: {
      "auth-method": "approle",
      displayName: "Vault",
      endpoint: "teamcity",
      providerType: "teamcity-vault",
      "role-id": "example-role",
      "secure:secret-id": { $token: "credentialsJSON:00000000-0000-4000-8000-000000000001" },
      url: "https://vault.example.com:8200",
      "vault-namespace": "teams/payments",
    },
  },
  {
    name: "LDAP",
    settings: {
      displayName: "Vault",
      url: "https://vault.example.com:8200",
      authMethod: { type: "ldap", path: "ldap", userName: "teamcity", password: { $secret: "vault/ldap" } },
    },
    params: {
      "auth-method": "ldap",
      displayName: "Vault",
      path: "ldap",
      providerType: "teamcity-vault",
      "secure:password": { $secret: "vault/ldap" },
      url: "https://vault.example.com:8200",
      username: "teamcity",
    },
  },
  {
    name: "Google Cloud IAM, required settings only",
    settings: {
      displayName: "Vault",
      url: "https://vault.example.com:8200",
      authMethod: { type: "gcpIam", role: "builds" },
    },
    params: {
      "auth-method": "gcp-iam",
      displayName: "Vault",
      "gcp-role": "builds",
      providerType: "teamcity-vault",
      url: "https://vault.example.com:8200",
    },
  },
  {
    name: "Google Cloud IAM, every setting",
    settings: {
      displayName: "Vault",
      url: "https://vault.example.com:8200",
      vaultNamespace: "teams/payments",
      authMethod: {
        type: "gcpIam",
        role: "builds",
        serviceAccount: "builds@example.iam.gserviceaccount.com",
        endpointPath: "google",
      },
    },
    params: {
      "auth-method": "gcp-iam",
      displayName: "Vault",
      "gcp-endpoint-path": "google",
      "gcp-role": "builds",
      "gcp-service-account": "builds@example.iam.gserviceaccount.com",
      providerType: "teamcity-vault",
      url: "https://vault.example.com:8200",
      "vault-namespace": "teams/payments",
    },
  },
];
