import { DECLARATION, WANT_PLACES } from "../model/values.js";
import type { Limits } from "./limits.js";

/** A bundle to run. */
export interface RunRequest {
  readonly code: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** Whether declarations note their stack frames, for a run that places findings. */
  readonly wantPlaces: boolean;
  readonly limits: Limits;
}

/** What running a bundle gave: the declared JSON text, or what went wrong. All of it is untrusted text. */
export type RunResult =
  | { readonly json: string }
  | { readonly thrown: Thrown }
  | { readonly exported: "nothing" | "promise" | "other" }
  | { readonly exceeded: "memory" | "time" | "stack" | "output" };

export interface Thrown {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  /** Of an `AuthoringError`. */
  readonly code?: string;
  readonly hint?: string;
}

/** Runs bundles: in the sandbox, or in a Node process where the caller trusts the settings. */
export interface Runner {
  run(request: RunRequest): Promise<RunResult>;
  /** Ends whatever still runs. */
  close(): void;
}

/** The name of the script in stack traces. */
export const SCRIPT = "settings.js";

/** The name under which the script keeps the exports of the settings file. */
export const EXPORTS = "settingsModule";

const symbol = (value: symbol): string => `Symbol.for(${JSON.stringify(Symbol.keyFor(value))})`;

/** Script that asks for places; it runs before the bundle. */
export const WANT_PLACES_SCRIPT = `globalThis[${symbol(WANT_PLACES)}] = true;`;

/**
 * Script that runs after the bundle and gives one text: `=` and the declared JSON, or `!` and what was exported instead.
 * It runs in the realm of the settings; the host looks at nothing but that text.
 */
export function resultScript(inputs: Readonly<Record<string, string>>): string {
  return `(() => {
  const value = typeof ${EXPORTS} === "object" && ${EXPORTS} !== null ? ${EXPORTS}.default : undefined;
  const declare = value?.[${symbol(DECLARATION)}];
  if (typeof declare === "function") return "=" + declare.call(value, JSON.parse(${JSON.stringify(JSON.stringify(inputs))}));
  return value === undefined ? "!nothing" : typeof value?.then === "function" ? "!promise" : "!other";
})()`;
}

/** Reads the text that {@link resultScript} gave. */
export function readResult(text: string): RunResult {
  if (text.startsWith("=")) return { json: text.slice(1) };
  return { exported: text === "!nothing" ? "nothing" : text === "!promise" ? "promise" : "other" };
}
