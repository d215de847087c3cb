import type { Fixture } from "../../contract/define.js";

const silent = { awsAllowedInBuilds: "false", awsAllowedInSubProjects: "false", providerType: "AWS" };

export const fixtures: readonly Fixture[] = [
  {
    name: "access keys, managed pair",
    settings: {
      displayName: "AWS keys",
      region: "eu-central-1",
      credentials: { type: "accessKeys", accessKey: { $secret: "aws/main" } },
    },
    params: {
      ...silent,
      awsAccessKeyId: { $accessKeyId: "aws/main" },
      awsCredentialsType: "awsAccessKeys",
      awsRegionName: "eu-central-1",
      awsStsEndpoint: "https://sts.eu-central-1.amazonaws.com",
      displayName: "AWS keys",
      "secure:awsSecretAccessKey": { $secret: "aws/main", $pair: true },
    },
  },
  {
    name: "access keys, every setting",
    settings: {
      displayName: "AWS keys",
      region: "cn-north-1",
      credentials: {
        type: "accessKeys",
        accessKeyId: "AKIAEXAMPLE000000000",
        secretAccessKey: { $secret: "aws/main" },
        useSessionCredentials: false,
      },
      stsEndpoint: "https://sts.example.com",
      sessionDuration: 120,
      allowInSubProjects: true,
      allowInBuilds: true,
    },
    params: {
      awsAccessKeyId: "AKIAEXAMPLE000000000",
      awsAllowedInBuilds: "true",
      awsAllowedInSubProjects: "true",
      awsCredentialsType: "awsAccessKeys",
      awsRegionName: "cn-north-1",
      awsSessionCredentials: "false",
      awsSessionDuration: "120",
      awsStsEndpoint: "https://sts.example.com",
      displayName: "AWS keys",
      providerType: "AWS",
      "secure:awsSecretAccessKey": { $secret: "aws/main" },
    },
  },
  {
    name: "IAM role",
    settings: {
      displayName: "AWS role",
      region: "cn-northwest-1",
      credentials: {
        type: "iamRole",
        principal: { $connection: "Main", external: true },
        roleArn: "arn:aws-cn:iam::123456789012:role/path/deploy",
        sessionName: "payments",
      },
    },
    params: {
      ...silent,
      awsConnectionId: "Main",
      awsCredentialsType: "awsAssumeIamRole",
      awsIamRoleArn: "arn:aws-cn:iam::123456789012:role/path/deploy",
      awsIamRoleSessionName: "payments",
      awsRegionName: "cn-northwest-1",
      awsStsEndpoint: "https://sts.cn-northwest-1.amazonaws.com.cn",
      displayName: "AWS role",
    },
  },
  {
    name: "default provider chain",
    settings: { displayName: "AWS chain", region: "us-east-1", credentials: { type: "defaultProviderChain" } },
    params: {
      ...silent,
      awsCredentialsType: "defaultProvider",
      awsRegionName: "us-east-1",
      awsStsEndpoint: "https://sts.us-east-1.amazonaws.com",
      displayName: "AWS chain",
    },
  },
];
