import { basename } from "node:path";
import type { Redacted } from "../model/redacted.js";
import { quote } from "../model/text.js";
import type { Environment } from "../transport/http.js";
import { type AgeFile, decryptValue, encryptValue, parseAgeFile, readAgeFile, serializeAgeFile } from "./age-file.js";
import { type Ask, identitySource, readIdentities } from "./age-identity.js";
import { type Store, storeError } from "./store.js";
import { updateFile } from "./update-file.js";

export interface AgeStoreOptions {
  readonly environment: Environment;
  readonly ask?: Ask | undefined;
  readonly signal?: AbortSignal;
}

/** A file of values that are encrypted with age. Names can be told, and values stored, without an identity. */
export function createAgeStore(path: string, { environment, ask, signal }: AgeStoreOptions): Store {
  let opened: Promise<readonly Redacted[]> | undefined;
  let read: AgeFile | undefined;

  function load(): AgeFile {
    read ??= readAgeFile(path);
    if (read === undefined) throw missingFile(path);
    return read;
  }

  return {
    type: "age",
    label: basename(path),
    async get(name) {
      const file = load();
      if (!Object.hasOwn(file.secrets, name)) return undefined;
      opened ??= openIdentities(environment, ask);
      return decryptValue(name, file, await opened, path);
    },
    list: async () => Object.keys(load().secrets),
    async set(name, value) {
      const change = async (text: string | undefined): Promise<string> => {
        if (text === undefined) throw missingFile(path);
        const file = parseAgeFile(text, path);
        const encrypted = await encryptValue(name, value, file.recipients, path);
        return serializeAgeFile({ ...file, secrets: { ...file.secrets, [name]: encrypted } });
      };
      await updateFile(path, change, signal);
      read = undefined;
    },
  };
}

function missingFile(path: string): Error {
  return storeError("PB702", `${quote(basename(path))} does not exist`, "plugboard secrets init makes it.", path);
}

async function openIdentities(environment: Environment, ask: Ask | undefined): Promise<readonly Redacted[]> {
  const identities = await readIdentities(environment, ask);
  if (identities !== undefined) return identities;
  const source = identitySource(environment);
  const where = "file" in source ? source.file : source.variable;
  const hint = "Give it in PLUGBOARD_AGE_IDENTITY, or name its file in PLUGBOARD_AGE_IDENTITY_FILE.";
  throw storeError("PB703", `there is no identity to decrypt with: ${where} does not exist`, hint);
}

/** What became of a file of secrets to which recipients were to be added. */
export interface Admission {
  readonly added: readonly string[];
  readonly recipients: readonly string[];
}

/**
 * Makes a file of secrets, or adds recipients to one. All values are encrypted anew for those who are added; that needs the
 * identity of somebody who can read them.
 */
export async function admitRecipients(
  path: string,
  wanted: readonly string[],
  identities: () => Promise<readonly Redacted[]>,
  signal?: AbortSignal,
): Promise<Admission> {
  let admission: Admission = { added: [], recipients: [] };
  await updateFile(
    path,
    async (text) => {
      const file: AgeFile = text === undefined ? { version: 1, recipients: [], secrets: {} } : parseAgeFile(text, path);
      const added = [...new Set(wanted)].filter((each) => !file.recipients.includes(each));
      const recipients = [...file.recipients, ...added];
      admission = { added, recipients };
      if (text !== undefined && added.length === 0) return text;
      const secrets: Record<string, string> = {};
      for (const name of Object.keys(file.secrets)) {
        secrets[name] = await encryptValue(name, await decryptValue(name, file, await identities(), path), recipients, path);
      }
      return serializeAgeFile({ version: 1, recipients, secrets });
    },
    signal,
  );
  return admission;
}
