import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Adapter, Resolved } from "../contract/adapter.js";
import type { ConnectionType } from "../contract/define.js";
import { type Answers, type Change, playAnswers, type Rehearsal } from "../contract/rehearsal.js";
import type { CheckResult } from "../contract/results.js";
import type { Outcome } from "../model/outcomes.js";
import { Redacted } from "../model/redacted.js";
import type { ConnectionSettings } from "../model/schema.js";
import { createPlayedTransport } from "../transport/played.js";
import { TIMEOUT } from "./lifetimes.js";
import { secretsOf, withSecrets } from "./resolve.js";
import { passes, runChecks, verdictOf } from "./run.js";
import { createSessions } from "./sessions.js";

/** A network for one test: a service that is played, or an error of every connection, by the code that Node gives it. */
export type Network = { readonly answers: Answers } | { readonly error: string };

/** What a test came to. */
export interface Played {
  readonly outcome: Outcome;
  readonly passed: boolean;
  readonly checks: readonly CheckResult[];
}

/** The address under which rehearsals are played. */
const ADDRESS = { projectId: "Payments", connectionId: "Tested" };

/** Runs the test of a rehearsal on a network of its own. */
export async function playRehearsal(
  type: ConnectionType,
  rehearsal: Rehearsal,
  change: Change,
  network: Network,
): Promise<Played> {
  const { adapter } = (await type.adapter?.()) ?? {};
  if (adapter === undefined) throw new Error(`type ${type.kind} has no adapter`);
  const values = { ...rehearsal.secrets((name) => `unique-${name}-value`), ...change.secrets };
  const environment = { ...rehearsal.environment, ...change.environment };
  const settings = resolveSettings(type, { ...rehearsal.settings, ...change.settings }, values);
  const hosts = new Set((adapter as Adapter).endpoints(settings as never, environment, false).map(({ hostname }) => hostname));
  const server = "answers" in network ? await listen(network.answers) : undefined;
  const transport = await createPlayedTransport("error" in network ? network : { port: portOf(server as Server) });
  const checks: CheckResult[] = [];
  try {
    await runChecks(
      {
        adapter: adapter as Adapter,
        codes: type.codes,
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
      AbortSignal.timeout(TIMEOUT),
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
  const outcome = verdictOf(checks);
  return { outcome, passed: passes(outcome), checks };
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

function listen(answers: Answers): Promise<Server> {
  const server = createServer(playAnswers(answers));
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
