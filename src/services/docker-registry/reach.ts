import type { Verdict } from "../../contract/adapter.js";
import type { Redacted } from "../../model/redacted.js";
import { row, shown } from "../../model/text.js";
import type { Answer, Http } from "../../transport/http.js";
import { type Challenge, parseChallenges } from "./challenge.js";

/** A registry that has answered to a request without credentials. */
export interface Registry {
  readonly url: URL;
  /** How it wants to be logged in to. None: it lets everybody in. */
  readonly challenges: readonly Challenge[];
}

/** Asks for the root of the API without credentials: that tells what is there, and how to log in. */
export async function reachRegistry(http: Http, url: URL): Promise<Verdict<Registry>> {
  const answer = await getRoot(http, url);
  const version = answer.headers.get(VERSION_HEADER);
  const evidence = version === null ? {} : { facts: { apiVersion: shown(version) } };
  const found = (how: string, challenges: readonly Challenge[]): Verdict<Registry> => {
    const unsafe = url.protocol === "http:" ? "; the address is plain http, which protects neither password nor images" : "";
    const what = hasVersion(answer) ? "a registry" : "a server that does not say what it is";
    return { outcome: "ok", message: `${what} answers ${how}${unsafe}`, evidence, value: { url, challenges } };
  };

  if (answer.status === 200 && hasVersion(answer)) return found("without a login", []);
  if (answer.status === 401) {
    const offered = challengesOf(answer);
    const usable = offered.filter(({ scheme }) => scheme === "basic" || scheme === "bearer");
    if (usable.length > 0) return found("and asks for a login", usable);
    const schemes = row(
      offered.map(({ scheme }) => scheme),
      ", ",
    );
    return {
      outcome: "wrong-server",
      message: `the server asks for a login that Docker does not know (${schemes || "it does not tell which"})`,
      hint: "Is there a proxy or a sign-in page in front of the registry?",
      evidence,
    };
  }
  if (answer.status === 403) {
    return {
      outcome: "missing-permission",
      message: "the server refuses before anybody has logged in",
      hint: "Does the registry, or what stands before it, admit the address that the test runs at?",
      evidence,
    };
  }
  return notRegistry(url, answer.status);
}

/** Asks for the root of the API: 200 tells that one is let in. */
export function getRoot(http: Http, url: URL, authorization?: Redacted): Promise<Answer> {
  const headers: Record<string, string> = authorization === undefined ? {} : { authorization: authorization.reveal() };
  return http.request(new URL("/v2/", url), { headers });
}

/**
 * Tells whether 200 to a login can come from a registry. Some proxies drop its header, so the empty object that registries
 * answer with will do here: that the same address has asked for the login before tells it from servers that have one answer
 * for everything.
 */
export function isRegistry(answer: Answer): boolean {
  return hasVersion(answer) || /^\s*\{\s*\}\s*$/.test(answer.text);
}

/** Tells whether an answer has the header that only registries send. */
export function hasVersion({ headers }: Answer): boolean {
  return headers.get(VERSION_HEADER)?.startsWith("registry/2") === true;
}

export function challengesOf({ headers }: Answer): Challenge[] {
  return parseChallenges(headers.get("www-authenticate") ?? "");
}

export function notRegistry(url: URL, status: number): Verdict<never> {
  return {
    outcome: "wrong-server",
    message: `${url.host} answers ${status} at /v2/, and not as a Docker registry does`,
    hint: "Enter the host that images are pulled from, without the path of an image. Registries of the first version are not supported.",
  };
}

const VERSION_HEADER = "docker-distribution-api-version";
