import { createPrivateKey } from "node:crypto";
import type { Verdict } from "../../contract/adapter.js";
import type { Redacted } from "../../model/redacted.js";

const HINT = "Store the text of the `.private-key.pem` file that GitHub gave, from its BEGIN line to its END line.";

/** Looks at an app's private key, without a request. GitHub's keys are RSA keys in PEM, for signatures with RS256. */
export function readPrivateKey(secret: Redacted): Verdict<void> {
  const text = secret.reveal().trim();
  const refuse = (message: string): Verdict<void> => ({ outcome: "invalid-input", message, hint: HINT });
  const label = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(text)?.[1];
  if (label === undefined) return refuse("the private key is not in PEM: it has no BEGIN line");
  if (text.includes("\\n")) return refuse("the private key has \\n written out where its line breaks should be");
  if (/ENCRYPTED/.test(text)) return refuse("the private key is encrypted with a passphrase");
  const other = otherThings.find(([pattern]) => pattern.test(label));
  if (other !== undefined) return refuse(`this is ${other[1]}, not a private key of a GitHub App`);
  if (!text.includes(`-----END ${label}-----`)) return refuse("the private key is cut off: its END line is missing");
  try {
    const key = createPrivateKey(text);
    if (key.asymmetricKeyType !== "rsa") return refuse("the private key is not an RSA key");
    return { outcome: "ok", message: `an RSA key of ${key.asymmetricKeyDetails?.modulusLength} bits` };
  } catch {
    return refuse("the private key cannot be read: something between BEGIN and END is damaged");
  }
}

/** What is pasted instead, by the word after BEGIN. */
const otherThings: readonly (readonly [RegExp, string])[] = [
  [/CERTIFICATE/, "a certificate"],
  [/PUBLIC KEY/, "a public key"],
  [/^EC /, "an EC key"],
  [/^OPENSSH/, "an OpenSSH key"],
];
