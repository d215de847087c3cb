import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Workspace } from "./support/workspace.js";

const settings = (imports: string, name: string): string => `import { project } from "plugboard";
${imports}
export default project("Acme", ({ dockerRegistry }) => {
  dockerRegistry("D", { displayName: ${name} });
});
`;

async function displayName(space: Workspace, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await space.run("compile", "--to", "json", "--out", "out", ...args);
  expect({ code, stderr, stdout }).toMatchObject({ code: 0, stderr: "" });
  return JSON.parse(space.read("out/settings.json")).project.connections[0].settings.displayName;
}

describe("settings may be made of", () => {
  it("several files, with and without extensions", async () => {
    const space = new Workspace({
      "settings.ts": settings(
        'import { a } from "./lib/a";\nimport { b } from "./lib/b.ts";\nimport { c } from "./lib/c.js";',
        "a + b + c",
      ),
      "lib/a.ts": 'export const a: string = "a";',
      "lib/b.ts": 'export { a as b } from "./a.js";',
      "lib/c.ts": 'export const c = "c";',
    });
    expect(await displayName(space)).toBe("aac");
  });

  it("JSON", async () => {
    const space = new Workspace({
      "settings.ts": settings('import names from "./names.json";', "names.docker"),
      "names.json": '{ "docker": "from JSON" }',
    });
    expect(await displayName(space)).toBe("from JSON");
  });

  it("files that tsconfig paths name", async () => {
    const space = new Workspace({
      "settings.ts": settings('import { name } from "@acme/names";', "name"),
      "tsconfig.json": '{ "compilerOptions": { "paths": { "@acme/*": ["./shared/*"] } } }',
      "shared/names.ts": 'export const name = "by path";',
    });
    expect(await displayName(space)).toBe("by path");
  });

  it("npm packages, which may use plugboard themselves", async () => {
    const space = new Workspace({
      "settings.ts": settings('import { secretName, name } from "@acme/connections";', "name"),
      "node_modules/@acme/connections/package.json": '{ "name": "@acme/connections", "type": "module", "exports": "./index.js" }',
      "node_modules/@acme/connections/index.js":
        'import { secret } from "plugboard";\nexport const name = "from npm";\nexport const secretName = secret("x");',
    });
    expect(await displayName(space)).toBe("from npm");
  });

  it("a model file", async () => {
    const space = new Workspace({ "settings.ts": settings("", '"the model"') });
    expect(await displayName(space)).toBe("the model");
    const { code } = await space.run("compile", "out/settings.json", "--to", "json", "--out", "again");
    expect(code).toBe(0);
    expect(space.read("again/settings.json")).toBe(space.read("out/settings.json"));
  });
});

describe("places lead to the user's own code", () => {
  it("in another file", async () => {
    const space = new Workspace({
      "settings.ts": settings('import { standard } from "./lib/standard.ts";', '"d"').replace(
        "dockerRegistry }) => {",
        "dockerRegistry, ...scope }) => {",
      ),
      "lib/standard.ts": "export const standard = 1;",
    });
    space.write(
      "settings.ts",
      `import { project } from "plugboard";\nimport { standard } from "./lib/standard.ts";\nexport default project("A", (scope) => standard(scope));\n`,
    );
    space.write(
      "lib/standard.ts",
      `import type { Scope } from "plugboard";\n\nexport function standard(scope: Scope): void {\n  scope.dockerRegistry("D", { displayName: "d", url: "no url" });\n}\n`,
    );
    expect((await space.run("check")).stdout).toContain("lib/standard.ts:4:49 warning PB130");
  });

  it("which is the caller where a package declares the connection", async () => {
    const space = new Workspace({
      "settings.ts": `import { project } from "plugboard";\nimport { standard } from "acme";\nexport default project("A", (scope) => {\n  standard(scope);\n});\n`,
      "node_modules/acme/package.json": '{ "name": "acme", "type": "module", "exports": "./index.js" }',
      "node_modules/acme/index.js":
        'export const standard = (scope) => scope.dockerRegistry("D", { displayName: "d", url: "no url" });',
    });
    expect((await space.run("check")).stdout).toContain("settings.ts:4:3 warning PB130");
  });

  it("in a sub-folder of the root, relative to where the command runs", async () => {
    const space = new Workspace({ "team/settings.ts": settings("", "5 as never") });
    expect((await space.run("check", "team/settings.ts")).stdout).toContain("team/settings.ts:4:25 error PB112");
  });
});

describe("settings see nothing of the outside", () => {
  it.each([
    "process.env.HOME",
    "globalThis.process.version",
    "(() => {}).constructor.constructor('return process')().version",
    "new Function('return process')().version",
    "await_",
    "console.log('x')",
    "setTimeout(() => {}, 1)",
    "fetch('http://127.0.0.1:1')",
  ])("%s", async (expression) => {
    const space = new Workspace({ "settings.ts": settings("", `String(${expression})`) });
    const { code, stdout } = await space.run("compile", "--to", "json", "--out", "out");
    expect(stdout).toMatch(/settings\.ts(:\d+:\d+)? error PB1(03|56)/);
    expect(code).toBe(1);
  });

  it("require", async () => {
    const space = new Workspace({ "settings.ts": settings("", "require('node:fs').readFileSync('/etc/hostname', 'utf8')") });
    expect((await space.run("check")).stdout).toMatch(/error PB1(02|03|56)/);
  });
});

describe("inputs", () => {
  const staged = `import { input, project, settings } from "plugboard";
export default settings(
  { stage: input.oneOf("staging", "production"), region: input.text({ default: "eu-west-1" }), size: input.oneOf("s", "m", { default: "s" }) },
  ({ stage, region, size }) =>
    project("Shop", ({ dockerRegistry }) => {
      dockerRegistry("D", { displayName: [stage, region, size].join() });
    }),
);
`;

  it("are given on the command line, or have a default", async () => {
    const space = new Workspace({ "settings.ts": staged });
    expect(await displayName(space, "--input", "stage=production")).toBe("production,eu-west-1,s");
    expect(await displayName(space, "--input", "stage=staging", "--input", "region=a=b", "--input", "size=m")).toBe(
      "staging,a=b,m",
    );
  });

  it.each([
    [[], ['PB107 input "stage" is missing', "--input stage=staging"]],
    [
      ["--input", "stage=test"],
      ['PB109 input "stage" cannot be "test"', "staging, production"],
    ],
    [
      ["--input", "stage=staging", "--input", "stag=x"],
      ['PB108 input "stag" is not declared', "stage, region, size"],
    ],
  ])("%j", async (args, words) => {
    const space = new Workspace({ "settings.ts": staged });
    const { code, stdout } = await space.run("check", ...args);
    for (const word of words) expect(stdout).toContain(word);
    expect(code).toBe(1);
  });

  it("that nobody declared are findings of plain projects too", async () => {
    const space = new Workspace({ "settings.ts": settings("", '"d"') });
    expect((await space.run("check", "--input", "x=y")).stdout).toContain('PB108 input "x" is not declared');
  });
});

it("settings that are linked from elsewhere evaluate with this package's own copy", async () => {
  const space = new Workspace({ "real/settings.ts": settings("", '"linked"') });
  mkdirSync(join(space.folder, "link"));
  symlinkSync(join(space.folder, "real/settings.ts"), join(space.folder, "link/settings.ts"));
  const { code } = await space.run("compile", "link/settings.ts", "--to", "json", "--out", "out");
  expect(code).toBe(0);
});
