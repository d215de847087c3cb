import { defineConnection } from "../../contract/define.js";
import { httpUrl } from "../../contract/formats.js";
import { flag, group, option, sealed, text, variant } from "../../contract/params.js";
import { accessKeyId, roleArn } from "../../services/aws/formats.js";
import { kubernetesSettings } from "./settings.js";

export const kubernetes = defineConnection({
  kind: "kubernetes",
  functionName: "kubernetesConnection",
  title: "Kubernetes Connection",
  kotlinClass: "KubernetesConnection",
  providerType: "KubernetesConnection",
  settings: kubernetesSettings,
  params: {
    displayName: text("displayName", "name"),
    apiServerUrl: text("apiServerUrl", "apiServerUrl", { format: httpUrl }),
    caCertificate: sealed("secure:caCertData", "caCertificate"),
    namespace: text("namespace", "namespace"),
    authStrategy: variant("authStrategy", "authStrategy", {
      token: option("token", "token", {
        token: sealed("secure:authToken", "token"),
      }),
      usernameAndPassword: option("user-passwd", "usernameAndPassword", {
        userName: text("username", "username"),
        password: sealed("secure:password", "password"),
      }),
      openId: option("oidc", "openId", {
        idpIssuerUrl: text("idpIssuerUrl", "idpIssuerUrl", { format: httpUrl }),
        clientId: text("oidcClientId", "clientId"),
        clientSecret: sealed("secure:oidcClientSecret", "clientSecret"),
        refreshToken: sealed("secure:oidcRefreshToken", "refreshToken"),
      }),
      clientCertificateAndKey: option("client-cert", "clientCertificateAndKey", {
        clientCertificate: sealed("secure:clientCertData", "clientCertificate"),
        clientKey: sealed("secure:clientKeyData", "clientKey"),
      }),
      eks: option("eks", "eks", {
        clusterName: text("eksClusterName", "clusterName"),
        useInstanceProfile: flag("eksUseInstanceProfile", "eksUseInstanceProfile"),
        accessId: text("eksAccessId", "accessId", { format: accessKeyId }),
        secretKey: sealed("secure:eksSecretKey", "secretKey"),
        role: group(
          { roleArn: text("eksIAMRoleArn", "iamRoleArn", { format: roleArn }) },
          { stored: "eksAssumeIAMRole", kotlin: "assumeIamRole", present: "true" },
        ),
      }),
      unauthorized: option("unauthorized", "unauthorized", {}),
    }),
  },
  guide: () => import("./guide.js"),
});
