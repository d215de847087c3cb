import { type Frames, WANT_PLACES } from "../model/values.js";

const DEPTH = 12;

/**
 * The generated positions of the frames above the authoring function that asks, innermost first. Empty unless the
 * host wants places: positions are needed only once there is a finding, and a stack trace per declaration is dear.
 */
export function callFrames(): Frames {
  if (!(globalThis as { [WANT_PLACES]?: boolean })[WANT_PLACES]) return "";
  const engine = Error as { stackTraceLimit?: number };
  const limit = engine.stackTraceLimit;
  engine.stackTraceLimit = DEPTH;
  const stack = new Error().stack ?? "";
  if (limit !== undefined) engine.stackTraceLimit = limit;
  return [...stack.matchAll(/:(\d+):(\d+)\)?$/gm)].map(([, line, column]) => `${line}:${column}`).join(" ");
}
