import { dirname, join } from "node:path";
import type { Evaluator } from "../evaluate/index.js";
import { describeBug } from "../model/bug.js";
import { createCommandEvaluator, type Evaluation, startEvaluation } from "./evaluation.js";
import {
  type CommonOptions,
  commonOptions,
  configPlaces,
  globalOptions,
  onceOptions,
  parseCommand,
  UsageError,
} from "./options.js";
import { createTrace } from "./trace.js";

/** The module of a command that works on settings. Evaluation is under way when it is loaded. */
interface SettingsCommand {
  readonly help: string;
  run(values: Readonly<Record<string, unknown>>, options: CommonOptions, evaluation: Evaluation): Promise<number>;
}

/** The module of a command that has no settings to evaluate. */
interface PlainCommand {
  readonly help: string;
  run(args: readonly string[]): Promise<number>;
}

interface SettingsEntry {
  readonly options: typeof compileOptions | typeof testOptions | Record<never, never>;
  /** Whether what is not an option is the ID of a connection, not the settings file. Such a command runs once. */
  readonly ids?: true;
  readonly load: () => Promise<SettingsCommand>;
}

type Entry = { readonly summary: string } & (SettingsEntry | { readonly load: () => Promise<PlainCommand> });

const compileOptions = {
  to: { type: "string" },
  out: { type: "string" },
  check: { type: "boolean" },
  "schema-version": { type: "string" },
  "dsl-version": { type: "string" },
  untyped: { type: "boolean" },
} as const;

const testOptions = {
  reporter: { type: "string", multiple: true },
  kind: { type: "string", multiple: true },
  project: { type: "string", multiple: true },
  changed: { type: "string" },
  strict: { type: "boolean" },
  deep: { type: "boolean" },
  timeout: { type: "string" },
  parallel: { type: "string" },
  "per-host": { type: "string" },
  debug: { type: "boolean" },
} as const;

/** The commands. Options stand here, so that evaluation can start before a command's module is loaded. */
const commands: Readonly<Record<string, Entry>> = {
  init: { summary: "write a first settings.ts and what goes with it", load: () => import("./init.js") },
  compile: {
    summary: "compile settings to TeamCity XML, Kotlin DSL and the JSON model",
    options: compileOptions,
    load: () => import("./compile.js"),
  },
  import: { summary: "write settings.ts from TeamCity XML, Kotlin DSL or a model", load: () => import("./import.js") },
  check: { summary: "check settings: schema and rules", options: {}, load: () => import("./check.js") },
  secrets: { summary: "keep the values of secrets: init, set NAME, list", load: () => import("./secrets.js") },
  test: {
    summary: "test connections against the real services",
    options: testOptions,
    ids: true,
    load: () => import("./test.js"),
  },
};

const usage = `plugboard: TeamCity connections as TypeScript

Usage: plugboard COMMAND [options]

${Object.entries(commands)
  .map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`)
  .join("\n")}

plugboard COMMAND --help tells the options of a command; plugboard --version tells the version.
Exit codes: 0 done, 1 findings or a failed test, 2 wrong usage, 70 an error in Plugboard itself.
`;

/** Runs the command line and returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  listenForWriteErrors();
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    (name === undefined ? process.stderr : process.stdout).write(usage);
    return name === undefined ? 2 : 0;
  }
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (entry === undefined) return wrongUsage(`command ${JSON.stringify(name)} is not known`, "plugboard --help");
  if (rest.includes("--help") || rest.includes("-h")) {
    process.stdout.write(`${(await entry.load()).help}\n`);
    return 0;
  }
  try {
    return await ("options" in entry ? runWithSettings(entry, rest) : (await entry.load()).run(rest));
  } catch (error) {
    if (error instanceof UsageError) return wrongUsage(error.message, `plugboard ${name} --help`);
    process.stderr.write(describeBug(error));
    return 70;
  }
}

/**
 * A reader that has seen enough, such as `head`, is no error: the command goes on to its files and its exit code. A disk that is full
 * is one, told once.
 */
function listenForWriteErrors(): void {
  let told = false;
  process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => {
    if (code === "EPIPE" || told) return;
    told = true;
    process.stderr.write(`plugboard: stdout cannot be written to: ${code}\n`);
    process.once("exit", (exitCode) => {
      if (exitCode === 0) process.exitCode = 1;
    });
  });
  process.stderr.on("error", () => {});
}

async function runWithSettings({ options: own, ids, load }: SettingsEntry, args: readonly string[]): Promise<number> {
  const parse = (): Parsed => (ids ? parseIds(args, own) : parseFile(args, own));
  const parsed = parse();
  const { options } = parsed;
  const trace = createTrace(options.traceTime);
  const evaluator = createCommandEvaluator(options, trace);
  const run = async ({ values, options }: Parsed): Promise<number> => {
    const evaluation = startEvaluation(options, evaluator);
    const command = await trace.measure("load", load);
    const code = await trace.measure("command", () => command.run(values, options, evaluation));
    trace.print();
    return code;
  };
  try {
    // A configuration may appear beside the settings.
    return await (options.watch ? runAndWatch(() => run(parse()), options, evaluator) : run(parsed));
  } finally {
    evaluator.close();
  }
}

interface Parsed {
  readonly values: Readonly<Record<string, unknown>>;
  readonly options: CommonOptions;
}

function parseFile(args: readonly string[], own: SettingsEntry["options"]) {
  const { values, positionals } = parseCommand(args, { ...globalOptions, ...own });
  return { values, options: commonOptions(values, positionals) };
}

/** For a command that has its own ways to report, and IDs where others take the file. */
function parseIds(args: readonly string[], own: SettingsEntry["options"]) {
  const { values, positionals } = parseCommand(args, { ...onceOptions, ...own });
  return { values: { ...values, ids: positionals }, options: commonOptions({ ...values, reporter: "pretty", json: false }, []) };
}

/** Runs again on every change until Ctrl-C; the exit code is that of the last run. */
async function runAndWatch(run: () => Promise<number>, options: CommonOptions, evaluator: Evaluator): Promise<number> {
  const [{ watchFiles }, { LOCK_FILE }] = await Promise.all([import("./watch.js"), import("../model/lock.js")]);
  const stopped = new AbortController();
  process.once("SIGINT", () => stopped.abort());
  process.once("SIGTERM", () => stopped.abort());
  // Nobody reads on.
  process.stdout.once("error", () => stopped.abort());
  let code = 0;
  const runOnce = async (): Promise<void> => {
    code = await run();
    process.stderr.write("Watching. Ctrl-C ends it.\n");
  };
  const folder = dirname(options.file);
  const others = [
    options.file,
    join(folder, LOCK_FILE),
    ...(options.config === undefined ? configPlaces(folder, options.root) : [options.config]),
  ];
  await watchFiles(runOnce, () => [...evaluator.files, ...others], stopped.signal);
  return code;
}

function wrongUsage(message: string, command: string): number {
  process.stderr.write(`plugboard: ${message}\nSee ${command}.\n`);
  return 2;
}
