import { isOpenSecretText, isScrambled } from "../contract/walk.js";
import { isNotImported } from "../model/placeholder.js";

/**
 * Secrets in plain text: found by what a value looks like, or by what its parameter is called. What is found is
 * reported and stays where it is: it is never copied into settings, printed or logged.
 */

/** Texts that are secrets wherever they stand: what they are, and their shape. Every repetition is bounded or of one class. */
const shapes: readonly (readonly [what: string, shape: RegExp])[] = [
  ["a private key", /-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----/],
  ["a GitHub token", /\b(?:gh[oprsu]_[A-Za-z0-9]{30}|github_pat_[A-Za-z0-9_]{22})/],
  ["a GitLab token", /\bgl(?:pat|dt|rt|cbt|ptt|ft|oas|soat|imt|agent)-[\w-]{20}/],
  ["a Slack token", /\b(?:xox[a-z]|xapp)-[\w-]{10}/],
  ["a Slack webhook", /\bhooks\.slack\.com\/services\/T\w{1,20}\/B\w{1,20}\/\w{10}/],
  ["an Atlassian token", /\bAT(?:ATT3|BB)[\w-]{20}/],
  ["a TeamCity token", /\beyJ0eXAiOiAiVENWMiJ9\.[\w-]{10}/],
  ["an npm token", /\bnpm_[A-Za-z0-9]{36}/],
  ["a PyPI token", /\bpypi-[\w-]{40}/],
  ["a Docker token", /\bdckr_(?:pat|oat)_[\w-]{20}/],
  ["a Vault token", /\bhv[bs]\.[\w-]{20}/],
  ["a Google API key", /\bAIza[\w-]{35}/],
  ["a JSON Web Token", /\beyJ[\w-]{10,300}\.eyJ[\w-]{10}/],
  ["a Stripe key", /\b[rs]k_live_\w{16}/],
  ["a bearer token", /\b[Bb]earer [\w.~+/-]{16}/],
  // As in connection strings and command lines; a call such as `password = secret("…")` is none.
  ["a password", /(?:[Pp]ass(?:word|wd)|PASSWORD|[Pp]wd|AccountKey|_authToken)=(?!\w{1,60}\()[^\s;&"'<>%$]{6}/],
  // A password that consists of parameter references says nothing.
  ["an address with a password", /:\/\/[^\s/?#:@"'<>]{0,200}:(?!(?:%[^%\s@]{1,100}%){1,5}@)[^\s/?#@"'<>]{1,200}@/],
];

const anyShape = new RegExp(shapes.map(([, { source }]) => source).join("|"), "g");

/** What a text holds that is a secret by its shape, such as `a private key`; `undefined` if nothing does. */
export function secretShape(text: string): string | undefined {
  return shapes.find(([, shape]) => shape.test(text))?.[0];
}

/** Where in a text secrets are, by their shape: offsets of their first characters. */
export function secretOffsets(text: string): number[] {
  return [...text.matchAll(anyShape)].map((match) => match.index);
}

/** Stored parameters with a part of the name that ends like this hold secrets. `defaultTokenScope` and `authType` do not. */
const NAMED_AFTER =
  /(?:pass(?:word|wd|phrase|code)?|pwd|secrets?|token|(?:access|secret|private|api|ssh|signing|encryption|account)[-_. ]?key)\d*(?:$|[._\- ](?!id\b))/i;

/** TeamCity takes the exact prefix for a secret; another spelling shows what was meant. */
const MEANT_SECURE = /^\s*secure:/i;

/** A secret access key of AWS has no mark of its own. An access key ID beside it gives it away. */
const ACCESS_KEY_ID = /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/;
const SECRET_ACCESS_KEY =
  /(?<![A-Za-z0-9/+=])(?=[A-Za-z0-9/+]{0,39}[a-z])(?=[A-Za-z0-9/+]{0,39}[A-Z])(?=[A-Za-z0-9/+]{0,39}\d)[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/;

/** The parameters of one holder that are secrets in plain text: name to what the value is. */
export function plainSecrets(stored: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const entries = Object.entries(stored);
  const besideKeyId = entries.some(([, value]) => ACCESS_KEY_ID.test(value));
  const found = new Map<string, string>();
  for (const [name, value] of entries) {
    if (!isPlainText(value)) continue;
    const what =
      secretShape(value) ??
      (besideKeyId && SECRET_ACCESS_KEY.test(value) ? "an AWS secret access key" : undefined) ??
      (MEANT_SECURE.test(name) || NAMED_AFTER.test(name) ? "a secret" : undefined);
    if (what !== undefined) found.set(name, what);
  }
  return found;
}

/** The names of parameters that stay where they are, since no `secure:` before their name keeps their values out of settings. */
export function withheld(stored: Readonly<Record<string, string>>): ReadonlySet<string> {
  const names = [...plainSecrets(stored).keys(), ...Object.keys(stored).filter((name) => isScrambled(stored[name] as string))];
  return new Set(names.filter((name) => !name.startsWith("secure:")));
}

/** Tells whether a value is neither blank, a token, scrambled, a word for yes or no, nor made of parameter references alone. */
export function isPlainText(value: string): boolean {
  return !(
    value.trim() === "" ||
    isOpenSecretText(value) ||
    isScrambled(value) ||
    isNotImported(value) ||
    /^(?:true|false|yes|no|none)$/i.test(value) ||
    /^(?:%[^%\s]+%)+$/.test(value)
  );
}
