import { shown } from "../model/text.js";
import { TransportFailure } from "./http.js";

/**
 * The address that a text is. Throws `TransportFailure` if it is no `http` or `https` address, with the name of the setting or
 * variable that it comes from: the text itself may hold a password.
 */
export function readAddress(text: string, source: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
  throw new TransportFailure("invalid-input", `${source} is not an http or https address`, {
    hint: "Write it like https://host.example.com.",
  });
}

/** The same for an address whose scheme may be left out. */
export function readHostAddress(text: string, source: string): URL {
  return readAddress(text.includes("://") ? text : `https://${text}`, source);
}

/** The longest host that is shown: a part of a secret would not be recognized as one. */
const LONGEST_HOST = 60;

/**
 * The host of an address that a server has chosen, which may be made of what was sent to it. Encoded and lengthy ones are not
 * shown, and neither is any path or query.
 */
export function nameHost({ host }: URL): string {
  return host.length <= LONGEST_HOST && /^[a-z0-9.:-]+$/.test(host) && !host.includes("xn--") ? shown(host) : "another host";
}
