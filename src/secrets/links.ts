import { lstatSync, readlinkSync, realpathSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

/** Where a file is or will be: of a link, what it leads to, even if that is not there yet. */
export function followLinks(path: string): string {
  const link = lstatSync(path, { throwIfNoEntry: false });
  if (link === undefined) return path;
  if (!link.isSymbolicLink() || statSync(path, { throwIfNoEntry: false }) !== undefined) return realpathSync(path);
  return followLinks(resolve(realpathSync(dirname(path)), readlinkSync(path)));
}
