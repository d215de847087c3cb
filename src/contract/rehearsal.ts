import type { IncomingHttpHeaders, RequestListener } from "node:http";
import type { Outcome } from "../model/outcomes.js";

/** What a service answers: JSON, or text as it is. */
export interface Reply {
  /** Default: 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A request as answers look at it. */
export interface Asked {
  /** By names in small letters. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly url: URL;
  readonly body: string;
}

/**
 * Answers by method, host and path: `GET api.example.com/user`, `GET api.example.com/*`, or `*` for everything. Anything else gets
 * 404.
 */
export type Answers = Readonly<Record<string, Reply | ((asked: Asked) => Reply)>>;

/** What is different when a service, or a connection to it, is in one of its failures. */
export interface Change {
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly answers?: Answers;
  readonly environment?: Readonly<Record<string, string>>;
  readonly serverUrls?: readonly string[];
}

/** The failures that depend on the service, as opposed to those of the way to it. */
export const serviceFailures = [
  "ok-limited",
  "unverifiable",
  "deprecated",
  "invalid-input",
  "wrong-id",
  "wrong-secret",
  "wrong-credentials",
  "revoked",
  "expired",
  "suspended",
  "identity-mismatch",
  "missing-permission",
  "not-installed",
  "callback-mismatch",
  "clock-skew",
  "provider-retired",
] as const satisfies readonly Outcome[];

export type ServiceFailure = (typeof serviceFailures)[number];

/**
 * A connection and its service, played after the service's documentation: when all is well, and in each of its failures. A
 * text in the place of a failure says why the service cannot fail in this way.
 */
export interface Rehearsal {
  /** The variant of the type; left out where there is only one. */
  readonly variant?: string;
  /** The documentation that the answers are made after. */
  readonly source: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Values of the secrets by name. `unique` gives a text that occurs nowhere else, and must not be seen anywhere. */
  readonly secrets: (unique: (name: string) => string) => Readonly<Record<string, string>>;
  /** Other connections that the settings refer to, by ID. */
  readonly related?: Readonly<Record<string, { readonly kind: string; readonly settings: Readonly<Record<string, unknown>> }>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly serverUrls?: readonly string[];
  /** The answers when all is well. */
  readonly answers: Answers;
  /** The outcome when all is well. Default: `ok`. */
  readonly best?: Outcome;
  readonly failures: Readonly<Record<ServiceFailure, Change | string>>;
}

/** A played service, on all of its hosts. */
export function playAnswers(answers: Answers): RequestListener {
  return (request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => {
      body += text;
    });
    request.on("end", () => {
      const url = new URL(request.url as string, `https://${request.headers.host}`);
      const reply = replyTo(answers, request.method as string, { headers: asText(request.headers), url, body });
      const isText = typeof reply.body === "string";
      const headers = { "content-type": isText ? "text/plain" : "application/json", ...reply.headers };
      response.writeHead(reply.status ?? 200, headers).end(isText ? reply.body : JSON.stringify(reply.body ?? {}));
    });
  };
}

function asText(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

function replyTo(answers: Answers, method: string, asked: Asked): Reply {
  const key = `${method} ${asked.url.host}${asked.url.pathname}`;
  const pattern = Object.keys(answers).find((each) => each.endsWith("*") && key.startsWith(each.slice(0, -1)));
  const answer = answers[key] ?? answers[pattern ?? ""];
  return typeof answer === "function" ? answer(asked) : (answer ?? { status: 404 });
}

/** The hosts that a service is played on. */
export function hostsOf(answers: Answers): string[] {
  return [...new Set(Object.keys(answers).map((key) => key.slice(key.indexOf(" ") + 1).split("/")[0] as string))];
}
