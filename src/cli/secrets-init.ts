import { existsSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { FindingsError, finding } from "../model/finding.js";
import { Redacted } from "../model/redacted.js";
import { countOf } from "../model/text.js";
import { isRecipient, readAgeFile } from "../secrets/age-file.js";
import { createIdentity, identitySource, openIdentities, recipientsOf } from "../secrets/age-identity.js";
import { admitRecipients } from "../secrets/age-store.js";
import { ageFilePath } from "../secrets/index.js";
import { configFolder, UsageError } from "./options.js";
import { askHidden, hasTerminal, terminalAsk } from "./prompt.js";
import { type Report, shownPath } from "./report.js";
import type { SecretsContext } from "./secrets.js";

/** Makes the encrypted file, and an identity if there is none; or lets others read a file that exists. */
export async function initSecrets({ options, values, args, project }: SecretsContext): Promise<Report> {
  if (args.length > 0) throw new UsageError(`unexpected argument ${JSON.stringify(args[0])}`);
  const others = values.recipient ?? [];
  for (const each of others) {
    if (!(await isRecipient(each)))
      throw new UsageError("--recipient needs an age recipient, such as age1…: plugboard secrets init prints one's own");
  }
  const path = findFile(project.config.stores, options);
  const file = readAgeFile(path);
  const shown = shownPath(path, options.cwd);
  if (file !== undefined && others.length > 0) {
    const { added, recipients } = await admitRecipients(path, others, readOwn);
    const status = added.length === 0 ? "unchanged" : "written";
    const count = countOf("value", Object.keys(file.secrets).length);
    return {
      findings: [],
      data: { files: [{ path: shown, status }], recipients, added },
      lines: [
        `${status.padEnd(9)} ${shown}`,
        added.length === 0
          ? "All of them could read it before."
          : `${countOf("recipient", added.length)} added, and ${count} encrypted anew. Commit the file.`,
      ],
    };
  }

  const own = await ownRecipients(values.passphrase ?? true);
  const identity = own.created === undefined ? [] : [{ path: shownPath(own.created, options.cwd), status: "written" }];
  if (file === undefined) {
    const admitted = admitRecipients(path, [...own.recipients, ...others], readOwn);
    const { recipients, added } = await admitted.catch((error) => {
      // Nobody has used the new identity yet.
      if (own.created !== undefined) rmSync(own.created, { force: true });
      throw error;
    });
    const files = [...identity, { path: shown, status: "written" }];
    return {
      findings: [],
      data: { files, recipients, added, recipient: own.recipients[0] },
      lines: [...fileLines(files), ...nextSteps(own, shown)],
    };
  }
  const files = [...identity, { path: shown, status: "unchanged" }];
  const isIn = own.recipients.some((each) => file.recipients.includes(each));
  return {
    findings: [],
    data: { files, recipients: file.recipients, added: [], recipient: own.recipients[0] },
    lines: [
      ...fileLines(files),
      "",
      ...(isIn
        ? [`${shown} exists and you can read it: nothing was changed.`, `Your recipient is ${own.recipients[0]}`]
        : [
            `${shown} exists and you cannot read it yet. Somebody who can lets you in by:`,
            `  plugboard secrets init --recipient ${own.recipients[0]}`,
          ]),
    ],
  };
}

type Stores = SecretsContext["project"]["config"]["stores"];

function findFile(stores: Stores, options: SecretsContext["options"]): string {
  const folders = { folder: dirname(options.file), configFolder: configFolder(options) };
  if (stores === undefined) return ageFilePath(undefined, folders);
  const store = stores.find((each) => each.type === "age");
  if (store !== undefined) return ageFilePath(store, folders);
  const hint = 'Add { type: "age" } to `stores` of plugboard.config.ts, or use the stores that it lists.';
  throw new FindingsError([finding("PB705", "the configuration lists no store of type age", { hint })]);
}

interface OwnRecipients {
  readonly recipients: readonly string[];
  /** The file of a new identity. */
  readonly created?: string;
}

/** The recipients of the one who runs this, with an identity that is made if there is none. */
async function ownRecipients(wantsPassphrase: boolean): Promise<OwnRecipients> {
  const source = identitySource(process.env);
  if ("text" in source || existsSync(source.file)) return { recipients: await recipientsOf(await readOwn()) };
  const passphrase = wantsPassphrase ? await askPassphrase() : undefined;
  const identity = await createIdentity(source.file, passphrase);
  return { recipients: await recipientsOf([identity]), created: source.file };
}

async function askPassphrase(): Promise<Redacted> {
  if (!hasTerminal())
    throw new UsageError("there is no terminal to ask for a passphrase on. --no-passphrase makes an identity without one");
  const passphrase = await askHidden("Passphrase for the new identity: ");
  if (passphrase === "") throw new UsageError("the passphrase is empty. --no-passphrase makes an identity without one");
  if ((await askHidden("The same again: ")) !== passphrase) throw new UsageError("the two passphrases differ");
  return new Redacted(passphrase, "passphrase");
}

function readOwn(): Promise<readonly Redacted[]> {
  return openIdentities({ environment: process.env, ask: terminalAsk() });
}

function fileLines(files: readonly { readonly path: string; readonly status: string }[]): string[] {
  return files.map(({ path, status }) => `${status.padEnd(9)} ${path}`);
}

function nextSteps({ recipients, created }: OwnRecipients, file: string): string[] {
  return [
    "",
    `Your recipient is ${recipients[0]}`,
    ...(created === undefined
      ? []
      : ["The identity is a private key: keep it to yourself, with a copy in a safe place. Without it, no value can be read."]),
    "",
    "Next:",
    `  git add ${file}`,
    "  plugboard secrets set NAME",
    "",
    "CI decrypts with an identity in the variable PLUGBOARD_AGE_IDENTITY. Make it one of its own, and let it in:",
    "  PLUGBOARD_AGE_IDENTITY_FILE=~/ci-identity.txt plugboard secrets init --no-passphrase",
    "  plugboard secrets init --recipient age1…",
  ];
}
