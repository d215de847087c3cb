import { scrub } from "../secrets/scrub.js";

/** Errors whose message comes from the engine itself, and tells what a programmer needs. */
const engineErrors: ReadonlySet<string> = new Set(["TypeError", "RangeError", "ReferenceError"]);

/**
 * An error that nobody expected, for a report: its name, its code and where it was thrown. Messages of libraries are left
 * out: they may quote requests and answers.
 */
export function describeCrash(error: unknown): string {
  if (!(error instanceof Error)) return `${typeof error} was thrown`;
  const { code } = error as NodeJS.ErrnoException;
  const what = [
    error.name,
    ...(typeof code === "string" ? [code] : []),
    ...(engineErrors.has(error.name) && code === undefined ? [error.message] : []),
  ].join(": ");
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return scrub([what, ...frames.slice(0, 8).map((each) => each.trim())].join(", "));
}
