/** Exit code of a command that Ctrl-C has ended: 128 and the number of SIGINT. */
export const INTERRUPTED = 130;

/** What becomes of Ctrl-C and of a request to terminate. */
export interface Interrupts {
  /** Ends when the work is given up. */
  readonly signal: AbortSignal;
  /** From now on the first one gives the work up, and the next ends the process; before, the first ends it. */
  defer(): void;
  /** Does what Ctrl-C does, for a question on the terminal that takes it for itself. */
  interrupt(): void;
  stop(): void;
}

export function listenForInterrupts(): Interrupts {
  const controller = new AbortController();
  let deferred = false;
  const interrupt = (): void => {
    if (!deferred || controller.signal.aborted) process.exit(INTERRUPTED);
    controller.abort(new DOMException("the run was given up", "AbortError"));
  };
  for (const each of SIGNALS) process.on(each, interrupt);
  return {
    signal: controller.signal,
    defer() {
      deferred = true;
    },
    interrupt,
    stop() {
      for (const each of SIGNALS) process.off(each, interrupt);
    },
  };
}

/** Also that the terminal was closed. */
export const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
