import { expect, it } from "vitest";
import { listBundled, listLoaded } from "./support/loaded.js";
import { Workspace } from "./support/workspace.js";

const settings = `import { project, token } from "plugboard";
export default project("A", ({ npmRegistry }) => {
  npmRegistry("N", { displayName: "n", token: token("credentialsJSON:00000000-0000-4000-8000-000000000001") });
});
`;

/** The packages of stores and of providers. */
const packages = /node_modules\/(age-encryption|@aws-sdk|@smithy|@octokit|@slack)\//;

/** The package of the transport, which a test loads ahead. */
const undici = /node_modules\/undici\//;

it.each([["compile"], ["check"]])("plugboard %s loads nothing of connection tests", async (command) => {
  const modules = await listLoaded(new Workspace({ "settings.ts": settings }), command, "--no-cache");
  const read = listBundled(modules);
  expect(read).toContain("src/cli/project.ts");
  expect(read.filter((each) => /^src\/(tester|transport|secrets|cli\/test)|\/adapter\.ts$/.test(each))).toEqual([]);
  expect(modules.filter((each) => packages.test(each) || undici.test(each))).toEqual([]);
});

it("plugboard test loads the adapters of the kinds that it meets, and no package that it does not use", async () => {
  const modules = await listLoaded(new Workspace({ "settings.ts": settings }), "test");
  const read = listBundled(modules);
  expect(read).toContain("src/cli/test.ts");
  expect(read.filter((each) => /^src\/connections\/.*\/adapter\.ts$/.test(each))).toEqual(["src/connections/npm/adapter.ts"]);
  expect(modules.filter((each) => packages.test(each))).toEqual([]);
});
