import { chmodSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Workspace } from "./support/workspace.js";

const canary = "c4n4ry-hunter2";

const inProject = (body: string): string => `import { project, secret, connectionRef } from "plugboard";
export default project("Acme", (scope) => {
  const { awsConnection, dockerRegistry, gheConnection, subProject } = scope;
  ${body}
});
`;

const role = (arn: string, region = "eu-central-1"): string =>
  inProject(`awsConnection("Role", { displayName: "r", region: ${JSON.stringify(region)},
    credentials: { type: "iamRole", principal: connectionRef("aws", "X"), roleArn: ${JSON.stringify(arn)} } });`);

const goodArn = "arn:aws:iam::123456789012:role/deploy";

/** Name of the case, the settings, the one error: place, code, and words of its message or hint. */
const cases: readonly (readonly [name: string, settings: string, place: string, code: string, ...words: string[]])[] = [
  ["settings that throw", inProject("throw new Error('no luck');"), "settings.ts:4:13", "PB103", "Error: no luck"],
  ["a syntax error", "export default project(;", "settings.ts:1:24", "PB101", "Unexpected"],
  ["no default export", "export const x = 1;", "settings.ts", "PB104", "no default export"],
  ["another default export", "export default { a: 1 };", "settings.ts", "PB104", "project(…)"],
  ["a promise as default export", "export default Promise.resolve(1);", "settings.ts", "PB105", "promise"],
  [
    "an async body",
    'import { project } from "plugboard";\nexport default project("A", async () => {});',
    "settings.ts:2:16",
    "PB105",
    "asynchronous",
  ],
  ["top-level await", "const x = await 1;\nexport default x;", "settings.ts:1:11", "PB105", "top-level await"],
  [
    "a module of Node",
    'import { readFileSync } from "node:fs";\nexport default readFileSync;',
    "settings.ts:1:30",
    "PB102",
    '"node:fs"',
  ],
  ["a file that does not exist", 'import x from "./nope.ts";\nexport default x;', "settings.ts:1:15", "PB102", '"./nope.ts"'],
  [
    "a package that is not installed",
    'import x from "@acme/nope/deep";\nexport default x;',
    "settings.ts:1:15",
    "PB102",
    "npm install @acme/nope",
  ],
  ["another entry of this package", 'import x from "plugboard/testing";\nexport default x;', "settings.ts:1:15", "PB102"],
  [
    "a 1 MB string",
    inProject('dockerRegistry("D", { displayName: "x".repeat(1_000_000) });'),
    "settings.ts:4:3",
    "PB116",
    "1000000",
    "65536",
  ],
  [
    "a project ID of 226 characters",
    inProject('subProject("A".repeat(226), () => {});'),
    "settings.ts:4:3",
    "PB120",
    "226",
    "225",
  ],
  [
    "sub-projects that differ in case",
    inProject('subProject("Ab", () => {}); subProject("aB", () => {});'),
    "settings.ts:4:31",
    "PB201",
    "differ only in case",
  ],
  ["the ARN of a user", role("arn:aws:iam::123456789012:user/bob"), "settings.ts:4:3", "PB132", "ARN of an iam user"],
  ["a region that does not exist", role(goodArn, "eu-centrall-1"), "settings.ts:4:3", "PB132", 'Did you mean "eu-central-1"?'],
  [
    "an address with credentials",
    inProject(
      `gheConnection("G", { displayName: "g", serverUrl: "https://bob:${canary}@ghe.example.com", clientId: "x", clientSecret: secret("a") });`,
    ),
    "settings.ts:4:3",
    "PB131",
    "user name or password",
  ],
  [
    "a password where a secret belongs",
    inProject(`dockerRegistry("D", { displayName: "d", password: "${canary}" } as never);`),
    "settings.ts:4:3",
    "PB113",
    "secret(",
  ],
  [
    "a password where a managed pair belongs",
    inProject(
      `awsConnection("A", { displayName: "d", region: "eu-west-1", credentials: { type: "accessKeys", accessKey: "${canary}" } } as never);`,
    ),
    "settings.ts:4:3",
    "PB113",
    "secret(",
  ],
  [
    "a plain text in a secure: parameter",
    inProject(`dockerRegistry("D", { displayName: "d", params: { "secure:userPass": "${canary}" } });`),
    "settings.ts:4:3",
    "PB136",
    "secure:userPass",
  ],
  [
    "an unknown key",
    inProject('dockerRegistry("D", { displayName: "d", pasword: secret("p") } as never);'),
    "settings.ts:4:3",
    "PB111",
    "Did you mean password?",
  ],
  [
    "a text where a flag belongs",
    inProject(
      'gheConnection("G", { displayName: "g", serverUrl: "https://ghe.example.com", clientId: "x", clientSecret: secret("a"), useUniqueRedirect: "true" } as never);',
    ),
    "settings.ts:4:3",
    "PB112",
    'the text "true"',
    "true or false",
  ],
  [
    "an unknown variant",
    inProject('awsConnection("A", { displayName: "d", region: "eu-west-1", credentials: { type: "iamrole" } } as never);'),
    "settings.ts:4:3",
    "PB114",
    'Did you mean "iamRole"?',
  ],
  [
    "half of an access key",
    inProject(
      'awsConnection("A", { displayName: "d", region: "eu-west-1", credentials: { type: "accessKeys", accessKeyId: "AKIAEXAMPLE000000000" } } as never);',
    ),
    "settings.ts:4:3",
    "PB110",
    "credentials.secretAccessKey",
  ],
  [
    "a number out of range",
    inProject(
      'awsConnection("A", { displayName: "d", region: "eu-west-1", credentials: { type: "defaultProviderChain" }, sessionDuration: 5, acknowledge: [] } as never);',
    ),
    "settings.ts:4:3",
    "PB117",
    "at least 15",
  ],
  [
    "an unregistered kind",
    inProject('scope.connection({ kind: "dokcer" }, "D", { displayName: "d" });'),
    "settings.ts:4:9",
    "PB115",
    'Did you mean "docker"?',
  ],
  [
    "a scope used after it closed",
    'import { project } from "plugboard";\nlet late: any;\nproject("A", (s) => { late = s; });\nexport default project("B", () => {\n  late.dockerRegistry("D", { displayName: "d" });\n});',
    "settings.ts:5:8",
    "PB106",
    "after its body has ended",
  ],
  [
    "an outer scope used in a sub-project",
    inProject('subProject("B", () => { dockerRegistry("D", { displayName: "d" }); });'),
    "settings.ts:4:27",
    "PB106",
    "while a sub-project is open",
  ],
  ["a subProject without a body", inProject('(subProject as any)("B", {});'), "settings.ts:4:4", "PB112", "needs a body"],
  [
    "settings that hold a cycle",
    inProject('const params: any = {}; params.self = params; dockerRegistry("D", { displayName: "d", params });'),
    "settings.ts",
    "PB103",
    "circular",
  ],
];

describe("bad input gives one clear error, and nothing is written", () => {
  it.each(cases)("%s", async (_name, settings, place, code, ...words) => {
    const space = new Workspace({ "settings.ts": settings });
    const { code: exit, stdout, stderr } = await space.run("compile", "--to", "xml,json");
    // Line and column are those of the setting at fault: places.test.ts looks at them.
    const line = place.split(":")[0] as string;
    const errors = stdout.split("\n").filter((line) => / error PB/.test(line));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(new RegExp(`^${line.replaceAll(".", "\\.")}(:\\d+)* error ${code} `));
    for (const word of words) expect(stdout).toContain(word);
    expect(stdout + stderr).not.toContain(canary);
    expect(stdout.length).toBeLessThan(3000);
    expect(stderr).toBe("");
    expect(exit).toBe(1);
    expect(space.list()).toEqual(["package.json", "settings.ts"]);
  });

  it("an unreadable settings file", async () => {
    const space = new Workspace();
    const missing = await space.run("compile", "nope.ts");
    expect(missing).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("nope.ts error PB100 the file cannot be read: it does not exist"),
    });
    space.write("folder/settings.ts/x", "");
    expect((await space.run("compile", "folder/settings.ts")).stdout).toContain(
      "PB100 the file cannot be read: it is not a regular file",
    );
    if (process.getuid?.() === 0) return; // root may read everything
    space.write("settings.ts", "");
    chmodSync(join(space.folder, "settings.ts"), 0o000);
    expect((await space.run("compile")).stdout).toContain("PB100 the file cannot be read: permission is denied");
  });

  it("an output folder that cannot be written", async () => {
    const space = new Workspace({ "settings.ts": inProject('subProject("B", () => {});'), "out/B": "a file in the way" });
    const before = space.list();
    const { code, stdout } = await space.run("compile", "--out", "out");
    expect(code).toBe(1);
    expect(stdout).toContain(
      "out/B/project-config.xml error PB301 an existing file cannot be read: a part of its path is a file",
    );
    expect(space.list()).toEqual(before);
  });

  it("all findings at once, sorted, each with its place", async () => {
    const space = new Workspace({
      "settings.ts": inProject(`
  dockerRegistry("B", { displayName: "d", pasword: secret("x") } as never);
  awsConnection("A", { displayName: "d", region: "nowhere-1", credentials: { type: "defaultProviderChain" } });
  dockerRegistry("C", { displayName: 5, url: true } as never);
  subProject("0", () => {});`),
    });
    const { stdout } = await space.run("check");
    const lines = stdout.split("\n").filter((line) => / PB\d/.test(line));
    expect(lines.map((line) => line.slice(0, line.indexOf(" PB") + 6))).toEqual([
      "settings.ts:5:43 error PB111",
      "settings.ts:6:42 error PB132",
      "settings.ts:7:25 error PB112",
      "settings.ts:7:41 error PB112",
      "settings.ts:8:14 error PB120",
      "settings.ts:6:63 warning PB221",
    ]);
    expect(stdout).toContain("5 errors, 1 warning");
  });
});
