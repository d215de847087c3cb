import type { Fixture } from "../../contract/define.js";

export const fixtures: readonly Fixture[] = [
  {
    name: "required settings only, managed pair",
    settings: {
      displayName: "ECR",
      registryId: "123456789012",
      region: "eu-central-1",
      credentials: { type: "accessKeys", accessKey: { $secret: "aws/registry" } },
    },
    params: {
      "aws.access.key.id": { $accessKeyId: "aws/registry" },
      "aws.credentials.type": "aws.access.keys",
      "aws.region.name": "eu-central-1",
      displayName: "ECR",
      ecrType: "ECRPrivate",
      providerType: "AmazonDocker",
      registryId: "123456789012",
      "secure:aws.secret.access.key": { $secret: "aws/registry", $pair: true },
    },
  },
  {
    name: "access keys, every setting",
    settings: {
      displayName: "ECR public",
      registryType: "public",
      registryId: "123456789012",
      region: "us-east-1",
      role: { roleArn: "arn:aws:iam::123456789012:role/registry", externalId: "teamcity-registry" },
      credentials: {
        type: "accessKeys",
        accessKeyId: "AKIAEXAMPLE000000000",
        secretAccessKey: { $secret: "aws/registry" },
      },
    },
    params: {
      "aws.access.key.id": "AKIAEXAMPLE000000000",
      "aws.credentials.type": "aws.temp.credentials",
      "aws.external.id": "teamcity-registry",
      "aws.iam.role.arn": "arn:aws:iam::123456789012:role/registry",
      "aws.region.name": "us-east-1",
      displayName: "ECR public",
      ecrType: "ECRPublic",
      providerType: "AmazonDocker",
      registryId: "123456789012",
      "secure:aws.secret.access.key": { $secret: "aws/registry" },
    },
  },
  {
    name: "role through the default provider chain",
    settings: {
      displayName: "ECR role",
      registryId: "123456789012",
      region: "cn-north-1",
      role: { roleArn: "arn:aws-cn:iam::123456789012:role/ci/registry" },
      credentials: { type: "defaultProviderChain" },
    },
    params: {
      "aws.credentials.type": "aws.temp.credentials",
      "aws.iam.role.arn": "arn:aws-cn:iam::123456789012:role/ci/registry",
      "aws.region.name": "cn-north-1",
      "aws.use.default.credential.provider.chain": "true",
      displayName: "ECR role",
      ecrType: "ECRPrivate",
      providerType: "AmazonDocker",
      registryId: "123456789012",
    },
  },
  {
    name: "default provider chain",
    settings: {
      displayName: "ECR chain",
      registryId: "123456789012",
      region: "us-gov-west-1",
      credentials: { type: "defaultProviderChain" },
    },
    params: {
      "aws.credentials.type": "aws.access.keys",
      "aws.region.name": "us-gov-west-1",
      "aws.use.default.credential.provider.chain": "true",
      displayName: "ECR chain",
      ecrType: "ECRPrivate",
      providerType: "AmazonDocker",
      registryId: "123456789012",
    },
  },
];
