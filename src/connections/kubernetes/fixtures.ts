import type { Fixture } from "../../contract/define.js";

const minimal = { displayName: "Cluster", apiServerUrl: "https://cluster.example.com:6443" };
const stored = { ...minimal, providerType: "KubernetesConnection" };

export const fixtures: readonly Fixture[] = [
  {
    name: "required settings only",
    settings: { ...minimal, authStrategy: { type: "unauthorized" } },
    params: { ...stored, authStrategy: "unauthorized" },
  },
  {
    name: "token, every setting",
    settings: {
      ...minimal,
      caCertificate: { $secret: "cluster/ca" },
      namespace: "builds",
      authStrategy: { type: "token", token: { $token: "credentialsJSON:00000000-0000-4000-8000-000000000001" } },
    },
    params: {
      ...stored,
      authStrategy: "token",
      namespace: "builds",
      "secure:authToken": { $token: "credentialsJSON:00000000-0000-4000-8000-000000000001" },
      "secure:caCertData": { $secret: "cluster/ca" },
    },
  },
  {
    name: "user name and password",
    settings: {
      ...minimal,
      authStrategy: { type: "usernameAndPassword", userName: "teamcity", password: { $secret: "cluster/password" } },
    },
    params: {
      ...stored,
      authStrategy: "user-passwd",
      "secure:password": { $secret: "cluster/password" },
      username: "teamcity",
    },
  },
  {
    name: "OpenID Connect",
    settings: {
      ...minimal,
      authStrategy: {
        type: "openId",
        idpIssuerUrl: "https://id.example.com",
        clientId: "teamcity",
        clientSecret: { $secret: "cluster/client" },
        refreshToken: { $secret: "cluster/refresh" },
      },
    },
    params: {
      ...stored,
      authStrategy: "oidc",
      idpIssuerUrl: "https://id.example.com",
      oidcClientId: "teamcity",
      "secure:oidcClientSecret": { $secret: "cluster/client" },
      "secure:oidcRefreshToken": { $secret: "cluster/refresh" },
    },
  },
  {
    name: "client certificate and key",
    settings: {
      ...minimal,
      authStrategy: {
        type: "clientCertificateAndKey",
        clientCertificate: { $secret: "cluster/certificate" },
        clientKey: { $secret: "cluster/key" },
      },
    },
    params: {
      ...stored,
      authStrategy: "client-cert",
      "secure:clientCertData": { $secret: "cluster/certificate" },
      "secure:clientKeyData": { $secret: "cluster/key" },
    },
  },
  {
    name: "EKS, required settings only",
    settings: { ...minimal, authStrategy: { type: "eks", clusterName: "builds" } },
    params: { ...stored, authStrategy: "eks", eksClusterName: "builds" },
  },
  {
    name: "EKS, instance profile",
    settings: { ...minimal, authStrategy: { type: "eks", clusterName: "builds", useInstanceProfile: true } },
    params: { ...stored, authStrategy: "eks", eksClusterName: "builds", eksUseInstanceProfile: "true" },
  },
  {
    name: "EKS, every setting",
    settings: {
      ...minimal,
      authStrategy: {
        type: "eks",
        clusterName: "builds",
        useInstanceProfile: false,
        accessId: "AKIAEXAMPLE000000000",
        secretKey: { $secret: "aws/cluster" },
        role: { roleArn: "arn:aws:iam::123456789012:role/cluster" },
      },
    },
    params: {
      ...stored,
      authStrategy: "eks",
      eksAccessId: "AKIAEXAMPLE000000000",
      eksAssumeIAMRole: "true",
      eksClusterName: "builds",
      eksIAMRoleArn: "arn:aws:iam::123456789012:role/cluster",
      eksUseInstanceProfile: "false",
      "secure:eksSecretKey": { $secret: "aws/cluster" },
    },
  },
];
