import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { bin, execute, root, type Workspace } from "./workspace.js";

const recorder = `
import { register } from "node:module";
register("data:text/javascript," + encodeURIComponent('export async function load(url, context, next) { if (!url.startsWith("node:")) process._rawDebug("LOADED " + url); return next(url, context); }'));
`;

/** Lists every file that a run of the command line loads, threads included, as URLs. */
export async function listLoaded(space: Workspace, ...args: string[]): Promise<string[]> {
  space.write("recorder.mjs", recorder);
  const { stderr } = await execute(
    process.execPath,
    ["--import", join(space.folder, "recorder.mjs"), bin, ...args],
    space.folder,
  );
  return [...stderr.matchAll(/^LOADED (.*)$/gm)].map((match) => match[1] as string);
}

/** The sources that those are made of, as the build has noted: `src/cli/test.ts`, `node_modules/zod/index.js`. */
export function listBundled(loaded: readonly string[]): string[] {
  const parts = JSON.parse(readFileSync(join(root, "build/parts.json"), "utf8")) as Readonly<Record<string, readonly string[]>>;
  const own = loaded.filter((each) => each.includes(`${root}dist/`)).map((each) => basename(each));
  return own.flatMap((each) => {
    const sources = parts[each];
    if (sources === undefined) throw new Error(`${each} is no file of the command line`);
    return sources;
  });
}
