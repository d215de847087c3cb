import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { publint } from "publint";
import { describe, expect, it } from "vitest";
import { execute, root, Workspace } from "./support/workspace.js";

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  version: string;
  exports: Record<string, unknown>;
  dependencies: Record<string, string>;
};
const entries = Object.keys(manifest.exports).filter((each) => !each.endsWith(".json"));

describe("the authoring entry", () => {
  it("bundles without zod, without any dependency and without a module of Node", async () => {
    const { metafile, outputFiles } = await build({
      entryPoints: [join(root, "dist/index.js")],
      bundle: true,
      write: false,
      metafile: true,
      format: "esm",
      platform: "neutral",
      minify: true,
    });
    for (const input of Object.keys(metafile.inputs)) expect(input).toMatch(/^dist\//);
    const [output] = Object.values(metafile.outputs);
    expect(output?.imports).toEqual([]);
    expect(outputFiles[0]?.contents.length).toBeLessThan(12_000);
  });

  it("has declarations that need no other package", () => {
    const seen = new Set<string>();
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const [, from] of readFileSync(join(root, "dist", file), "utf8").matchAll(/from '([^']+)'/g)) {
        expect(from).toMatch(/^\.\//);
        visit((from as string).slice(2).replace(/\.js$/, ".d.ts"));
      }
    };
    visit("index.d.ts");
    expect(seen.size).toBeGreaterThan(1);
  });
});

it("publint has nothing to say", async () => {
  const { messages } = await publint({ pkgDir: root, strict: true });
  expect(messages).toEqual([]);
});

const installable = process.env.CI !== undefined || (await reachesRegistry());
if (!installable) console.warn("\nSKIPPED: the package as installed (no package registry can be reached)\n");

describe.skipIf(!installable)("the package as installed", () => {
  it("installs from its tarball, imports, type-checks and runs", async () => {
    const space = new Workspace();
    execFileSync("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", space.folder], {
      cwd: root,
      stdio: ["ignore", "pipe", "ignore"],
    });
    const tarball = readdirSync(space.folder).find((each) => each.endsWith(".tgz")) as string;
    space.write("package.json", JSON.stringify({ name: "consumer", private: true, type: "module" }));
    const install = await execute(
      "npm",
      ["install", "--no-audit", "--no-fund", "--ignore-scripts", `./${tarball}`],
      space.folder,
    );
    expect(install.code).toBe(0);

    const imports = entries.map((entry, index) => `import * as e${index} from "plugboard${entry.slice(1)}";`).join("\n");
    const names = entries.map((_, index) => `Object.keys(e${index}).length`).join(", ");
    space.write("all.mjs", `${imports}\nconsole.log(JSON.stringify([${names}]));`);
    const imported = await execute(process.execPath, ["all.mjs"], space.folder);
    expect(imported.stderr).toBe("");
    for (const count of JSON.parse(imported.stdout) as number[]) expect(count).toBeGreaterThan(0);

    space.write("all.ts", `${imports}\nexport default [${entries.map((_, index) => `e${index}`).join(", ")}];`);
    for (const [module, resolution] of [
      ["NodeNext", "NodeNext"],
      ["ESNext", "Bundler"],
    ] as const) {
      const args = ["--noEmit", "--strict", "--module", module, "--moduleResolution", resolution, "--target", "ES2022", "all.ts"];
      const checked = await execute(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), ...args], space.folder);
      expect(checked.stdout).toBe("");
    }

    const bin = join(space.folder, "node_modules/.bin/plugboard");
    expect(existsSync(bin)).toBe(true);
    expect((await execute(bin, ["--version"], space.folder)).stdout).toBe(`${manifest.version}\n`);
    expect((await execute(bin, ["init", ".", "--project", "Shop"], space.folder)).code).toBe(0);
    expect((await execute(bin, ["compile"], space.folder)).stdout).toContain("2 connections in 1 project: 1 file, 0 unchanged.");
    const typed = await execute(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", "."], space.folder);
    expect(typed.stdout).toBe("");
  });
});

async function reachesRegistry(): Promise<boolean> {
  const { code } = await execute("npm", ["view", "zod@4.6.7", "version", "--fetch-retries=0", "--fetch-timeout=5000"], root);
  return code === 0;
}
