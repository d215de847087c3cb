import * as z from "zod";
import { type Finding, finding } from "./finding.js";
import { parseJson, parseWith } from "./parse.js";

const lockSchema = z.object({
  version: z.literal(1),
  /** By the name of the secret that keeps the pair. */
  accessKeys: z.record(z.string(), z.object({ accessKeyId: z.string().min(1), rotatedAt: z.string().optional() })).default({}),
});

/** What the outside world assigned: `plugboard.lock.json`, committed beside the settings. It holds no secret. */
export type Lock = z.infer<typeof lockSchema>;

export const emptyLock: Lock = { version: 1, accessKeys: {} };

/** Reads the text of a lock file. */
export function parseLock(text: string): { readonly lock: Lock; readonly findings: readonly Finding[] } {
  const json = parseJson(text, "PB143");
  if (json.findings.length > 0) return { lock: emptyLock, findings: json.findings };
  const { value = emptyLock, findings } = parseWith(lockSchema, json.value, []);
  return { lock: value, findings: findings.map(({ message }) => finding("PB143", message)) };
}
