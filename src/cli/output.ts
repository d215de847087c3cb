import { lstatSync, mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Finding, FindingsError, finding } from "../model/finding.js";

/** The text of a file of the output folder, or `undefined` if there is none. */
export function readOutput(folder: string, path: string): string | undefined {
  const file = join(folder, path);
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw new FindingsError([unwritable(file, code)]);
  }
}

/**
 * Writes files into a folder, all of them or none: each is written beside its place first, and renamed when every one
 * is complete. Other files are not touched.
 */
export function writeOutput(folder: string, files: ReadonlyMap<string, string>): void {
  const temporary: { readonly from: string; readonly to: string }[] = [];
  const made: string[] = [];
  let current = folder;
  try {
    for (const [path, text] of files) {
      const to = join(folder, path);
      current = to;
      const first = mkdirSync(dirname(to), { recursive: true });
      if (first !== undefined) for (let each = dirname(to); each.length >= first.length; each = dirname(each)) made.push(each);
      if (lstatSync(dirname(to)).isSymbolicLink()) throw Object.assign(new Error(), { code: "ELINK" });
      const from = join(dirname(to), `.plugboard-${process.pid}-${temporary.length}.tmp`);
      temporary.push({ from, to });
      writeFileSync(from, text, { flag: "wx" });
    }
    for (const { from, to } of temporary) {
      current = to;
      renameSync(from, to);
    }
  } catch (error) {
    for (const { from } of temporary) rmSync(from, { force: true });
    for (const each of made) {
      try {
        rmdirSync(each);
      } catch {
        // Something else has come into it, or it holds what was renamed: it stays.
      }
    }
    throw new FindingsError([unwritable(current, (error as NodeJS.ErrnoException).code)]);
  }
}

function unwritable(file: string, code: string | undefined): Finding {
  const reasons: Readonly<Record<string, string>> = {
    EACCES: "permission is denied",
    EPERM: "permission is denied",
    EROFS: "the file system is read-only",
    ENOSPC: "the disk is full",
    ENOTDIR: "a part of its path is a file",
    EEXIST: "a part of its path is a file",
    EISDIR: "it is a folder",
    ELINK: "its folder is a symbolic link",
  };
  return finding("PB301", `the output cannot be written: ${reasons[code ?? ""] ?? code}`, { place: { file } });
}
