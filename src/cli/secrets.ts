import { dirname } from "node:path";
import { FindingsError } from "../model/finding.js";
import { guardOutput } from "../secrets/guard.js";
import { openStores, type Secrets } from "../secrets/index.js";
import { createCommandEvaluator, startEvaluation } from "./evaluation.js";
import { INTERRUPTED } from "./interrupt.js";
import { openNetwork } from "./network.js";
import {
  type CommonOptions,
  commonOptions,
  configFolder,
  evaluationHelp,
  onceOptions,
  parseCommand,
  printingHelp,
  UsageError,
} from "./options.js";
import { type LoadedProject, loadProject } from "./project.js";
import { Interrupted } from "./prompt.js";
import { type Report, reporting } from "./report.js";
import { createTrace } from "./trace.js";

export const help = `plugboard secrets init | set NAME | list [options]

Keeps the values of the secrets that settings name. Stores are listed in plugboard.config.ts; by default they are variables
of the environment (PLUGBOARD_SECRET_…), then the encrypted file plugboard.secrets.json.

  init                makes plugboard.secrets.json beside the settings, and an identity to decrypt it with
  set NAME            stores a value, which is asked for, or piped in: printf %s "$VALUE" | plugboard secrets set NAME
  list                tells which secrets there are and which the settings use, without their values

  --recipient AGE1…   init: who else can read the file, such as a colleague or CI; may be repeated
  --no-passphrase     init: the identity gets no passphrase
  --store TYPE        set: the store to write to, such as age or vault (default: the first that can be written)
  --access-key-id ID  set: the value is the secret access key that belongs to this ID
  --settings FILE     the settings (default ./settings.ts)
${evaluationHelp}
  --json              the report as JSON
${printingHelp}`;

const ownOptions = {
  ...onceOptions,
  recipient: { type: "string", multiple: true },
  passphrase: { type: "boolean" },
  store: { type: "string" },
  "access-key-id": { type: "string" },
} as const;

/** What was given for the options of one of these commands alone. */
export interface SecretsValues {
  readonly recipient?: readonly string[];
  readonly passphrase?: boolean;
  readonly store?: string;
  readonly "access-key-id"?: string;
}

/** What these commands work with. */
export interface SecretsContext {
  readonly options: CommonOptions;
  readonly values: SecretsValues;
  /** The arguments behind the command. */
  readonly args: readonly string[];
  readonly project: LoadedProject;
  readonly secrets: Secrets;
}

type Command = (context: SecretsContext) => Promise<Report>;

interface Entry {
  /** The options that it understands among those of `SecretsValues`. */
  readonly options: readonly (keyof SecretsValues)[];
  readonly load: () => Promise<Command>;
}

const commands: Readonly<Record<string, Entry>> = {
  init: { options: ["recipient", "passphrase"], load: async () => (await import("./secrets-init.js")).initSecrets },
  set: { options: ["store", "access-key-id"], load: async () => (await import("./secrets-set.js")).setSecret },
  list: { options: [], load: async () => (await import("./secrets-list.js")).listSecrets },
};

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseCommand(args, ownOptions);
  const [name, ...rest] = positionals;
  const entry = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (entry === undefined) throw new UsageError("say what to do with secrets: init, set NAME or list");
  for (const option of ["recipient", "passphrase", "store", "access-key-id"] as const) {
    if (values[option] !== undefined && !entry.options.includes(option))
      throw new UsageError(`--${option} does not belong to secrets ${name}`);
  }
  guardOutput();
  const options = commonOptions(values, []);
  try {
    return await reporting(options, async () => runWithStores(await entry.load(), { options, values, args: rest }));
  } catch (error) {
    if (error instanceof Interrupted) return INTERRUPTED;
    throw error;
  }
}

/** Settings with errors are no hindrance; a configuration with errors is one, because it may name other stores. */
async function runWithStores(command: Command, given: Pick<SecretsContext, "options" | "values" | "args">): Promise<Report> {
  const { options } = given;
  const trace = createTrace(options.traceTime);
  const evaluator = createCommandEvaluator(options, trace);
  try {
    const evaluation = startEvaluation(options, evaluator);
    const project = await loadProject(options, evaluation);
    const ofConfig = project.findings.filter(({ place }) => place !== undefined && place.file === options.config);
    const broken = [...((await evaluation.config)?.findings ?? []), ...ofConfig].filter(({ severity }) => severity === "error");
    if (broken.length > 0) throw new FindingsError(broken);
    const { config } = project;
    const transport = openNetwork(config, configFolder(options));
    try {
      const secrets = openStores(config.stores, {
        folder: dirname(options.file),
        configFolder: configFolder(options),
        environment: process.env,
        transport,
        signal: new AbortController().signal,
      });
      return await command({ ...given, project, secrets });
    } finally {
      await transport.close();
    }
  } finally {
    evaluator.close();
    trace.print();
  }
}
