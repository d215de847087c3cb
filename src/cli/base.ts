import { type ChildProcess, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { isInside, realPath } from "../evaluate/confine.js";
import type { Types } from "../formats/features.js";
import { type Finding, FindingsError } from "../model/finding.js";
import type { Settings } from "../model/schema.js";
import { quote } from "../model/text.js";
import { createCommandEvaluator, type Evaluation, startEvaluation } from "./evaluation.js";
import { type CommonOptions, findConfig, UsageError } from "./options.js";
import { loadProject } from "./project.js";
import { createTrace } from "./trace.js";

/** The settings as they are at a revision. */
export interface Base {
  readonly settings: Settings;
  readonly types: Types;
  /** The options with which they were loaded: the files in them are those of the revision. */
  readonly options: CommonOptions;
  /** The configuration of the revision, evaluated. */
  readonly config: Evaluation["config"];
  remove(): void;
}

/**
 * Evaluates the settings as they are at a revision of the repository. The checkout belongs to a change that nobody has looked
 * at: nothing of it takes part. The files are taken out of Git as they are stored, without hooks, filters and attributes, into a
 * folder of their own, and import nothing but each other. npm packages are not among them, since the change may decide
 * what is installed.
 */
export async function openBase(revision: string, givenConfig: string | undefined, options: CommonOptions): Promise<Base> {
  if (options.trust) throw new UsageError("--trust does not go with --changed, which is for changes of others");
  const repository = await findRepository(revision, options);
  const plugin = options.plugins.find((each) => isInside(realPath(each), repository.top));
  if (plugin !== undefined)
    throw new UsageError(`plug-in ${plugin} is in the checkout: with --changed, it would be code of the change`);
  const folder = mkdtempSync(join(realPath(tmpdir()), "plugboard-base-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  try {
    const tree = join(folder, "tree");
    await writeTree(repository, tree);
    const base = baseOptions(repository, tree, revision, givenConfig, options);
    const { evaluation, close } = evaluateBase(base);
    const loaded = await loadProject(base, evaluation).finally(close);
    const errors = loaded.findings.filter(({ severity }) => severity === "error").map((each) => named(each, tree, revision));
    if (errors.length > 0 || loaded.settings === undefined) throw new FindingsError(errors);
    return { settings: loaded.settings, types: loaded.types, options: base, config: evaluation.config, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Evaluates settings and configuration, each of which imports from below its own folder only. */
function evaluateBase(base: CommonOptions): { readonly evaluation: Evaluation; readonly close: () => Promise<void> } {
  const { config } = base;
  const start = (options: CommonOptions) => startEvaluation(options, createCommandEvaluator(options, createTrace(false)));
  const apart = config === undefined || isInside(config, base.root) ? undefined : start({ ...base, root: dirname(config) });
  const evaluation = start(apart === undefined ? base : { ...base, config: undefined });
  const close = async (): Promise<void> => {
    await Promise.allSettled([apart?.settings, apart?.config, evaluation.settings, evaluation.config]);
    apart?.evaluator.close();
    evaluation.evaluator.close();
  };
  return { evaluation: apart === undefined ? evaluation : { ...evaluation, config: apart.config }, close };
}

interface Repository {
  /** The folder that the repository's paths start from, as the settings' path names it. */
  readonly folder: string;
  /** Its real path. */
  readonly top: string;
  readonly gitFolder: string;
  readonly commit: string;
  /** The settings' path from there: as it was given, since a link on the way may be the change's. */
  readonly file: string;
}

/**
 * Finds the repository without asking Git, which takes any folder for a repository that looks like one. Only what is named
 * `.git` counts: no commit can hold that.
 */
async function findRepository(revision: string, options: CommonOptions): Promise<Repository> {
  const file = asEntered(options.file);
  const folder = [...foldersUp(dirname(file))].find((each) => existsSync(join(each, ".git")));
  if (folder === undefined) throw new UsageError(`--changed needs a Git repository, and ${dirname(file)} is in none`);
  const gitFolder = gitFolderOf(folder);
  const found = await git(gitFolder, ["rev-parse", "--verify", "--end-of-options", `${revision}^{commit}`]);
  if (found.code !== 0)
    throw new UsageError(`--changed ${JSON.stringify(revision)} is no revision of this repository: is it fetched?`);
  const commit = found.stdout.toString("utf8").trim();
  return { folder, top: realpathSync(folder), gitFolder, commit, file: relative(folder, file) };
}

/** A path as the user went there: by way of the links that Node has resolved in the name of the current folder. */
function asEntered(file: string): string {
  const { PWD: entered } = process.env;
  const cwd = process.cwd();
  const isThere = entered !== undefined && isAbsolute(entered) && existsSync(entered) && realpathSync(entered) === cwd;
  return isThere && isInside(file, cwd) ? join(entered, relative(cwd, file)) : file;
}

function* foldersUp(folder: string): Generator<string> {
  for (let here = folder; ; here = dirname(here)) {
    yield here;
    if (here === dirname(here)) return;
  }
}

/** The folder that holds the repository: `.git` itself, or what a file of that name leads to in a work tree of its own. */
function gitFolderOf(folder: string): string {
  const place = join(folder, ".git");
  if (statSync(place).isDirectory()) return place;
  const [, target = ""] = /^gitdir: (.+)$/m.exec(readFileSync(place, "utf8")) ?? [];
  if (/[\\/]worktrees[\\/][^\\/]+$/.test(target)) return resolve(folder, target);
  throw new UsageError(
    `--changed: the file ${place} leads to a Git folder elsewhere, as in a submodule, which the change chooses. Run it in a clone or a work tree of the repository itself`,
  );
}

interface Entry {
  readonly mode: string;
  readonly object: string;
  readonly size: number;
  readonly path: string;
}

/** Writes the files of a commit, their bytes as they are stored. */
async function writeTree({ gitFolder, commit }: Repository, folder: string): Promise<void> {
  const { stdout } = await git(gitFolder, ["ls-tree", "-r", "-l", "-z", "--full-tree", commit]);
  const entries = stdout
    .toString("utf8")
    .split("\0")
    .flatMap((line): Entry[] => {
      const [, mode = "", object = "", size, path = ""] = /^(\d+) blob ([0-9a-f]+) +(\S+)\t(.+)$/s.exec(line) ?? [];
      // Of an object that a partial clone has left on the server, the size is not known.
      if (size === "BAD") throw unreadable(path);
      return path === "" ? [] : [{ mode, object, size: Number(size), path }];
    });
  mkdirSync(folder);
  for (const some of inPortions(entries)) {
    const { stdout: bytes } = await git(gitFolder, ["cat-file", "--batch"], some.map(({ object }) => `${object}\n`).join(""));
    let at = 0;
    for (const { mode, size, path } of some) {
      const start = bytes.indexOf("\n", at) + 1;
      at = start + size + 1;
      if (start === 0 || at > bytes.length) throw unreadable(path);
      writeEntry(folder, path, mode, bytes.subarray(start, start + size));
    }
  }
}

function unreadable(path: string): UsageError {
  return new UsageError(`--changed: Git cannot read ${quote(path)} of the revision: is it fetched with all its files?`);
}

/** Bytes that are read from Git at a time. */
const PORTION = 32 * 2 ** 20;

function inPortions(entries: readonly Entry[]): Entry[][] {
  const portions: Entry[][] = [];
  let room = 0;
  for (const each of entries) {
    if (room < each.size || portions.length === 0) {
      portions.push([]);
      room = PORTION;
    }
    portions.at(-1)?.push(each);
    room -= each.size;
  }
  return portions;
}

function writeEntry(folder: string, path: string, mode: string, bytes: Buffer): void {
  const file = resolve(folder, path);
  if (!isInside(file, folder) || path.split("/").some((part) => part.toLowerCase() === ".git")) return;
  mkdirSync(dirname(file), { recursive: true });
  if (mode === SYMBOLIC_LINK) symlinkSync(bytes.toString("utf8"), file);
  else writeFileSync(file, bytes, { flag: "wx" });
}

const SYMBOLIC_LINK = "120000";

/** The options for the files of the revision. A configuration of the checkout is that of the revision too. */
function baseOptions(
  { folder, top, file: path }: Repository,
  tree: string,
  revision: string,
  givenConfig: string | undefined,
  options: CommonOptions,
): CommonOptions {
  const file = join(tree, path);
  if (!existsSync(file)) throw new UsageError(`--changed: there is no ${path} at ${revision}. Was it renamed since?`);
  const once = { ...options, file, root: tree, cache: false, watch: false, traceTime: false };
  if (givenConfig === undefined) return { ...once, config: findConfig(dirname(file), tree) };
  const given = asEntered(resolve(options.cwd, givenConfig));
  if (!isInside(given, folder) && !isInside(realPath(given), top)) return { ...once, config: given };
  const inTree = join(tree, relative(folder, given));
  if (isInside(given, folder) && existsSync(inTree)) return { ...once, config: inTree };
  throw new UsageError(`--config ${givenConfig} is in the checkout and not in the revision: the change may have written it`);
}

/** A finding in a file of the revision, named as Git names it: `main:settings.ts`. */
function named(found: Finding, tree: string, revision: string): Finding {
  const hint = found.code === "PB102" ? { hint: PACKAGES } : {};
  const file = found.place?.file;
  if (file === undefined || !isInside(file, tree)) return { ...found, ...hint, message: `at ${revision}: ${found.message}` };
  return { ...found, ...hint, place: { ...found.place, file: `${revision}:${relative(tree, file)}` } };
}

const PACKAGES =
  "Which npm packages the revision had, nobody can tell from the checkout of a change. With --changed, settings import local files only.";

interface Answer {
  readonly code: number | null;
  readonly stdout: Buffer;
}

/** Settings of Git that keep it from running anything. */
const harmless = ["core.hooksPath=/dev/null", "core.fsmonitor=false"];

/**
 * The environment that keeps Git from fetching what a partial clone lacks. The list of protocols is for versions before 2.45,
 * and unlike a setting it is not overruled by those of the repository.
 */
const offline = { GIT_NO_LAZY_FETCH: "1", GIT_ALLOW_PROTOCOL: "", GIT_TERMINAL_PROMPT: "0" };

/** Asks Git about a repository. It is given no environment but what it needs to start. */
function git(gitFolder: string, args: readonly string[], input = ""): Promise<Answer> {
  const { PATH = "", SystemRoot = "" } = process.env;
  const options = ["--no-optional-locks", "--no-replace-objects", ...harmless.flatMap((each) => ["-c", each])];
  return new Promise((resolve, reject) => {
    const child: ChildProcess = spawn("git", [`--git-dir=${gitFolder}`, ...options, ...args], {
      stdio: ["pipe", "pipe", "ignore"],
      env: { PATH, SystemRoot, LC_ALL: "C", GIT_CONFIG_NOSYSTEM: "1", ...offline },
    });
    const chunks: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", () => reject(new UsageError("--changed needs the program git")));
    child.on("close", (code) => resolve({ code, stdout: Buffer.concat(chunks) }));
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
}
