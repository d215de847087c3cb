import { describe, expect, test } from "vitest";
import type { ProjectNode } from "../src/model/schema.js";
import { call, settingsKts, token, write } from "./support/kotlin-writing.js";

// What is expected here is written by hand from TeamCity's documentation; test/kotlin-compile.test.ts compiles and runs it.

describe("connections", () => {
  test("AWS: flags always, defaults never, what has no property as a parameter", () => {
    const credentials = {
      type: "accessKeys",
      accessKeyId: "AKIAEXAMPLE000000000",
      secretAccessKey: token("1"),
      useSessionCredentials: true,
    };
    expect(
      call("aws", { displayName: "AWS", region: "eu-west-1", credentials, sessionDuration: 120, params: { odd: "x" } }),
    ).toBe(`awsConnection {
    id = "Id"
    name = "AWS"
    regionName = "eu-west-1"
    credentialsType = static {
        accessKeyId = "AKIAEXAMPLE000000000"
        secretAccessKey = "credentialsJSON:00000000-0000-4000-8000-000000000001"
    }
    stsEndpoint = "https://sts.eu-west-1.amazonaws.com"
    allowInSubProjects = false
    allowInBuilds = false
    param("awsSessionDuration", "120")
    param("odd", "x")
}`);
  });

  test("AWS: an option with a reference, and one without fields", () => {
    const role = { type: "iamRole", principal: { $connection: "Main" }, roleArn: "arn:aws:iam::123456789012:role/x" };
    expect(call("aws", { displayName: "AWS", region: "us-east-1", credentials: role })).toContain(`
    credentialsType = iamRole {
        awsConnectionId = "Main"
        roleArn = "arn:aws:iam::123456789012:role/x"
    }
`);
    const chain = { type: "defaultProviderChain" };
    expect(call("aws", { displayName: "AWS", region: "us-east-1", credentials: chain })).toContain(
      "\n    credentialsType = default()\n",
    );
  });

  test.each([
    ["us-east-1", undefined, []],
    ["us-east-1", "https://sts.amazonaws.com", ['stsEndpoint = "https://sts.amazonaws.com"']],
    ["eu-west-1", undefined, ['regionName = "eu-west-1"', 'stsEndpoint = "https://sts.eu-west-1.amazonaws.com"']],
    [
      "eu-west-1",
      "https://sts.us-east-1.amazonaws.com",
      ['regionName = "eu-west-1"', 'stsEndpoint = "https://sts.us-east-1.amazonaws.com"'],
    ],
  ])("AWS: what the class sets is left out: %s, %s", (region, stsEndpoint, written) => {
    const settings = { displayName: "AWS", region, stsEndpoint, credentials: { type: "defaultProviderChain" } };
    const lines = call("aws", settings)
      .split("\n")
      .map((each) => each.trim());
    expect(lines.filter((each) => /^(?:regionName|stsEndpoint)\b/.test(each))).toEqual(written);
  });

  test("AWS: a managed pair through the lock file", () => {
    const settings = {
      displayName: "AWS",
      region: "us-east-1",
      credentials: { type: "accessKeys", accessKey: { $secret: "aws" } },
    };
    const lock = { version: 1 as const, accessKeys: { aws: { accessKeyId: "AKIAEXAMPLE000000001" } } };
    expect(call("aws", settings, { lock })).toMatch(
      /static \{\n {8}accessKeyId = "AKIAEXAMPLE000000001"\n {8}secretAccessKey = "credentialsJSON:[0-9a-f-]{36}"\n/,
    );
    const { files, findings } = write({ connections: [{ id: "A", kind: "aws", settings }] });
    expect(files.size).toBe(0);
    expect(findings.map((each) => each.code)).toEqual(["PB304"]);
  });

  test("Amazon ECR: both of its choices", () => {
    const settings = { displayName: "ECR", registryId: "123456789012", region: "eu-west-1" };
    expect(
      call("amazonEcr", {
        ...settings,
        registryType: "public",
        role: { roleArn: "arn:aws:iam::123456789012:role/x", externalId: "ext" },
        credentials: { type: "defaultProviderChain" },
      }),
    ).toBe(`dockerECRRegistry {
    id = "Id"
    displayName = "ECR"
    ecrType = ecrPublic()
    registryId = "123456789012"
    regionCode = "eu-west-1"
    credentialsType = tempCredentials {
        iamRoleArn = "arn:aws:iam::123456789012:role/x"
        externalId = "ext"
    }
    credentialsProvider = defaultCredentialsProvider()
}`);
    const keys = { type: "accessKeys", accessKeyId: "AKIAEXAMPLE000000000", secretAccessKey: token("1") };
    expect(call("amazonEcr", { ...settings, credentials: keys })).toBe(`dockerECRRegistry {
    id = "Id"
    displayName = "ECR"
    registryId = "123456789012"
    regionCode = "eu-west-1"
    credentialsType = accessKeys()
    credentialsProvider = accessKey {
        accessKeyId = "AKIAEXAMPLE000000000"
        secretAccessKey = "credentialsJSON:00000000-0000-4000-8000-000000000001"
    }
}`);
  });

  test("Kubernetes: a literal that Kotlin has as a flag with neighbours", () => {
    const authStrategy = {
      type: "eks",
      clusterName: "builds",
      useInstanceProfile: false,
      role: { roleArn: "arn:aws:iam::123456789012:role/x" },
    };
    expect(call("kubernetes", { displayName: "K8s", apiServerUrl: "https://k8s.example.com", authStrategy })).toBe(
      `kubernetesConnection {
    id = "Id"
    name = "K8s"
    apiServerUrl = "https://k8s.example.com"
    authStrategy = eks {
        clusterName = "builds"
        eksUseInstanceProfile = false
        assumeIamRole = true
        iamRoleArn = "arn:aws:iam::123456789012:role/x"
    }
}`,
    );
  });

  test("Slack: numbers and lists are texts", () => {
    expect(
      call("slack", {
        displayName: "Slack",
        botToken: token("1"),
        clientId: "1.2",
        clientSecret: token("2"),
        serviceMessageMaxNotificationsPerBuild: -1,
        serviceMessageAllowedDomainNames: ["a.example.com", "*.example.org"],
      }),
    ).toBe(`slackConnection {
    id = "Id"
    displayName = "Slack"
    botToken = "credentialsJSON:00000000-0000-4000-8000-000000000001"
    clientId = "1.2"
    clientSecret = "credentialsJSON:00000000-0000-4000-8000-000000000002"
    serviceMessageMaxNotificationsPerBuild = "-1"
    serviceMessageAllowedDomainNames = "a.example.com,*.example.org"
}`);
  });

  test("GitHub: what the function sets itself is not written, unless the connection has something else", () => {
    const settings = { displayName: "GitHub", clientId: "id", clientSecret: token("1") };
    expect(call("github", settings)).toBe(`githubConnection {
    id = "Id"
    displayName = "GitHub"
    clientId = "id"
    clientSecret = "credentialsJSON:00000000-0000-4000-8000-000000000001"
}`);
    expect(call("github", { ...settings, params: { defaultTokenScope: null } })).toBe(`feature {
    id = "Id"
    type = "OAuthProvider"
    param("clientId", "id")
    param("displayName", "GitHub")
    param("gitHubUrl", "https://github.com/")
    param("providerType", "GitHub")
    param("secure:clientSecret", "credentialsJSON:00000000-0000-4000-8000-000000000001")
}`);
  });

  test("a stored value that a property cannot have is a parameter", () => {
    const settings = { displayName: "AWS", region: "us-east-1", credentials: { type: "defaultProviderChain" } };
    const text = call("aws", {
      ...settings,
      params: { awsAllowedInBuilds: "", awsCredentialsType: "other", awsAllowedInSubProjects: null },
    });
    expect(text).toBe(`awsConnection {
    id = "Id"
    name = "AWS"
    param("awsAllowedInBuilds", "")
    param("awsCredentialsType", "other")
}`);
  });

  test("untyped, every connection is a feature and no import is needed", () => {
    const connections = [{ id: "D", kind: "docker", settings: { displayName: "D", url: "https://docker.io" } }];
    const text = settingsKts({ connections }, { untyped: true });
    expect(text).toContain(`
        feature {
            id = "D"
            type = "OAuthProvider"
            param("displayName", "D")
            param("providerType", "Docker")
            param("repositoryUrl", "https://docker.io")
        }
`);
    expect(text.match(/^import/gm)).toHaveLength(1);
  });

  test("a stored secret has no value here: the finding tells which, and nothing is written", () => {
    const connections = [{ id: "N", kind: "npm", settings: { displayName: "npm", token: { $stored: true } } }];
    const { files, findings } = write({ connections } as Partial<ProjectNode>);
    expect(files.size).toBe(0);
    expect(findings).toMatchObject([{ code: "PB303", severity: "error", path: ["project", "connections", 0] }]);
    expect(findings[0]?.message).toContain("`secure:npmRegistryToken`");
  });
});
