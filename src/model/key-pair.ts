import { Redacted, rememberSecret } from "./redacted.js";

/** An access key with the two halves that belong together. As the value of a secret it is JSON. */
export interface KeyPair {
  readonly accessKeyId: string;
  readonly secretAccessKey: Redacted;
}

/** The pair that a value is; `undefined` if it is something else. */
export function readKeyPair(value: Redacted): KeyPair | undefined {
  const { accessKeyId, secretAccessKey } = parse(value);
  if (!isText(accessKeyId) || !isText(secretAccessKey)) return undefined;
  return { accessKeyId, secretAccessKey: new Redacted(secretAccessKey, value.name) };
}

/** Makes the scrubber know the secret half of a value that may be a pair. */
export function rememberSecretHalf(value: Redacted): void {
  const { secretAccessKey } = parse(value);
  if (isText(secretAccessKey)) rememberSecret(secretAccessKey, value.name);
}

/** A pair as the value of a secret. */
export function serializeKeyPair({ accessKeyId, secretAccessKey }: KeyPair, name: string): Redacted {
  return secretAccessKey.derive((each) => JSON.stringify({ accessKeyId, secretAccessKey: each }), name);
}

/**
 * Whether a text is an access key ID: 16 to 128 word characters (AccessKeyId of the IAM API), which are capitals and digits in
 * all that are given out. An ID is printed and committed, so what might be the secret access key is none.
 */
export function isAccessKeyId(text: string): boolean {
  return /^[A-Z0-9]{16,128}$/.test(text);
}

function parse(value: Redacted): { readonly [Half in keyof KeyPair]?: unknown } {
  const text = value.reveal();
  if (!text.trimStart().startsWith("{")) return {};
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function isText(half: unknown): half is string {
  return typeof half === "string" && half !== "";
}
