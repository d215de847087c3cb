import { isUtf8 } from "node:buffer";
import { unescape as decode } from "node:querystring";
import { describeBug } from "../model/bug.js";
import { knownSecrets, rememberSecret } from "../model/redacted.js";
import { isSecretVariable } from "../model/secret-variables.js";
import { scrub } from "./scrub.js";

let guarded = false;

/** Writes to stdout past the scrubber. */
let writeStdout = (text: string): boolean => process.stdout.write(text);

/**
 * From now on, whatever the process writes to stdout and stderr passes the scrubber, an error that nobody catches included.
 * Each write is looked at on its own: a report is written as a whole, or line by line.
 */
export function guardOutput(): void {
  if (guarded) return;
  guarded = true;
  writeStdout = process.stdout.write.bind(process.stdout);
  guardStream(process.stdout);
  guardStream(process.stderr);
  // Node prints such an error past the streams. A rejection that nobody handles comes here as well.
  process.on("uncaughtException", (error) => {
    process.stderr.write(describeBug(error));
    const end = crashEnd;
    crashEnd = exit;
    end();
  });
}

const exit = (): void => process.exit(70);
let crashEnd = exit;

/**
 * What is done after an error that nobody has caught, instead of ending the process. After another one, it ends. Returns what takes
 * this back.
 */
export function onCrash(end: () => void): () => void {
  crashEnd = end;
  return () => {
    crashEnd = exit;
  };
}

/**
 * Writes a piece of a report to stdout that was made of scrubbed texts. It is not looked at again: a value such as `test` is also a
 * word of reports.
 */
export function writeScrubbed(text: string): void {
  if (text !== "") writeStdout(text);
}

/** Text of code that is not ours, such as a plug-in's message, without the secrets of the environment. */
export function scrubForeign(text: string): string {
  rememberVariables();
  return scrub(text);
}

/**
 * Makes the scrubber know what the environment holds and no store was asked for: whatever runs in the process can read it. That is
 * done when something is printed, so that values mostly go by the names that stores have for them.
 */
function rememberVariables(): void {
  if (remembered) return;
  remembered = true;
  for (const [name, value = ""] of Object.entries(process.env)) {
    if (!isSecretVariable(name)) continue;
    const secret = PROXY.test(name) ? passwordIn(value) : value;
    const isSecret = name.startsWith("PLUGBOARD_SECRET_") ? secret !== "" : secret.length >= SHORTEST && !NO_SECRET.test(name);
    if (isSecret && !knownSecrets().has(secret)) rememberSecret(secret, name);
  }
}

let remembered = false;

const PROXY = /_PROXY$/i;

/** Where a name alone speaks for a secret, a shorter value is rather a word like `true`. */
const SHORTEST = 8;

/** `PLUGBOARD_AGE_IDENTITY_FILE`, `SSH_AUTH_SOCK`, `AWS_ACCESS_KEY_ID`, `XAUTHORITY`: they tell where a secret is, or whose it is. */
const NO_SECRET = /(_(FILE|PATH|DIR|SOCK|ID|NAME)|AUTHORITY)$/i;

function passwordIn(address: string): string {
  const { password } = URL.canParse(address) ? new URL(address) : { password: "" };
  return decode(password);
}

function guardStream(stream: NodeJS.WriteStream): void {
  const write = stream.write.bind(stream) as (chunk: unknown, ...rest: unknown[]) => boolean;
  stream.write = (chunk: unknown, ...rest: unknown[]): boolean => write(scrubChunk(chunk), ...rest);
}

/** A chunk without secrets. Bytes that are no text keep their values: each is taken for one character. */
function scrubChunk(chunk: unknown): unknown {
  rememberVariables();
  if (knownSecrets().size === 0) return chunk;
  if (typeof chunk === "string") return scrub(chunk);
  if (!(chunk instanceof Uint8Array)) return chunk;
  const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const encoding = isUtf8(bytes) ? "utf8" : "latin1";
  const text = bytes.toString(encoding);
  const scrubbed = scrub(text);
  return scrubbed === text ? chunk : Buffer.from(scrubbed, encoding);
}
