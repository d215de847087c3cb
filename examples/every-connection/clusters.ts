import { type Scope, secret } from "plugboard";

const apiServerUrl = "https://cluster.example.com:6443";

/** Kubernetes clusters, with every way to prove who TeamCity is. */
export function clusters({ kubernetesConnection }: Scope): void {
  kubernetesConnection("ClusterToken", {
    displayName: "Kubernetes, bearer token",
    apiServerUrl,
    caCertificate: secret("cluster/ca-certificate"),
    namespace: "builds",
    authStrategy: { type: "token", token: secret("cluster/token") },
  });
  kubernetesConnection("ClusterPassword", {
    displayName: "Kubernetes, user name and password",
    apiServerUrl,
    authStrategy: { type: "usernameAndPassword", userName: "teamcity", password: secret("cluster/password") },
  });
  kubernetesConnection("ClusterOpenId", {
    displayName: "Kubernetes, OpenID Connect",
    apiServerUrl,
    authStrategy: {
      type: "openId",
      idpIssuerUrl: "https://id.example.com",
      clientId: "teamcity",
      clientSecret: secret("cluster/client-secret"),
      refreshToken: secret("cluster/refresh-token"),
    },
  });
  kubernetesConnection("ClusterCertificate", {
    displayName: "Kubernetes, client certificate",
    apiServerUrl,
    authStrategy: {
      type: "clientCertificateAndKey",
      clientCertificate: secret("cluster/client-certificate"),
      clientKey: secret("cluster/client-key"),
    },
  });
  kubernetesConnection("ClusterEks", {
    displayName: "Amazon EKS, access key and role",
    apiServerUrl,
    authStrategy: {
      type: "eks",
      clusterName: "builds",
      useInstanceProfile: false,
      accessId: "AKIAEXAMPLE000000004",
      secretKey: secret("aws/cluster"),
      role: { roleArn: "arn:aws:iam::123456789012:role/cluster" },
    },
  });
  kubernetesConnection("ClusterEksServer", {
    displayName: "Amazon EKS, credentials of the server",
    apiServerUrl,
    authStrategy: { type: "eks", clusterName: "builds", useInstanceProfile: true },
  });
  kubernetesConnection("ClusterOpen", {
    displayName: "Kubernetes, no authentication",
    apiServerUrl,
    authStrategy: { type: "unauthorized" },
  });
}
