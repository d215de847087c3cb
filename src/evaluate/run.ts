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

/** How running a bundle ended: what it declared has been handed on, or something went wrong. */
export type RunResult =
  | { readonly declared: true }
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

/** Takes some of what a bundle declares: whole lines, each with its end. All of it is untrusted text. */
export type HandOn = (lines: string) => void;

/** Runs bundles: in the sandbox, or in a Node process where the caller trusts the settings. */
export interface Runner {
  run(request: RunRequest, handOn: HandOn): Promise<RunResult>;
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

/** How long a part of what is declared should be, in characters: the host works on one while the next is written. */
const PART = 65_536;

/**
 * Script that runs after the bundle and gives a function. Every call of it gives a text: some lines of what is declared,
 * `!` and what was exported instead, or nothing once all lines were given. It runs in the realm of the settings; the
 * host looks at nothing but that text.
 */
export function resultScript(inputs: Readonly<Record<string, string>>): string {
  return `(() => {
  const value = typeof ${EXPORTS} === "object" && ${EXPORTS} !== null ? ${EXPORTS}.default : undefined;
  const declare = value?.[${symbol(DECLARATION)}];
  if (typeof declare !== "function") {
    return () => value === undefined ? "!nothing" : typeof value?.then === "function" ? "!promise" : "!other";
  }
  const lines = declare.call(value, JSON.parse(${JSON.stringify(JSON.stringify(inputs))}))[Symbol.iterator]();
  return () => {
    let part = "";
    while (part.length < ${PART}) {
      const { done, value } = lines.next();
      if (done) break;
      part += value + "\\n";
    }
    return part;
  };
})()`;
}

/** How a run has ended that gave a text; `undefined` if the text is lines of what is declared, and there may be more. */
export function endOf(text: string): RunResult | undefined {
  if (text === "") return { declared: true };
  if (text.startsWith("!")) return { exported: text === "!nothing" ? "nothing" : text === "!promise" ? "promise" : "other" };
  return undefined;
}
