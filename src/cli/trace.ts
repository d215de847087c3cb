/** How long the phases of a run took. */
export interface Trace {
  readonly add: (phase: string, milliseconds: number) => void;
  /** Measures what it is given to do. */
  readonly measure: <Value>(phase: string, work: () => Promise<Value>) => Promise<Value>;
  /** Prints the phases in the order in which they ended. Some run side by side. */
  readonly print: () => void;
}

export function createTrace(enabled: boolean): Trace {
  const phases: [string, number][] = enabled ? [["start", performance.now()]] : [];
  const add = (phase: string, milliseconds: number): void => {
    if (enabled) phases.push([phase, milliseconds]);
  };
  return {
    add,
    async measure(phase, work) {
      const start = performance.now();
      try {
        return await work();
      } finally {
        add(phase, performance.now() - start);
      }
    },
    print() {
      for (const [phase, milliseconds] of phases.splice(0))
        process.stderr.write(`${phase.padEnd(10)}${milliseconds.toFixed(1).padStart(9)} ms\n`);
    },
  };
}
