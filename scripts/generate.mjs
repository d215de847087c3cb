// Writes what is derived from the registry: the authoring name table, the JSON Schema, the reference pages.
// `--check` writes nothing and fails if a file would change.
import { rm } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const outfile = `${root}.tmp/generate-${process.pid}.mjs`;
await build({
  entryPoints: [`${root}scripts/generate/main.ts`],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  packages: "external",
  logLevel: "error",
});
try {
  const { generate } = await import(pathToFileURL(outfile).href);
  process.exitCode = await generate(root, process.argv.includes("--check"));
} finally {
  await rm(outfile, { force: true });
}
