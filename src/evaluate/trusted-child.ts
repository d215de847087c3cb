/** The process in which trusted settings run: it takes one bundle, answers, and is ended by its parent. */
import { createRequire } from "node:module";
import { Script } from "node:vm";
import { Worker } from "node:worker_threads";
import { endOf, type RunRequest, type RunResult, resultScript, SCRIPT, WANT_PLACES_SCRIPT } from "./run.js";

/** Settings that never end would go on for ever if their parent were gone, which this thread alone could notice. */
const OUTLIVE_NOBODY = `
  const parent = require("node:worker_threads").workerData;
  setInterval(() => process.ppid === parent || process.kill(process.pid, "SIGKILL"), 500);
`;
new Worker(OUTLIVE_NOBODY, { eval: true, workerData: process.ppid }).unref();

process.once("message", async ({ code, inputs, wantPlaces, limits }: RunRequest) => {
  Object.assign(globalThis, { require: createRequire(`${process.cwd()}/`) });
  const run = (source: string): unknown => new Script(source, { filename: SCRIPT }).runInThisContext();
  const send = (message: string | RunResult) => new Promise<void>((resolve) => void process.send?.(message, () => resolve()));
  let result: RunResult | undefined;
  try {
    if (wantPlaces) run(WANT_PLACES_SCRIPT);
    run(code);
    const next = run(resultScript(inputs)) as () => string;
    for (let room = limits.output; result === undefined; ) {
      const text = next();
      room -= text.length;
      result = room < 0 ? { exceeded: "output" } : endOf(text);
      if (result === undefined) await send(text);
    }
  } catch (error) {
    result = { thrown: describe(error) };
  }
  await send(result);
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
