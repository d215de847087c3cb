import type { Measure } from "../evaluate/index.js";

/** How long the phases of a run took. */
export interface Trace {
  /** Measures what it is given to do. */
  readonly measure: Measure;
  /** Prints the phases in the order in which they ended. Some run side by side. */
  readonly print: () => void;
}

export function createTrace(enabled: boolean): Trace {
  const phases: [string, number][] = enabled ? [["start", performance.now()]] : [];
  return {
    async measure(phase, work) {
      const start = performance.now();
      try {
        return await work();
      } finally {
        if (enabled) phases.push([phase, performance.now() - start]);
      }
    },
    print() {
      for (const [phase, milliseconds] of phases.splice(0))
        process.stderr.write(`${phase.padEnd(10)}${milliseconds.toFixed(1).padStart(9)} ms\n`);
    },
  };
}
