import { copyFileSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
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
    // The command line carries what it needs of its libraries: fewer files to open, and of zod no locale but one.
    ...common,
    entry: { bin: "src/bin.ts", sandbox: "src/evaluate/sandbox-worker.ts", "trusted-child": "src/evaluate/trusted-child.ts" },
    noExternal: ["zod", "@rgrove/parse-xml", "@jridgewell/trace-mapping", "jsonc-parser", "quickjs-emscripten-core"],
  },
]);
