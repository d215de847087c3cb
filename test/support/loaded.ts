import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bin, execute, type Workspace } from "./workspace.js";

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

/** The files that the bundler has put into those, as its comments tell: `src/cli/test.ts`, `node_modules/zod/index.js`. */
export function listBundled(loaded: readonly string[]): string[] {
  return loaded
    .filter((each) => each.includes("/dist/"))
    .flatMap((each) =>
      [...readFileSync(fileURLToPath(each), "utf8").matchAll(/^\/\/ ((?:src|node_modules)\/.*)$/gm)].map(
        (match) => match[1] as string,
      ),
    );
}
