import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { Redacted, rememberSecret } from "../model/redacted.js";
import type { Environment } from "../transport/http.js";
import { storeError } from "./store.js";

/** Asks for a passphrase on the terminal. The signal takes the question back. */
export type Ask = (question: string, signal?: AbortSignal) => Promise<Redacted>;

/** Where the identity is: in the environment itself, or in a file. */
export type IdentitySource = { readonly variable: string; readonly text: string } | { readonly file: string };

/** Where the private key of the one who runs this is looked for. */
export function identitySource(environment: Environment): IdentitySource {
  const { PLUGBOARD_AGE_IDENTITY: text, PLUGBOARD_AGE_IDENTITY_FILE: file, XDG_CONFIG_HOME: folder } = environment;
  if (text) return { variable: "PLUGBOARD_AGE_IDENTITY", text };
  if (file) return { file: checkPath(file) };
  // A relative path counts as absent (XDG Base Directory Specification, "Basics").
  const configFolder = folder && isAbsolute(folder) ? folder : join(environment.HOME || homedir(), ".config");
  return { file: join(configFolder, "plugboard", "identity.txt") };
}

/** The value of the variable that names a file. A file would be made where it leads. */
function checkPath(file: string): string {
  const variable = "PLUGBOARD_AGE_IDENTITY_FILE";
  if (/AGE-SECRET-KEY-|-----BEGIN /i.test(file)) {
    rememberSecret(file, "age identity");
    throw storeError("PB703", `${variable} holds a private key, not the name of a file`, "Put it into PLUGBOARD_AGE_IDENTITY.");
  }
  if (!file.startsWith("~")) return file;
  throw storeError(
    "PB703",
    `${variable} starts with ~, which shells alone replace`,
    "Write the path of the home folder instead.",
  );
}

/** What identities are opened with. */
export interface IdentityOptions {
  readonly environment: Environment;
  /** Without it, an identity that has a passphrase cannot be used. */
  readonly ask?: Ask | undefined;
  readonly signal?: AbortSignal;
}

/** Reads the identities, asking for the passphrase of a protected file. */
export async function openIdentities(options: IdentityOptions): Promise<readonly Redacted[]> {
  const source = identitySource(options.environment);
  if ("text" in source) return parseIdentities(Buffer.from(source.text), source.variable, options);
  let bytes: Buffer;
  try {
    bytes = readFileSync(source.file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT")
      throw storeError("PB703", `the identity cannot be read: ${code}`, "Check its permissions.", source.file);
    const hint = "Give it in PLUGBOARD_AGE_IDENTITY, or name its file in PLUGBOARD_AGE_IDENTITY_FILE.";
    throw storeError("PB703", `there is no identity to decrypt with: ${source.file} does not exist`, hint);
  }
  return parseIdentities(bytes, source.file, options);
}

const BINARY = "age-encryption.org/v1";
const ARMORED = "-----BEGIN AGE ENCRYPTED FILE-----";

async function parseIdentities(bytes: Buffer, from: string, options: Omit<IdentityOptions, "environment">) {
  const whole = bytes.toString("utf8").trim();
  const isArmored = whole.startsWith(ARMORED);
  const text = isArmored || whole.startsWith(BINARY) ? (await unlock(bytes, isArmored, from, options)).reveal() : whole;
  // One-line variables of CI servers hold a line break as two characters.
  const lines = text.split(/[\r\n]+|\\n/).map((each) => each.trim());
  const keys = lines.filter((each) => each !== "" && !each.startsWith("#"));
  if (keys.length > 0 && (await areIdentities(keys))) return keys.map((each) => new Redacted(each, "age identity"));
  throw storeError(
    "PB703",
    `${from} holds no age identity`,
    "An identity is one whole line that starts with AGE-SECRET-KEY-1. The name of its file goes into PLUGBOARD_AGE_IDENTITY_FILE.",
  );
}

/** Tells whether age knows identities, which their checksums say. */
async function areIdentities(keys: readonly string[]): Promise<boolean> {
  const { Decrypter } = await import("age-encryption");
  try {
    const decrypter = new Decrypter();
    for (const each of keys) decrypter.addIdentity(each);
    return true;
  } catch {
    return false;
  }
}

async function unlock(bytes: Buffer, isArmored: boolean, from: string, { ask, signal }: Pick<IdentityOptions, "ask" | "signal">) {
  if (ask === undefined) {
    throw storeError(
      "PB703",
      `the identity ${from} has a passphrase, and there is no terminal to ask for it`,
      "Give the identity itself in PLUGBOARD_AGE_IDENTITY.",
    );
  }
  const { Decrypter, armor } = await import("age-encryption");
  const passphrase = await ask(`Passphrase of ${from}: `, signal);
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase.reveal());
  try {
    const plain = isArmored ? armor.decode(bytes.toString("utf8")) : bytes;
    return new Redacted(await decrypter.decrypt(plain, "text"), "age identity");
  } catch {
    throw storeError("PB703", `the passphrase does not open ${from}`, "Run the command again.");
  }
}

/** The recipients that the identities stand for. */
export async function recipientsOf(identities: readonly Redacted[]): Promise<string[]> {
  const { identityToRecipient } = await import("age-encryption");
  return Promise.all(identities.map((each) => identityToRecipient(each.reveal())));
}

/** Makes an identity and its file, readable by its owner only. Never overwrites one. */
export async function createIdentity(file: string, passphrase: Redacted | undefined): Promise<Redacted> {
  const { Encrypter, armor, generateX25519Identity, identityToRecipient } = await import("age-encryption");
  const identity = new Redacted(await generateX25519Identity(), "age identity");
  const recipient = await identityToRecipient(identity.reveal());
  let text = `# Identity of Plugboard: keep it to yourself.\n# public key: ${recipient}\n${identity.reveal()}\n`;
  if (passphrase !== undefined) {
    const encrypter = new Encrypter();
    encrypter.setPassphrase(passphrase.reveal());
    text = `${armor.encode(await encrypter.encrypt(text))}\n`;
  }
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const handle = openSync(file, "wx", 0o600);
    try {
      writeFileSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw storeError("PB707", `the identity cannot be written: ${code}`, "Nothing was changed.", file);
  }
  return identity;
}
