/** The lifetime of one piece of work. */
export interface Lifetime {
  readonly signal: AbortSignal;
  /** The work was done in time: from now on only the end of the run ends it. */
  keep(): void;
  /** The work is over. */
  release(): void;
}

/** Lifetimes that end when their time is up, and all together when a run is given up. */
export class Lifetimes {
  readonly #open = new Set<AbortController>();
  readonly #signal: AbortSignal | undefined;
  readonly #giveUp = (): void => {
    for (const each of this.#open) each.abort(this.#signal?.reason);
  };

  /** @param signal - Gives the run up. It gets one listener, which `close` takes away. */
  constructor(signal?: AbortSignal) {
    this.#signal = signal;
    signal?.addEventListener("abort", this.#giveUp, { once: true });
  }

  /** Begins a lifetime of some milliseconds. */
  begin(milliseconds: number): Lifetime {
    const controller = new AbortController();
    this.#open.add(controller);
    const timer = setTimeout(() => controller.abort(timeIsUp()), milliseconds);
    if (this.#signal?.aborted) controller.abort(this.#signal.reason);
    const keep = (): void => clearTimeout(timer);
    return {
      signal: controller.signal,
      keep,
      release: () => {
        keep();
        this.#open.delete(controller);
      },
    };
  }

  close(): void {
    this.#signal?.removeEventListener("abort", this.#giveUp);
  }
}

/** The reason with which a signal ends when time is up. */
function timeIsUp(): DOMException {
  return new DOMException("the time is up", "TimeoutError");
}

/** Whether a signal has ended because time was up, not because somebody has given up. */
export function isTimeout(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === "TimeoutError";
}
