import type { ConnectionAddress } from "../contract/define.js";
import type { TestResult } from "../contract/results.js";
import { cut, row } from "../model/text.js";

/** Tells on stderr what a run of tests is waiting for. */
export interface Progress {
  /** Knows how many there are. */
  planned(total: number): void;
  started(address: ConnectionAddress, host: string): void;
  ended(result: TestResult): void;
  /** Takes the status line away, before something else is printed. It comes back by itself. */
  clear(): void;
  /** Keeps silent while somebody is asked something. */
  pause<Answer>(question: () => Promise<Answer>): Promise<Answer>;
  stop(): void;
}

/** Milliseconds between two looks at what is going on. */
const REDRAW = 100;

/** Columns of a status line where the terminal does not tell, or tells nonsense. */
const NARROWEST = 40;

/** Milliseconds of silence before the first line, and before each later one, where lines cannot be redrawn. */
const FIRST = 1000;
const LATER = 10_000;

/** On a terminal a status line that is redrawn, elsewhere a line after a second of silence, and then from time to time. */
export function showProgress({ terminal, width }: { terminal: boolean; width: number }): Progress {
  const running = new Map<string, string>();
  let total: number | undefined;
  let ended = 0;
  let failed = 0;
  let drawn = false;
  let quietSince = performance.now();
  let patience = FIRST;

  const status = (): string => {
    if (total === undefined) return "preparing the tests";
    const hosts = new Map<string, number>();
    for (const host of running.values()) hosts.set(host, (hosts.get(host) ?? 0) + 1);
    const waiting = [...hosts].map(([host, count]) => (count === 1 ? host : `${host} (${count})`));
    return [
      `${ended} of ${total} tested`,
      ...(failed === 0 ? [] : [`${failed} failed`]),
      ...(waiting.length === 0 ? [] : [`waiting for ${row(waiting, ", ")}`]),
    ].join(", ");
  };
  const clear = (): void => {
    if (drawn) process.stderr.write("\r\x1b[2K");
    drawn = false;
  };
  let paused = false;
  const look = (): void => {
    if (paused) return;
    if (terminal) {
      process.stderr.write(`\r\x1b[2K${cut(status(), Math.max(NARROWEST, width) - 1)}`);
      drawn = true;
    } else if (performance.now() - quietSince >= patience) {
      process.stderr.write(`plugboard: ${status()}\n`);
      quietSince = performance.now();
      patience = LATER;
    }
  };
  const timer = setInterval(look, REDRAW);
  return {
    planned(count) {
      total = count;
    },
    started: ({ projectId, connectionId }, host) => running.set(`${projectId} ${connectionId}`, host || connectionId),
    ended({ projectId, connectionId, status: what }) {
      running.delete(`${projectId} ${connectionId}`);
      ended += 1;
      if (what === "failed") failed += 1;
      if (patience === FIRST) quietSince = performance.now();
    },
    clear,
    async pause(question) {
      paused = true;
      clear();
      try {
        return await question();
      } finally {
        paused = false;
      }
    },
    stop() {
      clearInterval(timer);
      clear();
    },
  };
}

/** No progress at all. */
export const noProgress: Progress = {
  planned() {},
  started() {},
  ended() {},
  clear() {},
  pause: (question) => question(),
  stop() {},
};
