import { join } from "node:path";
import fc from "fast-check";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { connectionTypes } from "../src/connections/index.js";
import { createEvaluator } from "../src/evaluate/index.js";
import { typesByKind } from "../src/formats/features.js";
import { writeTypeScript } from "../src/formats/typescript/write.js";
import { parseProject, serializeSettings } from "../src/model/parse.js";
import { type ConnectionNode, MODEL_SCHEMA_ID, MODEL_VERSION, type ProjectNode, type Settings } from "../src/model/schema.js";
import { projectTrees } from "./support/arbitrary.js";
import { typesWithFixtures } from "./support/fixtures.js";
import { growth } from "./support/processor-time.js";
import { modelOf } from "./support/typescript.js";
import { execute, root, Workspace } from "./support/workspace.js";

const types = typesByKind(connectionTypes);

function settingsOf(project: Omit<ProjectNode, "connections" | "features" | "subProjects"> & Partial<ProjectNode>): Settings {
  return {
    $schema: MODEL_SCHEMA_ID,
    version: MODEL_VERSION,
    project: { connections: [], features: [], subProjects: [], ...project },
  };
}

function projectOf(id: string, more: Partial<ProjectNode> = {}): ProjectNode {
  return settingsOf({ id, ...more }).project;
}

function write(settings: Settings, maxLines?: number): ReadonlyMap<string, string> {
  const { files, findings } = writeTypeScript(settings, { types, ...(maxLines === undefined ? {} : { maxLines }) });
  expect(findings).toEqual([]);
  return files;
}

/** The text of `settings.ts`, the only file. */
function textOf(settings: Settings): string {
  const files = write(settings, Number.POSITIVE_INFINITY);
  expect([...files.keys()]).toEqual(["settings.ts"]);
  return files.get("settings.ts") as string;
}

function docker(id: string, settings: Readonly<Record<string, unknown>> = {}): ConnectionNode {
  return { id, kind: "docker", settings: { displayName: id, ...settings } };
}

function aws(id: string, credentials: unknown, more: Readonly<Record<string, unknown>> = {}): ConnectionNode {
  return { id, kind: "aws", settings: { displayName: id, region: "eu-west-1", credentials, ...more } };
}

function role(id: string, principal: string): ConnectionNode {
  return aws(id, { type: "iamRole", principal: { $connection: principal }, roleArn: `arn:aws:iam::123456789012:role/${id}` });
}

const chain = { type: "defaultProviderChain" };

/** A model's canonical JSON, once it has been parsed. */
function canonical(settings: Settings): string {
  const { value, findings } = parseProject(settings.project, connectionTypes);
  expect(findings).toEqual([]);
  return serializeSettings({ ...settings, project: value as ProjectNode });
}

/** The model with references that no handle expresses. */
function withExternalReferences(settings: Settings): Settings {
  return JSON.parse(JSON.stringify(settings), (_key, value) =>
    typeof value?.$connection === "string" ? { $connection: value.$connection, external: true } : value,
  );
}

/** What the compiler says to files in the strictest setting there is. */
function diagnosticsOf(files: ReadonlyMap<string, string>, folder: string): string[] {
  const placed = new Map([...files].map(([file, text]) => [join(root, "test", folder, file), text]));
  const options: ts.CompilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
    noPropertyAccessFromIndexSignature: true,
    verbatimModuleSyntax: true,
    erasableSyntaxOnly: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: [],
    skipLibCheck: true,
    paths: { plugboard: [join(root, "src/index.ts")] },
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, directoryExists } = host;
  host.fileExists = (file) => placed.has(file) || fileExists(file);
  host.directoryExists = (path) => path.startsWith(join(root, "test", folder)) || directoryExists?.(path) === true;
  host.getSourceFile = (file, version) =>
    placed.has(file) ? ts.createSourceFile(file, placed.get(file) as string, version) : getSourceFile(file, version);
  const program = ts.createProgram([...placed.keys()], options, host);
  return [...placed.keys()].flatMap((file) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(file))
      .map((each) => `${file}: ${ts.flattenDiagnosticMessageText(each.messageText, "\n")}`),
  );
}

describe("reads as people write it", () => {
  it("imports, scope, handle, secrets, options", () => {
    const settings = settingsOf({
      id: "Payments",
      name: "Payments (EU)",
      parentId: "Acme",
      connections: [
        role("PaymentsDeploy", "PaymentsAws"),
        docker("hub"),
        docker("registry", {
          url: "https://registry.acme.example",
          userName: "teamcity",
          password: { $secret: "docker/password", expires: "2027-03-01" },
          acknowledge: [{ code: "PB204", reason: "meant" }],
        }),
        aws("PaymentsAws", { type: "accessKeys", accessKey: { $secret: "aws/main" } }, { allowInSubProjects: true }),
      ],
      features: [
        { id: "report", type: "ReportTab", params: { "secure:key": { $stored: true }, title: "Coverage" } },
        { id: "empty", type: "X", params: {} },
      ],
      subProjects: [
        projectOf("Payments_Web", {
          archived: true,
          connections: [
            docker("web", { password: { $token: "credentialsJSON:00000000-0000-4000-8000-000000000001" } }),
            {
              id: "WebRole",
              kind: "aws",
              settings: {
                displayName: "r",
                region: "eu-west-1",
                credentials: {
                  type: "iamRole",
                  principal: { $connection: "Elsewhere", external: true },
                  roleArn: "arn:aws:iam::123456789012:role/web",
                },
                params: { awsAllowedInBuilds: null, "x-y": "" },
              },
            },
          ],
        }),
      ],
    });
    expect(textOf(settings)).toBe(`import { acknowledge, connectionRef, project, secret, storedSecret, token } from "plugboard";

export default project(
  "Payments",
  { name: "Payments (EU)", parentId: "Acme" },
  ({ awsConnection, dockerRegistry, feature, subProject }) => {
    const paymentsAws = awsConnection("PaymentsAws", {
      displayName: "PaymentsAws",
      region: "eu-west-1",
      credentials: { type: "accessKeys", accessKey: secret("aws/main") },
      allowInSubProjects: true,
    });

    awsConnection("PaymentsDeploy", {
      displayName: "PaymentsDeploy",
      region: "eu-west-1",
      credentials: {
        type: "iamRole",
        principal: paymentsAws,
        roleArn: "arn:aws:iam::123456789012:role/PaymentsDeploy",
      },
    });

    dockerRegistry("hub", { displayName: "hub" });

    dockerRegistry("registry", {
      displayName: "registry",
      url: "https://registry.acme.example",
      userName: "teamcity",
      password: secret("docker/password", { expires: "2027-03-01" }),
      acknowledge: [acknowledge("PB204", "meant")],
    });

    feature("report", "ReportTab", {
      "secure:key": storedSecret(),
      title: "Coverage",
    });

    feature("empty", "X", {});

    subProject("Payments_Web", { archived: true }, ({ awsConnection, dockerRegistry }) => {
      dockerRegistry("web", {
        displayName: "web",
        password: token("credentialsJSON:00000000-0000-4000-8000-000000000001"),
      });

      awsConnection("WebRole", {
        displayName: "r",
        region: "eu-west-1",
        credentials: {
          type: "iamRole",
          principal: connectionRef("aws", "Elsewhere"),
          roleArn: "arn:aws:iam::123456789012:role/web",
        },
        params: { awsAllowedInBuilds: null, "x-y": "" },
      });
    });
  },
);
`);
  });

  it("the smallest project", () => {
    expect(textOf(settingsOf({ id: "Empty" }))).toBe(
      'import { project } from "plugboard";\n\nexport default project("Empty", () => {});\n',
    );
  });

  it("texts that stand in a setting three times get a name, and one that tells them apart if there are several", () => {
    const shared = (id: string, url: string, userName: string) => docker(id, { url, userName });
    const text = textOf(
      settingsOf({
        id: "P",
        connections: [
          ...["a", "b", "c"].map((id) => shared(id, "https://one.acme.example", "teamcity-builds")),
          ...["d", "e", "f"].map((id) => shared(id, "https://two.acme.example", "short")),
          ...["g", "h"].map((id) => shared(id, "https://twice.acme.example", "teamcity-twice")),
        ],
      }),
    );
    expect(text.split("\n").slice(1, 6)).toEqual([
      "",
      'const urlOneAcmeExample = "https://one.acme.example";',
      'const urlTwoAcmeExample = "https://two.acme.example";',
      'const userName = "teamcity-builds";',
      "",
    ]);
    expect(text).toContain('displayName: "a",\n    url: urlOneAcmeExample,\n    userName,\n');
    expect(text).toContain('url: "https://twice.acme.example",\n    userName: "teamcity-twice",\n');
    expect(text.match(/userName: "short"/g)).toHaveLength(3);
  });

  it("names of handles come from IDs, are distinct, and clash with nothing", () => {
    const ids = [
      "default",
      "awsConnection",
      "Aws-Main",
      "aws_main",
      "AWSRoot",
      "PROJECT_EXT_3",
      "42",
      "ключ",
      "secret",
      "region",
    ];
    const settings = settingsOf({
      id: "P",
      connections: ids.flatMap((id, index) => [aws(id, chain, { region: "eu-central-1" }), role(`R${index}`, id)]),
    });
    const text = textOf(settings);
    expect([...text.matchAll(/const (\w+) = awsConnection\("(.+)"/g)].map(([, name, id]) => [id, name])).toEqual([
      ["default", "default2"],
      ["awsConnection", "awsConnection2"],
      ["Aws-Main", "awsMain"],
      ["aws_main", "awsMain2"],
      ["AWSRoot", "awsRoot"],
      ["PROJECT_EXT_3", "projectExt3"],
      ["42", "aws42"],
      ["ключ", "aws"],
      ["secret", "secret2"],
      ["region", "region2"],
    ]);
    expect(serializeSettings(modelOf(text))).toBe(canonical(settings));
  });

  it("several lines are a template, unless an editor would take blanks away", () => {
    const feature = (x: string) => textOf(settingsOf({ id: "P", features: [{ id: "F", type: "T", params: { x } }] }));
    expect(feature("one\ntwo `\\ ${three} $4\n")).toContain("x: `one\ntwo \\`\\\\ \\${three} $4\n`,\n");
    expect(feature("one \ntwo")).toContain('{ x: "one \\ntwo" }');
    expect(feature("one\r\ntwo")).toContain('{ x: "one\\r\\ntwo" }');
    expect(feature("one\n")).toContain('{ x: "one\\n" }');
    expect(feature('say "a" or "b"')).toContain(`{ x: 'say "a" or "b"' }`);
  });
});

describe("references", () => {
  it("to a connection of a project around it are handles; a nearer one of the same ID has its own", () => {
    const settings = settingsOf({
      id: "P",
      connections: [aws("Main", chain)],
      subProjects: [
        projectOf("A", { connections: [role("InA", "Main")] }),
        projectOf("B", { connections: [role("InB", "Main"), aws("Main", chain)] }),
      ],
    });
    const text = textOf(settings);
    expect(text).toContain('const main = awsConnection("Main"');
    expect(text).toContain('const main2 = awsConnection("Main"');
    expect(text.match(/principal: (\w+)/g)).toEqual(["principal: main", "principal: main2"]);
    expect(serializeSettings(modelOf(text))).toBe(canonical(settings));
  });

  it.each([
    ["a circle", [role("A", "B"), role("B", "A")], 1],
    ["itself", [role("A", "A")], 1],
    ["nothing that is declared", [role("A", "Gone")], 1],
    ["a connection of another kind", [role("A", "D"), docker("D")], 1],
  ])("to %s are external", (_name, connections, count) => {
    const text = textOf(settingsOf({ id: "P", connections }));
    expect(text.match(/connectionRef\("aws", "\w+"\)/g)).toHaveLength(count);
    expect(
      modelOf(text)
        .project.connections.map((each) => each.id)
        .sort(),
    ).toEqual(connections.map((each) => each.id).sort());
  });

  it("through a chain of thousands of connections end where they began", () => {
    const connections = Array.from({ length: 5000 }, (_, index) =>
      index === 4999 ? aws(`C${index}`, chain) : role(`C${index}`, `C${index + 1}`),
    );
    const text = textOf(settingsOf({ id: "P", connections }));
    expect(text).not.toContain("connectionRef");
    expect(text.indexOf('"C4999"')).toBeLessThan(text.indexOf('"C4998"'));
  });
});

describe("a long tree", () => {
  const settings = settingsOf({
    id: "Acme",
    connections: [aws("AcmeServer", chain, { allowInSubProjects: true }), docker("hub")],
    subProjects: [
      projectOf("Acme_Web", {
        connections: [role("WebRole", "AcmeServer"), docker("web", { password: { $secret: "web" } })],
        subProjects: [projectOf("Acme_Web_Old", { connections: [role("OldRole", "AcmeServer")] })],
      }),
      projectOf("Acme_Docs", { name: "Docs", connections: [docker("docs")] }),
    ],
  });

  it("has a file per sub-project, which is given the handles it needs", () => {
    const files = write(settings, 10);
    expect([...files.keys()]).toEqual(["settings.ts", "projects/Acme_Web.ts", "projects/Acme_Docs.ts"]);
    expect(files.get("settings.ts")).toBe(`import { project } from "plugboard";
import { acmeDocs } from "./projects/Acme_Docs.js";
import { acmeWeb } from "./projects/Acme_Web.js";

export default project("Acme", ({ awsConnection, dockerRegistry, subProject }) => {
  const acmeServer = awsConnection("AcmeServer", {
    displayName: "AcmeServer",
    region: "eu-west-1",
    credentials: { type: "defaultProviderChain" },
    allowInSubProjects: true,
  });

  dockerRegistry("hub", { displayName: "hub" });
  acmeWeb(subProject, acmeServer);
  acmeDocs(subProject);
});
`);
    expect(files.get("projects/Acme_Docs.ts")).toBe(`import type { Scope } from "plugboard";

export function acmeDocs(subProject: Scope["subProject"]): void {
  subProject("Acme_Docs", { name: "Docs" }, ({ dockerRegistry }) => {
    dockerRegistry("docs", { displayName: "docs" });
  });
}
`);
    expect(files.get("projects/Acme_Web.ts")?.split("\n").slice(0, 4)).toEqual([
      'import { type Connection, type Scope, secret } from "plugboard";',
      "",
      'export function acmeWeb(subProject: Scope["subProject"], acmeServer: Connection<"aws">): void {',
      '  subProject("Acme_Web", ({ awsConnection, dockerRegistry, subProject }) => {',
    ]);
    expect(serializeSettings(modelOf(files))).toBe(canonical(settings));
    expect(diagnosticsOf(files, "long-tree")).toEqual([]);
  });

  it("stays one file up to the length given", () => {
    const lines = textOf(settings).split("\n").length - 1;
    expect(write(settings, lines).size).toBe(1);
    expect(write(settings, lines - 1).size).toBe(3);
  });

  it("gives files different names where only case tells the projects apart", () => {
    const subProjects = ["A", "a", "../b"].map((id) => projectOf(id, { connections: [docker("d")] }));
    expect([...write(settingsOf({ id: "P", subProjects }), 1).keys()]).toEqual([
      "settings.ts",
      "projects/A.ts",
      "projects/a2.ts",
      "projects/___b.ts",
    ]);
  });
});

it("a kind that a plug-in brings is declared by connection(…)", () => {
  const [first] = connectionTypes;
  const gitea = { ...(first as (typeof connectionTypes)[number]), kind: "gitea", functionName: "giteaConnection" };
  const settings = settingsOf({
    id: "P",
    connections: [{ id: "G", kind: "gitea", settings: { displayName: "g", url: "https://git.example.com" } }],
  });
  const plugged = typesByKind([...connectionTypes, gitea]);
  const { files } = writeTypeScript(settings, { types: plugged, plugIns: new Set(["gitea"]) });
  expect(files.get("settings.ts")).toContain(`({ connection }) => {
  connection({ kind: "gitea" }, "G", {
    displayName: "g",
    url: "https://git.example.com",
  });`);
});

const awkward = [
  ...["'", '"', "`", "\\", "${a}", "$", "\n", "\r", "\t", "\0", "\b", "\u001b[31m", "\u2028", "\u2029", "\ud800", "\udc00x"],
  ...["😀", "\u{e0001}", "\u202e", "\ufeff", "\u00a0", "a\nb", "a\n`${b}\\", "</script>", "*/", "__proto__", "a-b", "true"],
];

describe("any text", () => {
  const settings = settingsOf({
    id: "P",
    description: awkward.join(""),
    connections: [docker(awkward.join("|").replaceAll("\n", ""), { userName: awkward.join(" ") })],
    features: [{ id: "F", type: "T", params: Object.fromEntries(awkward.map((each) => [each, each])) }],
  });

  it("evaluates to itself, in the sandbox too", async () => {
    const text = textOf(settings);
    const names = (text.match(/^ +"?(\S+?)"?: /gm) ?? []).length;
    expect(names).toBeGreaterThan(20);
    const space = new Workspace({ "settings.ts": text });
    const evaluator = createEvaluator({ root: space.folder });
    try {
      const { declared, findings } = await evaluator.evaluate({ file: join(space.folder, "settings.ts"), inputs: {} });
      expect(findings).toEqual([]);
      const project = declared?.project as ProjectNode;
      expect(project.description).toBe(settings.project.description);
      expect(project.connections).toEqual(settings.project.connections);
      expect(Object.entries(project.features[0]?.params ?? {})).toEqual(
        Object.entries(settings.project.features[0]?.params ?? {}),
      );
    } finally {
      evaluator.close();
    }
  });

  it("has nothing in the file that an editor does not show", () => {
    expect(textOf(settings)).not.toMatch(/[^\n\P{Cc}]|[\p{Cf}\p{Zl}\p{Zp}\u00a0]/u);
  });

  it("is compiled without complaint", () => {
    expect(diagnosticsOf(write(settings), "any-text")).toEqual([]);
  });
});

describe("evaluated, gives the model again", () => {
  it.each(typesWithFixtures)("fixtures of $type.functionName", ({ type, fixtures }) => {
    const connections = fixtures.map((each, index) => ({ id: `C${index}`, kind: type.kind, settings: each.settings }));
    // A fixture refers to connections that it does not declare.
    const settings = withExternalReferences(settingsOf({ id: "P", connections }));
    const files = write(settings);
    expect(serializeSettings(modelOf(files))).toBe(canonical(settings));
    expect(diagnosticsOf(files, `fixtures-${type.kind}`)).toEqual([]);
  });

  it("trees of any shape, in one file and in many", () => {
    fc.assert(
      fc.property(projectTrees(connectionTypes), fc.constantFrom(1, Number.POSITIVE_INFINITY), (generated, maxLines) => {
        // References that are generated lead nowhere.
        const settings = withExternalReferences(generated);
        expect(serializeSettings(modelOf(write(settings, maxLines)))).toBe(canonical(settings));
      }),
      { numRuns: 150, seed: 20_261_120 },
    );
  });
});

describe("what is empty is never broken, and evaluates to itself:", () => {
  it("a feature without parameters, at every length of its ID", () => {
    for (let length = 60; length <= 130; length++) {
      const settings = settingsOf({ id: "P", features: [{ id: "F".repeat(length), type: "T", params: {} }] });
      const text = textOf(settings);
      expect(text).toMatch(/\{\}\)|^ {4}\{\},$/m);
      expect(modelOf(text)).toEqual(settings);
    }
  });

  it("a project without content, at every level", () => {
    for (let levels = 1; levels <= 99; levels++) {
      let project = projectOf(`P${levels}`);
      for (let level = levels - 1; level > 0; level--) project = projectOf(`P${level}`, { subProjects: [project] });
      const settings = settingsOf(project);
      expect(modelOf(textOf(settings))).toEqual(settings);
    }
  });
});

it("is laid out as a formatter would, which has nothing to change", async () => {
  const trees = fc.sample(projectTrees(connectionTypes), { numRuns: 60, seed: 20_261_120 });
  const files = trees.flatMap((tree, index) =>
    [1, Number.POSITIVE_INFINITY].flatMap((maxLines) =>
      [...write(tree, maxLines)].map(([file, text]): [string, string] => [`out/${maxLines}/${index}/${file}`, text]),
    ),
  );
  const formatter = { indentStyle: "space", indentWidth: 2, lineWidth: 120 };
  const space = new Workspace({ ...Object.fromEntries(files), "biome.json": JSON.stringify({ formatter }) });
  const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
  const { stdout, stderr, code } = await execute(process.execPath, [biome, "format", "out"], space.folder);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(new RegExp(`Checked ${files.length} files`));
});

it("a thousand projects with five thousand connections are written in a time that grows with them", () => {
  const tree = (projects: number): Settings =>
    settingsOf({
      id: "Top",
      connections: [aws("Main", chain)],
      subProjects: Array.from({ length: projects }, (_, p) =>
        projectOf(`P${p}`, {
          connections: [role(`R${p}`, "Main"), ...[1, 2, 3, 4].map((c) => docker(`D${c}`, { url: `https://r${c}.example.com` }))],
        }),
      ),
    });
  expect(write(tree(1000)).size).toBe(1001);
  expect(growth((projects) => write(tree(projects)), 63)).toBeLessThan(1.5);
});
