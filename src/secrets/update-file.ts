import { randomUUID } from "node:crypto";
import {
  closeSync,
  fchmodSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { FindingsError } from "../model/finding.js";
import { followLinks } from "./links.js";
import { storeError } from "./store.js";

/**
 * Changes a file so that nothing is lost: not when several processes change it at once, nor when one is killed. At any
 * moment the file is either as it was or complete, also after a power failure.
 *
 * `change` gets the text, `undefined` if there is no file, and returns the new one. It may run several times: what it
 * returns is written if the file is still the one it was made from.
 */
export async function updateFile(
  path: string,
  change: (text: string | undefined) => string | Promise<string>,
  signal?: AbortSignal,
): Promise<void> {
  try {
    // A link stays a link: what it leads to is replaced, or made.
    const file = followLinks(path);
    for (;;) {
      const before = readText(file);
      const text = await change(before);
      if (text === before) return;
      const lock = await acquireLock(`${file}.lock`, signal);
      try {
        if (readText(lock.path) !== lock.text || readText(file) !== before) continue;
        replaceFile(file, text);
        return;
      } finally {
        releaseLock(lock);
      }
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof FindingsError || typeof code !== "string") throw error;
    throw storeError("PB707", `the file cannot be written: ${reasons[code] ?? code}`, "Nothing was changed.", path);
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Only who holds the lock calls this, so the name of the temporary file can be the same each time. */
function replaceFile(file: string, text: string): void {
  const temporary = join(dirname(file), `.${basename(file)}.tmp`);
  rmSync(temporary, { force: true });
  const before = statSync(file, { throwIfNoEntry: false });
  try {
    writeDurably(temporary, text, before?.mode);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncFolder(dirname(file));
}

function writeDurably(file: string, text: string, mode: number | undefined): void {
  const handle = openSync(file, "wx", mode === undefined ? 0o644 : 0o600);
  try {
    writeFileSync(handle, text);
    // Not when it is opened, where the umask takes rights away.
    if (mode !== undefined) fchmodSync(handle, mode & 0o777);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Makes a rename last. Windows has no such thing and refuses. */
function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

interface Lock {
  readonly path: string;
  readonly text: string;
}

/** How long to wait for others, in milliseconds. */
const PATIENCE = 10_000;

/**
 * After this time a lock was left behind, in milliseconds: between taking a lock and releasing it a process does nothing
 * but write one small file.
 */
const ABANDONED = 60_000;

/** The same for a lock without a name: a process writes its name as soon as the file is there. */
const ABANDONED_UNNAMED = 2000;

async function acquireLock(path: string, signal: AbortSignal | undefined): Promise<Lock> {
  const text = nameOwner();
  const end = Date.now() + PATIENCE;
  while (!createFile(path, text)) {
    signal?.throwIfAborted();
    if (lstatSync(path, { throwIfNoEntry: false })?.isFile() === false)
      throw storeError("PB707", `${basename(path)} is in the way: it is not a file`, "Remove it. Nothing was changed.", path);
    breakAbandoned(path);
    if (Date.now() > end)
      throw storeError("PB707", `${heldBy(path)} is writing to the file`, `If it is not, delete ${basename(path)}.`, path);
    await sleep(2 + Math.random() * 10);
  }
  return { path, text };
}

function releaseLock({ path, text }: Lock): void {
  if (readText(path) === text) rmSync(path, { force: true });
}

/** Creates a file, unless it exists. */
function createFile(path: string, text: string): boolean {
  try {
    const handle = openSync(path, "wx");
    try {
      writeSync(handle, text);
    } finally {
      closeSync(handle);
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/**
 * Removes the lock of a process that no longer runs. A second lock, named after that very one, sees to it that nobody
 * removes the lock of another process that has come in the meantime. It may be abandoned as well.
 */
function breakAbandoned(path: string): void {
  const text = readText(path);
  if (text === undefined) return;
  const owner = parseOwner(text);
  const isStillThere = (): boolean => readText(path) === text && isAbandoned(path, owner);
  if (!isStillThere()) return;
  const ticket = { path: `${path}.${owner?.id ?? "broken"}`, text: nameOwner() };
  if (!createFile(ticket.path, ticket.text)) {
    breakAbandoned(ticket.path);
    return;
  }
  try {
    if (isStillThere()) unlinkSync(path);
  } finally {
    releaseLock(ticket);
  }
}

interface Owner {
  readonly pid: number;
  readonly host: string;
  readonly id: string;
}

function nameOwner(): string {
  return JSON.stringify({ pid: process.pid, host: hostname(), id: randomUUID() });
}

function parseOwner(text: string): Owner | undefined {
  try {
    const { pid, host, id } = JSON.parse(text);
    return Number.isInteger(pid) && typeof host === "string" && /^[\da-f-]{36}$/.test(id) ? { pid, host, id } : undefined;
  } catch {
    return undefined;
  }
}

function isAbandoned(path: string, owner: Owner | undefined): boolean {
  if (owner?.host === hostname() && !isRunning(owner.pid)) return true;
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > (owner === undefined ? ABANDONED_UNNAMED : ABANDONED);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function heldBy(path: string): string {
  const owner = parseOwner(readText(path) ?? "");
  return owner === undefined ? "another process" : `process ${owner.pid} on ${owner.host}`;
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission is denied",
  EPERM: "permission is denied",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  ENOENT: "its folder does not exist",
  ENOTDIR: "a part of its path is a file",
  EISDIR: "it is a folder",
  ELOOP: "its links lead in a circle",
  ERR_FS_EISDIR: "a folder is in the way",
};
