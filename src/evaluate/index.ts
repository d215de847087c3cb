import { realpathSync } from "node:fs";
import { type CoreCode, codes } from "../model/codes.js";
import { type Finding, finding } from "../model/finding.js";
import type { Declared, Places } from "../model/values.js";
import { bundleSettings } from "./bundle.js";
import { refusalOf } from "./hermetic.js";
import { defaultLimits, type Limits } from "./limits.js";
import { createLocator, framesOf, type Locator, locateFindings } from "./places.js";
import type { Runner, RunResult, Thrown } from "./run.js";
import { createSandbox } from "./sandbox.js";
import { createTrustedRunner } from "./trusted.js";

/** A file to evaluate. */
export interface Source {
  /** Absolute path of the settings file. */
  readonly file: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** What the default export should be, for the advice if it is not. Default: a project. */
  readonly exports?: "project" | "config";
}

/** What an evaluation gave. `declared` is untrusted data. */
export interface Evaluated {
  readonly declared?: Declared;
  readonly findings: readonly Finding[];
}

export interface EvaluatorOptions {
  /** Absolute path of the folder that imports may come from. */
  readonly root: string;
  readonly limits?: Partial<Limits>;
  /** Runs settings in a Node process with all it has, and lets them import anything. Default: false, the sandbox. */
  readonly trust?: boolean;
}

/** Evaluates settings files to data. What it has started ends with `close`. */
export interface Evaluator {
  /**
   * Evaluates one file. Bundling and running are repeated with source map and stack traces once there is a finding to
   * place: the same input gives the same result, and most runs have none.
   */
  evaluate(source: Source): Promise<Evaluated>;
  /** Gives findings about declared settings their places. */
  placeFindings(source: Source, findings: readonly Finding[]): Promise<Finding[]>;
  close(): void;
}

interface Attempt extends Evaluated {
  /** The run itself failed: its findings have a place only if there was a source map. */
  readonly failed?: true;
  readonly locator?: Locator;
}

export function createEvaluator({ root: givenRoot, limits: given = {}, trust = false }: EvaluatorOptions): Evaluator {
  const limits: Limits = { ...defaultLimits, ...given };
  const root = realPath(givenRoot);
  const runner: Runner = trust ? createTrustedRunner() : createSandbox();

  const attempt = async (source: Source, withPlaces: boolean): Promise<Attempt> => {
    const { file, inputs } = source;
    const bundle = await bundleSettings({ file, root, withMap: withPlaces, limit: limits.bundle, trust });
    if ("findings" in bundle) return bundle;
    const locator = bundle.map === undefined ? undefined : await createLocator(bundle.map, root);
    const result = await runner.run({ code: bundle.code, inputs, wantPlaces: withPlaces, limits });
    if (!("json" in result)) return { findings: [fromFailure(result, locator, source, limits)], failed: true };
    const declared = readDeclared(result.json);
    if (declared === undefined) return { findings: [fromFailure({ exported: "other" }, locator, source, limits)] };
    const findings = (declared.findings ?? []).map(({ code, message, hint }) =>
      finding(Object.hasOwn(codes, code) ? (code as CoreCode) : "PB103", message, {
        place: { file },
        ...(hint === undefined ? {} : { hint }),
      }),
    );
    return { ...(findings.length > 0 ? {} : { declared }), findings, ...(locator === undefined ? {} : { locator }) };
  };

  return {
    async evaluate(source) {
      const { declared, findings, failed } = await attempt(source, false);
      if (!failed) return { ...(declared === undefined ? {} : { declared }), findings };
      // A limit that was exceeded once would be exceeded again.
      if (findings.some((each) => /^PB15[0-4]$/.test(each.code))) return { findings };
      return { findings: (await attempt(source, true)).findings };
    },
    async placeFindings(source, findings) {
      const { declared, locator } = await attempt(source, true);
      return declared === undefined ? [...findings] : locateFindings(findings, declared, locator);
    },
    close: () => runner.close(),
  };
}

/** Reads what a declaration gave. Settings may make it themselves: whatever is not of the right shape is left out. */
function readDeclared(json: string): Declared | undefined {
  let data: unknown;
  try {
    data = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (typeof data !== "object" || data === null || Array.isArray(data)) return undefined;
  const { project, config, places, findings } = data as Record<string, unknown>;
  const isText = (value: unknown): value is string => typeof value === "string";
  const said = Array.isArray(findings) ? findings : [];
  return {
    project,
    config,
    ...(typeof places === "object" && places !== null ? { places: places as Places } : {}),
    findings: said
      .filter((each) => isText(each?.code) && isText(each?.message))
      .map(({ code, message, hint }) => ({
        code,
        message: message.slice(0, 500),
        ...(isText(hint) ? { hint: hint.slice(0, 500) } : {}),
      })),
  };
}

function realPath(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}

function fromFailure(
  result: Exclude<RunResult, { json: string }>,
  locator: Locator | undefined,
  { file, exports = "project" }: Source,
  limits: Limits,
): Finding {
  if ("exceeded" in result) return exceeded(result.exceeded, file, limits);
  if ("thrown" in result) return fromThrown(result.thrown, locator, file);
  const [maker, example] =
    exports === "project"
      ? ["project(…) or settings(…)", 'export default project("Id", ({ … }) => { … });']
      : ["config(…)", "export default config({ … });"];
  const found = {
    nothing: "there is no default export",
    promise: "the default export is a promise",
    other: `the default export is not made by ${maker}`,
  };
  return finding(result.exported === "promise" ? "PB105" : "PB104", found[result.exported], {
    place: { file },
    hint: `End the file with: ${example}`,
  });
}

function exceeded(what: "memory" | "time" | "stack" | "output", file: string, limits: Limits): Finding {
  const place = { file };
  switch (what) {
    case "memory":
      return finding("PB150", `the settings use more than ${limits.memory / 1024 / 1024} MiB of memory`, {
        place,
        hint: "--memory-limit MIB allows more.",
      });
    case "time":
      return finding("PB151", `the settings did not end within ${limits.time / 1000} seconds`, {
        place,
        hint: "Is there a loop without an end? --time-limit SECONDS allows more.",
      });
    case "stack":
      return finding("PB152", "the settings call themselves too deeply", {
        place,
        hint: `The stack has ${limits.stack / 1024} KiB.`,
      });
    case "output":
      return finding("PB154", `the declared settings have more than ${limits.output} characters as JSON`, {
        place,
        hint: "--output-limit MIB allows more.",
      });
  }
}

function fromThrown({ name, message, stack, code, hint }: Thrown, locator: Locator | undefined, file: string): Finding {
  const place = locator?.place(framesOf(stack)) ?? { file };
  if (code !== undefined && Object.hasOwn(codes, code)) {
    const what = hint && message.endsWith(hint) ? message.slice(0, -hint.length).replace(/\. $/, "") : message;
    return finding(code as CoreCode, what, { place, ...(hint ? { hint } : {}) });
  }
  const refused = refusalOf(name, message);
  if (refused !== undefined) {
    return finding("PB156", `${refused.what} is not available in settings`, {
      place,
      hint: `${refused.hint} Settings you trust run in Node with --trust.`,
    });
  }
  return finding("PB103", `${name}: ${message.slice(0, 500)}`, { place });
}
