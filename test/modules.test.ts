import { describe, expect, it } from "vitest";
import { listBundled, listLoaded } from "./support/loaded.js";
import { root, Workspace } from "./support/workspace.js";

const settings =
  'import { project } from "plugboard";\nexport default project("A", ({ dockerRegistry }) => {\n  dockerRegistry("D", { displayName: "d" });\n});\n';

describe("what the command line loads", () => {
  it("for its version: its first file alone", async () => {
    expect(await listLoaded(new Workspace(), "--version")).toHaveLength(1);
  });

  it("for settings without findings: no SDK, no ts-morph, no guide, no locale of zod, no source maps", async () => {
    const modules = await listLoaded(new Workspace({ "settings.ts": settings }), "compile", "--no-cache");
    const packages = new Set(modules.flatMap((each) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(each)?.[1] ?? []));
    for (const each of packages)
      expect(["esbuild", "quickjs-emscripten-core", "@jitl/quickjs-wasmfile-release-sync", "@jitl/quickjs-ffi-types"]).toContain(
        each,
      );
    expect(modules.some((each) => /guide-|trace-mapping|literals|locales/.test(each))).toBe(false);
    expect(listBundled(modules).filter((each) => each.includes("/locales/"))).toEqual(["node_modules/zod/v4/locales/en.js"]);
  });

  it("to start with: no schema, which loads while the settings are evaluated", async () => {
    const bundled = listBundled(await listLoaded(new Workspace(), "--help"));
    expect(bundled).toContain("src/cli/main.ts");
    expect(bundled.filter((each) => /zod|^src\/(model\/schema|formats|rules)/.test(each))).toEqual([]);
  });

  it("for settings that it knows: no bundler and no engine", async () => {
    const space = new Workspace({ "settings.ts": settings });
    await new Promise((resolve) => setTimeout(resolve, 20));
    await space.run("check");
    const modules = await listLoaded(space, "check");
    expect(modules.some((each) => /esbuild|quickjs|sandbox\.js/.test(each))).toBe(false);
  });

  it("its own files lie in dist", async () => {
    const modules = await listLoaded(new Workspace({ "settings.ts": settings }), "compile");
    expect(modules.filter((each) => each.includes(`${root}src/`))).toEqual([]);
  });
});
