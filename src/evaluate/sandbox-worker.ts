/**
 * The thread in which settings run: a JavaScript engine in WebAssembly with nothing but the language. The host ends the
 * thread when time is up, which no loop inside can prevent.
 */
import { setFlagsFromString } from "node:v8";
import { parentPort, workerData } from "node:worker_threads";
import variantModule from "@jitl/quickjs-wasmfile-release-sync";
import {
  newQuickJSWASMModuleFromVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
  type QuickJSSyncVariant,
  type QuickJSWASMModule,
} from "quickjs-emscripten-core";
import { HERMETIC_SCRIPT } from "./hermetic.js";
import { endOf, type RunRequest, type RunResult, resultScript, SCRIPT, type Thrown, WANT_PLACES_SCRIPT } from "./run.js";

/** What the thread is started with. */
export interface ThreadOptions {
  /** Whether there will be many runs, for which the engine is worth optimising. */
  readonly warm: boolean;
}

// The package is typed as CommonJS; what arrives is its default export.
const variant = variantModule as unknown as QuickJSSyncVariant;
const { warm } = workerData as ThreadOptions;

/** V8's own: that of Node 20, and that since. Where it is yet another, threads only start more slowly. */
const TIERING_BUDGET = process.versions.v8.startsWith("11.") ? 1_800_000 : 13_000_000;

/**
 * Loads the engine. How much it may do before V8 compiles it a second time, to faster code, is settled when it is loaded. For one
 * run it is much: that compilation takes longer than most settings run, and the process cannot end before it is done.
 */
async function load(): Promise<QuickJSWASMModule> {
  if (warm) return newQuickJSWASMModuleFromVariant(variant);
  setFlagsFromString("--wasm-tiering-budget=200000000");
  try {
    return await newQuickJSWASMModuleFromVariant(variant);
  } finally {
    // With flags that are not its own, V8 compiles anew whatever Node would load precompiled: a thread takes twice the time to start.
    setFlagsFromString(`--wasm-tiering-budget=${TIERING_BUDGET}`);
  }
}

/** An engine, and a runtime of it for one run: nothing of a run is left for the next. */
interface Prepared {
  readonly engine: QuickJSWASMModule;
  readonly runtime: QuickJSRuntime;
  readonly context: QuickJSContext;
}

function prepare(engine: QuickJSWASMModule): Prepared {
  const runtime = engine.newRuntime();
  const context = runtime.newContext();
  context.unwrapResult(context.evalCode(HERMETIC_SCRIPT, SCRIPT)).dispose();
  return { engine, runtime, context };
}

function run({ runtime, context }: Prepared, { code, inputs, wantPlaces, limits }: RunRequest): RunResult {
  runtime.setMemoryLimit(limits.memory);
  runtime.setMaxStackSize(limits.stack);
  return evaluate(context, [...(wantPlaces ? [WANT_PLACES_SCRIPT] : []), code], inputs, limits.output);
}

/** Prepares for the next run. An engine that failed, or that cannot clear up, is given up. */
async function renew({ engine, runtime, context }: Prepared, failed: boolean): Promise<Prepared> {
  if (failed) return prepare(await load());
  try {
    context.dispose();
    runtime.dispose();
  } catch {
    return prepare(await load());
  }
  return prepare(engine);
}

function evaluate(
  context: QuickJSContext,
  scripts: readonly string[],
  inputs: Readonly<Record<string, string>>,
  longest: number,
): RunResult {
  for (const script of scripts) {
    const done = context.evalCode(script, SCRIPT);
    if (done.error !== undefined) return done.error.consume((error) => fromError(context, error));
    done.value.dispose();
  }
  const outcome = context.evalCode(resultScript(inputs), "result.js");
  if (outcome.error !== undefined) return outcome.error.consume((error) => fromError(context, error));
  return outcome.value.consume((next) => {
    let result: RunResult | undefined;
    for (let room = longest; result === undefined; ) {
      const part = context.callFunction(next, context.undefined);
      if (part.error !== undefined) return part.error.consume((error) => fromError(context, error));
      result = part.value.consume((handle) => {
        // The length is asked for inside: a text that is too long never leaves the engine.
        room -= context.getProp(handle, "length").consume((each) => context.getNumber(each));
        if (room < 0) return { exceeded: "output" };
        const text = context.getString(handle);
        const end = endOf(text);
        if (end === undefined) parentPort?.postMessage(text);
        return end;
      });
    }
    return result;
  });
}

/** Reads a text property of an error without calling anything of the settings: no getter, proxy or toString. */
const READ_TEXT = `(error, key) => {
  if (error === null || typeof error !== "object") return key === "message" ? String(error).slice(0, 500) : "";
  const own = Object.getOwnPropertyDescriptor(error, key) ?? Object.getOwnPropertyDescriptor(Object.getPrototypeOf(error) ?? {}, key);
  return typeof own?.value === "string" ? own.value.slice(0, 10_000) : "";
}`;

function fromError(context: QuickJSContext, error: QuickJSHandle): RunResult {
  const text = (key: string): string =>
    context.unwrapResult(context.evalCode(READ_TEXT, "error.js")).consume((read) =>
      context.newString(key).consume((name) => {
        const found = context.callFunction(read, context.undefined, error, name);
        if (found.error !== undefined) return found.error.consume(() => "");
        return found.value.consume((each) => context.getString(each));
      }),
    );
  const [name, message] = [text("name") || "Error", text("message")];
  if (name === "InternalError" && /^(out of memory|string too long)$/.test(message)) return { exceeded: "memory" };
  if (/^(Internal|Syntax)Error$/.test(name) && message === "stack overflow") return { exceeded: "stack" };
  const own = name === "AuthoringError" ? { code: text("code"), hint: text("hint") } : {};
  const thrown: Thrown = { name, message, stack: text("stack"), ...own };
  return { thrown };
}

/** What the engine itself threw. */
function crashed(error: unknown): RunResult {
  const { name, message } = error as Error;
  if (name === "RangeError") return { exceeded: "stack" };
  if (/memory/.test(message)) return { exceeded: "memory" };
  return { thrown: { name, message: `the engine failed: ${message}`, stack: "" } };
}

const first = load().then(prepare);
let next = (): Promise<Prepared> => first;

parentPort?.on("message", async (request: RunRequest) => {
  const prepared = await next();
  let result: RunResult | undefined;
  let failure: unknown;
  const start = performance.now();
  try {
    result = run(prepared, request);
    // The host may be too busy with what it was given to notice.
    if (performance.now() - start > request.limits.time) result = { exceeded: "time" };
  } catch (error) {
    failure = error;
  }
  parentPort?.postMessage(result ?? crashed(failure));
  next = () => renew(prepared, result === undefined);
  // Where there may be no other run, clearing up would only take the processor from whoever works on the result.
  if (!warm) return;
  const ready = next();
  next = () => ready;
});
