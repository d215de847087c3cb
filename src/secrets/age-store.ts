import { basename } from "node:path";
import type { Redacted } from "../model/redacted.js";
import { quote } from "../model/text.js";
import { type AgeFile, decryptValue, encryptValue, parseAgeFile, readAgeFile, serializeAgeFile } from "./age-file.js";
import { type Store, storeError } from "./store.js";
import { updateFile } from "./update-file.js";

export interface AgeStoreOptions {
  /** Opens the identities to decrypt with; called when the first value is wanted. */
  readonly identities: () => Promise<readonly Redacted[]>;
  readonly signal?: AbortSignal;
}

/** A file of values that are encrypted with age. Names can be told, and values stored, without an identity. */
export function createAgeStore(path: string, { identities, signal }: AgeStoreOptions): Store {
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
      return decryptValue(name, file, await identities(), path);
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
      const names = Object.keys(file.secrets);
      const own = names.length === 0 ? [] : await identities();
      const secrets: Record<string, string> = {};
      for (const name of names)
        secrets[name] = await encryptValue(name, await decryptValue(name, file, own, path), recipients, path);
      return serializeAgeFile({ version: 1, recipients, secrets });
    },
    signal,
  );
  return admission;
}
