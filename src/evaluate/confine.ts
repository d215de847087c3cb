import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import type { Plugin } from "esbuild";

/** Why an import or a tsconfig is refused. */
export class Refused extends Error {
  override readonly name = "Refused";
}

/** Whether a path lies in a folder, both real: links are followed before they are compared. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === "" || !(way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way));
}

/**
 * Keeps a bundle inside the root: every import is resolved first, and its real path held against the root before the
 * file is read. `plugboard` is the file `authoring`, whose own imports (`own`) may be read too.
 */
export function confinement(root: string, authoring: string, own: (file: string) => boolean): Plugin {
  const checked = Symbol("already resolved");
  return {
    name: "plugboard-root",
    setup(build) {
      build.onResolve({ filter: /.*/ }, async ({ path, kind, importer, resolveDir, pluginData, with: attributes }) => {
        if (pluginData === checked) return undefined;
        if (path === "plugboard") return { path: authoring };
        if (path.startsWith("plugboard/")) return refusal(`import ${quoted(path)}: settings import "plugboard" alone`, "PB102");
        if (kind !== "entry-point" && !own(importer)) {
          if (/^[a-z][a-z0-9+.-]+:/i.test(path) && !path.startsWith("node:"))
            return refusal(`import ${quoted(path)}: settings import files, not addresses`);
          if (isAbsolute(path)) return refusal(`import ${quoted(path)} is an absolute path: write it relative to the file`);
        }
        const found = await build.resolve(path, { kind, importer, resolveDir, pluginData: checked, with: attributes });
        if (found.errors.length > 0 || found.external) return found;
        if (found.namespace !== "file") return refusal(`import ${quoted(path)} is not a file`);
        if (!own(found.path) && !isInside(realPath(found.path), root)) {
          return refusal(`import ${quoted(path)} leads out of the root ${quoted(root)}`);
        }
        if (!isFile(found.path)) return refusal(`import ${quoted(path)} is not a regular file`);
        return found;
      });
    },
  };
}

/** What the bundler reports for a refused import; `detail` is the code of the finding. */
function refusal(text: string, detail: "PB102" | "PB155" = "PB155") {
  return { errors: [{ text, detail }] };
}

/** A pipe or a device would never end. */
function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}

/**
 * The tsconfig that applies to a settings file: the nearest one upward, not above the root. Every file it extends lies
 * inside the root too. `undefined` if there is none.
 * @throws Refused where one leads out of the root.
 */
export function findTsconfig(file: string, root: string): string | undefined {
  for (let folder = dirname(file); isInside(folder, root); folder = dirname(folder)) {
    const candidate = join(folder, "tsconfig.json");
    if (existsSync(candidate)) {
      assertConfined(candidate, root, new Set());
      return candidate;
    }
    if (folder === dirname(folder)) break;
  }
  return undefined;
}

function assertConfined(tsconfig: string, root: string, seen: Set<string>): void {
  const real = realPath(tsconfig);
  if (!isInside(real, root)) throw new Refused(`${quoted(tsconfig)} leads out of the root ${quoted(root)}`);
  if (seen.has(real) || !existsSync(real)) return;
  seen.add(real);
  for (const target of extendsOf(readFileSync(real, "utf8"))) {
    if (isAbsolute(target)) throw new Refused(`${quoted(relative(root, tsconfig))} extends an absolute path`);
    if (target.startsWith(".")) {
      const path = resolve(dirname(tsconfig), target);
      assertConfined(existsSync(path) || path.endsWith(".json") ? path : `${path}.json`, root, seen);
    } else {
      for (const path of packageFiles(target, dirname(tsconfig), root)) assertConfined(path, root, seen);
    }
  }
}

/** What a tsconfig extends, read from its text: JSON with comments. A text that looks like it is enough to look at it. */
function extendsOf(text: string): string[] {
  const found = /"extends"\s*:\s*(\[[^\]]*\]|"(?:[^"\\]|\\.)*")/.exec(text)?.[1] ?? "";
  return [...found.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((match) => JSON.parse(`"${match[1]}"`) as string);
}

/** Files of an npm package that a tsconfig may extend, on the way up to the root. */
function packageFiles(target: string, folder: string, root: string): string[] {
  const files: string[] = [];
  for (let here = folder; isInside(here, root); here = dirname(here)) {
    const base = join(here, "node_modules", target);
    files.push(
      ...[base, `${base}.json`, join(base, "tsconfig.json")].filter((each) => each.endsWith(".json") && existsSync(each)),
    );
    if (here === dirname(here)) break;
  }
  return files;
}
