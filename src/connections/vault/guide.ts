import type { Guide } from "../../contract/define.js";

export const guide: Guide = {
  summary: "Lets builds read secrets from HashiCorp Vault.",
  uses: ["remote parameters of the type HashiCorp Vault", "references in parameter values: `%vault:path!/key%`"],
  rights: ["a Vault policy that allows to read the paths that builds need, attached to the role or user"],
  steps: [
    "Write a policy with read access to the secrets of the builds.",
    "AppRole: enable the method, create a role with the policy and read its role ID; create a secret ID and store it as the secret of secretId.",
    "LDAP: enable the method, attach the policy to the user or group and store the password as the secret of password.",
    "Google Cloud IAM: enable the method and create a role of the type iam, bound to the service account, with the policy.",
  ],
  notes: [
    "The server logs in and hands a wrapped one-time token to the agent; the agent reads the secrets itself, so it must reach Vault too.",
    "A parameter names the connection by its ID. The older names for that, `vaultId` and `namespace` in Kotlin, stored as `namespace`, are deprecated; such a parameter is kept in `params`.",
    "Files saved by TeamCity's form also hold `teamcity.vault.requirement`. It is kept in `params` and not written otherwise.",
    "Google Cloud IAM needs a newer server than the other methods.",
  ],
};
