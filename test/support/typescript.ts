import { transformSync } from "esbuild";
import { connectionTypes } from "../../src/connections/index.js";
import type { ConnectionType } from "../../src/contract/define.js";
import * as authoring from "../../src/index.js";
import { readDeclaration } from "../../src/model/declared.js";
import { parseProject } from "../../src/model/parse.js";
import { MODEL_SCHEMA_ID, MODEL_VERSION, type Settings } from "../../src/model/schema.js";
import type { Declaration } from "../../src/model/values.js";

/** Runs TypeScript files that import nothing but `plugboard` and each other; the default export of `settings.ts`. */
function load(files: ReadonlyMap<string, string>): Declaration {
  const loaded = new Map<string, Record<string, unknown>>();
  const requireFile = (path: string): unknown => {
    if (path === "plugboard") return authoring;
    const file = path.replace(/^\.\//, "").replace(/\.js$/, ".ts");
    const known = loaded.get(file);
    if (known !== undefined) return known;
    const { code } = transformSync(files.get(file) as string, { loader: "ts", format: "cjs" });
    const module = { exports: {} as Record<string, unknown> };
    new Function("require", "module", "exports", code)(requireFile, module, module.exports);
    loaded.set(file, module.exports);
    return module.exports;
  };
  return (requireFile("settings.ts") as { default: Declaration }).default;
}

/** The model that settings files evaluate to, by its schema alone: rules are not asked. */
export function modelOf(
  files: ReadonlyMap<string, string> | string,
  types: readonly ConnectionType[] = connectionTypes,
): Settings {
  const declaration = load(typeof files === "string" ? new Map([["settings.ts", files]]) : files);
  const { value, findings } = parseProject(readDeclaration(declaration).project, types);
  if (value === undefined) throw new Error(JSON.stringify(findings));
  return { $schema: MODEL_SCHEMA_ID, version: MODEL_VERSION, project: value };
}
