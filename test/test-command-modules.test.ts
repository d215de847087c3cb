import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { bin, execute, Workspace } from "./support/workspace.js";

/** Lists every file that a run of the command line loads. */
const recorder = `
import { register } from "node:module";
register("data:text/javascript," + encodeURIComponent('export async function load(url, context, next) { if (!url.startsWith("node:")) process._rawDebug("LOADED " + url); return next(url, context); }'));
`;

async function loaded(...args: string[]): Promise<string[]> {
  const space = new Workspace({
    "recorder.mjs": recorder,
    "settings.ts": `import { project, token } from "plugboard";
export default project("A", ({ npmRegistry }) => {
  npmRegistry("N", { displayName: "n", token: token("credentialsJSON:00000000-0000-4000-8000-000000000001") });
});
`,
  });
  const { stderr } = await execute(
    process.execPath,
    ["--import", join(space.folder, "recorder.mjs"), bin, ...args],
    space.folder,
  );
  return [...stderr.matchAll(/^LOADED (.*)$/gm)].map((match) => match[1] as string);
}

/** The packages of stores and of providers. */
const packages = /node_modules\/(age-encryption|@aws-sdk|@smithy|@octokit|@slack)\//;

/** The sources that the bundler has put into what was loaded, as its comments tell. */
function sources(modules: readonly string[]): string[] {
  return modules
    .filter((each) => each.includes("/dist/"))
    .flatMap((each) =>
      [...readFileSync(fileURLToPath(each), "utf8").matchAll(/^\/\/ (src\/.*)$/gm)].map((match) => match[1] as string),
    );
}

/** The package of the transport, which a test loads ahead. */
const undici = /node_modules\/undici\//;

it.each([["compile"], ["check"]])("plugboard %s loads nothing of connection tests", async (command) => {
  const modules = await loaded(command, "--no-cache");
  const read = sources(modules);
  expect(read).toContain("src/cli/project.ts");
  expect(read.filter((each) => /^src\/(tester|transport|secrets|cli\/test)|\/adapter\.ts$/.test(each))).toEqual([]);
  expect(modules.filter((each) => packages.test(each) || undici.test(each))).toEqual([]);
});

it("plugboard test loads the adapters of the kinds that it meets, and no package that it does not use", async () => {
  const modules = await loaded("test");
  const read = sources(modules);
  expect(read).toContain("src/cli/test.ts");
  expect(read.filter((each) => /^src\/connections\/.*\/adapter\.ts$/.test(each))).toEqual(["src/connections/npm/adapter.ts"]);
  expect(modules.filter((each) => packages.test(each))).toEqual([]);
});
