import { acknowledge, connectionRef, type Scope, secret } from "plugboard";

const region = "eu-central-1";

/** AWS credentials and Amazon ECR, with every way to get credentials. */
export function amazon({ awsConnection, dockerECRRegistry }: Scope): void {
  // A pair kept under one name: its access key ID comes from plugboard.lock.json.
  const main = awsConnection("AwsMain", {
    displayName: "AWS access key, managed pair",
    region,
    credentials: { type: "accessKeys", accessKey: secret("aws/main") },
    allowInSubProjects: true,
    allowInBuilds: false,
  });
  awsConnection("AwsExplicit", {
    displayName: "AWS access key, explicit",
    region: "us-east-1",
    credentials: {
      type: "accessKeys",
      accessKeyId: "AKIAEXAMPLE000000002",
      secretAccessKey: secret("aws/explicit"),
      useSessionCredentials: false,
    },
    stsEndpoint: "https://sts.amazonaws.com",
    sessionDuration: 120,
  });
  awsConnection("AwsServer", {
    displayName: "AWS default credential provider chain",
    region,
    credentials: { type: "defaultProviderChain" },
    acknowledge: [acknowledge("PB221", "enabled on our server")],
  });
  awsConnection("AwsDeploy", {
    displayName: "AWS role",
    region,
    credentials: {
      type: "iamRole",
      principal: main,
      roleArn: "arn:aws:iam::123456789012:role/deploy",
      sessionName: "teamcity-deploy",
    },
    allowInBuilds: true,
  });
  awsConnection("AwsAudit", {
    displayName: "AWS role, assumed through a connection of a parent project",
    region,
    credentials: {
      type: "iamRole",
      principal: connectionRef("aws", "CompanyAws"),
      roleArn: "arn:aws:iam::123456789012:role/audit",
    },
    acknowledge: [acknowledge("PB209", "declared by the platform team in the parent project")],
  });

  dockerECRRegistry("EcrPrivate", {
    displayName: "Amazon ECR, managed pair",
    registryType: "private",
    registryId: "123456789012",
    region,
    credentials: { type: "accessKeys", accessKey: secret("aws/registry") },
  });
  dockerECRRegistry("EcrRole", {
    displayName: "Amazon ECR, role",
    registryId: "123456789012",
    region,
    role: { roleArn: "arn:aws:iam::123456789012:role/registry", externalId: "teamcity-registry" },
    credentials: { type: "accessKeys", accessKeyId: "AKIAEXAMPLE000000003", secretAccessKey: secret("aws/registry-user") },
  });
  dockerECRRegistry("EcrPublic", {
    displayName: "Amazon ECR Public Gallery",
    registryType: "public",
    registryId: "123456789012",
    region: "us-east-1",
    credentials: { type: "defaultProviderChain" },
  });
}
