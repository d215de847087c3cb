import { randomUUID } from "node:crypto";
import * as z from "zod";
import type { Adapter, Evidence, Resolved, Verdict } from "../../contract/adapter.js";
import type { SettingsOf } from "../../contract/define.js";
import { judgeSpelling } from "../../contract/token.js";
import type { Redacted } from "../../model/redacted.js";
import { quote, shown } from "../../model/text.js";
import { readHostAddress } from "../../transport/addresses.js";
import { redirects } from "../../transport/exchange.js";
import type { Answer, Http } from "../../transport/http.js";
import type { npmSettings } from "./settings.js";

type Settings = SettingsOf<typeof npmSettings>;

export const adapter: Adapter<Settings> = {
  endpoints: ({ url }) => [registryUrl(url)],

  async test(settings, { http, check }) {
    const url = registryUrl(settings.url);
    const { token } = settings;
    const input = await check({ stage: "input", title: "scope and token can be sent" }, () => readInput(settings));
    const server = await check({ stage: "server", title: "the registry answers", after: input }, () => ping(http, url));
    const shelf = { url, ...input.value };
    if (token === undefined)
      await check({ stage: "permissions", title: "packages can be read anonymously", after: server }, (pings) =>
        testAnonymously(http, shelf, pings),
      );
    else
      await check({ stage: "authentication", title: "the registry accepts the token", after: server }, () =>
        testToken(http, shelf, token),
      );
  },
};

const PUBLIC_DOMAIN = "npmjs.org";
const PUBLIC_REGISTRY = `registry.${PUBLIC_DOMAIN}`;

/** Absent: TeamCity has a default address. Its text is not confirmed; presumably it is that of npm's public registry. */
function registryUrl(address = PUBLIC_REGISTRY): URL {
  const url = readHostAddress(address, "url");
  return new URL(url.origin + url.pathname.replace(/\/*$/, "/"));
}

/** A registry, and the scope of the packages that are wanted from it. */
interface Shelf {
  readonly url: URL;
  /** Without the `@`. */
  readonly scope?: string;
}

function readInput({ scope, token }: Resolved<Settings>): Verdict<Pick<Shelf, "scope">> {
  const name = scope?.replace(/^@/, "");
  // npm allows in names what a URL holds as it is (validate-npm-package-name).
  if (name !== undefined && (name === "" || name.startsWith(".") || name !== encodeURIComponent(name))) {
    return { outcome: "invalid-input", message: `${quote(`@${name}`)} is no scope`, hint: "Write it as @example." };
  }
  const misspelt = token && judgeSpelling(token, "token");
  if (misspelt !== undefined) return misspelt;
  const message = token === undefined ? "there is no token: the registry is used anonymously" : "they can";
  return { outcome: "ok", message, value: name === undefined ? {} : { scope: name } };
}

/**
 * Not every registry has the ping, and some have it behind the login: GitHub answers 404 (npm/cli#4751). Tells whether this one
 * has answered to it.
 */
async function ping(http: Http, url: URL): Promise<Verdict<boolean>> {
  const answer = await http.request(new URL("-/ping", url), { accept: unanswered });
  if (answer.status !== 200)
    return { outcome: "ok", message: `a server answers, though not to a ping (${answer.status})`, value: false };
  if (answer.text.trimStart().startsWith("<")) return notRegistry(answer);
  return { outcome: "ok", message: "the registry answers", value: true };
}

/** What registries answer to a call that they do not have. */
const unanswered: readonly number[] = [500, 501];

async function testAnonymously(http: Http, shelf: Shelf, pings: boolean): Promise<Verdict> {
  const answer = await readUnknown(http, shelf);
  if (isRefused(answer)) {
    return {
      outcome: "missing-permission",
      message: `${nameOf(shelf)} cannot be read anonymously`,
      hint: "Give the connection a token.",
      evidence: { missing: [`read ${nameOf(shelf)}`] },
    };
  }
  const forwarded = isForwarded(answer);
  if (!forwarded && !saysMissing(answer)) return notRegistry(answer);
  if (!forwarded && !pings) {
    return {
      outcome: "unverifiable",
      message:
        "nothing tells the server from one of another kind: it has no ping, and of a package it says only that it is not there",
      hint: "Compare the address with `npm config get registry` where it works.",
    };
  }
  if (!forwarded && shelf.scope === undefined) return { outcome: "ok", message: "the registry can be read anonymously" };
  return {
    outcome: "ok-limited",
    message: `${nameOf(shelf)} is not closed to anonymous reading, as far as an unknown package tells`,
  };
}

/**
 * The proof is the name of the token's user, or that the token opens what is closed without it. An answer with 200 is none:
 * Verdaccio gives it to wrong tokens too, with no name in it.
 */
async function testToken(http: Http, shelf: Shelf, token: Redacted): Promise<Verdict> {
  const bearer = token.derive((value) => `Bearer ${value}`);
  const who = await whoami(http, shelf, bearer);
  if (who.status === 401) return refused("the registry refuses the token");

  const read = await readUnknown(http, shelf, bearer);
  const named = userOf(who);
  // Some name whoever comes without a token as well.
  const user = named && userOf(await whoami(http, shelf)) !== named ? named : undefined;
  const facts = user === undefined ? {} : { facts: { user } };
  const evidence: Evidence = { ...evidenceOf(read), ...facts };
  if (read.status === 401 && user === undefined) return refused("the registry refuses the token");
  if (isRefused(read)) {
    return {
      outcome: "missing-permission",
      message: `the token${user === undefined ? "" : ` of ${quote(user)}`} may not read ${nameOf(shelf)}`,
      hint: "Grant its user, or the token itself, the right to read.",
      evidence: { ...evidence, missing: [`read ${nameOf(shelf)}`] },
    };
  }
  if (user !== undefined) {
    const known = `the token is that of ${quote(user)}`;
    if (saysMissing(read))
      return accepted(shelf, `${known}, and ${nameOf(shelf)} is not closed to it`, { ...evidenceOf(who), ...facts });
    const message = `${known}; whether it may read ${nameOf(shelf)}, the answer ${read.status} does not tell`;
    return { outcome: "ok-limited", message, evidence };
  }
  if (!isForwarded(read)) {
    if (!saysMissing(read))
      return { ...notRegistry(read), hint: "Is the path of the registry complete, and the token still good?", evidence };
    if (isRefused(await readUnknown(http, shelf)))
      return accepted(shelf, `the token opens ${nameOf(shelf)}, which is closed without it`, evidence);
    if (named === "") return { ...refused("the registry knows nobody by this token"), evidence: evidenceOf(who) };
  }
  return {
    outcome: "unverifiable",
    message: `the registry does not tell whose token it is, and its answer for ${nameOf(shelf)} does not show that it looks at it`,
    hint: "Is a token needed to read at all? Whether it may publish, only publishing shows.",
    evidence,
  };
}

/** Not every registry can tell: some answer with their error page, or send to it. */
function whoami(http: Http, { url }: Shelf, bearer?: Redacted): Promise<Answer> {
  return http.request(new URL("-/whoami", url), { headers: headersOf(bearer), accept: [...redirects, ...unanswered] });
}

/** Asks for a package that nobody has. Redirects are not followed. */
function readUnknown(http: Http, { url, scope }: Shelf, bearer?: Redacted): Promise<Answer> {
  const name = `plugboard-probe-${randomUUID()}`;
  const path = scope === undefined ? name : `@${scope}%2f${name}`;
  return http.request(new URL(path, url), { headers: headersOf(bearer), accept: redirects });
}

function headersOf(bearer: Redacted | undefined): Record<string, string> {
  const accept = { accept: "application/json" };
  return bearer === undefined ? accept : { ...accept, authorization: bearer.reveal() };
}

function isRefused({ status }: Answer): boolean {
  return status === 401 || status === 403;
}

/** A registry says in JSON that it does not have a package: one may ask. */
function saysMissing(answer: Answer): boolean {
  return answer.status === 404 && object.safeParse(jsonOf(answer)).success;
}

/**
 * GitLab sends whoever asks for what it does not have to the public registry (gitlab-org/gitlab!25531), before it looks at
 * rights. Other redirects may lead to a sign-in page.
 */
function isForwarded({ status, headers }: Answer): boolean {
  return redirects.includes(status) && headers.get("location")?.startsWith(`https://${PUBLIC_REGISTRY}/`) === true;
}

const object = z.looseObject({});
const identity = z.looseObject({ username: z.string().default("") });

/** Whom the registry names; the empty text if it answers as it should and names nobody. */
function userOf(answer: Answer): string | undefined {
  const name = answer.status === 200 ? identity.safeParse(jsonOf(answer)).data?.username : undefined;
  return name && shown(name);
}

function jsonOf({ text }: Answer): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function accepted({ url }: Shelf, message: string, evidence: Evidence): Verdict {
  return {
    outcome: "ok",
    message: `${message}; whether it may publish, only publishing shows`,
    ...(url.hostname === PUBLIC_REGISTRY ? { hint: PUBLIC_HINT } : {}),
    evidence,
  };
}

/** npm/documentation#1741; those that only read may live longer (npm/cli#8855). */
const PUBLIC_HINT =
  "Tokens that may write to npm's public registry live 90 days at most: give the secret its `expires` date, and replace it in time.";

function refused(message: string): Verdict<never> {
  return {
    outcome: "wrong-secret",
    message,
    hint: "Has the token expired, or been revoked? Put the current one into the store.",
  };
}

function notRegistry({ url, status }: Answer): Verdict<never> {
  return {
    outcome: "wrong-server",
    message: `${new URL(url).host} answers ${status}, and not as an npm registry does`,
    hint: "Is the path of the registry complete? Compare the address with `npm config get registry` where it works.",
  };
}

function nameOf({ scope }: Shelf): string {
  return scope === undefined ? "the registry" : `@${scope}`;
}

function evidenceOf({ request, status }: Answer): Evidence {
  return { request, status };
}
