/** The process in which trusted settings run: it takes one bundle, answers, and is ended by its parent. */
import { createRequire } from "node:module";
import { Script } from "node:vm";
import { Worker } from "node:worker_threads";
import { type RunRequest, type RunResult, readPart, resultScript, SCRIPT, WANT_PLACES_SCRIPT } from "./run.js";

/** Settings that never end would go on for ever if their parent were gone, which this thread alone could notice. */
const OUTLIVE_NOBODY = `
  const parent = require("node:worker_threads").workerData;
  setInterval(() => process.ppid === parent || process.kill(process.pid, "SIGKILL"), 500);
`;
new Worker(OUTLIVE_NOBODY, { eval: true, workerData: process.ppid }).unref();

process.once("message", ({ code, inputs, wantPlaces }: RunRequest) => {
  Object.assign(globalThis, { require: createRequire(`${process.cwd()}/`) });
  const run = (source: string): unknown => new Script(source, { filename: SCRIPT }).runInThisContext();
  const send = (message: string | RunResult): void => void process.send?.(message);
  let result: RunResult | undefined;
  try {
    if (wantPlaces) run(WANT_PLACES_SCRIPT);
    run(code);
    const next = run(resultScript(inputs)) as () => string;
    while (result === undefined) result = readPart(next(), send);
  } catch (error) {
    result = { thrown: describe(error) };
  }
  send(result);
});

function describe(error: unknown): Extract<RunResult, { thrown: unknown }>["thrown"] {
  if (typeof error !== "object" || error === null) return { name: "Error", message: String(error), stack: "" };
  const text = (key: string): string => {
    const value = (error as Record<string, unknown>)[key];
    return typeof value === "string" ? value : "";
  };
  const own = text("name") === "AuthoringError" ? { code: text("code"), hint: text("hint") } : {};
  return { name: text("name") || "Error", message: text("message"), stack: text("stack"), ...own };
}
