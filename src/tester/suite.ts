import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Adapter, Resolved } from "../contract/adapter.js";
import type { ConnectionType } from "../contract/define.js";
import { type Answers, type Change, type Rehearsal, replyTo, type ServiceFailure } from "../contract/rehearsal.js";
import type { CheckResult } from "../contract/results.js";
import type { ContractCase } from "../contract/suite.js";
import type { Outcome } from "../model/outcomes.js";
import { Redacted } from "../model/redacted.js";
import type { ConnectionSettings } from "../model/schema.js";
import { createPlayedTransport } from "../transport/played.js";
import { secretsOf, withSecrets } from "./resolve.js";
import { passes, runChecks, verdictOf } from "./run.js";
import { createSessions } from "./sessions.js";

/**
 * What every adapter must do, shown on the rehearsals of its type: pass when all is well, tell each failure of its service
 * apart, and report every failure of the way to it as what it is. Nothing leaves the machine.
 */
export function adapterCases(type: ConnectionType, rehearsals: readonly Rehearsal[]): ContractCase[] {
  return rehearsals.flatMap((rehearsal) => {
    const title = rehearsal.variant === undefined ? "" : `${rehearsal.variant}: `;
    const play = (change: Change, network: Network): Promise<Played> => playRehearsal(type, rehearsal, change, network);
    const served = (change: Change): Network => ({ answers: { ...rehearsal.answers, ...change.answers } });
    const failures = Object.entries(rehearsal.failures) as [ServiceFailure, Change | string][];
    return [
      {
        name: `${title}the test passes when all is well`,
        run: async () => expectOutcome(await play({}, served({})), rehearsal.best ?? "ok"),
      },
      ...failures.flatMap(([failure, change]): ContractCase[] =>
        typeof change === "string"
          ? []
          : [
              {
                name: `${title}the service's failure is told: ${failure}`,
                run: async () => expectOutcome(await play(change, served(change)), failure),
              },
            ],
      ),
      ...Object.entries(errors).map(
        ([outcome, code]): ContractCase => ({
          name: `${title}the way to the service fails: ${outcome}`,
          run: async () => expectOutcome(await play({}, { error: code }), outcome as Outcome),
        }),
      ),
      ...Object.entries(strangers).map(
        ([name, reply]): ContractCase => ({
          name: `${title}what answers is not the service: ${name}`,
          async run() {
            const played = await play({}, { answers: reply });
            if (passes(played.outcome) || played.outcome === "internal-error") throw new Error(told(played, "a failure"));
          },
        }),
      ),
    ];
  });
}

/** A network for one test: a service that is played, or an error of every connection, by the code that Node gives it. */
type Network = { readonly answers: Answers | Stranger } | { readonly error: string };

/** Failures of the way, each with a code that it is known by. */
const errors: Partial<Readonly<Record<Outcome, string>>> = {
  dns: "ENOTFOUND",
  refused: "ECONNREFUSED",
  reset: "ECONNRESET",
  timeout: "UND_ERR_CONNECT_TIMEOUT",
  "tls-untrusted": "SELF_SIGNED_CERT_IN_CHAIN",
  "tls-hostname": "ERR_TLS_CERT_ALTNAME_INVALID",
  "tls-expired": "CERT_HAS_EXPIRED",
  "tls-protocol": "ERR_SSL_WRONG_VERSION_NUMBER",
};

/** Something that gives one answer to everything. */
interface Stranger {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const strangers: Readonly<Record<string, Stranger>> = {
  "a page": { status: 200, headers: { "content-type": "text/html" }, body: "<!DOCTYPE html><title>Sign in</title>" },
  "an empty object": { status: 200, headers: { "content-type": "application/json" }, body: "{}" },
  "an empty list": { status: 200, headers: { "content-type": "application/json" }, body: "[]" },
  "no text": { status: 200, headers: {}, body: "" },
  "not found": { status: 404, headers: { "content-type": "text/plain" }, body: "not found" },
  "a redirect": { status: 302, headers: { location: "https://elsewhere.example.com/" }, body: "" },
  "too many requests": { status: 429, headers: { "retry-after": "3600" }, body: "{}" },
  "an error": { status: 500, headers: {}, body: "{}" },
};

interface Played {
  readonly outcome: Outcome;
  readonly checks: readonly CheckResult[];
}

/** The address under which rehearsals are played. */
const ADDRESS = { projectId: "Payments", connectionId: "Tested" };

async function playRehearsal(type: ConnectionType, rehearsal: Rehearsal, change: Change, network: Network): Promise<Played> {
  const { adapter } = (await type.adapter?.()) ?? {};
  if (adapter === undefined) throw new Error(`type ${type.kind} has no adapter`);
  const values = { ...rehearsal.secrets((name) => `unique-${name}-value`), ...change.secrets };
  const environment = { ...rehearsal.environment, ...change.environment };
  const settings = resolveSettings(type, { ...rehearsal.settings, ...change.settings }, values);
  const hosts = new Set((adapter as Adapter).endpoints(settings as never, environment, false).map(({ hostname }) => hostname));
  const server = "answers" in network ? await play(network.answers) : undefined;
  const transport = await createPlayedTransport("error" in network ? network : { port: portOf(server as Server) });
  const checks: CheckResult[] = [];
  try {
    await runChecks(
      {
        adapter: adapter as Adapter,
        address: ADDRESS,
        settings,
        related: async ({ $connection }) => {
          const found = rehearsal.related?.[$connection];
          if (found === undefined) return undefined;
          // A type refers to connections of its own kind.
          const { kind } = found;
          const address = { ...ADDRESS, connectionId: $connection };
          return { kind, address, settings: resolveSettings(type, found.settings, values) };
        },
      },
      {
        transport,
        sessions: createSessions(),
        environment,
        serverUrls: change.serverUrls ?? rehearsal.serverUrls ?? [],
        deep: false,
        allows: (host) => hosts.has(host),
      },
      AbortSignal.timeout(30_000),
      (each) => checks.push(each),
    );
  } finally {
    await transport.close();
    server?.close();
  }
  const printed = JSON.stringify(checks);
  for (const [name, value] of Object.entries(values)) {
    if (printed.includes(JSON.stringify(value).slice(1, -1))) throw new Error(`the value of ${name} is in the results`);
  }
  return { outcome: verdictOf(checks), checks };
}

function resolveSettings(
  type: ConnectionType,
  given: Readonly<Record<string, unknown>>,
  values: Readonly<Record<string, string>>,
): Resolved<ConnectionSettings> {
  const plain = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const settings = type.settings.parse({ displayName: "tested", ...plain }) as ConnectionSettings;
  const secrets = secretsOf(type, settings).map(({ path, form }) => {
    const name = "$secret" in form ? form.$secret : "unnamed";
    return { path, value: new Redacted(values[name] ?? name, name) };
  });
  return withSecrets(settings, secrets);
}

function play(answers: Answers | Stranger): Promise<Server> {
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => {
      body += text;
    });
    request.on("end", () => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      const url = new URL(request.url as string, `https://${headers.host}`);
      const reply = isStranger(answers) ? answers : replyTo(answers, request.method as string, { headers, url, body });
      const isText = typeof reply.body === "string";
      response
        .writeHead(reply.status ?? 200, { "content-type": isText ? "text/plain" : "application/json", ...reply.headers })
        .end(isText ? reply.body : JSON.stringify(reply.body ?? {}));
    });
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function isStranger(answers: Answers | Stranger): answers is Stranger {
  return typeof answers.status === "number";
}

function expectOutcome(played: Played, expected: Outcome): void {
  if (played.outcome !== expected) throw new Error(told(played, expected));
}

function told({ outcome, checks }: Played, expected: string): string {
  const lines = checks.map(({ title, message, ...each }) => `${title}: ${each.outcome ?? "not run"}, ${message}`);
  return [`the outcome is ${outcome}, expected ${expected}`, ...lines].join("\n");
}
