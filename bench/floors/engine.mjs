/**
 * Floor: the bundler and the engine with nothing around them: no thread, limits, confinement or checks.
 * `node engine.mjs FILE OUT` writes what FILE declares.
 */
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import variant from "@jitl/quickjs-wasmfile-release-sync";
import { newQuickJSWASMModuleFromVariant } from "quickjs-emscripten-core";

const [file, out] = process.argv.slice(2);
// Required, not imported: import would first scan the whole CommonJS file for the names it exports.
const { build } = createRequire(import.meta.url)("esbuild");

const bundling = build({
  entryPoints: [file],
  write: false,
  bundle: true,
  format: "iife",
  globalName: "settings",
  platform: "neutral",
  alias: { plugboard: createRequire(file).resolve("plugboard") },
});
const [{ outputFiles }, engine] = await Promise.all([bundling, newQuickJSWASMModuleFromVariant(variant)]);
const context = engine.newContext();
context.unwrapResult(context.evalCode(outputFiles[0].text)).dispose();
const text = context.unwrapResult(context.evalCode('[...settings.default[Symbol.for("plugboard.declaration")]({})].join("\\n")'));
writeFileSync(out, context.getString(text));
