import { readdirSync, readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { connectionTypes } from "../src/connections/index.js";
import { canonicalProjects } from "../src/formats/equality.js";
import { typesByKind } from "../src/formats/features.js";
import { readKotlinDsl } from "../src/formats/kotlin/read.js";
import { writeKotlinDsl } from "../src/formats/kotlin/write.js";
import { parseProject } from "../src/model/parse.js";
import type { FeatureNode, ProjectNode, Settings } from "../src/model/schema.js";
import { projectTrees } from "./support/arbitrary.js";
import { startCount } from "./support/processor-time.js";

const types = typesByKind(connectionTypes);
const samples = resolve(import.meta.dirname, "kotlin-samples");

interface Reading {
  readonly project: ProjectNode | undefined;
  /** `code file:line message`, in the order reported. */
  readonly findings: readonly string[];
}

async function read(files: Readonly<Record<string, string>> | ReadonlyMap<string, string>, projectId = "Shop"): Promise<Reading> {
  const map = files instanceof Map ? files : new Map(Object.entries(files));
  const { settings, findings } = await readKotlinDsl(map, { types, projectId });
  if (settings !== undefined) expect(parseProject(settings.project, connectionTypes).findings).toEqual([]);
  return {
    project: settings?.project,
    findings: findings.map(({ code, place, message }) => `${code} ${place?.file ?? ""}:${place?.line ?? ""} ${message}`),
  };
}

function sample(name: string): Map<string, string> {
  const folder = resolve(samples, name);
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  const paths = entries.map((each) => resolve(each.parentPath, each.name));
  return new Map(paths.map((path) => [relative(folder, path).replaceAll("\\", "/"), readFileSync(path, "utf8")]));
}

/** The one project of `settings.kts` with the given statements in its body. */
async function readBody(body: string, before = ""): Promise<Reading> {
  return read({ "settings.kts": `${before}\nproject {\n${body}\n}\n` });
}

/** What `name` is given by an expression, with the findings. */
async function evaluated(expression: string, before = ""): Promise<string | undefined> {
  const { project, findings } = await readBody(`name = ${expression}`, before);
  return findings.length === 0 ? project?.name : findings.join("\n");
}

/** What stands at the top for parts that were not understood. */
function placeholders(...places: readonly string[]): FeatureNode[] {
  return places.map((place) => ({ id: `NOT-IMPORTED ${place}`, type: "OAuthProvider", params: {} }));
}

function token(last: string): { $token: string } {
  return { $token: `credentialsJSON:00000000-0000-4000-8000-00000000000${last}` };
}

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

describe("constants", () => {
  test.each([
    ['"a\\t\\b\\n\\r\\\'\\"\\\\\\$b\\u00e9"', "a\t\b\n\r'\"\\$bé"],
    ['"costs $ 5 and $5"', "costs $ 5 and $5"],
    ['"${\'$\'}x ${"$"}y"', "$x $y"],
    ['"""raw \\n "quoted" ${\'$\'}x"""', 'raw \\n "quoted" $x'],
    ['"""ends in a quote""""', 'ends in a quote"'],
    ['"""""a""""" + """""""" + """"${A}"""" /* """ /* " */ */ + """"""" // """"', '""a""' + '""' + '"a"' + '"'],
    ['"""\n        a\n          b\n\n        c\n    """.trimIndent()', "a\n  b\n\nc"],
    ['"""\n    |a\n      |b\n    c\n  """.trimMargin()', "a\nb\n    c"],
    ['"""\n    # a\n""".trimMargin("# ")', "a"],
    ['("a" + ("b")) + \'c\' + 1 + true', "abc1true"],
    ["(1 + 2).toString()", "3"],
    ["1_000.toString()", "1000"],
    ['"${-3}"', "-3"],
    ['"$A ${A}B $`A`"', "a aB a"],
    ['"$é"', "accent"],
    ["C.X + C.`in`", "xy"],
    ['"in ${DslContext.projectId}"', "in Shop"],
    ['AbsoluteId("Other").toString() + RelativeId("Web")', "OtherShop_Web"],
    ['"héllo 😀 $A ${A}"', "héllo 😀 a a"],
  ])("%s", async (expression, value) => {
    const constants = `val A = "a"\nval é = "accent"\nobject C { const val X = "x"; val \`in\` = "y" }`;
    expect(await evaluated(expression, constants)).toBe(value);
  });

  test("carriage returns in a file are line feeds in a text, and a byte-order mark is nothing", async () => {
    expect((await read({ "settings.kts": '\uFEFFproject {\r\n name = """a\r\nb"""\r\n}\r\n' })).project?.name).toBe("a\nb");
  });

  test("a name means what is nearest, then what is imported, then what the package has", async () => {
    const constants = 'package p\nval a = "package"\nval b = "package"\nval c = "package"';
    const own = 'import p.a\nimport p.*\nimport q.b\nimport p.c as d\nval a = "file"';
    const files = { "p/C.kt": constants, "q/C.kt": 'package q\nval b = "imported"' };
    const name = async (expression: string): Promise<string | undefined> =>
      (await read({ ...files, "settings.kts": `${own}\nproject {\nval x = "near"\nname = ${expression}\n}` })).project?.name;
    expect(await name("x")).toBe("near");
    expect(await name("a")).toBe("package");
    expect(await name("b")).toBe("imported");
    expect(await name("c")).toBe("package");
    expect(await name("d + p.b")).toBe("packagepackage");
  });

  test.each([
    ["missing", "`missing`, which is not a constant of these files"],
    ["System.getenv()", "a call of `getenv`"],
    ['if (true) "a" else "b"', "an `if`"],
    ['listOf("a")[0]', "calculated"],
    ["0x1F", "a number that is not plain"],
    ["2147483647 + 1", "calculated"],
    ['"\\q"', "a text that is not understood"],
    ['"a".repeat(3)', "a call of `repeat`"],
    ["a", "`a`, which is not a constant of these files"],
    ["lazily", "a property that is calculated"],
    ["variable", "a property that is calculated"],
    ["null", "`null`, which is not a constant of these files"],
  ])("%s is none", async (expression, what) => {
    const constants = 'val a = b\nval b = a\nval lazily by lazy { "x" }\nvar variable = "x"';
    expect(await evaluated(expression, constants)).toBe(`PB308 settings.kts:6 \`name\` is ${what}`);
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

describe("patches", () => {
  test("are applied where the state is the one expected", async () => {
    const { project, findings } = await read(sample("patched-2022"));
    expect(project).toEqual({
      id: "Shop",
      description: "Changed",
      parameters: { kept: "1", changed: "2", added: "1" },
      connections: [
        {
          id: "PROJECT_EXT_1",
          kind: "docker",
          settings: { displayName: "Docker", url: "https://registry.example.com", userName: "new" },
        },
        {
          id: "PROJECT_EXT_4",
          kind: "google",
          settings: { displayName: "Google", clientId: "google", clientSecret: token("1") },
        },
      ],
      features: [
        { id: "PROJECT_EXT_3", type: "keepRules", params: { limit: "10" } },
        ...placeholders("patches/projects/Web.kts:11"),
      ],
      subProjects: [
        {
          id: "Shop_Web",
          name: "Web",
          connections: [{ id: "npm", kind: "npm", settings: { displayName: "npm" } }],
          features: [],
          subProjects: [],
        },
        { id: "Shop_New", name: "New", connections: [], features: [], subProjects: [] },
      ],
    });
    expect(findings).toEqual([
      "PB315 patches/buildTypes/Build.kts: left alone: a patch of something that is no project",
      "PB311 patches/projects/Web.kts:11 not applied: no feature is in the state that the patch expects",
    ]);
  });

  const settings = `project {
    params { param("a", "1") }
    features { npmRegistry { id = "npm"; name = "npm" } }
    subProject(Web)
  }
  object Web : Project({ name = "Web" })`;

  test.each([
    ['changeProject(RelativeId("Nowhere")) { name = "x" }', 'there is no project "Shop_Nowhere"'],
    ["deleteProject(DslContext.projectId)", "the top project cannot be deleted"],
    ['create(DslContext.projectId, Project({ id("Web") }))', 'there is a project "Shop_Web" already'],
    ['changeProject(DslContext.projectId) { params { add { param("a", "2") } } }', "parameter `a` is not what the patch expects"],
    [
      'changeProject(DslContext.projectId) { params { expect { param("a", "2") } } }',
      "parameter `a` is not what the patch expects",
    ],
    ['changeProject(DslContext.projectId) { check(name == "x") { "" } }', "`name` is not what the patch expects"],
    [
      'changeProject(DslContext.projectId) { features { add { npmRegistry { id = "npm" } } } }',
      'there is a feature "npm" already',
    ],
    [
      'changeProject(DslContext.projectId) { features { remove { npmRegistry { id = "npm" } } } }',
      "no feature is in the state that the patch expects",
    ],
    ["changeProject(DslContext.projectId) { features { items.removeAt(0) } }", "there is a call of `removeAt`"],
    ['changeProject(DslContext.projectId) { features { other.apply { name = "x" } } }', "there is a call of `apply`"],
    ['changeProject(DslContext.projectId) { name = System.getenv("X") }', "`name` is a call of `getenv`"],
    ['if (true) { deleteProject(RelativeId("Web")) }', "there is an `if`"],
  ])("%s is not applied", async (patch, reason) => {
    const unchanged = await read({ "settings.kts": settings });
    const { project, findings } = await read({ "settings.kts": settings, "patches/projects/P.kts": patch });
    expect(findings).toEqual([`PB311 patches/projects/P.kts:1 not applied: ${reason}`]);
    const { features = [] } = unchanged.project ?? {};
    expect(project).toEqual({ ...unchanged.project, features: [...features, ...placeholders("patches/projects/P.kts:1")] });
  });

  test("keep their findings of other kinds", async () => {
    const secret = "ghp_000000000000000000000000000000000000";
    const patch = `changeProject(DslContext.projectId) { name = "${secret}" }`;
    const { project, findings } = await read({ "settings.kts": settings, "patches/projects/P.kts": patch });
    expect(project?.name).toBeUndefined();
    expect(findings.map((each) => each.slice(0, 5))).toEqual(["PB309", "PB311"]);
    expect(findings.join()).not.toContain(secret);
  });

  test("nothing of a change is applied if a part of it is not", async () => {
    const patch = `changeProject(DslContext.projectId) {
      name = "new"
      params { update { param("a", "2") } }
      features { remove { npmRegistry { id = "other" } } }
    }`;
    const { project } = await read({ "settings.kts": settings, "patches/projects/_Self.kts": patch });
    expect(project?.name).toBeUndefined();
    expect(project?.parameters).toEqual({ a: "1" });
  });

  test("of build configurations of a project are left alone", async () => {
    const patch = 'create(RelativeId("Web"), BuildType({ name = "x" }))\nchangeProject(RelativeId("Web")) { buildType(X) }';
    const { findings } = await read({ "settings.kts": settings, "patches/projects/_Self.kts": patch });
    expect(findings).toEqual(["PB315 patches/projects/_Self.kts: left alone: `BuildType`, `buildType`"]);
  });
});

describe("input that is broken or hostile", () => {
  test("what stands around a syntax error is read", async () => {
    const { project, findings } = await readBody(`features {
      dockerRegistry { id = "a"; name = "a" }
      dockerRegistry { id = "b"; name = = "b" }
      dockerRegistry { id = "c"; name = "c" }
    }`);
    expect(findings[0]).toBe("PB312 settings.kts:5 a syntax error");
    expect(project?.connections.map((each) => each.id)).toEqual(expect.arrayContaining(["a", "c"]));
  });

  test("nothing to import", async () => {
    expect(await read({})).toEqual({ project: undefined, findings: ["PB310 : no settings.kts declares a project"] });
    expect(await read({ "pom.xml": "<project/>", "settings.kts": 'version = "2023.11"' })).toEqual({
      project: undefined,
      findings: ["PB310 : no settings.kts declares a project"],
    });
    const found = await read({ "settings.kts": "project(_Self.Project)" });
    expect(found.findings).toEqual([
      "PB308 settings.kts:1 there is a call of `project`, which may declare projects",
      "PB310 : no settings.kts declares a project",
    ]);
  });

  test("several top projects, and parents in a circle", async () => {
    const script = (id: string, parent: string): string => `project { uuid = "u"; id = "${id}"; parentId = "${parent}" }`;
    const two = { "A/settings.kts": script("A", "_Root"), "B/settings.kts": script("B", "_Root") };
    expect((await read(two)).findings).toEqual(["PB310 : the folder holds several top projects: A, B"]);
    expect((await read(two, "B")).project?.id).toBe("B");
    const twice = await read({ "settings.kts": "project {}\nproject {}" });
    expect(twice.findings).toEqual(["PB310 : the folder holds several top projects: Shop, Shop"]);
    const circle = { "A/settings.kts": script("A", "B"), "B/settings.kts": script("B", "A") };
    expect((await read(circle)).findings).toEqual(["PB310 : the projects' parents form a circle"]);
  });

  const nested = (open: string, inner: string, close: string, times: number): string =>
    `project { name = ${open.repeat(times)}${inner}${close.repeat(times)} }`;
  const doubled = Array.from({ length: 40 }, (_, index) => `val a${index + 1} = "$a${index}$a${index}"`).join("\n");
  test.each([
    ["parentheses", nested("(", '"x"', ")", 100_000), "PB308"],
    ["templates in templates", nested('"${', '"x"', '}"', 5_000), "PB308"],
    ["braces", "{".repeat(100_000), "PB312"],
    ["open parentheses", "(".repeat(100_000), "PB312"],
    ["lambdas", `project {${"features {".repeat(20_000)}${"}".repeat(20_001)}`, "PB315"],
    ["backslashes", "\\".repeat(400_000), "PB312"],
    ["dollars", "$".repeat(400_000), "PB312"],
    ["comments in comments", "/*".repeat(200_000), "PB312"],
    ["text that doubles", `val a0 = "0123456789"\n${doubled}\nproject { name = a40 }`, "PB308"],
    [
      "a chain of constants",
      `${Array.from({ length: 10_000 }, (_, i) => `val a${i} = a${i + 1}`).join("\n")}\nproject { name = a0 }`,
      "PB308",
    ],
    [
      "one text many times",
      `val a = "${"x".repeat(60_000)}"\nproject { features { feature { id = "f"; type = "t"\n${Array.from({ length: 10_000 }, (_, i) => `param("p${i}", "$a.")`).join("\n")}\n} } }`,
      "PB308",
    ],
    ["100 MB", " ".repeat(100 * 2 ** 20), "PB312"],
    [
      "unbalanced braces and quotes",
      '{""\n""{}\n   }\n    }\n\n  {\n        x y z"\n            a = "1"\n  b = "2"\n }\n })\n',
      "PB312",
    ],
  ])("%s end soon in a finding", async (_, text, code) => {
    await read({ "settings.kts": "project {}" });
    const count = startCount();
    const { findings } = await read({ "settings.kts": text });
    expect(count()).toBeLessThan(4000);
    expect(findings.map((each) => each.slice(0, 5))).toContain(code);
  });

  test("a file that is too large says so, and a long sum is no nesting", async () => {
    expect((await read({ "settings.kts": "x".repeat(2 ** 19 + 1) })).findings[0]).toBe(
      "PB312 settings.kts: the file is larger than 512 KiB",
    );
    expect(await evaluated(`"a"${' + "b"'.repeat(20_000)}`)).toHaveLength(20_001);
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

describe("Kotlin that the grammar alone does not take", () => {
  test.each([
    ['object A { val x = "p" }\nobject B { val x = "q" }', "B.x", "q"],
    ['class C { companion object { const val Y = "y" } }\nval v = "v"', "v", "v"],
    ["enum class E { A, B; fun x() = 1 }\nval v = 1", "v", "1"],
    ["val v = 1;;", "v", "1"],
    ['@file:Suppress("unused")\nval v = "}"; val w = """ } """', "v + w", "} } "],
  ])("%s", async (before, expression, expected) => {
    const { project, findings } = await readBody(`description = ${expression}`, before);
    expect(findings).toEqual([]);
    expect(project?.description).toBe(expected);
  });

  test("what it does not take at all is a warning, and leaves a placeholder", async () => {
    const { project, findings } = await read({
      "settings.kts": 'project { features { dockerRegistry { id = "D"; name = "d" } } }',
      "x/X.kt": "val \u65e5 = 1",
    });
    expect(findings).toEqual(["PB312 x/X.kt:1 a syntax error"]);
    expect(project?.connections.map((each) => each.id)).toEqual(["D"]);
    expect(project?.features).toEqual(placeholders("x/X.kt:1"));
  });
});

describe("Kotlin that says more than its length", () => {
  test("a text of 150,000 escapes", async () => {
    const { project } = await readBody(`description = "${"\\n".repeat(60_000)}"`);
    expect(project?.description).toHaveLength(60_000);
  });

  test("an object that is named 20,000 times", async () => {
    const object = `object F : ProjectFeature({ id = "F"; type = "t"\n${'param("a", "b")\n'.repeat(5000)}})`;
    const { findings } = await readBody(`features {\n${"feature(F)\n".repeat(20_000)}}`, object);
    expect(findings.some((each) => each.endsWith("there is more than an import reads"))).toBe(true);
  });

  test("long chains of names", async () => {
    const chain = `a${".a".repeat(450)}`;
    const { project } = await readBody(`features { feature { id = "F"; type = "t"; ${`param("a", ${chain});`.repeat(50)} } }`);
    expect(project?.features[0]?.params).toEqual({ a: "NOT-IMPORTED settings.kts:3" });
  });

  test("a secret that is a parameter reference is a placeholder", async () => {
    const { project, findings } = await readBody(`features { dockerRegistry { id = "D"; name = "d"; password = "%pass%" } }`);
    expect(findings).toEqual(['PB308 settings.kts:3 `secure:userPass` of "D" is a parameter reference, which no secret can be']);
    expect(project?.connections[0]?.settings).toMatchObject({ password: { $secret: "NOT-IMPORTED/settings.kts/3" } });
  });
});
