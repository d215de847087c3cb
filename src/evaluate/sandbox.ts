import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { HandOn, Runner, RunRequest, RunResult } from "./run.js";
import type { ThreadOptions } from "./sandbox-worker.js";

/** The built script of the thread, beside the built command line. */
const script = ["./sandbox.js", "../../dist/sandbox.js"]
  .map((each) => new URL(each, import.meta.url))
  .find((each) => existsSync(fileURLToPath(each))) as URL;

/**
 * Runs settings in a thread of their own, inside a WebAssembly engine without any host function. The thread is started at
 * once, so that it gets ready while the settings are still being bundled; runs follow one another.
 *
 * @param warm Whether there will be many runs, for which the engine is worth optimising.
 */
export function createSandbox(warm: boolean): Runner {
  const start = (): Worker => {
    const started = startWorker(warm);
    // It may fail between two runs, while it clears up: the next run gets another.
    started.on("error", () => {
      if (worker === started) worker = undefined;
    });
    return started;
  };
  let worker: Worker | undefined = start();
  let last: Promise<unknown> = Promise.resolve();
  const stop = (): void => {
    worker?.terminate();
    worker = undefined;
  };

  const runOne = (request: RunRequest, handOn: HandOn): Promise<RunResult> =>
    new Promise((resolve) => {
      worker ??= start();
      const current = worker;
      const settle = (result: RunResult): void => {
        clearTimeout(watchdog);
        clearImmediate(verdict);
        current.off("message", onMessage).off("error", onError);
        resolve(result);
      };
      const fail = (result: RunResult): void => {
        stop();
        settle(result);
      };
      const onMessage = (message: string | RunResult): void => (typeof message === "string" ? handOn(message) : settle(message));
      const onError = ({ name, message }: Error): void =>
        fail({ thrown: { name, message: `the engine failed: ${message}`, stack: "" } });
      let verdict: NodeJS.Immediate | undefined;
      const watchdog = setTimeout(() => {
        // What has arrived meanwhile comes first: this thread may have been busy with parts of it.
        verdict = setImmediate(() => fail({ exceeded: "time" }));
      }, request.limits.time);
      current.on("message", onMessage).on("error", onError);
      current.postMessage(request);
    });

  return {
    run(request, handOn) {
      const result = last.then(() => runOne(request, handOn));
      last = result;
      return result;
    },
    close: stop,
  };
}

function startWorker(warm: boolean): Worker {
  // The engine asks the process for local time. The zone is the process's own: a thread cannot have another.
  process.env.TZ = "UTC";
  // Nothing of the process goes in: no environment, no arguments.
  const workerData: ThreadOptions = { warm };
  const worker = new Worker(script, { env: {}, argv: [], execArgv: [], stdin: false, workerData });
  worker.unref();
  return worker;
}
