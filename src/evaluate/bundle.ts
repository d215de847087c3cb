import { existsSync } from "node:fs";
import { builtinModules, createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { BuildFailure, BuildOptions, BuildResult, Message, TsconfigRaw } from "esbuild";
import { type Finding, finding } from "../model/finding.js";
import { authoringPlugin, type Confinement, compilerOptionsFor, createConfinement, isInside, Refused } from "./confine.js";
import { EXPORTS, SCRIPT } from "./run.js";

/** A settings file with everything it imports, as one script. */
export interface Bundle {
  readonly code: string;
  /** Source map of the script, if it was asked for. Its sources are relative to the root. */
  readonly map?: string;
  /** Absolute paths of the files that the script is made of. */
  readonly inputs: readonly string[];
  /** Whether the files tell all that the script depends on. With packages, links or a tsconfig that redirects imports they do not. */
  readonly cacheable: boolean;
}

export interface BundleRequest {
  /** Absolute path of the settings file. */
  readonly file: string;
  /** Absolute, real path of the folder that imports may come from. */
  readonly root: string;
  readonly withMap: boolean;
  /** Greatest length of the script. */
  readonly limit: number;
  /** Whether modules of Node are left to the runner, and imports may come from anywhere. */
  readonly trust: boolean;
}

/** The authoring library: this package's own copy, however it is installed or linked. */
const authoringEntry = ["./index.js", "../index.ts"]
  .map((each) => fileURLToPath(new URL(each, import.meta.url)))
  .find(existsSync) as string;

export function isAuthoringSource(file: string): boolean {
  return isInside(file, dirname(authoringEntry));
}

/** Why there is no bundle. */
export interface Unbundled {
  readonly findings: readonly Finding[];
  /** Absolute paths of files that are imported and not there. */
  readonly missing?: readonly string[];
}

/** Bundles settings files: local files, JSON and npm packages inside the root; `plugboard` is this package's own copy. */
export interface Bundler {
  bundle(request: BundleRequest): Promise<Bundle | Unbundled>;
  /** Lets go of what is kept. */
  close(): void;
}

/** @param warm Whether what was read of the files is kept for the next bundle of the same settings file. */
export function createBundler(warm: boolean): Bundler {
  const kept = new Map<string, Builder>();
  return {
    async bundle(request) {
      const { file, root, limit, trust } = request;
      try {
        const { options, files } = trust ? { options: {}, files: [] } : await compilerOptionsFor(file, root);
        const key = JSON.stringify([request, options]);
        const builder = kept.get(key) ?? (await createBuilder(request, options, warm));
        if (warm) kept.set(key, builder);
        const { outputFiles, metafile } = await builder.build();
        const text = (suffix: string): string | undefined => outputFiles.find((each) => each.path.endsWith(suffix))?.text;
        const code = text(".js") as string;
        if (code.length > limit) {
          const message = `the bundled settings have ${code.length} characters, at most ${limit} are allowed`;
          const hint = "Raise --bundle-limit if this is what you want.";
          return { findings: [finding("PB153", message, { place: { file }, hint })] };
        }
        const map = text(".map");
        const inputs = [...Object.keys(metafile.inputs).map((each) => resolve(root, each)), ...files];
        const redirected = "paths" in options || "baseUrl" in options || "rootDirs" in options;
        const cacheable = builder.confinement.plain && !redirected;
        return { code, inputs, cacheable, ...(map === undefined ? {} : { map }) };
      } catch (error) {
        if (error instanceof Refused) return { findings: [finding("PB155", error.message, { place: { file } })] };
        const { errors } = error as BuildFailure;
        if (!Array.isArray(errors)) throw error;
        return {
          findings: errors.map((each) => fromMessage(each, root)),
          missing: errors.flatMap((each) => missingIn(each, root)),
        };
      }
    },
    close() {
      for (const each of kept.values()) each.close();
      kept.clear();
    },
  };
}

type Options = BuildOptions & { readonly write: false; readonly metafile: true };

/** Makes the same bundle again and again. */
interface Builder {
  readonly build: () => Promise<BuildResult<Options>>;
  readonly close: () => void;
  readonly confinement: Confinement;
}

async function createBuilder(
  { file, root, withMap, trust }: BundleRequest,
  compilerOptions: Readonly<Record<string, unknown>>,
  warm: boolean,
): Promise<Builder> {
  // Required, not imported: import would first scan the whole CommonJS file for the names it exports.
  const { build, context } = createRequire(import.meta.url)("esbuild") as typeof import("esbuild");
  const confinement = createConfinement({ root, own: isAuthoringSource, withMap });
  const options: Options = {
    absWorkingDir: root,
    entryPoints: [file],
    outfile: resolve(root, SCRIPT),
    bundle: true,
    write: false,
    metafile: true,
    format: "iife",
    globalName: EXPORTS,
    platform: trust ? "node" : "neutral",
    mainFields: ["module", "main"],
    conditions: ["import", "default"],
    target: "es2022",
    charset: "utf8",
    minifyWhitespace: true, // the engine reads a shorter script in less time
    logLevel: "silent",
    sourcemap: withMap ? "external" : false,
    sourcesContent: false,
    plugins: [authoringPlugin(authoringEntry), ...(trust ? [] : [confinement.plugin])],
    ...(trust ? {} : { tsconfigRaw: { compilerOptions } as TsconfigRaw }),
  };
  if (!warm) return { build: () => withoutEnvironment(() => build(options), { GOGC: SELDOM }), close: () => {}, confinement };
  const kept = await withoutEnvironment(() => context(options));
  return { build: () => kept.rebuild(), close: () => kept.dispose(), confinement };
}

/** What the bundler's process may know of the environment: where temporary files go, and what Windows needs to start one. */
const INHERITED: ReadonlySet<string> = new Set(["TMPDIR", "TEMP", "TMP", "SystemRoot"]);

/** How much a process that lives for one bundle may pile up before it collects garbage, in per cent: that takes a fifth off a large one. */
const SELDOM = "400";

/**
 * Starts what starts a process. The process inherits next to nothing: values of secrets may stand in the environment, and
 * variables such as `NODE_PATH` would lead imports elsewhere.
 */
function withoutEnvironment<Result>(start: () => Result, more: Readonly<Record<string, string>> = {}): Result {
  const kept = { ...process.env };
  for (const name of Object.keys(kept)) if (!INHERITED.has(name)) delete process.env[name];
  Object.assign(process.env, more);
  try {
    return start();
  } finally {
    for (const name of Object.keys(more)) delete process.env[name];
    Object.assign(process.env, kept);
  }
}

/** The name of an import that was not found. */
function unresolved({ text }: Message): string | undefined {
  return /^Could not resolve "(.*)"/.exec(text)?.[1];
}

function missingIn(message: Message, root: string): string[] {
  const name = unresolved(message);
  return name?.startsWith(".") && message.location !== null ? [resolve(root, dirname(message.location.file), name)] : [];
}

function fromMessage(message: Message, root: string): Finding {
  const { text, location, detail } = message;
  const place =
    location === null ? {} : { place: { file: resolve(root, location.file), line: location.line, column: location.column + 1 } };
  if (detail === "PB102") return finding(detail, text, place);
  if (detail === "PB155") {
    return finding(detail, text, { ...place, hint: "Name a wider folder with --root, or run settings you trust with --trust." });
  }
  const missing = unresolved(message);
  if (missing !== undefined) {
    const name = missing.replace(/^node:/, "");
    if (missing.startsWith("node:") || builtinModules.includes(name)) {
      const hint = "Import a JSON file, or declare an input with settings(…). Settings you trust may use it with --trust.";
      return finding("PB102", `Node's module ${JSON.stringify(missing)} is not available in settings`, { ...place, hint });
    }
    const local = missing.startsWith(".") || missing.startsWith("/");
    const hint = local
      ? "Does the file exist?"
      : `Is it installed? npm install ${missing
          .split("/")
          .slice(0, missing.startsWith("@") ? 2 : 1)
          .join("/")}`;
    return finding("PB102", `import ${JSON.stringify(missing)} cannot be resolved`, { ...place, hint });
  }
  if (text.startsWith("Could not read from file") || text.startsWith("Cannot read")) return finding("PB100", text, place);
  if (text.startsWith("Top-level await")) {
    return finding("PB105", "top-level await is not available in settings", {
      ...place,
      hint: "Settings are synchronous: import a JSON file instead.",
    });
  }
  // The text found may be a part of a value that was not closed properly.
  return finding("PB101", text.replace(/found "[^"]*\w[^"]*"/g, "something else was found"), place);
}
