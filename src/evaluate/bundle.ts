import { existsSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { BuildFailure, Message } from "esbuild";
import { type Finding, finding } from "../model/finding.js";

/** A settings file with everything it imports, as one script. */
export interface Bundle {
  readonly code: string;
  /** Source map of the script, if it was asked for. Its sources are relative to the root. */
  readonly map?: string;
}

/** The name under which the script keeps the exports of the settings file. */
export const EXPORTS = "settingsModule";

/** Folder of the authoring library: this package's own copy, however it is installed or linked. */
const authoringEntry = ["./index.js", "../index.ts"]
  .map((each) => fileURLToPath(new URL(each, import.meta.url)))
  .find(existsSync) as string;

export function isAuthoringSource(file: string): boolean {
  return !relative(dirname(authoringEntry), file).startsWith("..");
}

/** Bundles a settings file: local files, JSON and npm packages; `plugboard` is this package's own copy. */
export async function bundleSettings(
  file: string,
  root: string,
  withMap: boolean,
): Promise<Bundle | { readonly findings: readonly Finding[] }> {
  const { build } = await import("esbuild");
  try {
    const { outputFiles } = await build({
      absWorkingDir: root,
      entryPoints: [file],
      outfile: resolve(root, "settings.js"),
      bundle: true,
      write: false,
      format: "iife",
      globalName: EXPORTS,
      platform: "neutral",
      mainFields: ["module", "main"],
      conditions: ["import", "default"],
      target: "es2022",
      charset: "utf8",
      logLevel: "silent",
      sourcemap: withMap ? "external" : false,
      sourcesContent: false,
      alias: { plugboard: authoringEntry },
    });
    const text = (suffix: string): string | undefined => outputFiles.find((each) => each.path.endsWith(suffix))?.text;
    const map = text(".map");
    return { code: text(".js") as string, ...(map === undefined ? {} : { map }) };
  } catch (error) {
    const { errors } = error as BuildFailure;
    if (!Array.isArray(errors)) throw error;
    return { findings: errors.map((each) => fromMessage(each, root)) };
  }
}

function fromMessage({ text, location }: Message, root: string): Finding {
  const place =
    location === null ? {} : { place: { file: resolve(root, location.file), line: location.line, column: location.column + 1 } };
  const missing = /^Could not resolve "(.*)"/.exec(text)?.[1];
  if (missing !== undefined) {
    const name = missing.replace(/^node:/, "");
    if (missing.startsWith("node:") || builtinModules.includes(name)) {
      const hint = "Settings read nothing from outside. Import a JSON file, or declare an input with settings(…).";
      return finding("PB102", `Node's module ${JSON.stringify(missing)} is not available in settings`, { ...place, hint });
    }
    const local = missing.startsWith(".") || missing.startsWith("/");
    const hint = local
      ? "Does the file exist?"
      : `Is it installed? npm install ${missing
          .split("/")
          .slice(0, missing.startsWith("@") ? 2 : 1)
          .join("/")}`;
    return finding(
      "PB102",
      `import ${JSON.stringify(missing)} cannot be resolved`,
      missing.startsWith("plugboard/") ? { ...place, hint: 'Settings import "plugboard" only.' } : { ...place, hint },
    );
  }
  if (text.startsWith("Could not read from file") || text.startsWith("Cannot read")) return finding("PB100", text, place);
  if (text.startsWith("Top-level await")) {
    return finding("PB105", "top-level await is not available in settings", {
      ...place,
      hint: "Settings are synchronous: import a JSON file instead.",
    });
  }
  return finding("PB101", text, place);
}
