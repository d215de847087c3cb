import * as z from "zod";
import { connectionSettings, secret, text } from "../../model/schema.js";

const role = z.strictObject({
  roleArn: text.describe("ARN of the role to assume, `arn:aws:iam::123456789012:role/cluster`."),
});

const authStrategy = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("token"),
    token: secret.describe("A bearer token, such as that of a service account."),
  }),
  z.strictObject({
    type: z.literal("usernameAndPassword"),
    userName: text.describe("The user's name."),
    password: secret.describe("The user's password."),
  }),
  z.strictObject({
    type: z.literal("openId"),
    idpIssuerUrl: text.describe("Issuer URL of the identity provider, such as `https://id.example.com`."),
    clientId: text.describe("The client ID at the identity provider."),
    clientSecret: secret.describe("The client secret at the identity provider."),
    refreshToken: secret.describe("The refresh token that ID tokens are fetched with."),
  }),
  z.strictObject({
    type: z.literal("clientCertificateAndKey"),
    clientCertificate: secret.describe("The client certificate."),
    clientKey: secret.describe("The private key of the client certificate."),
  }),
  z.strictObject({
    type: z.literal("eks"),
    clusterName: text.describe("The name of the Amazon EKS cluster."),
    useInstanceProfile: z
      .boolean()
      .describe("Use the AWS credentials that the TeamCity server itself finds, instead of accessId and secretKey.")
      .optional(),
    accessId: text.describe("The access key ID of an IAM user.").optional(),
    secretKey: secret.describe("The secret access key that belongs to it.").optional(),
    role: role.describe("A role to assume for access to the cluster.").optional(),
  }),
  z.strictObject({ type: z.literal("unauthorized") }),
]);

export const kubernetesSettings = connectionSettings({
  apiServerUrl: text.describe("Address of the cluster's API server, such as `https://cluster.example.com:6443`."),
  caCertificate: secret
    .describe("The CA certificate of the API server. Unless given, TeamCity does not verify the server's identity.")
    .optional(),
  namespace: text.describe("The Kubernetes namespace to work in. Unless given, the default namespace is used.").optional(),
  authStrategy: authStrategy.describe("How TeamCity proves who it is to the API server."),
});
