import { type FSWatcher, watch } from "node:fs";
import { basename, dirname } from "node:path";

/** How long to wait for further changes before a run, in milliseconds: an editor writes a file in several steps. */
const QUIET = 3;

/**
 * Runs `run` now and whenever one of the files changes that `files` gives after a run. Folders are watched, not files: an
 * editor may put a new file in the place of the old. Ends with the process, or when `signal` says so.
 */
export async function watchFiles(run: () => Promise<unknown>, files: () => Iterable<string>, signal: AbortSignal): Promise<void> {
  const watchers = new Map<string, FSWatcher>();
  let changed: () => void = () => {};
  const nextChange = (): Promise<void> =>
    new Promise((resolve) => {
      changed = resolve;
    });
  const names = new Map<string, Set<string>>();
  try {
    while (!signal.aborted) {
      const change = nextChange();
      await run();
      names.clear();
      for (const file of files()) {
        const folder = dirname(file);
        names.set(folder, (names.get(folder) ?? new Set()).add(basename(file)));
      }
      for (const folder of names.keys()) {
        if (watchers.has(folder)) continue;
        try {
          const watcher = watch(folder, (_event, name) => {
            if (name === null || names.get(folder)?.has(name)) changed();
          });
          watcher.on("error", () => watchers.delete(folder));
          watchers.set(folder, watcher);
        } catch {
          // A folder that is not there yet: one above it is watched.
        }
      }
      await Promise.race([
        change,
        new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true })),
      ]);
      await new Promise((resolve) => setTimeout(resolve, QUIET));
    }
  } finally {
    for (const watcher of watchers.values()) watcher.close();
  }
}
