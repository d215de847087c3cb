import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { Runner, RunRequest, RunResult } from "./run.js";

/** The built script of the thread, beside the built command line. */
const script = ["./sandbox.js", "../../dist/sandbox.js"]
  .map((each) => new URL(each, import.meta.url))
  .find((each) => existsSync(fileURLToPath(each))) as URL;

/**
 * Runs settings in a thread of their own, inside a WebAssembly engine without any host function. The thread is started at
 * once, so that it gets ready while the settings are still being bundled; runs follow one another.
 */
export function createSandbox(): Runner {
  let worker: Worker | undefined = startWorker();
  let last: Promise<unknown> = Promise.resolve();
  const stop = (): void => {
    worker?.terminate();
    worker = undefined;
  };

  const runOne = (request: RunRequest): Promise<RunResult> =>
    new Promise((resolve) => {
      worker ??= startWorker();
      const current = worker;
      const settle = (result: RunResult, usable: boolean): void => {
        clearTimeout(watchdog);
        current.off("message", onMessage).off("error", onError);
        if (!usable) stop();
        resolve(result);
      };
      const onMessage = ({ result, usable }: { result: RunResult; usable: boolean }): void => settle(result, usable);
      const onError = ({ name, message }: Error): void =>
        settle({ thrown: { name, message: `the engine failed: ${message}`, stack: "" } }, false);
      const watchdog = setTimeout(() => settle({ exceeded: "time" }, false), request.limits.time);
      current.on("message", onMessage).on("error", onError);
      current.postMessage(request);
    });

  return {
    run(request) {
      const result = last.then(() => runOne(request));
      last = result;
      return result;
    },
    close: stop,
  };
}

function startWorker(): Worker {
  // The engine asks the process for local time. The zone is the process's own: a thread cannot have another.
  process.env.TZ = "UTC";
  // Nothing of the process goes in: no environment, no arguments.
  const worker = new Worker(script, { env: {}, argv: [], execArgv: [], stdin: false });
  worker.unref();
  return worker;
}
