import { existsSync, type FSWatcher, readdirSync, statSync, watch } from "node:fs";
import { basename, dirname, parse } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { groupBy } from "../model/group.js";

/** How long to wait for further changes before a run, in milliseconds: an editor writes a file in several steps. */
const QUIET = 3;

/** How long to wait, in milliseconds, for the text of a file that is empty: writing one anew begins with that. */
const PATIENCE = 250;

/** How much older than the clock the time of a file may be, in milliseconds: file systems round it down. */
const GRAIN = 10;

/** Where a change to a file shows: a folder, and whether a change under a name in it counts. */
interface Place {
  readonly file: string;
  readonly folder: string;
  readonly concerns: (name: string) => boolean;
}

interface Watched {
  readonly watcher: FSWatcher;
  /** Tells the folder from another one that takes its place, perhaps with its inode. */
  readonly identity: string | undefined;
  places: readonly Place[];
}

/**
 * Runs `run` now and whenever one of the files changes that `files` gives after a run, or appears that was not there. Folders are
 * watched, not files: an editor may put a new file in the place of the old. Ends when `signal` says so, without waiting for a run.
 */
export async function watchFiles(run: () => Promise<unknown>, files: () => Iterable<string>, signal: AbortSignal): Promise<void> {
  const watched = new Map<string, Watched>();
  let changed = (): void => {};
  const ended = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  try {
    while (!signal.aborted) {
      const change = new Promise<void>((resolve) => {
        changed = resolve;
      });
      const began = Date.now();
      await Promise.race([run(), ended]);
      const places = [...files()].map(placeOf);
      const fresh = watchPlaces(places, watched, () => changed());
      // Nobody has watched those until now.
      if (places.some((each) => fresh.has(each.folder) && hasChangedSince(began, each))) changed();
      await Promise.race([change, ended]);
      await settle(places);
    }
  } finally {
    for (const { watcher } of watched.values()) watcher.close();
  }
}

/** Watches the folders of the places and no others. Gives those that were not watched before. */
function watchPlaces(places: readonly Place[], watched: Map<string, Watched>, changed: () => void): ReadonlySet<string> {
  const fresh = new Set<string>();
  const wanted = groupBy(places, ({ folder }) => folder);
  for (const [folder, { watcher, identity }] of watched) {
    if (wanted.has(folder) && identity === identify(folder)) continue;
    watcher.close();
    watched.delete(folder);
  }
  for (const [folder, here] of wanted) {
    const known = watched.get(folder);
    if (known !== undefined) {
      known.places = here;
      continue;
    }
    fresh.add(folder);
    watchFolder(folder, here, watched, changed);
  }
  return fresh;
}

function watchFolder(folder: string, places: readonly Place[], watched: Map<string, Watched>, changed: () => void): void {
  try {
    const watcher = watch(folder, (_event, name) => {
      if (name === null || watched.get(folder)?.places.some((each) => each.concerns(name))) changed();
    });
    watcher.on("error", () => watched.delete(folder));
    watched.set(folder, { watcher, identity: identify(folder), places });
  } catch {
    // A folder that is gone again: the next run notices.
  }
}

/** As long as a file's folder is missing, what counts is that it appears, in the nearest folder above that is there. */
function placeOf(file: string): Place {
  if (existsSync(file)) return { file, folder: dirname(file), concerns: (name) => name === basename(file) };
  if (existsSync(dirname(file))) {
    // An import may leave out the ending, or name the one that the file will have when it is compiled.
    return { file, folder: dirname(file), concerns: (name) => name === basename(file) || parse(name).name === parse(file).name };
  }
  let missing = dirname(file);
  while (!existsSync(dirname(missing)) && dirname(missing) !== missing) missing = dirname(missing);
  return { file, folder: dirname(missing), concerns: (name) => name === basename(missing) };
}

/** Tells whether a file has changed since a time, or something has appeared where it was missing. */
function hasChangedSince(time: number, { file, folder, concerns }: Place): boolean {
  const found = attempt(() => statSync(file));
  if (found !== undefined) return found.ctimeMs >= time - GRAIN;
  return attempt(() => readdirSync(folder))?.some(concerns) ?? false;
}

function identify(folder: string): string | undefined {
  const found = attempt(() => statSync(folder));
  return found && `${found.ino} ${found.birthtimeMs}`;
}

/** What is found at a path; nothing if it leads nowhere, or may not be looked at. */
function attempt<Found>(look: () => Found): Found | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}

async function settle(places: readonly Place[]): Promise<void> {
  await sleep(QUIET);
  const isEmptied = (): boolean => places.some(({ file }) => attempt(() => statSync(file))?.size === 0);
  for (let waited = 0; waited < PATIENCE && isEmptied(); waited += QUIET) await sleep(QUIET);
}
