import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, extname, isAbsolute, join, relative, resolve, sep } from "node:path";
import type { Loader, OnLoadResult, Plugin } from "esbuild";

/** Whether a path lies in a folder, both real: links are followed before they are compared. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === "" || !(way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way));
}

/** A path with its links followed; the path itself if there is nothing. */
export function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

/** What a bundle may be made of, and what is learnt while it is made. It serves one bundle after the other. */
export interface Confinement {
  readonly plugin: Plugin;
  /** Whether every import is a plain path to a plain file, so that the files tell all that the bundle depends on. */
  plain: boolean;
}

export interface ConfinementOptions {
  /** Real path of the folder that files may come from. */
  readonly root: string;
  /** Files of this package, which may be read too. */
  readonly own: (file: string) => boolean;
  /** Whether a source map is made. Maps that the files themselves name are never read: they may lie anywhere. */
  readonly withMap: boolean;
}

/**
 * Keeps a bundle inside the root: every import is resolved first, and the real path of every file held against the root
 * before it is read.
 */
export function createConfinement({ root, own, withMap }: ConfinementOptions): Confinement {
  const checked = Symbol("already resolved");
  const resolved = new Set<string>();
  const confinement: Confinement = {
    plain: true,
    plugin: {
      name: "plugboard-root",
      setup(build) {
        build.onStart(() => {
          confinement.plain = true;
          resolved.clear();
        });
        build.onResolve({ filter: /.*/ }, async ({ path, kind, importer, resolveDir, pluginData, with: attributes }) => {
          if (pluginData === checked) return undefined;
          if (kind === "entry-point") {
            const real = realPath(path);
            if (!existsSync(real)) return undefined; // the bundler says so
            const problem = problemOf(real, root);
            if (problem !== undefined) return refusal(`${quoted(relative(root, path))} ${problem}`);
            resolved.add(real);
            return { path: real };
          }
          if (!own(importer)) {
            if (/^[a-z][a-z0-9+.-]+:/i.test(path) && !path.startsWith("node:")) {
              return refusal(`import ${quoted(path)}: settings import files, not addresses`);
            }
            if (isAbsolute(path)) return refusal(`import ${quoted(path)} is an absolute path: write it relative to the file`);
          }
          const found = await build.resolve(path, { kind, importer, resolveDir, pluginData: checked, with: attributes });
          if (found.errors.length > 0 || found.external) return found;
          if (found.namespace !== "file") return refusal(`import ${quoted(path)} is not a file`);
          const problem = own(found.path) ? undefined : problemOf(found.path, root);
          if (problem !== undefined) return refusal(`import ${quoted(path)} ${problem}`);
          resolved.add(found.path);
          if (!own(found.path)) confinement.plain &&= isPlain(path, resolveDir, found.path);
          return found;
        });
        build.onLoad({ filter: /.*/, namespace: "file" }, ({ path }): OnLoadResult | undefined => {
          if (own(path)) return undefined;
          // What no import names was found by a pattern in its place: it would read whatever lies there.
          if (!resolved.has(path))
            return refusal(`an import by a pattern found ${quoted(relative(root, path))}: write the path out`);
          const problem = problemOf(path, root);
          if (problem !== undefined) return refusal(`${quoted(relative(root, path))} ${problem}`);
          const loader = loaders[extname(path)];
          if (loader === undefined)
            return refusal(`${quoted(relative(root, path))} is neither TypeScript, JavaScript nor JSON`, "PB102");
          if (!withMap) return undefined; // the bundler reads it faster
          return { loader, contents: readFileSync(path, "utf8").replace(/sourceMappingURL/g, "sourceMappingXXX") };
        });
      },
    },
  };
  return confinement;
}

/** Finds `plugboard`, whatever else settings may import. */
export function authoringPlugin(authoring: string): Plugin {
  return {
    name: "plugboard",
    setup(build) {
      build.onResolve({ filter: /^plugboard(\/|$)/ }, ({ path }) =>
        path === "plugboard"
          ? { path: authoring }
          : refusal(`import ${quoted(path)}: settings import "plugboard" alone`, "PB102"),
      );
    },
  };
}

const loaders: Readonly<Record<string, Loader>> = {
  ".ts": "ts",
  ".mts": "ts",
  ".cts": "ts",
  ".tsx": "tsx",
  ".js": "js",
  ".mjs": "js",
  ".cjs": "js",
  ".jsx": "jsx",
  ".json": "json",
};

function problemOf(path: string, root: string): string | undefined {
  if (!isInside(realPath(path), root)) return `leads out of the root ${quoted(root)}`;
  // A pipe or a device would never end.
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? undefined : "is not a regular file";
}

/** Whether an import is a path, and the file found is the one of that name: no package, no folder, no link. */
function isPlain(path: string, folder: string, found: string): boolean {
  if (!path.startsWith(".")) return false;
  const target = resolve(folder, path);
  return found === target || found.startsWith(`${target}.`) || found.startsWith(`${target.slice(0, -extname(target).length)}.`);
}

/** What the bundler reports for a refused import; `detail` is the code of the finding. */
function refusal(text: string, detail: "PB102" | "PB155" = "PB155") {
  return { errors: [{ text, detail }] };
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}

/** Why a tsconfig is refused. */
export class Refused extends Error {
  override readonly name = "Refused";
}

interface Tsconfig {
  readonly extends?: unknown;
  readonly compilerOptions?: Readonly<Record<string, unknown>>;
}

/**
 * The compiler options that apply to a settings file: those of the nearest tsconfig upward, not above the root, with
 * what it extends inside the root. The bundler itself reads no tsconfig. Paths are absolute in what is returned.
 * @throws Refused where one leads out of the root or is no JSON.
 */
export async function compilerOptionsFor(
  file: string,
  root: string,
): Promise<{ options: Record<string, unknown>; files: readonly string[] }> {
  for (let folder = dirname(file); isInside(folder, root); folder = dirname(folder)) {
    const candidate = join(folder, "tsconfig.json");
    if (statSync(candidate, { throwIfNoEntry: false })?.isFile()) {
      const { parse } = await import("jsonc-parser");
      const files: string[] = [];
      return { options: readOptions(candidate, root, files, parse), files };
    }
    if (folder === dirname(folder)) break;
  }
  return { options: {}, files: [] };
}

type Parse = typeof import("jsonc-parser")["parse"];

function readOptions(tsconfig: string, root: string, files: string[], parse: Parse): Record<string, unknown> {
  const shown = quoted(relative(root, tsconfig));
  const problem = problemOf(tsconfig, root);
  if (problem !== undefined) throw new Refused(`${shown} ${problem}`);
  if (files.includes(tsconfig)) return {};
  files.push(tsconfig);
  const data: unknown = parse(readFileSync(tsconfig, "utf8"), [], { allowTrailingComma: true });
  if (typeof data !== "object" || data === null) throw new Refused(`${shown} is not a tsconfig`);
  const { extends: parents = [], compilerOptions = {} } = data as Tsconfig;
  const options: Record<string, unknown> = {};
  for (const parent of Array.isArray(parents) ? parents : [parents]) {
    if (typeof parent !== "string" || isAbsolute(parent))
      throw new Refused(`${shown} extends an absolute path, or what is no path`);
    // What a package brings along is for type checkers: of its options, none changes what imports mean here.
    if (!parent.startsWith(".")) continue;
    const path = resolve(dirname(tsconfig), parent);
    Object.assign(options, readOptions(path.endsWith(".json") ? path : `${path}.json`, root, files, parse));
  }
  return { ...options, ...compilerOptions, ...absolute(compilerOptions, dirname(tsconfig)) };
}

/** `baseUrl` and `paths` as absolute paths: they are relative to the file that names them. */
function absolute({ baseUrl, paths }: Readonly<Record<string, unknown>>, folder: string): Record<string, unknown> {
  const base = typeof baseUrl === "string" ? resolve(folder, baseUrl) : undefined;
  const mapped =
    typeof paths === "object" && paths !== null
      ? Object.fromEntries(
          Object.entries(paths).map(([name, targets]) => [
            name,
            (Array.isArray(targets) ? targets : [])
              .filter((each) => typeof each === "string")
              .map((each) => resolve(base ?? folder, each)),
          ]),
        )
      : undefined;
  return { ...(base === undefined ? {} : { baseUrl: base }), ...(mapped === undefined ? {} : { paths: mapped }) };
}
