import { hostname } from "node:os";
import type { RelatedConnection, Resolved } from "../contract/adapter.js";
import type { ConnectionAddress } from "../contract/define.js";
import type { CheckResult, TestResult, TestStatus, TestSummary } from "../contract/results.js";
import type { Redacted } from "../model/redacted.js";
import type { ConnectionSettings } from "../model/schema.js";
import { countOf } from "../model/text.js";
import type { ConnectionForm } from "../model/values.js";
import type { DeclaredConnection, Tree } from "../rules/tree.js";
import { scrub } from "../secrets/scrub.js";
import { matchesHost } from "../transport/hosts.js";
import type { Environment, Exchange } from "../transport/http.js";
import type { Transport } from "../transport/index.js";
import type { Baseline } from "./changes.js";
import { describeCrash } from "./crash.js";
import { Lifetimes } from "./lifetimes.js";
import { createPlanner, type Plan } from "./plan.js";
import { withReach } from "./reach.js";
import { lookUp, type SecretSource, secretsOf, withSecrets } from "./resolve.js";
import { runChecks, statusOf, verdictOf } from "./run.js";
import { type Job, runJobs } from "./schedule.js";
import { createSessions } from "./sessions.js";

export interface TestOptions {
  readonly transport: Transport;
  readonly secrets: SecretSource;
  readonly environment: Environment;
  /** Patterns of the hosts that tests may reach. Default: every host that the settings name. */
  readonly hosts?: readonly string[] | undefined;
  /** Addresses of the TeamCity server, for callbacks. */
  readonly serverUrls?: readonly string[] | undefined;
  /** Whether checks may run that create something for a moment and take it away again. Default: false. */
  readonly deep?: boolean | undefined;
  /** Whether what passes with a reservation fails. Default: false. */
  readonly strict?: boolean | undefined;
  /** Milliseconds that the test of one connection may take. Default: 30,000. */
  readonly timeout?: number | undefined;
  /** The most tests that run at a time. Default: 64. */
  readonly parallel?: number | undefined;
  /** The most of them that lead to one host. Default: 16, or what `parallel` says. */
  readonly perHost?: number | undefined;
  /** Gives the run up: what is under way ends, and the rest does not start. */
  readonly signal?: AbortSignal | undefined;
  /** Only what differs from this is tested, and only where no credential goes where it did not go before. */
  readonly baseline?: Baseline | undefined;
  /** Hears that a test begins, and which host it leads to. */
  readonly onStart?: ((address: ConnectionAddress, host: string) => void) | undefined;
  /** Hears of each test as soon as it has ended, in that order. */
  readonly onResult: (result: TestResult) => void;
  readonly onExchange?: ((address: ConnectionAddress, exchange: Exchange) => void) | undefined;
}

/** Tests connections of a tree side by side. Nothing but numbers is kept of what has ended. */
export async function testTree(
  tree: Tree,
  connections: readonly DeclaredConnection[],
  options: TestOptions,
): Promise<TestSummary> {
  const { baseline, signal, onResult, parallel = 64, perHost = options.parallel ?? 16 } = options;
  const began = performance.now();
  const counts: Record<TestStatus, number> = { passed: 0, failed: 0, notRun: 0, notEnded: 0 };
  const proxies = new Set<string>();
  const report = (result: TestResult): void => {
    counts[result.status] += 1;
    onResult({ ...result, checks: result.checks.map(scrubCheck) });
  };

  const plan = createPlanner(tree, options);
  const lifetimes = new Lifetimes(signal);
  const run = createRunner(options, lifetimes);
  const jobs: Job[] = [];
  const waiting = new Set<DeclaredConnection>();
  for (const connection of connections) {
    const planned = await plan(connection);
    if (baseline?.isChanged(planned) === false) continue;
    const reason = planned.crash === undefined ? (planned.reason ?? baseline?.refuse(planned)) : undefined;
    if (reason !== undefined) {
      report({ ...described(connection), status: "notRun", reason, checks: [], duration: 0 });
      continue;
    }
    waiting.add(connection);
    const [origin] = planned.origins;
    const host = origin === undefined ? "" : new URL(origin).host;
    jobs.push({
      host,
      async run() {
        waiting.delete(connection);
        options.onStart?.(addressOf(connection), host);
        report(await run(planned));
        const proxy = origin === undefined ? undefined : options.transport.reach(origin)?.proxy;
        if (proxy !== undefined) proxies.add(proxy);
      },
    });
  }
  await runJobs(jobs, { parallel, perHost }, signal);
  lifetimes.close();
  for (const each of waiting)
    report({ ...described(each), status: "notEnded", reason: "the run was given up before", checks: [], duration: 0 });
  return { ...counts, from: { host: hostname(), proxies: [...proxies] }, duration: performance.now() - began };
}

/** Makes the function that runs the test of one connection. */
function createRunner(options: TestOptions, lifetimes: Lifetimes): (plan: Plan) => Promise<TestResult> {
  const { transport, environment, secrets, hosts = [], serverUrls = [], signal, onExchange } = options;
  const { deep = false, strict = false, timeout = 30_000 } = options;
  const sessions = createSessions(lifetimes, timeout);

  const runPlan = async (plan: Plan, report: (result: CheckResult) => void): Promise<void> => {
    const { connection, adapter, credentials, crash } = plan;
    const input = { stage: "input", title: "secrets", status: "failed", duration: 0 } as const;
    if (adapter === undefined) {
      report({ ...itself, outcome: "internal-error", message: `the test cannot be prepared: ${crash}` });
      return;
    }
    const looked = await lookUp(credentials, secrets);
    if (!("values" in looked)) {
      report({ ...input, outcome: "invalid-input", ...looked });
      return;
    }
    if (credentials.length > 0) {
      const message = `${countOf("value", credentials.length)} found`;
      report({ ...input, status: "passed", outcome: "ok", message });
    }
    const allowed = [...plan.origins.map((each) => new URL(each).hostname), ...hosts];
    const address = addressOf(connection);
    const subject = {
      adapter,
      address,
      settings: resolved(connection, looked.values),
      related: async ({ $connection }: ConnectionForm) => relatedConnection(plan, $connection, looked.values),
    };
    const run = {
      ...{ transport, sessions, environment, serverUrls, deep, strict },
      allows: (host: string) => allowed.some((each) => matchesHost(host, each)),
      ...(onExchange === undefined ? {} : { onExchange: (exchange: Exchange) => onExchange(address, exchange) }),
    };
    const lifetime = lifetimes.begin(timeout);
    try {
      await runChecks(subject, run, lifetime.signal, withReach(transport, strict, report));
    } finally {
      lifetime.release();
    }
  };

  return async (plan) => {
    const began = performance.now();
    const checks: CheckResult[] = [];
    try {
      await runPlan(plan, (each) => checks.push(each));
    } catch (error) {
      // A store that is given up while it looks for a value throws what the signal says.
      const message = `the test failed: ${describeCrash(error)}`;
      if (!signal?.aborted) checks.push({ ...itself, outcome: "internal-error", message });
    }
    const result = { ...described(plan.connection), checks, duration: performance.now() - began };
    if (signal?.aborted) return { ...result, status: "notEnded", reason: "the run was given up" };
    const outcome = verdictOf(checks);
    return { ...result, status: statusOf(outcome, strict), outcome };
  };
}

/** The check that stands for what goes wrong outside of all others. */
const itself = { stage: "input", title: "the test itself", status: "failed", duration: 0 } as const;

/** A check whose texts hold no secret: reports write them in forms of their own, in which it would be harder to find. */
function scrubCheck({ stage, title, status, outcome, duration, ...texts }: CheckResult): CheckResult {
  return { stage, title, status, ...(outcome === undefined ? {} : { outcome }), ...scrubbed(texts), duration };
}

function scrubbed<Value>(value: Value): Value {
  if (typeof value === "string") return scrub(value) as Value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(scrubbed) as Value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, scrubbed(each)])) as Value;
}

function addressOf({ node, project }: DeclaredConnection): ConnectionAddress {
  return { projectId: project.node.id, connectionId: node.id };
}

function described(connection: DeclaredConnection) {
  const { kind, settings } = connection.node;
  return { ...addressOf(connection), kind, displayName: settings.displayName };
}

function resolved({ type, node }: DeclaredConnection, values: ReadonlyMap<string, Redacted>): Resolved<ConnectionSettings> {
  const own = secretsOf(type, node.settings).map(({ path, form }) => ({
    path,
    value: values.get("$secret" in form ? form.$secret : "") as Redacted,
  }));
  return withSecrets(node.settings, own);
}

function relatedConnection({ related }: Plan, id: string, values: ReadonlyMap<string, Redacted>): RelatedConnection | undefined {
  const found = related.find(({ node }) => node.id === id);
  return found && { kind: found.type.kind, address: addressOf(found), settings: resolved(found, values) };
}
