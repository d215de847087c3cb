import { createContext, Script } from "node:vm";
import { DECLARATION, WANT_PLACES } from "../model/values.js";
import { EXPORTS } from "./bundle.js";

/** What running a bundle gave: the declared JSON text, or what went wrong. */
export type RunResult =
  | { readonly json: string }
  | {
      readonly thrown: {
        readonly name: string;
        readonly message: string;
        readonly stack: string;
        readonly code?: string;
        readonly hint?: string;
      };
    }
  | { readonly exported: "nothing" | "promise" | "other" };

/** The name of the script in stack traces. */
export const SCRIPT = "settings.js";

/** How long settings may run, in milliseconds. */
const TIME_LIMIT = 30_000;

/** Runs a bundle in a realm of its own that has the language and nothing else: no console, process, timers or network. */
export function runBundle(code: string, inputs: Readonly<Record<string, string>>, wantPlaces: boolean): RunResult {
  const context = createContext({}, { codeGeneration: { strings: false, wasm: false } });
  const run = (source: string): unknown =>
    new Script(source, { filename: SCRIPT }).runInContext(context, { timeout: TIME_LIMIT });
  try {
    run("delete globalThis.console"); // V8 puts a console of its own into every realm
    if (wantPlaces) run(`globalThis[Symbol.for(${JSON.stringify(Symbol.keyFor(WANT_PLACES))})] = true`);
    run(code);
    const declare = `${EXPORTS}.default?.[Symbol.for(${JSON.stringify(Symbol.keyFor(DECLARATION))})]`;
    const exported = run(
      `typeof ${declare} === "function" ? "settings" : ${EXPORTS}.default === undefined ? "nothing" : typeof ${EXPORTS}.default?.then === "function" ? "promise" : "other"`,
    ) as "settings" | "nothing" | "promise" | "other";
    if (exported !== "settings") return { exported };
    return {
      json: String(
        run(`${EXPORTS}.default[Symbol.for(${JSON.stringify(Symbol.keyFor(DECLARATION))})](${JSON.stringify(inputs)})`),
      ),
    };
  } catch (error) {
    return { thrown: describeThrown(error) };
  }
}

function describeThrown(error: unknown): Extract<RunResult, { thrown: unknown }>["thrown"] {
  if (typeof error !== "object" || error === null) return { name: "Error", message: String(error), stack: "" };
  const { name, message, stack, code, hint } = error as Record<string, unknown>;
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  return {
    name: text(name) || "Error",
    message: text(message),
    stack: text(stack),
    ...(name === "AuthoringError" ? { code: text(code), hint: text(hint) } : {}),
  };
}
