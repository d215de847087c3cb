import { defineConnection } from "../../contract/define.js";
import { httpUrl } from "../../contract/formats.js";
import { option, sealed, text, variant } from "../../contract/params.js";
import { vaultSettings } from "./settings.js";

export const vault = defineConnection({
  kind: "vault",
  functionName: "hashiCorpVaultConnection",
  title: "HashiCorp Vault",
  kotlinClass: "HashiCorpVaultConnection",
  providerType: "teamcity-vault",
  settings: vaultSettings,
  params: {
    displayName: text("displayName", "name"),
    url: text("url", "url", { format: httpUrl }),
    vaultNamespace: text("vault-namespace", "vaultNamespace"),
    authMethod: variant("auth-method", "authMethod", {
      appRole: option("approle", "appRole", {
        roleId: text("role-id", "roleId"),
        secretId: sealed("secure:secret-id", "secretId"),
        endpointPath: text("endpoint", "endpointPath", { default: "approle" }),
      }),
      ldap: option("ldap", "ldap", {
        path: text("path", "path"),
        userName: text("username", "username"),
        password: sealed("secure:password", "password"),
      }),
      gcpIam: option("gcp-iam", "gcpIam", {
        role: text("gcp-role", "gcpVaultRole"),
        serviceAccount: text("gcp-service-account", "gcpServiceAccount"),
        endpointPath: text("gcp-endpoint-path", "gcpEndpointPath", { default: "gcp" }),
      }),
    }),
  },
  formerKotlin: { vaultId: "namespace", namespace: "namespace", failOnError: "fail-on-error" },
  guide: () => import("./guide.js"),
});
