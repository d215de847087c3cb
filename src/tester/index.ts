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
import { scrubData } from "../secrets/scrub-data.js";
import { matchesHost } from "../transport/hosts.js";
import type { Environment, Exchange } from "../transport/http.js";
import { createTransport, type Transport, type TransportOptions } from "../transport/index.js";
import { createBaseline } from "./changes.js";
import { describeCrash } from "./crash.js";
import { Lifetimes, LONGEST, TIMEOUT } from "./lifetimes.js";
import { createPlanner, type Plan } from "./plan.js";
import { withReach } from "./reach.js";
import { type Looked, lookUp, type SecretSource, secretsOf, withSecrets } from "./resolve.js";
import { itself, runChecks, statusOf, verdictOf } from "./run.js";
import { type Job, runJobs } from "./schedule.js";
import { createSessions } from "./sessions.js";

export interface TestOptions {
  readonly environment: Environment;
  /** What the environment does not say about the network. */
  readonly network?: Pick<TransportOptions, "proxy" | "ca">;
  /** Opens the source of secrets, which may be on the network. */
  readonly secrets: (transport: Transport) => SecretSource;
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
  /** The settings before a change: only what differs is tested, and only where no credential goes where it did not go before. */
  readonly base?: Tree | undefined;
  /** Hears how many connections the results will be of, before the first test begins. */
  readonly onPlan?: ((total: number) => void) | undefined;
  /** Hears that a test begins, and which host it leads to. */
  readonly onStart?: ((address: ConnectionAddress, host: string) => void) | undefined;
  /** Hears of each test as soon as it has ended, in that order. */
  readonly onResult: (result: TestResult) => void;
  readonly onExchange?: ((address: ConnectionAddress, exchange: Exchange) => void) | undefined;
}

/** Tests connections of a tree side by side. Results are told as they come and not kept. */
export async function testTree(
  tree: Tree,
  connections: readonly DeclaredConnection[],
  options: TestOptions,
): Promise<TestSummary> {
  const { environment, network, base, signal, onResult } = options;
  const { parallel = 64, perHost = options.parallel ?? 16 } = options;
  const timeout = Math.min(options.timeout ?? TIMEOUT, LONGEST);
  for (const [name, value] of Object.entries({ timeout, parallel, perHost }))
    if (!(value >= 1)) throw new RangeError(`${name} is ${value} and must be at least 1`);
  const began = performance.now();
  const counts: Record<TestStatus, number> = { passed: 0, failed: 0, notRun: 0, notEnded: 0 };
  const proxies = new Set<string>();
  let over = false;
  const report = (result: TestResult): void => {
    if (over) return;
    counts[result.status] += 1;
    onResult(result);
  };

  const lifetimes = new Lifetimes(signal);
  const planning = { ...options, lifetimes };
  const plan = createPlanner(tree, planning);
  // A request that hangs leaves time for what else there is to tell.
  const transport = createTransport({ environment, ...network, requestTimeout: timeout / 3 });
  try {
    const baseline = base && (await createBaseline(base, planning));
    const run = createRunner(options, { transport, lifetimes, timeout });
    const jobs: Job[] = [];
    const waiting = new Set<DeclaredConnection>();
    for (const connection of connections) {
      const planned = await plan(connection);
      if (baseline?.isChanged(planned) === false) continue;
      const reason = planned.failure === undefined ? (planned.reason ?? baseline?.refuse(planned)) : undefined;
      if (reason !== undefined) {
        report({ ...described(connection), status: "notRun", reason: scrub(reason), checks: [], duration: 0 });
        continue;
      }
      waiting.add(connection);
      const [first] = planned.origins;
      const host = first?.host ?? "";
      jobs.push({
        host,
        async run() {
          waiting.delete(connection);
          options.onStart?.(addressOf(connection), host);
          report(await run(planned));
          const proxy = first === undefined ? undefined : transport.reach(first.origin)?.proxy;
          if (proxy !== undefined) proxies.add(proxy);
        },
      });
    }
    options.onPlan?.(counts.notRun + jobs.length);
    await runJobs(jobs, { parallel, perHost }, signal);
    for (const each of waiting)
      report({ ...described(each), status: "notEnded", reason: "the run was given up before", checks: [], duration: 0 });
  } finally {
    over = true;
    lifetimes.close();
    await transport.close();
  }
  return { ...counts, from: { host: hostname(), proxies: [...proxies] }, duration: performance.now() - began };
}

/** Whether a run has passed: no test has failed, and each has ended. What was not run counts where it is strict. */
export function hasPassed({ failed, notEnded, notRun }: TestSummary, strict = false): boolean {
  return failed + notEnded + (strict ? notRun : 0) === 0;
}

/** What the tests of a run use together. */
interface Shared {
  readonly transport: Transport;
  readonly lifetimes: Lifetimes;
  /** Milliseconds. */
  readonly timeout: number;
}

/** Makes the function that runs the test of one connection. */
function createRunner(options: TestOptions, { transport, lifetimes, timeout }: Shared): (plan: Plan) => Promise<TestResult> {
  const { environment, hosts = [], serverUrls = [], deep = false, strict = false, signal, onExchange } = options;
  const secrets = options.secrets(transport);
  const sessions = createSessions(lifetimes, timeout);

  const find = async (names: readonly string[]): Promise<Looked> => {
    const lifetime = lifetimes.begin(timeout);
    if (secrets.asksPeople) lifetime.keep();
    try {
      return await lookUp(names, secrets, lifetime.signal);
    } finally {
      lifetime.release();
    }
  };

  const runPlan = async (plan: Plan, report: (result: CheckResult) => void): Promise<void> => {
    const { connection, adapter, credentials, failure } = plan;
    const input = { stage: "input", title: "secrets", status: "failed", duration: 0 } as const;
    if (adapter === undefined) {
      if (failure !== undefined) report(failure);
      return;
    }
    const looked = await find(credentials);
    if (!("values" in looked)) {
      report({ ...input, ...looked });
      return;
    }
    if (credentials.length > 0) {
      const message = `${countOf("value", credentials.length)} found`;
      report({ ...input, status: "passed", outcome: "ok", message });
    }
    const allowed = [...plan.origins.map(({ hostname }) => hostname), ...hosts];
    const address = addressOf(connection);
    const subject = {
      adapter,
      codes: connection.type.codes,
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
    const told = checks.map(scrubCheck);
    const result = { ...described(plan.connection), checks: told, duration: performance.now() - began };
    if (signal?.aborted) return { ...result, status: "notEnded", reason: "the run was given up" };
    const outcome = verdictOf(told);
    return { ...result, status: statusOf(outcome, strict), outcome };
  };
}

/**
 * A check whose texts hold no secret: reports write them in forms of their own, in which it would be harder to find. What an adapter
 * gives may be no data at all.
 */
function scrubCheck({ stage, title, status, outcome, duration, ...texts }: CheckResult): CheckResult {
  const own = { stage, title, status, ...(outcome === undefined ? {} : { outcome }), duration };
  try {
    return { ...own, ...scrubData(texts) };
  } catch (error) {
    return { ...itself, outcome: "internal-error", message: `the check ${title} gave no data: ${describeCrash(error)}` };
  }
}

function addressOf({ node, project }: DeclaredConnection): ConnectionAddress {
  return { projectId: project.node.id, connectionId: node.id };
}

function described(connection: DeclaredConnection) {
  const { kind, settings } = connection.node;
  return { ...addressOf(connection), kind, displayName: scrub(settings.displayName) };
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
