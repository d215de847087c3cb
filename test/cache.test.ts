import { chmodSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Workspace } from "./support/workspace.js";

const settings = (name: string, before = ""): string => `import { project } from "plugboard";
${before}
export default project("A", ({ dockerRegistry }) => {
  dockerRegistry("D", { displayName: ${name} });
});
`;

/** Files are older than the run, as they are unless someone saves one at that very moment. */
function age(space: Workspace): void {
  const past = new Date(Date.now() - 10_000);
  for (const path of space.list()) utimesSync(join(space.folder, path), past, past);
}

/** Compiles, and tells the name declared and whether it was known from the last time. */
async function compile(space: Workspace, ...args: string[]): Promise<{ name: string; known: boolean }> {
  age(space);
  const { code, stdout, stderr } = await space.run("compile", "--to", "json", "--out", "out", "--trace-time", ...args);
  expect({ code, stdout }).toMatchObject({ code: 0 });
  const name = JSON.parse(space.read("out/settings.json")).project.connections[0].settings.displayName;
  return { name, known: !stderr.includes("bundle") };
}

const entries = (space: Workspace): string[] =>
  readdirSync(join(space.folder, ".cache/plugboard")).map((each) => join(space.folder, ".cache/plugboard", each));

describe("the evaluation cache", () => {
  it("knows unchanged settings, and no others", async () => {
    const space = new Workspace({
      "settings.ts": settings("a + text.b", 'import { a } from "./lib/a.js";\nimport text from "./text.json";'),
      "lib/a.ts": 'export const a = "a1";',
      "text.json": '{ "b": "b1" }',
      "out/settings.json": '{ "$schema": "urn:plugboard:settings:1" }',
    });
    expect(await compile(space)).toEqual({ name: "a1b1", known: false });
    expect(await compile(space)).toEqual({ name: "a1b1", known: true });
    expect(await compile(space, "--no-cache")).toEqual({ name: "a1b1", known: false });
    space.write("lib/a.ts", 'export const a = "a2";');
    expect(await compile(space)).toEqual({ name: "a2b1", known: false });
    space.write("text.json", '{ "b": "b2" }');
    expect(await compile(space)).toEqual({ name: "a2b2", known: false });
    expect(await compile(space)).toEqual({ name: "a2b2", known: true });
    // A new file may take the place of another in the resolution of an import.
    space.write("lib/a.js", 'export const a = "a3";');
    expect((await compile(space)).known).toBe(false);
  });

  it("keeps inputs apart", async () => {
    const space = new Workspace({
      "settings.ts": `import { input, project, settings } from "plugboard";
export default settings({ name: input.text() }, ({ name }) => project("A", ({ dockerRegistry }) => {
  dockerRegistry("D", { displayName: name });
}));`,
    });
    for (const known of [false, true]) {
      for (const name of ["x", "y"]) expect(await compile(space, "--input", `name=${name}`)).toEqual({ name, known });
    }
  });

  it("does not trust a tsconfig that redirects imports to tell all", async () => {
    const space = new Workspace({
      "settings.ts": settings("name", 'import name from "@/name";'),
      "tsconfig.json": '{ "compilerOptions": { "paths": { "@/*": ["./first/*", "./second/*"] } } }',
      "second/name.ts": 'export default "second";',
    });
    expect(await compile(space)).toEqual({ name: "second", known: false });
    space.write("first/name.ts", 'export default "first";');
    expect(await compile(space)).toEqual({ name: "first", known: false });
  });

  it("keeps nothing of settings whose files do not tell all they depend on", async () => {
    const linked = new Workspace({
      "settings.ts": settings("name", 'import name from "./dep.js";'),
      "v1.ts": 'export default "v1";',
      "v2.ts": 'export default "v2";',
    });
    symlinkSync("v1.ts", join(linked.folder, "dep.ts"));
    expect((await compile(linked)).name).toBe("v1");
    rmSync(join(linked.folder, "dep.ts"));
    symlinkSync("v2.ts", join(linked.folder, "dep.ts"));
    expect(await compile(linked)).toEqual({ name: "v2", known: false });

    const folder = new Workspace({
      "settings.ts": settings("name", 'import name from "./lib/dep.js";'),
      "l1/dep.ts": 'export default "l1";',
      "l2/dep.ts": 'export default "l2";',
    });
    symlinkSync("l1", join(folder.folder, "lib"));
    expect((await compile(folder)).name).toBe("l1");
    rmSync(join(folder.folder, "lib"));
    symlinkSync("l2", join(folder.folder, "lib"));
    expect(await compile(folder)).toEqual({ name: "l2", known: false });

    const bundled = new Workspace({
      "settings.ts": settings("name", 'import name from "pkg";'),
      "node_modules/pkg/package.json": '{ "name": "pkg", "module": "dist/m.js", "main": "index.js" }',
      "node_modules/pkg/index.js": 'export default "old";',
    });
    expect((await compile(bundled)).name).toBe("old");
    bundled.write("node_modules/pkg/dist/m.js", 'export default "new";');
    expect(await compile(bundled)).toEqual({ name: "new", known: false });

    const dotted = new Workspace({
      "settings.ts": settings("name", 'import name from "./.dep";'),
      ".dep.js": 'export default "js";',
    });
    expect((await compile(dotted)).name).toBe("js");
    dotted.write(".dep.ts", 'export default "ts";');
    expect((await compile(dotted)).known).toBe(false);
  });

  it("belongs to the user alone, and holds nothing of settings with errors", async () => {
    const space = new Workspace({ "settings.ts": settings('"d", password: "hunter2-canary" as never') });
    age(space);
    expect((await space.run("check")).code).toBe(1);
    expect(entries(space)).toEqual([]);
    space.write("settings.ts", settings('"d"'));
    await compile(space);
    const [entry = ""] = entries(space);
    expect(statSync(entry).mode & 0o777).toBe(0o600);
    expect(statSync(join(space.folder, ".cache/plugboard")).mode & 0o777).toBe(0o700);
    chmodSync(join(space.folder, ".cache/plugboard"), 0o755);
    expect((await compile(space)).known).toBe(false);
  });

  it.each(["", "{", "[]", '{"files":[],"folders":[],"result":"{}"}', '{"files":[],"folders":[],"result":5}'])(
    "survives a broken entry: %s",
    async (text) => {
      const space = new Workspace({ "settings.ts": settings('"d"') });
      await compile(space);
      for (const each of entries(space)) writeFileSync(each, text);
      age(space);
      const { code, stderr } = await space.run("check");
      expect(stderr).toBe("");
      expect([0, 1]).toContain(code);
    },
  );

  it("is shared by processes that run at once", async () => {
    const space = new Workspace({ "settings.ts": settings('"d"') });
    age(space);
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => space.run("check")));
    for (const { code, stderr } of outcomes) expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const each of entries(space)) JSON.parse(readFileSync(each, "utf8"));
  });
});
