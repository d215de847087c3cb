/** Work that waits for its turn. */
export interface Job {
  /** What it keeps busy: only so many jobs of one host run at a time. */
  readonly host: string;
  readonly run: () => Promise<void>;
}

export interface Bounds {
  /** The most jobs that run at a time. */
  readonly parallel: number;
  /** The most of them that are of one host. */
  readonly perHost: number;
}

/**
 * Runs jobs, several at a time. The next to start is one of the host that the fewest running ones are of, so that a host that
 * does not answer keeps nobody waiting but its own. Once `signal` has ended, no job starts. Ends when all that have started
 * have ended. If one throws, none starts any more, and the error is thrown at once.
 */
export function runJobs(jobs: readonly Job[], { parallel, perHost }: Bounds, signal?: AbortSignal): Promise<void> {
  const queues = new Queues(jobs, Math.min(perHost, parallel, jobs.length));
  let running = 0;
  let failed = false;
  return new Promise((resolve, reject) => {
    const startSome = (): void => {
      while (running < parallel && !failed && !signal?.aborted) {
        const taken = queues.take();
        if (taken === undefined) break;
        running += 1;
        taken.job
          .run()
          .then(() => {
            running -= 1;
            taken.done();
            startSome();
          })
          .catch((error) => {
            failed = true;
            reject(error);
          });
      }
      if (running === 0) resolve();
    };
    startSome();
  });
}

interface Host {
  readonly waiting: Job[];
  /** Index of the first job that waits. */
  next: number;
  running: number;
}

/** The jobs that wait, by host, and the hosts that have any, by how many of theirs are running. */
class Queues {
  readonly #levels: Set<Host>[];

  constructor(jobs: readonly Job[], perHost: number) {
    const hosts = new Map<string, Host>();
    for (const job of jobs) {
      const host = hosts.get(job.host) ?? { waiting: [], next: 0, running: 0 };
      host.waiting.push(job);
      hosts.set(job.host, host);
    }
    this.#levels = [new Set(hosts.values()), ...Array.from({ length: perHost - 1 }, () => new Set<Host>())];
  }

  /** A job of the host that the fewest running ones are of, if there is one below its bound. */
  take(): { readonly job: Job; readonly done: () => void } | undefined {
    for (const level of this.#levels) {
      for (const host of level) {
        const job = host.waiting[host.next] as Job;
        host.next += 1;
        this.#count(host, 1);
        return { job, done: () => this.#count(host, -1) };
      }
    }
    return undefined;
  }

  #count(host: Host, change: 1 | -1): void {
    this.#levels[host.running]?.delete(host);
    host.running += change;
    if (host.next < host.waiting.length) this.#levels[host.running]?.add(host);
  }
}
