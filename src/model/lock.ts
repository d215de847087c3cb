import * as z from "zod";
import { type Finding, finding } from "./finding.js";
import { parseJson, parseWith } from "./parse.js";
import { compareNames } from "./text.js";

/** What a newer release adds is kept when the file is written again. */
const lockSchema = z.looseObject({
  version: z.literal(1),
  /** By the name of the secret that keeps the pair. */
  accessKeys: z
    .record(z.string(), z.looseObject({ accessKeyId: z.string().min(1), rotatedAt: z.string().optional() }))
    .default({}),
});

/** What the outside world assigned: `plugboard.lock.json`, committed beside the settings. It holds no secret. */
export type Lock = z.infer<typeof lockSchema>;

/** Its name, beside the settings. */
export const LOCK_FILE = "plugboard.lock.json";

export const emptyLock: Lock = { version: 1, accessKeys: {} };

/** Reads the text of a lock file. */
export function parseLock(text: string): { readonly lock: Lock; readonly findings: readonly Finding[] } {
  const json = parseJson(text, "PB143");
  if (json.findings.length > 0) return { lock: emptyLock, findings: json.findings };
  const { value = emptyLock, findings } = parseWith(lockSchema, json.value, []);
  return { lock: value, findings: findings.map(({ message }) => finding("PB143", message)) };
}

/** A lock file with another access key ID for the pair of a name; what else it holds stays. */
export function withAccessKey(lock: Lock, name: string, accessKeyId: string): Lock {
  const before = lock.accessKeys[name];
  const after = before?.accessKeyId === accessKeyId ? before : { accessKeyId };
  return { ...lock, accessKeys: { ...lock.accessKeys, [name]: after } };
}

/** The text of a lock file: one text for one content. */
export function serializeLock(lock: Lock): string {
  const accessKeys = Object.entries(lock.accessKeys).sort(compareNames);
  return `${JSON.stringify({ ...lock, accessKeys: Object.fromEntries(accessKeys) }, null, 2)}\n`;
}
