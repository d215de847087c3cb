import type { Guide } from "../../contract/define.js";

export const guide: Guide = {
  summary: "Reaches the API server of a Kubernetes cluster that runs builds.",
  uses: ["Kubernetes executors: the cluster runs builds itself"],
  rights: [
    "in the namespace: get, list, create and delete on pods",
    "get and list on namespaces, so that TeamCity can suggest them",
  ],
  steps: [
    "Create a namespace for builds, and in it a service account or another user for TeamCity.",
    "Bind a role with the rights above to that user.",
    "Fetch what the chosen authStrategy needs, such as the service account's token, and store each part as a secret.",
    "Store the cluster's CA certificate as the secret of caCertificate.",
    "Amazon EKS: map the IAM user or role to that Kubernetes user in the cluster's access entries.",
  ],
  notes: [
    "Without a CA certificate TeamCity does not verify the API server: the connection can be intercepted.",
    "The rights are the ones that TeamCity names for agents in a cluster. Those of an executor may go further and are not confirmed.",
    "The strategy `serviceAccount` of the Kotlin DSL is deprecated. A connection that has it is kept as a raw feature.",
    "Proxy parameters of newer servers (`proxyServer`, `proxyLogin`, `secure:proxyPassword`) have no setting: they go into `params`.",
  ],
};
