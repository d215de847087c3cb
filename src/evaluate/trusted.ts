import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isSecretVariable } from "../model/secret-variables.js";
import type { HandOn, Runner, RunRequest, RunResult } from "./run.js";

/** The built script of the process, beside the built command line. */
const script = ["./trusted-child.js", "../../dist/trusted-child.js"]
  .map((each) => fileURLToPath(new URL(each, import.meta.url)))
  .find(existsSync) as string;

/** Runs settings that the caller trusts in a Node process of their own, with all that Node has. */
export function createTrustedRunner(): Runner {
  const running = new Set<() => void>();
  return {
    run: (request, handOn) => runOne(request, handOn, running),
    close() {
      for (const stop of running) stop();
    },
  };
}

function runOne(request: RunRequest, handOn: HandOn, running: Set<() => void>): Promise<RunResult> {
  return new Promise((resolve) => {
    // What the settings print goes to stderr; the answer comes over a channel of its own.
    const child = spawn(process.execPath, [script], {
      stdio: ["ignore", 2, 2, "ipc"],
      env: { ...withoutSecrets(process.env), TZ: "UTC" },
    });
    const stop = (): void => void child.kill("SIGKILL");
    running.add(stop);
    const settle = (result: RunResult): void => {
      clearTimeout(watchdog);
      running.delete(stop);
      stop();
      resolve(result);
    };
    const watchdog = setTimeout(() => settle({ exceeded: "time" }), request.limits.time);
    child.on("message", (message: string | RunResult) => (typeof message === "string" ? handOn(message) : settle(message)));
    child.on("error", (error) => settle({ thrown: { name: error.name, message: error.message, stack: "" } }));
    child.on("exit", (code, signal) =>
      settle({
        thrown: { name: "Error", message: `the process of the settings ended with ${signal ?? `code ${code}`}`, stack: "" },
      }),
    );
    child.send(request);
  });
}

/** Settings name secrets; even trusted ones have no use for their values. */
function withoutSecrets(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !isSecretVariable(name)));
}
