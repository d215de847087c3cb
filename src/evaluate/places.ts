import { resolve, sep } from "node:path";
import type { Finding, Place } from "../model/finding.js";
import { splitPath } from "../model/paths.js";
import { cut } from "../model/text.js";
import type { Declared, Frames, Places } from "../model/values.js";
import { isAuthoringSource } from "./bundle.js";
import { SCRIPT } from "./run.js";

/** Finds the places of declarations in the original sources. */
export interface Locator {
  /** The innermost frame that is the user's own code: not the authoring library's, not a package's if there is another. */
  place(frames: Frames): Place | undefined;
}

export async function createLocator(map: string, root: string): Promise<Locator> {
  const { originalPositionFor, TraceMap } = await import("@jridgewell/trace-mapping");
  const trace = new TraceMap(map);
  return {
    place(frames) {
      let fallback: Place | undefined;
      for (const frame of frames.split(" ")) {
        const [line = 0, column = 0] = frame.split(":").map(Number);
        if (!(line >= 1)) continue;
        const found = originalPositionFor(trace, { line, column: Math.max(0, column - 1) });
        if (found.source === null) continue;
        const file = resolve(root, found.source);
        if (isAuthoringSource(file)) continue;
        const place = { file, line: found.line, column: found.column + 1 };
        if (!file.includes(`${sep}node_modules${sep}`)) return place;
        fallback ??= place;
      }
      return fallback;
    },
  };
}

/** The frames of a stack trace that lie in the bundle. */
export function framesOf(stack: string): Frames {
  const position = new RegExp(`${SCRIPT.replace(".", "\\.")}:(\\d+)(?::(\\d+))?`, "g");
  return [...stack.matchAll(position)].map(([, line, column = "1"]) => `${line}:${column}`).join(" ");
}

/** The frames of the declaration that a path of the model leads to. Places come from the settings: their shape is not trusted. */
export function framesAt(places: Places, path: readonly PropertyKey[]): Frames {
  let here: Partial<Places> = places;
  let frames: unknown = here.at;
  for (const [index, key] of path.entries()) {
    const next = path[index + 1];
    if (typeof next !== "number" || (key !== "subProjects" && key !== "connections" && key !== "features")) continue;
    const found: unknown = here[key]?.[next];
    if (key !== "subProjects") {
      frames = found;
      break;
    }
    if (typeof found !== "object" || found === null) break;
    here = found as Places;
    frames = here.at;
  }
  return typeof frames === "string" ? frames : "";
}

/** The place of the declaration that a path of the model leads to. */
export function placeAt(path: readonly PropertyKey[], { places }: Declared, locator: Locator | undefined): Place | undefined {
  return places && locator?.place(framesAt(places, path));
}

/** Gives findings that have a path their place and their subject: the declaration in the sources, the path in words. */
export function locateFindings(findings: readonly Finding[], declared: Declared, locator: Locator | undefined): Finding[] {
  return findings.map((each) => {
    if (each.path?.[0] !== "project") return each;
    const place = each.place ?? placeAt(each.path, declared, locator);
    const subject = subjectOf(declared.project, each.path);
    return { ...each, subject, ...(place === undefined ? {} : { place }) };
  });
}

/** A path as a person reads it: `Payments › PaymentsAws › credentials.roleArn`. */
export function subjectOf(top: unknown, path: readonly PropertyKey[]): string {
  const { project, holder, rest } = splitPath(path);
  const names: string[] = [];
  let value: unknown = { project: top };
  for (const key of [...project, ...holder]) {
    value = typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined;
    const id = typeof value === "object" && value !== null ? (value as { id?: unknown }).id : undefined;
    if ((key === "project" || typeof key === "number") && typeof id === "string") names.push(cut(id, 60));
  }
  const setting = (rest[0] === "settings" ? rest.slice(1) : rest).map(String).map((each) => cut(each, 60));
  return [...names, ...(setting.length === 0 || setting.join() === "id" ? [] : [setting.join(".")])].join(" › ");
}
