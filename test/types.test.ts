import { join } from "node:path";
import ts from "typescript";
import { beforeAll, describe, expect, it } from "vitest";
import { root } from "./support/workspace.js";

/** Type-checks programs in one go and tells where each goes wrong: the text at the error's position. */
function errorsOf(programs: ReadonlyMap<string, string>): Map<string, { at: string; message: string }[]> {
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: [],
    skipLibCheck: true,
    paths: { plugboard: [join(root, "src/index.ts")] },
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (file) => programs.has(file) || fileExists(file);
  host.getSourceFile = (file, version) =>
    programs.has(file) ? ts.createSourceFile(file, programs.get(file) as string, version) : getSourceFile(file, version);
  const program = ts.createProgram([...programs.keys()], options, host);
  return new Map(
    [...programs.keys()].map((file) => {
      const diagnostics = ts.getPreEmitDiagnostics(program, program.getSourceFile(file));
      return [
        file,
        diagnostics.map((each) => ({
          at: each.file?.text.slice(each.start, (each.start ?? 0) + (each.length ?? 0)) ?? "",
          message: ts.flattenDiagnosticMessageText(each.messageText, "\n"),
        })),
      ];
    }),
  );
}

const aws = 'displayName: "a", region: "eu-west-1"';
const cases: Readonly<Record<string, readonly [body: string, at: string, message: RegExp]>> = {
  "a missing setting": [
    `awsConnection("A", { displayName: "a", credentials: { type: "defaultProviderChain" } });`,
    '{ displayName: "a", credentials: { type: "defaultProviderChain" } }',
    /'region' is missing/,
  ],
  "a missing setting of a variant": [
    `awsConnection("A", { ${aws}, credentials: { type: "iamRole", roleArn: "x" } });`,
    "credentials",
    /'principal' is missing/,
  ],
  "half of an access key": [
    `awsConnection("A", { ${aws}, credentials: { type: "accessKeys", accessKeyId: "x" } });`,
    "credentials",
    /secretAccessKey/,
  ],
  "a setting of another variant": [
    `awsConnection("A", { ${aws}, credentials: { type: "defaultProviderChain", roleArn: "x" } });`,
    "roleArn",
    /'roleArn' does not exist/,
  ],
  "both forms of an access key": [
    `awsConnection("A", { ${aws}, credentials: { type: "accessKeys", accessKey: secret("a"), accessKeyId: "x" } });`,
    "accessKeyId",
    /not assignable to type 'undefined'/,
  ],
  "a misspelt setting": [
    `dockerRegistry("D", { displayName: "d", pasword: secret("p") });`,
    "pasword",
    /did you mean to write 'password'|does not exist/,
  ],
  "a plain text as secret": [
    `dockerRegistry("D", { displayName: "d", password: "hunter2" });`,
    "password",
    /'string' is not assignable to type 'Secret'/,
  ],
  "a plain text as secret of a variant": [
    `awsConnection("A", { ${aws}, credentials: { type: "accessKeys", accessKey: "x" } });`,
    "accessKey",
    /'string' is not assignable to type 'Secret'/,
  ],
  "a connection of the wrong kind as principal": [
    `awsConnection("A", { ${aws}, credentials: { type: "iamRole", roleArn: "x", principal: dockerRegistry("D", { displayName: "d" }) } });`,
    "principal",
    /'Connection<"docker">' is not assignable to type 'Connection<"aws">'/,
  ],
  "a connection ID as principal": [
    `awsConnection("A", { ${aws}, credentials: { type: "iamRole", roleArn: "x", principal: "D" } });`,
    "principal",
    /'string' is not assignable to type 'Connection<"aws">'/,
  ],
  "an unknown variant": [`awsConnection("A", { ${aws}, credentials: { type: "iamrole" } });`, "type", /"iamrole"/],
  "a text where a flag belongs": [
    `awsConnection("A", { ${aws}, credentials: { type: "defaultProviderChain" }, allowInBuilds: "true" });`,
    "allowInBuilds",
    /'string' is not assignable to type 'boolean/,
  ],
  "a handle that is not there yet": [
    `awsConnection("A", { ${aws}, credentials: { type: "iamRole", roleArn: "x", principal: later } }); const later = awsConnection("B", { ${aws}, credentials: { type: "defaultProviderChain" } });`,
    "later",
    /before its declaration|before being assigned/,
  ],
  "a result of subProject": [`const handle: number = subProject("S", () => {});`, "handle", /'void' is not assignable/],
};

const fileOf = (name: string): string => join(root, `test/${name.replaceAll(" ", "-")}.virtual.ts`);
const programOf = (body: string): string =>
  `import { project, secret, storedSecret, token, connectionRef, settings, input, acknowledge } from "plugboard";
export default project("P", ({ awsConnection, dockerRegistry, subProject, feature, connection }) => {
${body}
});
void [secret, storedSecret, token, connectionRef, settings, input, acknowledge, awsConnection, dockerRegistry, subProject, feature, connection];
`.replace(/^void.*\n/m, "");

const good = `
  const main = awsConnection("A", { ${aws}, credentials: { type: "accessKeys", accessKey: secret("a", { expires: "2027-03-01" }) }, allowInSubProjects: true });
  awsConnection("B", { ${aws}, credentials: { type: "iamRole", principal: connectionRef("aws", "X"), roleArn: "x" }, acknowledge: [acknowledge("PB209", "elsewhere")] });
  dockerRegistry("D", { displayName: "d", url: undefined, password: token("credentialsJSON:x"), params: { a: null, "secure:b": storedSecret() } });
  const own = connection({ kind: "gitea" }, "G", { displayName: "g" });
  own.kind satisfies "gitea";
  feature("F", "X", { awsConnectionId: main.id, "secure:x": secret("x") });
  subProject("S", { name: "s" }, ({ awsConnection }) => { awsConnection("C", { ${aws}, credentials: { type: "iamRole", principal: main, roleArn: "x" } }); });
  const staged = settings({ stage: input.oneOf("a", "b"), size: input.oneOf("s", "m", { default: "s" }), text: input.text() }, ({ stage, size, text }) => {
    stage satisfies "a" | "b"; size satisfies "s" | "m"; text satisfies string;
    return project(stage, () => {});
  });
  void staged;`;

describe("the compiler", () => {
  let errors: Map<string, { at: string; message: string }[]>;

  beforeAll(() => {
    const programs = new Map(Object.entries(cases).map(([name, [body]]) => [fileOf(name), programOf(body)]));
    programs.set(fileOf("good"), programOf(good));
    errors = errorsOf(programs);
  });

  it("accepts what is right", () => {
    expect(errors.get(fileOf("good"))).toEqual([]);
  });

  it.each(Object.entries(cases))("finds %s, at the exact place", (name, [, at, message]) => {
    const found = errors.get(fileOf(name)) ?? [];
    expect(found[0]?.message).toMatch(message);
    expect(found[0]?.at).toBe(at);
  });
});

it("completion shows meaning, default and unit of a setting, and what a function is for", () => {
  const file = join(root, "test/hints.virtual.ts");
  const text = programOf(
    `awsConnection("A", { ${aws}, credentials: { type: "iamRole", sessionName: "s" } as never, sessionDuration: 60 });`,
  );
  const host: ts.LanguageServiceHost = {
    getScriptFileNames: () => [file],
    getScriptVersion: () => "1",
    getScriptSnapshot: (name) => {
      const content = name === file ? text : ts.sys.readFile(name);
      return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content);
    },
    getCurrentDirectory: () => root,
    getCompilationSettings: () => ({
      strict: true,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      types: [],
      paths: { plugboard: [join(root, "src/index.ts")] },
    }),
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: ts.sys.fileExists,
    readFile: ts.sys.readFile,
  };
  const service = ts.createLanguageService(host);
  const hint = (word: string): string =>
    ts.displayPartsToString(service.getQuickInfoAtPosition(file, text.indexOf(word) + 1)?.documentation);
  expect(hint("sessionDuration")).toBe("How long temporary credentials live, in minutes, 15 to 2160. Default: `60`.");
  expect(hint('awsConnection("A"')).toContain("Amazon Web Services (AWS).");
  const names = service.getCompletionsAtPosition(file, text.indexOf("displayName:"), {})?.entries.map((each) => each.name);
  expect(names).toEqual(expect.arrayContaining(["allowInBuilds", "allowInSubProjects", "params", "stsEndpoint"]));
});
