import {
  type Adapter,
  type Checked,
  type CheckOptions,
  type RelatedConnection,
  type Resolved,
  stages,
  type TestContext,
  type Verdict,
} from "../contract/adapter.js";
import type { Complaint, ConnectionAddress } from "../contract/define.js";
import type { CheckResult, CheckStatus, RatedComplaint } from "../contract/results.js";
import { type CodeEntry, codes } from "../model/codes.js";
import { type Outcome, outcomeCode, worstOutcome } from "../model/outcomes.js";
import type { ConnectionSettings } from "../model/schema.js";
import type { ConnectionForm } from "../model/values.js";
import { classifyError } from "../transport/classify.js";
import type { Environment, Exchange, Http } from "../transport/http.js";
import type { Transport } from "../transport/index.js";
import { describeCrash } from "./crash.js";
import { isTimeout, Lifetimes, rejectAfter } from "./lifetimes.js";
import type { Sessions } from "./sessions.js";
import { readVerdict } from "./verdict.js";

/** One connection with all that its test needs. */
export interface Subject {
  readonly adapter: Adapter;
  /** The codes of its type, for complaints. */
  readonly codes?: Readonly<Record<string, CodeEntry>> | undefined;
  readonly address: ConnectionAddress;
  readonly settings: Resolved<ConnectionSettings>;
  readonly related: (reference: ConnectionForm) => Promise<RelatedConnection | undefined>;
}

/** What the tests of a run have in common. */
export interface RunOptions {
  readonly transport: Transport;
  readonly sessions: Sessions;
  readonly environment: Environment;
  readonly serverUrls: readonly string[];
  readonly deep: boolean;
  /** Whether what passes with a reservation fails. Default: false. */
  readonly strict?: boolean;
  readonly allows: (host: string) => boolean;
  readonly onExchange?: (exchange: Exchange) => void;
}

/**
 * How long a check may go on once its signal has ended, in milliseconds: the transport then tells what it was waiting for. A
 * check that does not listen is left to itself after that, and the whole test after twice the time.
 */
const GRACE = 100;

/** How long cleaning up may take, in milliseconds. */
const CLEAN_UP = 5000;

/** What a check is called that stands for what goes wrong outside of all others. */
export const itself = { stage: "input", title: "the test itself", status: "failed", duration: 0 } as const;

/** Runs the checks of one connection. `report` hears of each as soon as it has ended. Throws nothing. */
export async function runChecks(
  { adapter, codes: own, address, settings, related }: Subject,
  { transport, sessions, environment, serverUrls, deep, strict = false, allows, onExchange }: RunOptions,
  signal: AbortSignal,
  report: (result: CheckResult) => void,
): Promise<void> {
  let last: Exchange | undefined;
  const hear = (exchange: Exchange): void => {
    last = exchange;
    onExchange?.(exchange);
  };
  const http: Http = transport.http({ signal, allows, onExchange: hear });
  const checkEnd = rejectAfter(signal, GRACE);
  const testEnd = rejectAfter(signal, 2 * GRACE);
  const cleanings: Promise<void>[] = [];
  const told = new Set<Outcome>();
  let over = false;
  const tell = (result: CheckResult): void => {
    if (over) return;
    if (result.outcome !== undefined) told.add(result.outcome);
    report(result);
  };

  const context: TestContext = {
    http,
    address,
    environment,
    signal,
    serverUrls,
    deep,
    related,
    session: (key, open) =>
      sessions.share(key, (lifetime) => open(transport.http({ signal: lifetime, allows, onExchange: hear }))),
    cleanUp(run) {
      const { signal: lifetime, release } = new Lifetimes().begin(CLEAN_UP);
      const end = rejectAfter(lifetime, GRACE);
      const scope = { signal: lifetime, allows, ...(onExchange === undefined ? {} : { onExchange }) };
      const cleaning = Promise.race([run(transport.http(scope)), end.rejected]).finally(() => {
        end.release();
        release();
      });
      cleaning.catch(() => {});
      cleanings.push(cleaning);
      return cleaning;
    },
    async check<Value, Before>(
      { stage, title, after }: CheckOptions<Before>,
      run: (before: Before) => Promise<Verdict<Value>> | Verdict<Value>,
    ): Promise<Checked<Value>> {
      if (!stages.includes(stage) || typeof title !== "string")
        throw new TypeError("a check needs one of the stages, and a title");
      const before = [after ?? []].flat();
      const value = before.at(-1)?.value as Before;
      const skipped = signal.aborted
        ? whyEnded(signal)
        : before.some(({ passed }) => !passed)
          ? BUILDS_ON_FAILED
          : before.length > 0 && run.length > 0 && value === undefined
            ? BUILDS_ON_NOTHING
            : undefined;
      if (skipped !== undefined) {
        tell({ stage, title, status: "notRun", message: skipped, duration: 0 });
        return { passed: false, value: undefined };
      }
      const began = performance.now();
      last = undefined;
      let verdict: Verdict<Value>;
      try {
        verdict = readVerdict(await Promise.race([run(value), checkEnd.rejected]));
      } catch (error) {
        if (signal.aborted && !isTimeout(signal.reason)) {
          tell({ stage, title, status: "notRun", message: whyEnded(signal), duration: performance.now() - began });
          return { passed: false, value: undefined };
        }
        verdict = failed(error, signal);
      }
      const { outcome, message, hint, evidence, complaints } = verdict;
      tell({
        stage,
        title,
        status: statusOf(outcome, strict),
        outcome,
        message,
        ...(hint === undefined ? {} : { hint }),
        evidence: { ...exchanged(last), ...evidence },
        ...(complaints === undefined ? {} : { complaints: complaints.map((each) => rated(each, own)) }),
        duration: performance.now() - began,
      });
      return { passed: passes(outcome), value: verdict.value };
    },
  };
  try {
    await Promise.race([adapter.test(settings, context), testEnd.rejected]);
    // What was left out when the time was up has no outcome.
    if (isTimeout(signal.reason) && !told.has("timeout")) throw signal.reason;
    if (told.size === 0 && !signal.aborted)
      tell({ ...itself, outcome: "internal-error", message: "the test has not looked at anything" });
  } catch (error) {
    if (!signal.aborted || isTimeout(signal.reason)) {
      const { outcome, message } = failed(error, signal);
      tell({ ...itself, outcome, message });
    }
  } finally {
    over = true;
    checkEnd.release();
    testEnd.release();
    await Promise.allSettled(cleanings);
  }
}

/** A complaint with its severity: by default that of its code. */
function rated(complaint: Complaint, own: Subject["codes"]): RatedComplaint {
  const known: Readonly<Record<string, CodeEntry>> = { ...codes, ...own };
  return { severity: known[complaint.code]?.severity ?? "warning", ...complaint };
}

/** Why a check was not run: one of those that it builds on did not pass. */
export const BUILDS_ON_FAILED = "not run, because a check that it builds on did not pass";

const BUILDS_ON_NOTHING = "not run, because a check that it builds on has found nothing to build on";

function whyEnded(signal: AbortSignal): string {
  return isTimeout(signal.reason) ? "not run, because the time for the test was up" : "not ended, because the run was given up";
}

/** Tells whether an outcome lets a test pass. */
export function passes(outcome: Outcome): boolean {
  const code = outcomeCode(outcome);
  return code === undefined || codes[code].severity !== "error";
}

/** What an outcome means for a check. Where it is strict, only `ok` passes. */
export function statusOf(outcome: Outcome, strict: boolean): CheckStatus {
  return (strict ? outcome === "ok" : passes(outcome)) ? "passed" : "failed";
}

export function verdictOf(checks: readonly CheckResult[]): Outcome {
  return worstOutcome(checks.flatMap(({ outcome }) => (outcome === undefined ? [] : [outcome])));
}

function failed(error: unknown, signal: AbortSignal): Verdict<never> {
  if (signal.aborted && error === signal.reason)
    return { outcome: "timeout", message: "this was under way when the time for the test was up" };
  try {
    const { outcome, message, details } = classifyError(error);
    return {
      outcome,
      message,
      ...(details.hint === undefined ? {} : { hint: details.hint }),
      evidence: {
        ...exchanged(details.exchange),
        ...(details.code === undefined ? {} : { code: details.code }),
        ...(details.retryAfter === undefined ? {} : { retryAfter: details.retryAfter }),
      },
    };
  } catch {
    return { outcome: "internal-error", message: `the check failed: ${describeCrash(error)}` };
  }
}

function exchanged(exchange: Exchange | undefined) {
  if (exchange === undefined) return {};
  const { method, url, status, attempts } = exchange;
  return {
    request: `${method} ${url}`,
    ...(status === undefined ? {} : { status }),
    ...(attempts > 1 ? { attempts } : {}),
  };
}
