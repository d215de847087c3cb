/** Milliseconds that the test of one connection may take, unless somebody says otherwise. */
export const TIMEOUT = 30_000;

/** The most milliseconds that a timer of Node takes: it takes more for one. */
export const LONGEST = 2 ** 31 - 1;

/** The lifetime of one piece of work. */
export interface Lifetime {
  readonly signal: AbortSignal;
  /** The work was done in time: from now on only the end of the run ends it. */
  keep(): void;
  /** The work is over. */
  release(): void;
}

/** Lifetimes that end when their time is up, and all together when a run is given up or over. */
export class Lifetimes {
  readonly #open = new Map<AbortController, NodeJS.Timeout>();
  readonly #signal: AbortSignal | undefined;
  readonly #giveUp = (): void => this.#endAll(givenUp(this.#signal?.reason));
  /** Why none begins any more. */
  #over: { readonly reason: unknown } | undefined;

  /** @param signal - Gives the run up. It gets one listener, which `close` takes away. */
  constructor(signal?: AbortSignal) {
    this.#signal = signal;
    signal?.addEventListener("abort", this.#giveUp, { once: true });
    if (signal?.aborted) this.#giveUp();
  }

  /** Begins a lifetime of some milliseconds. */
  begin(milliseconds: number): Lifetime {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(timeIsUp()), milliseconds);
    const keep = (): void => clearTimeout(timer);
    const release = (): void => {
      keep();
      this.#open.delete(controller);
    };
    this.#open.set(controller, timer);
    if (this.#over !== undefined) this.#endAll(this.#over.reason);
    return { signal: controller.signal, keep, release };
  }

  /** Ends all of them. */
  close(): void {
    this.#signal?.removeEventListener("abort", this.#giveUp);
    this.#endAll(new DOMException("the run is over", "AbortError"));
  }

  #endAll(reason: unknown): void {
    this.#over = { reason };
    for (const [controller, timer] of this.#open) {
      clearTimeout(timer);
      controller.abort(reason);
    }
    this.#open.clear();
  }
}

/** A promise that rejects some milliseconds after a signal has ended, with its reason, until it is released. */
export function rejectAfter(
  signal: AbortSignal,
  grace: number,
): { readonly rejected: Promise<never>; readonly release: () => void } {
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

/** The reason with which a signal ends when time is up. */
function timeIsUp(): DOMException {
  return new DOMException("the time is up", "TimeoutError");
}

/** A signal that gives the run up may be a timer of the caller's. Its reason must not pass for the end of a test's own time. */
function givenUp(reason: unknown): unknown {
  return isTimeout(reason) ? new DOMException("the run was given up", { name: "AbortError", cause: reason }) : reason;
}

/** Whether a signal has ended because time was up, not because somebody has given up. */
export function isTimeout(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === "TimeoutError";
}
