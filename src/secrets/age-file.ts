import { readFileSync } from "node:fs";
import { basename } from "node:path";
import * as z from "zod";
import { Redacted } from "../model/redacted.js";
import { secretName } from "../model/schema.js";
import { compareNames, compareText, quote, shown } from "../model/text.js";
import { storeError } from "./store.js";

/** The file of encrypted values, where the configuration names no other. */
export const AGE_FILE = "plugboard.secrets.json";

const schema = z.strictObject({
  version: z.literal(1),
  recipients: z.array(z.string().regex(/^age1[a-z0-9]{20,}$/)).min(1),
  secrets: z.record(secretName, z.base64().min(1)),
});

/**
 * Names in plain text, and each value on its own, encrypted with age to all recipients, in base64. A value is encrypted
 * together with its name: put under another name, it is not taken for that one's.
 */
export type AgeFile = z.infer<typeof schema>;

/** Reads a file of secrets; `undefined` if there is none. */
export function readAgeFile(path: string): AgeFile | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw storeError("PB702", `${basename(path)} cannot be read: ${code}`, "Check its permissions.", path);
  }
  return parseAgeFile(text, path);
}

/** Parses the text of a file of secrets. What is damaged is an error, never an empty file. */
export function parseAgeFile(text: string, path: string): AgeFile {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    const isConflict = /^(<{7}|={7}|>{7})/m.test(text);
    throw damaged(path, isConflict ? "it holds the marks of a merge conflict" : "it is not JSON");
  }
  const { success, data: file, error } = schema.safeParse(data, { jitless: true });
  if (success) return file;
  const { version } = (data ?? {}) as { version?: unknown };
  if (typeof version === "number" && version > 1)
    throw storeError("PB704", `${basename(path)} is of a newer version, ${version}`, "Update Plugboard.", path);
  throw damaged(path, `\`${error.issues[0]?.path.join(".") || "the file"}\` is not as it was written`);
}

function damaged(path: string, what: string): Error {
  const hint = "It was left as it is. Resolve the conflict, or restore the file from version control.";
  return storeError("PB704", `${basename(path)} is damaged: ${what}`, hint, path);
}

/** The text of a file of secrets: one text for one content. */
export function serializeAgeFile({ version, recipients, secrets }: AgeFile): string {
  const sorted = Object.fromEntries(Object.entries(secrets).sort(compareNames));
  return `${JSON.stringify({ version, recipients: [...recipients].sort(compareText), secrets: sorted }, null, 2)}\n`;
}

/** Encrypts the value of a secret to all recipients of a file. */
export async function encryptValue(name: string, value: Redacted, recipients: readonly string[], path: string): Promise<string> {
  const { Encrypter } = await import("age-encryption");
  const encrypter = new Encrypter();
  for (const each of recipients) {
    if (!(await isRecipient(each))) throw damaged(path, `the recipient ${shown(each)} is not one that age knows`);
    encrypter.addRecipient(each);
  }
  const bytes = await encrypter.encrypt(JSON.stringify({ name, value: value.reveal() }));
  return Buffer.from(bytes).toString("base64");
}

const contentSchema = z.strictObject({ name: z.string(), value: z.string() });

/** Decrypts the value that a file holds under a name. */
export async function decryptValue(
  name: string,
  { secrets }: AgeFile,
  identities: readonly Redacted[],
  path: string,
): Promise<Redacted> {
  const { Decrypter } = await import("age-encryption");
  const decrypter = new Decrypter();
  for (const each of identities) decrypter.addIdentity(each.reveal());
  let content: z.infer<typeof contentSchema>;
  try {
    const text = await decrypter.decrypt(Buffer.from(secrets[name] ?? "", "base64"), "text");
    content = contentSchema.parse(JSON.parse(text));
  } catch (error) {
    if (!/no identity matched/.test((error as Error).message))
      throw damaged(path, `the value of ${quote(name)} cannot be decrypted`);
    throw storeError(
      "PB703",
      `secret ${quote(name)} is not encrypted to this identity`,
      "Ask a colleague who can read it to run plugboard secrets init --recipient with your recipient: plugboard secrets init prints it.",
      path,
    );
  }
  if (content.name !== name) throw damaged(path, `what stands under ${quote(name)} is the value of ${quote(content.name)}`);
  return new Redacted(content.value, name);
}

/** Tells whether age knows a recipient, which its checksum says. */
export async function isRecipient(text: string): Promise<boolean> {
  const { Encrypter } = await import("age-encryption");
  try {
    new Encrypter().addRecipient(text);
    return true;
  } catch {
    return false;
  }
}
