import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { isInside } from "./confine.js";

/** What an evaluation depends on besides the files it reads. */
export interface CacheKey {
  readonly file: string;
  readonly root: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly toolVersion: string;
}

/** Results of evaluations, kept on disk for the user alone. */
export interface Cache {
  /** The result, if nothing that it was made from has changed. */
  get(key: CacheKey): string | undefined;
  /** Keeps a result. `since`: when bundling began; a file that changed after that makes the result unfit to keep. */
  put(key: CacheKey, files: readonly string[], since: number, result: string): void;
}

interface Entry {
  /** Digests of contents. */
  readonly files: readonly (readonly [path: string, digest: string])[];
  /** Digests of the names in a folder that begin with one of the stems: another file there may be what an import means. */
  readonly folders: readonly (readonly [path: string, stems: readonly string[], digest: string])[];
  readonly result: string;
}

const MOST_ENTRIES = 200;
const LONGEST_RESULT = 32 * 1024 * 1024;

/**
 * Opens the cache in the user's cache folder. `undefined` if there is none that belongs to the user alone.
 * Two processes may share it: an entry is written beside its place and renamed.
 */
export function openCache(environment: NodeJS.ProcessEnv = process.env): Cache | undefined {
  const folder = cacheFolder(environment);
  if (folder === undefined || !isPrivate(folder)) return undefined;
  const entryOf = (key: CacheKey): string =>
    join(folder, `${digest(JSON.stringify([key.toolVersion, key.file, key.root, Object.entries(key.inputs).sort()]))}.json`);
  return {
    get(key) {
      try {
        const { files, folders, result } = JSON.parse(readFileSync(entryOf(key), "utf8")) as Entry;
        const fresh =
          files.every(([path, before]) => fileDigest(path) === before) &&
          folders.every(([path, stems, before]) => namesDigest(path, stems) === before);
        return fresh && typeof result === "string" ? result : undefined;
      } catch {
        return undefined;
      }
    },
    put(key, files, since, result) {
      if (result.length > LONGEST_RESULT || files.some((each) => changedSince(each, since))) return;
      const folders = stemsByFolder(files, key.root);
      const manifests = [...folders.keys()]
        .map((each) => join(each, "package.json"))
        .filter((each) => fileDigest(each) !== undefined);
      const entry: Entry = {
        files: [...new Set([...files, ...manifests])].map((each) => [each, fileDigest(each) ?? ""]),
        folders: [...folders].map(([path, stems]) => [path, [...stems], namesDigest(path, [...stems])]),
        result,
      };
      const temporary = join(folder, `${randomUUID()}.tmp`);
      try {
        writeFileSync(temporary, JSON.stringify(entry), { mode: 0o600, flag: "wx" });
        renameSync(temporary, entryOf(key));
        prune(folder);
      } catch {
        rmSync(temporary, { force: true }); // a cache that cannot be written is no error
      }
    },
  };
}

function cacheFolder({ XDG_CACHE_HOME, LOCALAPPDATA }: NodeJS.ProcessEnv): string | undefined {
  const base = XDG_CACHE_HOME || LOCALAPPDATA || (homedir() === "" ? undefined : join(homedir(), ".cache"));
  return base === undefined ? undefined : join(base, "plugboard");
}

function isPrivate(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = statSync(folder);
    return process.getuid === undefined || (uid === process.getuid() && (mode & 0o077) === 0);
  } catch {
    return false;
  }
}

/** What always bears on how imports resolve. */
const ALWAYS = ["node_modules", "package", "tsconfig"];

/**
 * The folders on the way from the root to each file, with the stems of the names that the files go through there. A
 * package may also come to lie in a nearer `node_modules` than the one it was found in.
 */
function stemsByFolder(files: readonly string[], root: string): Map<string, Set<string>> {
  const folders = new Map<string, Set<string>>();
  const add = (folder: string, name: string): void => {
    folders.set(folder, (folders.get(folder) ?? new Set(ALWAYS)).add(stemOf(name)));
  };
  const packages = new Set<string>();
  for (const file of files) {
    for (let each = file; each !== root && isInside(each, root); each = dirname(each)) {
      add(dirname(each), basename(each));
      if (basename(dirname(each)) === "node_modules") packages.add(basename(each));
    }
  }
  for (const folder of [...folders.keys()]) for (const name of packages) add(join(folder, "node_modules"), name);
  return folders;
}

function stemOf(name: string): string {
  return /^\.?[^.]*/.exec(name)?.[0] ?? name;
}

function changedSince(file: string, since: number): boolean {
  const stat = statSync(file, { throwIfNoEntry: false });
  // An older file that is moved into the place of another keeps the time it was modified, and changes its status.
  return stat === undefined || Math.max(stat.mtimeMs, stat.ctimeMs) >= since;
}

function fileDigest(path: string): string | undefined {
  try {
    return digest(readFileSync(path));
  } catch {
    return undefined;
  }
}

function namesDigest(folder: string, stems: readonly string[]): string {
  try {
    const names = readdirSync(folder).filter((each) => stems.includes(stemOf(each)));
    return digest(JSON.stringify(names.sort()));
  } catch {
    return "";
  }
}

function digest(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}

function prune(folder: string): void {
  const entries = readdirSync(folder);
  if (entries.length <= MOST_ENTRIES) return;
  const aged = entries.map((name) => ({
    path: join(folder, name),
    age: statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0,
  }));
  aged.sort((a, b) => a.age - b.age);
  for (const { path } of aged.slice(0, entries.length - MOST_ENTRIES)) rmSync(path, { force: true });
}
