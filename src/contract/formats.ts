import type { Format, FormatComplaint } from "./params.js";

/** Formats that more than one connection type uses. A format never quotes what it was given: it may hold a secret. */

/** An absolute `http` or `https` address without credentials. */
export const httpUrl: Format = (value) => {
  if (holdsCredentials(value)) return credentials;
  if (!/^https?:\S+$/i.test(value) || !URL.canParse(value)) {
    return { code: "PB130", message: "is not an http or https address", hint: "Write it like https://host.example.com." };
  }
  return undefined;
};

/** `[http(s)://]host[:port][/path]`: an address whose scheme may be left out. */
export const hostUrl: Format = (value, context) =>
  holdsCredentials(value) ? credentials : httpUrl(value.includes("://") ? value : `https://${value}`, context);

/** A text that a regular expression describes, in words for the message. */
export function matching(pattern: RegExp, code: FormatComplaint["code"], message: string, hint?: string): Format {
  return (value) => (pattern.test(value) ? undefined : hint === undefined ? { code, message } : { code, message, hint });
}

/** Tells whether a value has a TeamCity parameter reference, which the server fills in. `%%` is a literal per cent. */
export function hasParameterReference(value: string): boolean {
  return value.includes("%") && /%[^%\s]+%/.test(value.replaceAll("%%", ""));
}

const credentials: FormatComplaint = {
  code: "PB131",
  message: "is an address with a user name or password in it",
  hint: "Take the part before the @ out of the address, and change the password: it has been in a file.",
};

/**
 * Tells whether a value is an address, with or without a scheme, that has a user name or password in it. Parameter
 * references are none: they say nothing. It runs on values with references too, since a password with `%40` and `%21`
 * in it looks as if it had one.
 */
export function holdsCredentials(value: string): boolean {
  if (!value.includes("@")) return false;
  const plain = value.replace(/%[^%\s@]+%/g, "");
  return [plain, `https://${plain}`].some((address) => {
    if (!URL.canParse(address)) return UNREADABLE.test(address);
    const { username, password } = new URL(address);
    return username !== "" || password !== "";
  });
}

/** User information in what is no URL: because of its host, or of a `/`, `?` or `#` in the password. */
const UNREADABLE = /\/\/(?:[^/?#]*[^/?#:]|[^/?#]*:.+)@/;
