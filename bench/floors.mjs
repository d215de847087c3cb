/** Floors: programs that turn the same settings into the same JSON text with as little as possible around it. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const plain = fileURLToPath(import.meta.resolve("./floors/plain.mjs"));
const engine = fileURLToPath(import.meta.resolve("./floors/engine.mjs"));

/** Whether tsx is installed. Without it, its row is left out. */
export const hasTsx = existsSync(fileURLToPath(import.meta.resolve("../node_modules/tsx")));

/** The floor that budgets refer to: what `compile` is built of, and nothing else. */
export const ENGINE_FLOOR = "bare bundler and engine";

/** Each floor's name, and the arguments of `node` that write what a settings file declares. */
export const floors = [
  { command: "plain Node", floor: true, args: (file, out) => [plain, plainFile(file), out] },
  { command: ENGINE_FLOOR, floor: true, args: (file, out) => [engine, file, out] },
  ...(hasTsx
    ? [{ command: "tsx", floor: true, args: (file, out) => ["--import", import.meta.resolve("tsx"), plain, file, out] }]
    : []),
];

/** Bundles a settings file to JavaScript for the floor that does not do so itself. */
export async function bundlePlain(file, folder) {
  const { build } = require("esbuild");
  await build({
    entryPoints: [file],
    outfile: plainFile(file),
    bundle: true,
    format: "esm",
    alias: { plugboard: createRequire(`${folder}/`).resolve("plugboard") },
  });
}

function plainFile(file) {
  return file.replace(/\.ts$/, ".plain.mjs");
}
