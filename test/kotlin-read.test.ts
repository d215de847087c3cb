import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { connectionTypes } from "../src/connections/index.js";
import { canonicalProjects } from "../src/formats/equality.js";
import { readKotlinDsl } from "../src/formats/kotlin/read.js";
import { writeKotlinDsl } from "../src/formats/kotlin/write.js";
import type { ProjectNode, Settings } from "../src/model/schema.js";
import { projectTrees } from "./support/arbitrary.js";
import { placeholders, read, readBody, sample, token, types } from "./support/kotlin-reading.js";

describe("projects and connections", () => {
  test("one file, as TeamCity 2023.11 generates it", async () => {
    const { project, findings } = await read(sample("one-file-2023"));
    expect(project).toEqual({
      id: "Shop",
      description: "Shops & their registries",
      parameters: { "env.REGION": "eu-central-1", "deploy.key": token("a").$token },
      connections: [
        {
          id: "Shop_Main",
          kind: "aws",
          settings: {
            displayName: "Main account",
            region: "eu-central-1",
            credentials: { type: "accessKeys", accessKeyId: "AKIAEXAMPLE000000001", secretAccessKey: token("1") },
            allowInSubProjects: true,
          },
        },
        {
          id: "Shop_Role",
          kind: "aws",
          settings: {
            displayName: "Deployer",
            region: "us-east-1",
            credentials: {
              type: "iamRole",
              principal: { $connection: "Shop_Main" },
              roleArn: "arn:aws:iam::123456789012:role/deploy",
            },
            sessionDuration: 90,
            allowInBuilds: true,
          },
        },
        {
          id: "PROJECT_EXT_4",
          kind: "amazonEcr",
          settings: {
            displayName: "ECR",
            registryId: "123456789012",
            region: "eu-west-1",
            role: { roleArn: "arn:aws:iam::123456789012:role/pull", externalId: "shop" },
            credentials: { type: "accessKeys", accessKeyId: "AKIAEXAMPLE000000002", secretAccessKey: token("2") },
          },
        },
        { id: "PROJECT_EXT_5", kind: "docker", settings: { displayName: "Docker Hub", userName: "shop", password: token("3") } },
        {
          id: "PROJECT_EXT_6",
          kind: "slack",
          settings: { displayName: "Slack, untyped", botToken: token("5"), clientId: "1234.5678", clientSecret: token("4") },
        },
        {
          id: "PROJECT_EXT_8",
          kind: "githubApp",
          settings: {
            displayName: "Shop's app",
            appId: "12345",
            clientId: "Iv1.0123456789abcdef",
            clientSecret: token("6"),
            privateKey: { $stored: true },
            ownerUrl: "https://github.com/example",
            useUniqueRedirect: true,
          },
        },
        {
          id: "LocalVault",
          kind: "vault",
          settings: {
            displayName: "Vault",
            url: "https://vault.example.com:8200",
            authMethod: { type: "appRole", roleId: "role", secretId: token("7") },
            params: { namespace: "local", "fail-on-error": "false" },
          },
        },
        {
          id: "PROJECT_EXT_9",
          kind: "kubernetes",
          settings: {
            displayName: "Cluster",
            apiServerUrl: "https://kubernetes.example.com",
            authStrategy: {
              type: "eks",
              clusterName: "shop",
              accessId: "AKIAEXAMPLE000000003",
              secretKey: token("8"),
              role: { roleArn: "arn:aws:iam::123456789012:role/eks" },
            },
          },
        },
      ],
      features: [{ id: "PROJECT_EXT_7", type: "keepRules", params: { limit: "all" } }],
      subProjects: [
        {
          id: "Shop_Checkout",
          name: "Check-out",
          connections: [
            {
              id: "PROJECT_EXT_10",
              kind: "slack",
              settings: {
                displayName: "Team Slack",
                botToken: token("9"),
                clientId: "1234.5678",
                clientSecret: token("4"),
                serviceMessageMaxNotificationsPerBuild: 5,
              },
            },
          ],
          features: [],
          subProjects: [],
        },
      ],
    });
    expect(findings).toEqual([
      "PB315 settings.kts: left alone: `vcsRoot`, `buildType`, that a parameter is a `password`, `cleanup`",
      "PB315 settings.kts:54 left alone: project feature `buildReportTab`, whose stored parameters are known to its function only",
    ]);
  });

  test("several files with packages, aliases and constants, as of 2020.2", async () => {
    const { project, findings } = await read(sample("several-files-2019"), "Top");
    expect(project).toEqual({
      id: "Top",
      description: "Many files",
      connections: [
        {
          id: "PROJECT_EXT_1",
          kind: "github",
          settings: { displayName: "GitHub.com", clientId: "0123", clientSecret: token("1") },
        },
        { id: "PROJECT_EXT_2", kind: "docker", settings: { displayName: "Docker", url: "https://registry.example.com:5000" } },
      ],
      features: [],
      subProjects: [
        {
          id: "Top_Web",
          name: "Web of Ops",
          connections: [
            {
              id: "PROJECT_EXT_3",
              kind: "gitlabEE",
              settings: {
                displayName: "GitLab",
                serverUrl: "https://example.com/gitlab",
                applicationId: "app",
                clientSecret: token("2"),
              },
            },
          ],
          features: [],
          subProjects: [{ id: "Elsewhere_Shop", name: "Shop", archived: true, connections: [], features: [], subProjects: [] }],
        },
      ],
    });
    expect(findings).toEqual(["PB315 Web/Project.kt: left alone: `vcsRoot`"]);
  });

  test("a folder per project with absolute IDs, as before the portable DSL", async () => {
    const { project, findings } = await read(sample("before-portable-2017"), "Depot");
    expect(project).toEqual({
      id: "Depot",
      name: "Depot of agents",
      uuid: "11111111-2222-4333-8444-555555555555",
      connections: [{ id: "PROJECT_EXT_1", kind: "docker", settings: { displayName: "Docker", url: "https://docker.io" } }],
      features: [],
      subProjects: [
        {
          id: "Depot_Agents",
          name: "Agents",
          uuid: "11111111-2222-4333-8444-666666666666",
          connections: [],
          features: [],
          subProjects: [],
        },
      ],
    });
    expect(findings).toEqual([]);
  });

  test("written by hand: what is constant is read, and all the rest reported", async () => {
    const { project, findings } = await read(sample("written-by-hand-2024"));
    expect(project).toEqual({
      id: "Shop",
      parameters: { "team.mail": "ops@example.com", answer: "42", region: "NOT-IMPORTED settings.kts:37" },
      connections: [
        {
          id: "shared",
          kind: "docker",
          settings: {
            displayName: "Shared registry",
            url: "https://registry.example.com/shared",
            userName: "NOT-IMPORTED settings.kts:55",
            password: { $secret: "NOT-IMPORTED/settings.kts/56" },
          },
        },
        { id: "npm", kind: "npm", settings: { displayName: "npm", scope: "@last" } },
      ],
      features: placeholders(...[41, 42, 47, 68, 77].map((line) => `settings.kts:${line}`)),
      subProjects: [
        {
          id: "Shop_Registries",
          name: 'Registries & "friends" for $1',
          description: 'One\n  $two "three" \\n\non registry.example.com',
          connections: [],
          features: [],
          subProjects: [],
        },
        {
          id: "Shop_Inner",
          name: "Inner",
          connections: [],
          features: [],
          subProjects: [{ id: "Shop_Innermost", name: "Shop_Registries", connections: [], features: [], subProjects: [] }],
        },
      ],
    });
    expect(findings).toEqual([
      "PB308 settings.kts:37 `param region` is a call of `getParameter`",
      "PB308 settings.kts:41 there is a call of `standardRegistry`, which may add features",
      "PB308 settings.kts:42 there is a loop, which may add features",
      "PB308 settings.kts:47 there is an `if`, which may add features",
      "PB308 settings.kts:55 `userName` is a call of `getenv`",
      "PB308 settings.kts:56 `password` is a call of `getParameter`",
      "PB308 settings.kts:68 the sub-project is a call of `Team`",
      "PB308 settings.kts:77 there is a call of `forEach`, which may add features or sub-projects",
      "PB315 settings.kts: left alone: that a parameter is a `text`",
    ]);
  });

  test("flags of AWS that are not given stay absent: absence means permission", async () => {
    const { project } = await readBody(`features {
      awsConnection {
        id = "Chain"
        name = "Chain"
        regionName = "eu-central-1"
        credentialsType = default()
      }
    }`);
    expect(project?.connections[0]?.settings).toEqual({
      displayName: "Chain",
      region: "eu-central-1",
      credentials: { type: "defaultProviderChain" },
      params: { awsStsEndpoint: null, awsAllowedInSubProjects: null, awsAllowedInBuilds: null },
    });
  });

  test("the region that the generator leaves out comes with its endpoint", async () => {
    const { project } = await readBody(`features {
      awsConnection { id = "Chain"; name = "Chain"; credentialsType = default(); allowInBuilds = false; allowInSubProjects = false }
    }`);
    expect(project?.connections[0]?.settings).toEqual({
      displayName: "Chain",
      region: "us-east-1",
      credentials: { type: "defaultProviderChain" },
    });
  });

  test("a connection whose choice is not understood keeps its parameters as a feature with a placeholder", async () => {
    const { project, findings } = await readBody(`features {
      kubernetesConnection {
        id = "K"
        name = "K"
        apiServerUrl = "https://kubernetes.example.com"
        authStrategy = serviceAccount()
        proxy = "p"
      }
    }`);
    expect(project?.connections).toEqual([]);
    expect(project?.features).toEqual([
      {
        id: "K",
        type: "OAuthProvider",
        params: {
          providerType: "KubernetesConnection",
          displayName: "K",
          apiServerUrl: "https://kubernetes.example.com",
          authStrategy: "NOT-IMPORTED settings.kts:8",
        },
      },
      ...placeholders("settings.kts:9"),
    ]);
    expect(findings).toEqual([
      "PB308 settings.kts:8 `authStrategy` is a call of `serviceAccount`",
      "PB308 settings.kts:9 `proxy` is nothing that an import knows of this feature",
    ]);
  });

  test("ECR with keys alone; the words of both choices", async () => {
    const { project } = await readBody(`features {
      dockerECRRegistry {
        id = "E"
        displayName = "ECR"
        ecrType = ecrPublic()
        registryId = "123456789012"
        regionCode = "us-east-1"
        credentialsType = accessKeys()
        credentialsProvider = defaultCredentialsProvider()
      }
    }`);
    expect(project?.connections[0]?.settings).toEqual({
      displayName: "ECR",
      registryType: "public",
      registryId: "123456789012",
      region: "us-east-1",
      credentials: { type: "defaultProviderChain" },
    });
  });

  test("features without an ID, without a type, and of other classes", async () => {
    const { project, findings } = await readBody(
      `features {
        feature { type = "a" }
        feature { id = "b" }
        feature(Report)
        feature(Tab)
        repeat(2) { feature { id = "c" } }
        run { feature { id = "d" } }
      }`,
      `object Report : BuildReportTab({ title = "x" })\nval Tab = makeTab()`,
    );
    expect(project?.features).toEqual([
      { id: "NOT-IMPORTED settings.kts:5", type: "a", params: {} },
      { id: "b", type: "NOT-IMPORTED settings.kts:6", params: {} },
      ...placeholders("settings.kts:8", "settings.kts:9", "settings.kts:10"),
    ]);
    expect(findings).toEqual([
      "PB308 settings.kts:8 there is a call of `feature`, which may add features",
      "PB308 settings.kts:9 there is a call of `repeat`, which may add features",
      "PB308 settings.kts:10 there is a call of `run`, which may add features",
      "PB308 settings.kts:5 a feature has no ID; the server would choose one",
      "PB308 settings.kts:6 a feature has no type",
      "PB315 settings.kts:1 left alone: project feature `BuildReportTab`, whose stored parameters are known to its function only",
    ]);
  });

  test("IDs: the object's name, `id(…)`, and an absolute ID; an object is one project", async () => {
    const { project, findings } = await readBody(
      `subProject(A)
       subProject(B)
       subProject(A)
       subProject(Loop)
       subProject { name = "no ID" }`,
      `object A : Project({})
       object B : Project() { init { id = RelativeId("Bee") } }
       object Loop : Project({ id("L"); subProject(Loop) })`,
    );
    expect(project?.subProjects.map((each) => each.id)).toEqual(["Shop_A", "Shop_Bee", "Shop_L", "NOT-IMPORTED settings.kts:9"]);
    expect(findings).toEqual([
      'PB308 settings.kts:7 "A" is read already',
      'PB308 settings.kts:3 "Loop" is read already',
      "PB308 settings.kts:9 a project without an ID",
    ]);
  });

  test("projects deeper than a model can have", async () => {
    const { project, findings } = await read({
      "settings.kts": `project {${'subProject {\nid("x")\n'.repeat(150)}${"}".repeat(151)}`,
    });
    let depth = 0;
    for (let at = project; at !== undefined; at = at.subProjects[0]) depth++;
    expect(depth).toBe(100);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatch(/^PB123 settings\.kts:\d+ projects are nested in more than 100 levels$/);
  });

  test("names from the prototypes of JavaScript are names as others", async () => {
    const { project, findings } = await readBody(`
      params { param("constructor", "a"); param("__proto__", "b") }
      features { feature { id = "toString"; type = "constructor"; param("hasOwnProperty", "c") } }
      features { npmRegistry { id = "n"; name = "n"; constructor = "x" } }`);
    expect(project?.parameters).toEqual({ constructor: "a" });
    expect(project?.features).toEqual([
      { id: "toString", type: "constructor", params: { hasOwnProperty: "c" } },
      ...placeholders("settings.kts:4", "settings.kts:6"),
    ]);
    expect(findings).toHaveLength(2);
  });
});

describe("secrets", () => {
  test("in plain text are reported by their places and go nowhere", async () => {
    const canary = "hunter2-canary";
    const { project, findings } = await readBody(
      `params {
        password("pass", P)
        password("scrambled", "zxx0123456789abcdef")
        password("reference", "%env.PASSWORD%")
        param("db.password", "${canary}")
      }
      features {
        dockerRegistry { id = "D"; name = "D"; password = "${canary}" }
        feature { id = "F"; type = "x"; param("secure:token", "${canary}"); param("apiToken", "${canary}") }
      }`,
      `val P = "${canary}"`,
    );
    expect(JSON.stringify([project, findings])).not.toContain("canary");
    expect(project?.parameters).toEqual({ reference: "%env.PASSWORD%" });
    expect(project?.connections[0]?.settings).toEqual({ displayName: "D", password: { $stored: true } });
    expect(project?.features[0]?.params).toEqual({
      "secure:token": { $stored: true },
      apiToken: "NOT-IMPORTED settings.kts:11",
    });
    expect(findings.map((each) => each.split(" ").slice(0, 2).join(" "))).toEqual([
      "PB309 settings.kts:10",
      "PB309 settings.kts:11",
      "PB309 settings.kts:11",
      "PB309 settings.kts:4",
      "PB315 settings.kts:5",
      "PB309 settings.kts:7",
      "PB315 settings.kts:",
    ]);
  });

  test("are not copied from names and descriptions either", async () => {
    const canary = `ghp_${"x".repeat(36)}`;
    const { project, findings } = await readBody(
      `description = "${canary}"\nfeatures { feature { id = "${canary}"; type = "x" } }`,
    );
    expect(JSON.stringify([project, findings])).not.toContain("ghp_");
    expect(findings).toEqual([
      "PB309 settings.kts:3 `description` is a GitHub token in plain text",
      "PB309 settings.kts:4 `id` is a GitHub token in plain text",
    ]);
  });

  test("as tokens, scrambled or blank are no finding", async () => {
    const { project, findings } = await readBody(`features {
      npmRegistry { id = "a"; name = "a"; token = "${token("1").$token}" }
      npmRegistry { id = "b"; name = "b"; token = "zxx0123456789abcdef" }
      npmRegistry { id = "c"; name = "c"; token = "scrambled:QUJD" }
      npmRegistry { id = "d"; name = "d"; token = "" }
    }`);
    expect(findings).toEqual([]);
    expect(project?.connections.map((each) => each.settings.token ?? each.settings.params)).toEqual([
      token("1"),
      { $stored: true },
      { $stored: true },
      { "secure:npmRegistryToken": "" },
    ]);
  });
});

/** Kotlin has no form for what the server alone decides, and no stored value to keep a secret from. */
function expressible({ $schema, version, project }: Settings): Settings {
  const { name, parentId, archived, ...top } = JSON.parse(
    JSON.stringify(project).replaceAll('{"$stored":true}', '{"$secret":"was-stored"}'),
  ) as ProjectNode;
  const withoutUuid = ({ uuid, ...node }: ProjectNode): ProjectNode => ({
    ...node,
    subProjects: node.subProjects.map(withoutUuid),
  });
  return { $schema, version, project: withoutUuid(top) };
}

test("what is written as Kotlin is read back as the same", async () => {
  await fc.assert(
    fc.asyncProperty(projectTrees(connectionTypes), async (generated) => {
      const settings = expressible(generated);
      const names = [...JSON.stringify(settings).matchAll(/"accessKey":\{"\$secret":"([^"]+)"/g)].map(
        (match) => match[1] as string,
      );
      const accessKeys = Object.fromEntries(names.map((name) => [name, { accessKeyId: `AKIA${name.length}XXXXXXXXXXXX` }]));
      const lock = { version: 1 as const, accessKeys };
      const written = writeKotlinDsl(settings, { types, lock });
      fc.pre(written.findings.length === 0);
      const { settings: back, findings } = await readKotlinDsl(written.files, { types, projectId: settings.project.id });
      expect(findings).toEqual([]);
      expect(canonicalProjects(back as Settings, types, lock)).toEqual(canonicalProjects(settings, types, lock));
    }),
    { numRuns: 60, seed: 20_261_120 },
  );
});
