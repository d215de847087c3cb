import { isUtf8 } from "node:buffer";
import { randomUUID } from "node:crypto";
import { chmodSync, lstatSync, mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Finding, FindingsError, finding } from "../model/finding.js";

/** The text of a file of the output folder, or `undefined` if there is none. */
export function readOutput(folder: string, path: string): string | undefined {
  const file = join(folder, path);
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw new FindingsError([unwritable(file, code, "an existing file cannot be read")]);
  }
  // Bytes of another encoding would not survive being read and written.
  if (isUtf8(bytes)) return bytes.toString("utf8");
  throw new FindingsError([finding("PB302", "the file is not in UTF-8", { place: { file }, hint: "It was left as it is." })]);
}

interface Staged {
  /** The complete text, beside its place. */
  readonly from: string;
  readonly to: string;
}

/**
 * Writes files into a folder. Each is written beside its place first, and they are renamed when every one is complete;
 * whatever goes wrong before that leaves the folder as it was. Other files are not touched.
 */
export function writeOutput(folder: string, files: ReadonlyMap<string, string>): void {
  const staged: Staged[] = [];
  const made: string[] = [];
  let current = folder;
  let renamed = 0;
  // A signal waits until the files are in place: writing does not yield, so there is no moment in which it could act.
  const hold = (): void => {};
  for (const signal of SIGNALS) process.on(signal, hold);
  try {
    for (const [path, text] of files) {
      current = join(folder, path);
      made.push(...makeFolder(dirname(current)));
      assertPlace(current, folder);
      const from = join(dirname(current), `.plugboard-${randomUUID()}.tmp`);
      staged.push({ from, to: current });
      writeFileSync(from, text, { flag: "wx" });
      const mode = modeOf(current);
      if (mode !== undefined) chmodSync(from, mode);
    }
    for (const { from, to } of staged) {
      current = to;
      renameSync(from, to);
      renamed += 1;
    }
  } catch (error) {
    for (const { from } of staged) rmSync(from, { force: true });
    removeEmpty(made);
    const { code } = error as NodeJS.ErrnoException;
    throw new FindingsError([unwritable(current, code, "the output cannot be written", renamed, staged.length)]);
  } finally {
    for (const signal of SIGNALS) process.off(signal, hold);
  }
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Makes a folder with those above it; returns what was made. */
function makeFolder(folder: string): string[] {
  const first = mkdirSync(folder, { recursive: true });
  const made: string[] = [];
  if (first !== undefined) for (let each = folder; each.length >= first.length; each = dirname(each)) made.push(each);
  return made;
}

/** A file's place lies in the output folder itself: no link leads elsewhere, and no folder stands in its way. */
function assertPlace(file: string, folder: string): void {
  for (let each = dirname(file); each.length > folder.length; each = dirname(each)) {
    if (lstatSync(each).isSymbolicLink()) throw Object.assign(new Error(), { code: "ELINK" });
  }
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) throw Object.assign(new Error(), { code: "EISDIR" });
}

function modeOf(file: string): number | undefined {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? undefined : stat.mode & 0o777;
}

function removeEmpty(folders: readonly string[]): void {
  for (const each of [...folders].sort((a, b) => b.length - a.length)) {
    try {
      rmdirSync(each);
    } catch {
      // Something else has come into it, or it holds what was renamed: it stays.
    }
  }
}

function unwritable(file: string, code: string | undefined, what: string, renamed = 0, all = 0): Finding {
  const reasons: Readonly<Record<string, string>> = {
    EACCES: "permission is denied",
    EPERM: "permission is denied",
    EROFS: "the file system is read-only",
    ENOSPC: "the disk is full",
    ENOTDIR: "a part of its path is a file",
    EEXIST: "a part of its path is a file",
    EISDIR: "it is a folder",
    ELINK: "a folder on its way is a symbolic link",
  };
  const hint =
    renamed === 0 ? "Nothing was changed." : `${renamed} of ${all} files had been replaced by then. Run the command again.`;
  return finding("PB301", `${what}: ${reasons[code ?? ""] ?? code}`, { place: { file }, hint });
}
