import { type Scope, secret } from "plugboard";

const url = "https://vault.example.com:8200";

/** Slack and HashiCorp Vault. */
export function services({ hashiCorpVaultConnection, slackConnection }: Scope): void {
  slackConnection("Slack", {
    displayName: "Slack",
    botToken: secret("slack/bot-token"),
    clientId: "1234567890.1234567890",
    clientSecret: secret("slack/client-secret"),
    serviceMessageMaxNotificationsPerBuild: -1,
    serviceMessageAllowedDomainNames: ["example.com", "*.example.org"],
  });

  hashiCorpVaultConnection("VaultAppRole", {
    displayName: "Vault, AppRole",
    url,
    vaultNamespace: "teams/payments",
    authMethod: {
      type: "appRole",
      roleId: "example-role",
      secretId: secret("vault/secret-id"),
      endpointPath: "teamcity",
    },
    // What TeamCity stores and no setting expresses.
    params: { "fail-on-error": "true" },
  });
  hashiCorpVaultConnection("VaultLdap", {
    displayName: "Vault, LDAP",
    url,
    authMethod: { type: "ldap", path: "ldap", userName: "teamcity", password: secret("vault/ldap-password") },
  });
  hashiCorpVaultConnection("VaultGoogle", {
    displayName: "Vault, Google Cloud IAM",
    url,
    authMethod: {
      type: "gcpIam",
      role: "builds",
      serviceAccount: "builds@example.iam.gserviceaccount.com",
      endpointPath: "google",
    },
  });
}
