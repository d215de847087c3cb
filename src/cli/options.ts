import { existsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type ParseArgsConfig, parseArgs } from "node:util";
import type { Limits } from "../evaluate/limits.js";

/** Wrong usage of the command line: exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

type Options = NonNullable<ParseArgsConfig["options"]>;

/** The options that bear on printing. */
export const reportFlags = {
  reporter: { type: "string" },
  json: { type: "boolean" },
  quiet: { type: "boolean" },
  color: { type: "boolean" },
  "max-warnings": { type: "string" },
} as const satisfies Options;

/** The options that bear on evaluation. */
const evaluationOptions = {
  settings: { type: "string" },
  root: { type: "string" },
  config: { type: "string" },
  input: { type: "string", multiple: true },
  plugin: { type: "string", multiple: true },
  trust: { type: "boolean" },
  cache: { type: "boolean" },
  "trace-time": { type: "boolean" },
  "memory-limit": { type: "string" },
  "time-limit": { type: "string" },
  "stack-limit": { type: "string" },
  "bundle-limit": { type: "string" },
  "output-limit": { type: "string" },
} as const satisfies Options;

/** The options of a command on settings that runs once. */
export const onceOptions = { ...reportFlags, ...evaluationOptions } as const satisfies Options;

/** The options of every other command that works on settings. */
export const globalOptions = { ...onceOptions, watch: { type: "boolean" } } as const satisfies Options;

/** Help of the options that bear on evaluation. */
export const evaluationHelp = `  --root DIR          imports come from below it (default: nearest folder upward with .git, else with package.json)
  --config FILE       the configuration (default: plugboard.config.ts beside the settings, else in the root)
  --input NAME=VALUE  gives a declared input; may be repeated
  --plugin FILE       a module with connection types and rules, which is run as code; may be repeated
  --trust             runs the settings in Node, with all it has, instead of the sandbox: never for settings of strangers
  --memory-limit MIB  limits of the sandbox, with their defaults: memory 1024, --time-limit SECONDS 30,
                      --stack-limit KIB 128 (at most), --bundle-limit MIB 64, --output-limit MIB 64
  --no-cache          evaluates anew; unchanged settings are otherwise known from the last time
  --trace-time        prints to stderr how long each phase took`;

/** Help of the options that bear on printing. */
export const printingHelp = `  --max-warnings N    fail if there are more than N warnings
  --quiet             print errors only
  --no-color          no colours (also the environment variable NO_COLOR)`;

/** Help of the options that every command has. */
export const globalHelp = `  --settings FILE     the settings (default ./settings.ts); FILE alone means the same
${evaluationHelp}
  --watch             runs again whenever a file of the settings changes
  --reporter NAME     pretty (default) or json; --json means the same as --reporter json
${printingHelp}`;

/** How a report is printed. */
export interface ReportOptions {
  readonly cwd: string;
  readonly reporter: "pretty" | "json";
  readonly quiet: boolean;
  readonly color: boolean;
  readonly maxWarnings: number | undefined;
}

/** The options given to a command, understood and checked. */
export interface CommonOptions extends ReportOptions {
  readonly file: string;
  readonly root: string;
  readonly config: string | undefined;
  readonly inputs: Readonly<Record<string, string>>;
  readonly plugins: readonly string[];
  readonly trust: boolean;
  readonly cache: boolean;
  readonly watch: boolean;
  readonly traceTime: boolean;
  readonly limits: Partial<Limits>;
}

/** A number of seconds, as milliseconds. */
export function parseSeconds(option: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const milliseconds = Math.round(Number(value) * 1000);
  if (/^\d+(\.\d+)?$/.test(value) && milliseconds > 0 && milliseconds <= 86_400_000) return milliseconds;
  throw new UsageError(`${option} needs a number of seconds from 0.001 to 86400, found ${JSON.stringify(value)}`);
}

/** Parses the arguments of one command. */
export function parseCommand<const Own extends Options>(args: readonly string[], options: Own) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, allowNegative: true, strict: true });
  } catch (error) {
    throw new UsageError((error as Error).message.replace(/\. To specify a positional.*$/s, "."));
  }
}

interface ReportValues {
  readonly reporter?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color?: boolean;
  readonly "max-warnings"?: string;
}

interface GlobalValues extends LimitValues, ReportValues {
  readonly settings?: string;
  readonly root?: string;
  readonly config?: string;
  readonly input?: string[];
  readonly plugin?: string[];
  readonly trust?: boolean;
  readonly cache?: boolean;
  readonly watch?: boolean;
  readonly "trace-time"?: boolean;
}

interface LimitValues {
  readonly "memory-limit"?: string;
  readonly "time-limit"?: string;
  readonly "stack-limit"?: string;
  readonly "bundle-limit"?: string;
  readonly "output-limit"?: string;
}

const KIB = 1024;
const MIB = 1024 * 1024;

/** Flag, the limit it sets, how many of the limit's units one of the flag's is, and the greatest value. */
const limitFlags: readonly (readonly [flag: keyof LimitValues, limit: keyof Limits, unit: number, most: number])[] = [
  ["memory-limit", "memory", MIB, 2048],
  ["time-limit", "time", 1000, 86_400],
  ["stack-limit", "stack", KIB, 128],
  ["bundle-limit", "bundle", MIB, 512],
  ["output-limit", "output", MIB, 512],
];

function parseLimits(values: LimitValues): Partial<Limits> {
  const limits: { -readonly [Name in keyof Limits]?: number } = {};
  for (const [flag, limit, unit, most] of limitFlags) {
    const text = values[flag];
    if (text === undefined) continue;
    const value = Number(text);
    if (!/^\d+(\.\d+)?$/.test(text) || value <= 0 || value > most) {
      throw new UsageError(`--${flag} needs a number from 0 to ${most}, found ${JSON.stringify(text)}`);
    }
    limits[limit] = Math.round(value * unit);
  }
  return limits;
}

/** Gives the global options their defaults. At most one positional is allowed: the settings file. */
export function commonOptions(values: GlobalValues, positionals: readonly string[], cwd = process.cwd()): CommonOptions {
  if (positionals.length > 1) throw new UsageError(`unexpected argument ${JSON.stringify(positionals[1])}`);
  if (positionals.length === 1 && values.settings !== undefined) {
    throw new UsageError(`the settings file is given twice: ${positionals[0]} and --settings ${values.settings}`);
  }
  const file = resolve(cwd, positionals[0] ?? values.settings ?? "settings.ts");
  const root = values.root === undefined ? findRoot(dirname(file)) : resolve(cwd, values.root);
  if (values.root !== undefined && !statSync(root, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UsageError(`--root ${JSON.stringify(values.root)} is not a folder`);
  }
  const config = values.config === undefined ? findConfig(dirname(file), root) : resolve(cwd, values.config);
  return {
    ...reportOptions(values, cwd),
    file,
    root,
    config,
    inputs: parseInputs(values.input ?? []),
    plugins: (values.plugin ?? []).map((each) => resolve(cwd, each)),
    trust: values.trust ?? false,
    cache: values.cache ?? true,
    watch: values.watch ?? false,
    traceTime: values["trace-time"] ?? false,
    limits: parseLimits(values),
  };
}

/** Gives the options that bear on printing their defaults. */
export function reportOptions(values: ReportValues, cwd = process.cwd()): ReportOptions {
  const reporter = values.json ? "json" : (values.reporter ?? "pretty");
  if (reporter !== "pretty" && reporter !== "json") {
    throw new UsageError(`reporter ${JSON.stringify(reporter)} is not known: choose pretty or json`);
  }
  return {
    cwd,
    reporter,
    quiet: values.quiet ?? false,
    color: values.color ?? (process.stdout.isTTY === true && !process.env.NO_COLOR),
    maxWarnings: parseCount("--max-warnings", values["max-warnings"]),
  };
}

function parseInputs(given: readonly string[]): Record<string, string> {
  const inputs: Record<string, string> = Object.create(null);
  for (const each of given) {
    const at = each.indexOf("=");
    if (at < 1) throw new UsageError(`--input needs NAME=VALUE, found ${JSON.stringify(each)}`);
    inputs[each.slice(0, at)] = each.slice(at + 1);
  }
  return inputs;
}

export function parseCount(option: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (!/^\d{1,9}$/.test(value))
    throw new UsageError(`${option} needs a whole number below 1,000,000,000, found ${JSON.stringify(value)}`);
  return Number(value);
}

function findRoot(folder: string): string {
  return nearestWith(folder, ".git") ?? nearestWith(folder, "package.json") ?? folder;
}

function nearestWith(folder: string, name: string): string | undefined {
  for (let here = folder; ; here = dirname(here)) {
    if (existsSync(join(here, name))) return here;
    if (here === dirname(here)) return undefined;
  }
}

/** The folder that paths in the configuration start from: its own, or that of the settings if there is none. */
export function configFolder({ file, config = file }: Pick<CommonOptions, "file" | "config">): string {
  return dirname(config);
}

export function findConfig(folder: string, root: string): string | undefined {
  return configPlaces(folder, root).find(existsSync);
}

/** Where the configuration is looked for, in this order. */
export function configPlaces(folder: string, root: string): readonly string[] {
  return [folder, root].map((each) => join(each, "plugboard.config.ts"));
}
