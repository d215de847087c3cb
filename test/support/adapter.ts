import { connectionTypes } from "../../src/connections/index.js";
import type { RelatedConnection } from "../../src/contract/adapter.js";
import type { CheckResult } from "../../src/contract/results.js";
import type { Outcome } from "../../src/model/outcomes.js";
import { Redacted } from "../../src/model/redacted.js";
import type { ConnectionSettings } from "../../src/model/schema.js";
import { secretsOf, withSecrets } from "../../src/tester/resolve.js";
import { runChecks, verdictOf } from "../../src/tester/run.js";
import { createSessions, type Sessions } from "../../src/tester/sessions.js";
import { createTransport, type TransportOptions } from "../../src/transport/index.js";

export interface AdapterTest {
  readonly kind: string;
  /** Without `displayName`, which is added. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Values of secrets by name. Default: a secret's value is its name. */
  readonly secrets?: Readonly<Record<string, string>>;
  readonly transport?: Partial<TransportOptions>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly related?: Readonly<Record<string, { kind: string; projectId?: string; settings: Readonly<Record<string, unknown>> }>>;
  readonly projectId?: string;
  readonly connectionId?: string;
  readonly serverUrls?: readonly string[];
  readonly deep?: boolean;
  readonly sessions?: Sessions;
  /** Default: 30 seconds. */
  readonly signal?: AbortSignal;
}

export interface AdapterOutcome {
  readonly outcome: Outcome;
  readonly checks: readonly CheckResult[];
  /** `title: outcome` of each check, in order; `-` for one that was not run. */
  readonly summary: readonly string[];
  check(title: string): CheckResult;
}

/** Runs the adapter of a type against whatever the transport reaches, as the engine does. */
export async function testAdapter(test: AdapterTest): Promise<AdapterOutcome> {
  const { environment = {}, related = {}, projectId = "Payments", connectionId = "Tested" } = test;
  const transport = createTransport({ environment, ...test.transport });
  const resolve = (kind: string, given: Readonly<Record<string, unknown>>) => {
    const type = connectionTypes.find((each) => each.kind === kind);
    if (type === undefined) throw new Error(`there is no type ${kind}`);
    const settings = type.settings.parse({ displayName: "tested", ...given }) as ConnectionSettings;
    const values = secretsOf(type, settings).map(({ path, form }) => {
      const name = "$secret" in form ? form.$secret : "token";
      return { path, value: new Redacted(test.secrets?.[name] ?? name, name) };
    });
    return { type, settings: withSecrets(settings, values) };
  };
  const { type, settings } = resolve(test.kind, test.settings);
  const adapter = (await type.adapter?.())?.adapter;
  if (adapter === undefined) throw new Error(`${test.kind} has no adapter`);
  const checks: CheckResult[] = [];
  try {
    await runChecks(
      {
        adapter: adapter as never,
        codes: type.codes,
        address: { projectId, connectionId },
        settings,
        related: async ({ $connection }): Promise<RelatedConnection | undefined> => {
          const found = related[$connection];
          if (found === undefined) return undefined;
          return {
            kind: found.kind,
            address: { projectId: found.projectId ?? projectId, connectionId: $connection },
            settings: resolve(found.kind, found.settings).settings,
          };
        },
      },
      {
        transport,
        sessions: test.sessions ?? createSessions(),
        environment,
        serverUrls: test.serverUrls ?? [],
        deep: test.deep ?? false,
        allows: () => true,
      },
      test.signal ?? AbortSignal.timeout(30_000),
      (each) => checks.push(each),
    );
  } finally {
    await transport.close();
  }
  return {
    outcome: verdictOf(checks),
    checks,
    summary: checks.map(({ title, outcome }) => `${title}: ${outcome ?? "-"}`),
    check(title) {
      const found = checks.find((each) => each.title === title);
      if (found === undefined) throw new Error(`there is no check ${title}, only ${checks.map((each) => each.title).join(", ")}`);
      return found;
    },
  };
}
