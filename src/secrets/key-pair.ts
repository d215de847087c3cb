import { Redacted } from "../model/redacted.js";

/** An access key with the two halves that belong together. As the value of a secret it is JSON. */
export interface KeyPair {
  readonly accessKeyId: string;
  readonly secretAccessKey: Redacted;
}

/** The pair that a value is; `undefined` if it is something else. The secret half is known to the scrubber from then on. */
export function parseKeyPair(value: Redacted): KeyPair | undefined {
  const text = value.reveal();
  if (!text.trimStart().startsWith("{")) return undefined;
  try {
    const { accessKeyId, secretAccessKey } = JSON.parse(text);
    if (typeof accessKeyId !== "string" || typeof secretAccessKey !== "string") return undefined;
    if (accessKeyId === "" || secretAccessKey === "") return undefined;
    return { accessKeyId, secretAccessKey: new Redacted(secretAccessKey, value.name) };
  } catch {
    return undefined;
  }
}

/** A pair as the value of a secret. */
export function serializeKeyPair({ accessKeyId, secretAccessKey }: KeyPair, name: string): Redacted {
  return secretAccessKey.derive((each) => JSON.stringify({ accessKeyId, secretAccessKey: each }), name);
}
