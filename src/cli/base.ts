import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { isAuthoringSource } from "../evaluate/bundle.js";
import { isInside, realPath } from "../evaluate/confine.js";
import type { Types } from "../formats/features.js";
import { type Finding, FindingsError, finding } from "../model/finding.js";
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
 * Evaluates the settings as they are at a revision of the repository. The files are taken out of Git as they are stored: no
 * hook, filter or attribute has a say in it. They lie inside the root, in a folder that is removed afterwards, so that the npm
 * packages that are installed there are found.
 */
export async function openBase(revision: string, givenConfig: string | undefined, options: CommonOptions): Promise<Base> {
  if (options.trust) throw new UsageError("--trust does not go with --changed, which is for changes of others");
  const repository = await findRepository(revision, options);
  const folder = mkdtempSync(join(repository.place, "plugboard-base-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  try {
    const tree = join(folder, "tree");
    await writeTree(repository, tree);
    // What lies further up belongs to the change, and has no say in what these files mean.
    for (const each of ["package.json", "tsconfig.json"]) writeFileSync(join(folder, each), "{}");
    linkPackages(repository, tree, dirname(options.file));
    const base = baseOptions(repository, tree, givenConfig, options);
    const evaluator = createCommandEvaluator(base, createTrace(false));
    try {
      const evaluation = startEvaluation(base, evaluator);
      const loaded = await loadProject(base, evaluation);
      const foreign = foreignFiles([...evaluator.files], folder, repository, tree);
      const name = (each: Finding): Finding => named(each, tree, revision);
      const findings = [...loaded.findings.filter((each) => each.severity === "error"), ...foreign].map(name);
      if (findings.length > 0 || loaded.settings === undefined) throw new FindingsError(findings);
      return { settings: loaded.settings, types: loaded.types, options: base, config: evaluation.config, remove };
    } finally {
      evaluator.close();
    }
  } catch (error) {
    remove();
    throw error;
  }
}

interface Repository {
  /** Real path of the folder that the repository's paths start from. */
  readonly top: string;
  readonly commit: string;
  /** Where a temporary folder can lie: inside the root. */
  readonly place: string;
}

async function findRepository(revision: string, { file, root }: CommonOptions): Promise<Repository> {
  const folder = dirname(file);
  const ask = async (...args: string[]): Promise<string> => {
    const { code, stdout } = await git(folder, args);
    if (code === 0) return stdout.toString("utf8").replace(/\n$/, "");
    throw new UsageError(
      args[0] === "rev-parse" && args.includes("--verify")
        ? `--changed ${JSON.stringify(revision)} is no revision of this repository: is it fetched?`
        : `--changed needs a Git repository, and ${folder} is in none`,
    );
  };
  const top = realpathSync(await ask("rev-parse", "--show-toplevel"));
  const gitFolder = realpathSync(await ask("rev-parse", "--absolute-git-dir"));
  const commit = await ask("rev-parse", "--verify", "--end-of-options", `${revision}^{commit}`);
  return { top, commit, place: isInside(gitFolder, realPath(root)) ? gitFolder : realPath(root) };
}

interface Entry {
  readonly mode: string;
  readonly object: string;
  readonly size: number;
  readonly path: string;
}

/** Writes the files of a commit, their bytes as they are stored. */
async function writeTree({ top, commit }: Repository, folder: string): Promise<void> {
  const { stdout } = await git(top, ["ls-tree", "-r", "-l", "-z", "--full-tree", commit]);
  const entries = stdout
    .toString("utf8")
    .split("\0")
    .flatMap((line): Entry[] => {
      const [, mode = "", object = "", size, path = ""] = /^(\d+) blob ([0-9a-f]+) +(\d+)\t(.+)$/s.exec(line) ?? [];
      return path === "" ? [] : [{ mode, object, size: Number(size), path }];
    });
  mkdirSync(folder);
  for (const some of inPortions(entries)) {
    const { stdout: bytes } = await git(top, ["cat-file", "--batch"], some.map(({ object }) => `${object}\n`).join(""));
    let at = 0;
    for (const { mode, size, path } of some) {
      const start = bytes.indexOf("\n", at) + 1;
      at = start + size + 1;
      if (start === 0 || at > bytes.length) throw new UsageError(`--changed: Git cannot read ${quote(path)} of the revision`);
      writeEntry(folder, path, mode, bytes.subarray(start, start + size));
    }
  }
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

/** Makes the packages that are installed beside and above the settings visible from the same places of the tree. */
function linkPackages({ top }: Repository, tree: string, settings: string): void {
  for (const folder of foldersDown(top, realPath(settings))) {
    const installed = join(top, folder, "node_modules");
    const place = join(tree, folder, "node_modules");
    if (existsSync(installed) && existsSync(dirname(place)) && !existsSync(place)) symlinkSync(installed, place, "junction");
  }
}

/** The folders from one to another below it, relative to the first. */
function foldersDown(top: string, below: string): string[] {
  const way = relative(top, below);
  const parts = way === "" ? [] : way.split(/[\\/]/);
  return ["", ...parts.map((_, index) => parts.slice(0, index + 1).join("/"))];
}

/** The options for the files of the revision. A configuration of the checkout is that of the revision too. */
function baseOptions({ top }: Repository, tree: string, givenConfig: string | undefined, options: CommonOptions): CommonOptions {
  const inTree = (file: string): string => join(tree, relative(top, join(realPath(dirname(file)), basename(file))));
  const file = inTree(options.file);
  const once = { ...options, file, cache: false, watch: false, traceTime: false };
  if (givenConfig === undefined) return { ...once, config: findConfig(dirname(file), tree) };
  const given = resolve(options.cwd, givenConfig);
  if (!isInside(realPath(given), top)) return { ...once, config: given };
  if (existsSync(inTree(given))) return { ...once, config: inTree(given) };
  throw new UsageError(`--config ${givenConfig} is in the checkout and not in the revision: the change may have written it`);
}

/** The files that tell which packages are installed. */
const manifests = [
  ...["package.json", "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "pnpm-workspace.yaml"],
  ...[".npmrc", ".yarnrc.yml", "bun.lock"],
];

/**
 * What the settings of the revision were made of that may be the change's: files of the checkout, and packages where the
 * change alters which are installed.
 */
function foreignFiles(files: readonly string[], folder: string, { top }: Repository, tree: string): Finding[] {
  const outside = files
    .map(realPath)
    .filter((each) => !isInside(each, realPath(folder)) && isInside(each, top) && !isAuthoringSource(each));
  const own = outside.find((each) => !relative(top, each).split(/[\\/]/).includes("node_modules"));
  if (own !== undefined) {
    const message = `the settings of the revision import ${quote(relative(top, own))} of the checkout, which the change may have written`;
    return [finding("PB155", message, { hint: "Import it by a path, not as a package of the workspace." })];
  }
  if (outside.length === 0) return [];
  const altered = manifests.find((each) => textOf(join(top, each)) !== textOf(join(tree, each)));
  if (altered === undefined) return [];
  const message = `the settings of the revision import packages, and the change alters ${altered}: which packages they were is not known`;
  return [finding("PB155", message, { hint: "Test such a change after it is merged, with --changed HEAD~1 or without." })];
}

function textOf(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/** A finding in a file of the revision, named as Git names it: `main:settings.ts`. */
function named(found: Finding, tree: string, revision: string): Finding {
  const file = found.place?.file;
  if (file === undefined || !isInside(file, tree)) return { ...found, message: `at ${revision}: ${found.message}` };
  return { ...found, place: { ...found.place, file: `${revision}:${relative(tree, file)}` } };
}

interface Answer {
  readonly code: number | null;
  readonly stdout: Buffer;
}

/** Asks Git. Nothing that a repository configures is run. */
function git(folder: string, args: readonly string[], input = ""): Promise<Answer> {
  const harmless = [
    "--no-optional-locks",
    "--no-replace-objects",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "core.fsmonitor=false",
  ];
  return new Promise((resolve, reject) => {
    const child: ChildProcess = spawn("git", [...harmless, ...args], {
      cwd: existsSync(folder) ? folder : undefined,
      stdio: ["pipe", "pipe", "ignore"],
      env: { ...process.env, LC_ALL: "C", GIT_TERMINAL_PROMPT: "0" },
    });
    const chunks: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", () => reject(new UsageError("--changed needs the program git")));
    child.on("close", (code) => resolve({ code, stdout: Buffer.concat(chunks) }));
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
}
