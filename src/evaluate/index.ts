import { type CoreCode, codes } from "../model/codes.js";
import { type Finding, finding } from "../model/finding.js";
import type { Declared } from "../model/values.js";
import { type Bundle, bundleSettings } from "./bundle.js";
import { createLocator, framesOf, type Locator, locateFindings } from "./places.js";
import { type RunResult, runBundle } from "./run.js";

/** A file to evaluate. */
export interface Source {
  /** Absolute path of the settings file. */
  readonly file: string;
  /** Absolute path of the folder that imports may come from. */
  readonly root: string;
  readonly inputs: Readonly<Record<string, string>>;
}

/** What an evaluation gave. `declared` is untrusted data. */
export interface Evaluated {
  readonly declared?: Declared;
  readonly findings: readonly Finding[];
}

/**
 * Evaluates a settings file to data. Bundling and running are repeated with source map and stack traces once there is
 * a finding to place: the same input gives the same result, and most runs have none.
 */
export async function evaluate(source: Source): Promise<Evaluated> {
  const { declared, findings, failed } = await attempt(source, false);
  if (!failed) return { ...(declared === undefined ? {} : { declared }), findings };
  return { findings: (await attempt(source, true)).findings };
}

/** Gives findings about declared settings their places. */
export async function placeFindings(source: Source, findings: readonly Finding[]): Promise<Finding[]> {
  const { declared, locator } = await attempt(source, true);
  return declared === undefined ? [...findings] : locateFindings(findings, declared, locator);
}

interface Attempt extends Evaluated {
  /** The run itself failed: its findings have a place only if there was a source map. */
  readonly failed?: true;
  readonly locator?: Locator;
}

async function attempt({ file, root, inputs }: Source, withPlaces: boolean): Promise<Attempt> {
  const bundle = await bundleSettings(file, root, withPlaces);
  if ("findings" in bundle) return bundle;
  const locator = locatorOf(bundle, root);
  const result = runBundle(bundle.code, inputs, withPlaces);
  if (!("json" in result)) return { findings: [fromFailure(result, locator, file)], failed: true };
  const declared = JSON.parse(result.json) as Declared;
  const findings = (declared.findings ?? []).map(({ code, message, hint }) =>
    finding(code in codes ? (code as CoreCode) : "PB103", message, { place: { file }, ...(hint === undefined ? {} : { hint }) }),
  );
  return { ...(findings.length > 0 ? {} : { declared }), findings, ...(locator === undefined ? {} : { locator }) };
}

function locatorOf({ map }: Bundle, root: string): Locator | undefined {
  return map === undefined ? undefined : createLocator(map, root);
}

function fromFailure(result: Exclude<RunResult, { json: string }>, locator: Locator | undefined, file: string): Finding {
  if ("exported" in result) {
    const found = {
      nothing: "there is no default export",
      promise: "the default export is a promise",
      other: "the default export is not made by project(…) or settings(…)",
    };
    return finding(result.exported === "promise" ? "PB105" : "PB104", found[result.exported], {
      place: { file },
      hint: 'End the file with: export default project("Id", ({ … }) => { … });',
    });
  }
  const { name, message, stack, code, hint } = result.thrown;
  const place = locator?.place(framesOf(stack)) ?? { file };
  if (code !== undefined && code in codes) {
    const what = hint && message.endsWith(hint) ? message.slice(0, -hint.length).replace(/\. $/, "") : message;
    return finding(code as CoreCode, what, { place, ...(hint ? { hint } : {}) });
  }
  const timedOut = /^Script execution timed out/.test(message);
  return finding("PB103", timedOut ? "the settings did not end in time" : `${name}: ${message.slice(0, 500)}`, { place });
}
