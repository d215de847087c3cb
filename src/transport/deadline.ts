import { setTimeout as sleep } from "node:timers/promises";

/** The time that a request has, with all its attempts. */
export interface Deadline {
  /** Aborted when the time is up or another signal ends it. */
  readonly signal: AbortSignal;
  /** Whether it was a time that ended it, the request's or that of another signal, and not somebody who gave up. */
  isUp(): boolean;
  /** Milliseconds left. */
  left(): number;
  /** Waits, but not longer than the deadline. */
  pause(milliseconds: number): Promise<void>;
  /** Lets go of timer and signals. */
  end(): void;
}

/**
 * Starts a deadline. It does without `AbortSignal.any` and `AbortSignal.timeout`: on Node 20, their combination may be collected
 * before the time is up.
 */
export function startDeadline(milliseconds: number, signals: readonly AbortSignal[]): Deadline {
  const controller = new AbortController();
  const { signal } = controller;
  const began = performance.now();
  const timer = setTimeout(() => controller.abort(new DOMException("the time is up", "TimeoutError")), milliseconds);
  const abort = () => controller.abort(signals.find(({ aborted }) => aborted)?.reason);
  for (const each of signals) each.addEventListener("abort", abort);
  if (signals.some(({ aborted }) => aborted)) abort();
  return {
    signal,
    isUp: () => signal.reason instanceof Error && signal.reason.name === "TimeoutError",
    left: () => began + milliseconds - performance.now(),
    pause: (duration) => sleep(duration, undefined, { signal }).catch(() => {}),
    end() {
      clearTimeout(timer);
      for (const each of signals) each.removeEventListener("abort", abort);
    },
  };
}
