import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bin, execute, root, Workspace } from "./support/workspace.js";

/** Lists every file that a run of the command line loads, threads included. */
const recorder = `
import { register } from "node:module";
register("data:text/javascript," + encodeURIComponent('export async function load(url, context, next) { if (!url.startsWith("node:")) process._rawDebug("LOADED " + url); return next(url, context); }'));
`;

async function loaded(space: Workspace, ...args: string[]): Promise<string[]> {
  space.write("recorder.mjs", recorder);
  const { stderr } = await execute(
    process.execPath,
    ["--import", join(space.folder, "recorder.mjs"), bin, ...args],
    space.folder,
  );
  return [...stderr.matchAll(/^LOADED (.*)$/gm)].map((match) => match[1] as string);
}

const settings =
  'import { project } from "plugboard";\nexport default project("A", ({ dockerRegistry }) => {\n  dockerRegistry("D", { displayName: "d" });\n});\n';

describe("what the command line loads", () => {
  it("for its version: its first file alone", async () => {
    expect(await loaded(new Workspace(), "--version")).toHaveLength(1);
  });

  it("for settings without findings: no SDK, no ts-morph, no guide, no locale of zod, no source maps", async () => {
    const modules = await loaded(new Workspace({ "settings.ts": settings }), "compile", "--no-cache");
    const packages = new Set(modules.flatMap((each) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(each)?.[1] ?? []));
    for (const each of packages)
      expect(["esbuild", "quickjs-emscripten-core", "@jitl/quickjs-wasmfile-release-sync", "@jitl/quickjs-ffi-types"]).toContain(
        each,
      );
    expect(modules.some((each) => /guide-|trace-mapping|literals|locales/.test(each))).toBe(false);
    expect(modules.length).toBeGreaterThan(3);
  });

  it("for settings that it knows: no bundler and no engine", async () => {
    const space = new Workspace({ "settings.ts": settings });
    await new Promise((resolve) => setTimeout(resolve, 20));
    await space.run("check");
    const modules = await loaded(space, "check");
    expect(modules.some((each) => /esbuild|quickjs|sandbox\.js/.test(each))).toBe(false);
  });

  it("its own files lie in dist", async () => {
    const modules = await loaded(new Workspace({ "settings.ts": settings }), "compile");
    expect(modules.filter((each) => each.includes(`${root}src/`))).toEqual([]);
  });
});
