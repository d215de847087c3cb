import { chmodSync, copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { isAbsolute, join, relative } from "node:path";
import type { Metafile } from "esbuild";
import { rollup } from "rollup";
import { defineConfig } from "tsup";

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };

/** What settings import. It is one file: every import of another would be asked for while settings are bundled. */
const authoring = { index: "src/index.ts" };

/** The other entries of the exports map. */
const library = {
  model: "src/entry/model.ts",
  formats: "src/entry/formats.ts",
  contract: "src/entry/contract.ts",
  testing: "src/entry/testing.ts",
  aws: "src/entry/aws.ts",
  test: "src/entry/test.ts",
};

/**
 * esbuild makes a file of whatever some entries share, dozens of them. Rollup joins those that are never loaded apart. What the files
 * are made of is kept for the tests that look at what is loaded.
 */
async function joinFiles(folder: string): Promise<void> {
  const { outputs } = JSON.parse(readFileSync(join(folder, "metafile-esm.json"), "utf8")) as Metafile;
  const imported = new Set(Object.values(outputs).flatMap(({ imports }) => imports.map(({ path }) => path)));
  const isEntry = (file: string) => outputs[file]?.entryPoint?.startsWith("src/") === true && !imported.has(file);
  const bundle = await rollup({
    input: Object.keys(outputs).filter(isEntry),
    external: (id) => !id.startsWith(".") && !isAbsolute(id),
    treeshake: false,
  });
  const { output } = await bundle.write({ dir: "dist", chunkFileNames: "cli-[hash].js" });
  await bundle.close();
  const inputsOf = (file: string) => Object.keys(outputs[relative("", file)]?.inputs ?? {});
  const parts = output.flatMap((each) => (each.type === "chunk" ? [[each.fileName, each.moduleIds.flatMap(inputsOf)]] : []));
  writeFileSync("build/parts.json", JSON.stringify(Object.fromEntries(parts)));
  chmodSync("dist/bin.js", 0o755);
  rmSync(folder, { recursive: true });
}

const require = createRequire(import.meta.url);

/** The Kotlin grammar, which is read when Kotlin is imported. */
const grammar = require.resolve("@tree-sitter-grammars/tree-sitter-kotlin/tree-sitter-kotlin.wasm");

const common = {
  format: "esm",
  target: "node20.19",
  platform: "node",
  splitting: true,
  define: { PLUGBOARD_VERSION: JSON.stringify(version) },
} as const;

export default defineConfig([
  { ...common, entry: authoring, splitting: false },
  {
    ...common,
    entry: library,
    dts: { entry: { ...authoring, ...library } },
    onSuccess: async () => copyFileSync(grammar, "dist/tree-sitter-kotlin.wasm"),
  },
  {
    // The command line carries what it needs of its libraries: fewer files to open, and of zod no locale but one. Shorter files are read
    // in less time; names stay, for the stack traces in reports of bugs.
    ...common,
    minifyWhitespace: true,
    minifySyntax: true,
    entry: { bin: "src/bin.ts", sandbox: "src/evaluate/sandbox-worker.ts", "trusted-child": "src/evaluate/trusted-child.ts" },
    outDir: "build/split",
    metafile: true,
    onSuccess: () => joinFiles("build/split"),
    noExternal: ["zod", "@rgrove/parse-xml", "@jridgewell/trace-mapping", "jsonc-parser", "quickjs-emscripten-core"],
  },
]);
