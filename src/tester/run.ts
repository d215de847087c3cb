import type { Adapter, Checked, CheckOptions, RelatedConnection, Resolved, TestContext, Verdict } from "../contract/adapter.js";
import type { ConnectionAddress } from "../contract/define.js";
import type { CheckResult, CheckStatus } from "../contract/results.js";
import { codes } from "../model/codes.js";
import { type Outcome, outcomeCode, worstOutcome } from "../model/outcomes.js";
import type { ConnectionSettings } from "../model/schema.js";
import type { ConnectionForm } from "../model/values.js";
import { classifyError } from "../transport/classify.js";
import type { Environment, Exchange, Http } from "../transport/http.js";
import type { Transport } from "../transport/index.js";
import { describeCrash } from "./crash.js";
import { isTimeout } from "./lifetimes.js";
import type { Sessions } from "./sessions.js";

/** One connection with all that its test needs. */
export interface Subject {
  readonly adapter: Adapter;
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

/** Runs the checks of one connection. `report` hears of each as soon as it has ended. Throws nothing. */
export async function runChecks(
  { adapter, address, settings, related }: Subject,
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
  let over = false;
  const tell = (result: CheckResult): void => {
    if (!over) report(result);
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
    async check<Value, Before>(
      { stage, title, after }: CheckOptions<Before>,
      run: (before: Before) => Promise<Verdict<Value>> | Verdict<Value>,
    ): Promise<Checked<Value>> {
      const skipped = signal.aborted ? whyEnded(signal) : after?.passed === false ? BUILDS_ON_FAILED : undefined;
      if (skipped !== undefined) {
        tell({ stage, title, status: "notRun", message: skipped, duration: 0 });
        return { passed: false, value: undefined };
      }
      const began = performance.now();
      last = undefined;
      let verdict: Verdict<Value>;
      try {
        verdict = await Promise.race([run(after?.value as Before), checkEnd.rejected]);
      } catch (error) {
        if (signal.aborted && !isTimeout(signal.reason)) {
          tell({ stage, title, status: "notRun", message: whyEnded(signal), duration: performance.now() - began });
          return { passed: false, value: undefined };
        }
        verdict = failed(error, signal);
      }
      const { outcome, message, hint, evidence, value, complaints } = verdict;
      tell({
        stage,
        title,
        status: statusOf(outcome, strict),
        outcome,
        message,
        ...(hint === undefined ? {} : { hint }),
        evidence: { ...exchanged(last), ...evidence },
        ...(complaints === undefined ? {} : { complaints }),
        duration: performance.now() - began,
      });
      return { passed: passes(outcome), value };
    },
  };
  try {
    await Promise.race([adapter.test(settings, context), testEnd.rejected]);
  } catch (error) {
    if (!signal.aborted || isTimeout(signal.reason)) {
      const { outcome, message } = failed(error, signal);
      tell({ stage: "input", title: "the test itself", status: "failed", outcome, message, duration: 0 });
    }
  } finally {
    over = true;
    checkEnd.release();
    testEnd.release();
  }
}

/** Why a check was not run: one of those that it builds on did not pass. */
export const BUILDS_ON_FAILED = "not run, because a check that it builds on did not pass";

function whyEnded(signal: AbortSignal): string {
  return isTimeout(signal.reason) ? "not run, because the time for the test was up" : "not ended, because the run was given up";
}

/** A promise that rejects some time after a signal has ended, until it is released. */
function rejectAfter(signal: AbortSignal, grace: number): { readonly rejected: Promise<never>; readonly release: () => void } {
  let timer: NodeJS.Timeout | undefined;
  let start = (): void => {};
  const rejected = new Promise<never>((_, reject) => {
    start = () => {
      timer = setTimeout(() => reject(signal.reason), grace);
    };
  });
  rejected.catch(() => {});
  if (signal.aborted) start();
  else signal.addEventListener("abort", start, { once: true });
  return {
    rejected,
    release() {
      signal.removeEventListener("abort", start);
      clearTimeout(timer);
    },
  };
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
