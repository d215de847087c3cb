import { isCoreCode } from "../model/codes.js";
import { DeclaredReader, readLines } from "../model/declared.js";
import { declaredFindings, type Finding, finding, type Place } from "../model/finding.js";
import type { Declared } from "../model/values.js";
import { createBundler } from "./bundle.js";
import type { Cache, CacheKey } from "./cache.js";
import { isInside, realPath } from "./confine.js";
import { refusalOf } from "./hermetic.js";
import { defaultLimits, type Limits } from "./limits.js";
import { createLocator, framesOf, type Locator, locateFindings, placeAt } from "./places.js";
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
  /**
   * Keeps the result for the next time. Called once the settings are found to be valid: only then is it certain that
   * nothing stands in them that must not be written to disk.
   */
  readonly keep?: () => void;
}

/** Does a piece of work under the name of a phase. */
export type Measure = <Value>(phase: string, work: () => Promise<Value>) => Promise<Value>;

export interface EvaluatorOptions {
  /** Absolute path of the folder that imports may come from. */
  readonly root: string;
  readonly limits?: Partial<Limits>;
  /** Runs settings in a Node process with all it has, and lets them import anything. Default: false, the sandbox. */
  readonly trust?: boolean;
  /** Where results are kept. Default: nowhere. Trusted settings are not: they may depend on anything. */
  readonly cache?: Cache | undefined;
  /** Version of the tool: results of another are of no use. */
  readonly toolVersion?: string;
  /** Whether many evaluations of the same files are to come, as in watch mode. Default: false. */
  readonly warm?: boolean;
  /** Does the work of a phase, and may take its time. */
  readonly measure?: Measure;
}

/** Gets a project that settings which run declare, those above first; its sub-projects are added to it later. */
export type Look = (project: object) => void;

/** Evaluates settings files to data. What it has started ends with `close`. */
export interface Evaluator {
  /**
   * Evaluates one file. Bundling and running are repeated with source map and stack traces once there is a finding to
   * place: the same input gives the same result, and most runs have none.
   * @param look - Looks at projects while others are still being written down. Whether the settings are of any use is not known
   * before the end.
   */
  evaluate(source: Source, look?: Look): Promise<Evaluated>;
  /** Gives findings about declared settings their places. */
  placeFindings(source: Source, findings: readonly Finding[]): Promise<Finding[]>;
  /** The places of declarations, by paths into the model: those of the calls, which takes no look into the sources. */
  locate(source: Source, paths: readonly (readonly PropertyKey[])[]): Promise<(Place | undefined)[]>;
  /** Absolute paths of the files that the evaluations so far were made of, and of those that they lacked. */
  readonly files: ReadonlySet<string>;
  close(): void;
}

interface Attempt extends Evaluated {
  /** The run itself failed: its findings have a place only if there was a source map. */
  readonly failed?: true;
  readonly locator?: Locator;
}

export function createEvaluator(options: EvaluatorOptions): Evaluator {
  const { trust = false, warm = false, measure = (_phase, work) => work() } = options;
  const limits: Limits = { ...defaultLimits, ...options.limits };
  const root = realPath(options.root);
  const cache = trust ? undefined : options.cache;
  const files = new Set<string>();
  const bundler = createBundler(warm);
  let runner: Runner | undefined;

  const attempt = async (source: Source, withPlaces: boolean, look?: Look): Promise<Attempt> => {
    // Started before the bundle is made, so that it is ready when the bundle is.
    runner ??= trust ? createTrustedRunner() : createSandbox(warm);
    const { file, inputs } = source;
    files.add(file);
    const since = Date.now();
    const bundle = await measure("bundle", () =>
      bundler.bundle({ file, root, withMap: withPlaces, limit: limits.bundle, trust }),
    );
    if ("findings" in bundle) {
      for (const each of bundle.missing ?? []) files.add(each);
      return { findings: bundle.findings };
    }
    for (const each of bundle.inputs) files.add(each);
    const locator = bundle.map === undefined ? undefined : await createLocator(bundle.map, root);
    const { run } = runner;
    const reader = new DeclaredReader();
    const keeps = cache !== undefined && bundle.cacheable && !withPlaces;
    const kept: string[] = [];
    let bug: { readonly error: unknown } | undefined;
    const handOn = (lines: string): void => {
      if (keeps) kept.push(lines);
      try {
        for (const each of reader.read(lines)) look?.(each);
      } catch (error) {
        bug ??= { error }; // nobody would catch it here
      }
    };
    const result = await measure("run", () => run({ code: bundle.code, inputs, wantPlaces: withPlaces, limits }, handOn));
    if (bug !== undefined) throw bug.error;
    if (!("declared" in result)) return { findings: [fromFailure(result, locator, source, limits)], failed: true };
    const { declared } = reader;
    if (declared === undefined) return { findings: [fromFailure({ exported: "other" }, locator, source, limits)] };
    const findings = declaredFindings(declared.findings, { place: { file } });
    if (findings.length > 0) return { findings };
    const keep = keeps ? () => cache.put(keyOf(source), bundle.inputs, since, kept.join("")) : undefined;
    return { declared, findings, ...(keep === undefined ? {} : { keep }), ...(locator === undefined ? {} : { locator }) };
  };

  const keyOf = ({ file, inputs }: Source): CacheKey => ({ file, root, inputs, toolVersion: options.toolVersion ?? "" });

  return {
    files,
    async evaluate(source, look) {
      const kept = cache && (await measure("cache", async () => cache.get(keyOf(source))));
      const known = kept === undefined ? undefined : readLines(kept);
      if (known !== undefined) return { declared: known, findings: [] };
      const { declared, findings, failed, keep } = await attempt(source, false, look);
      if (declared !== undefined) return { declared, findings, ...(keep === undefined ? {} : { keep }) };
      if (!failed) return { findings: await illustrate(findings, root) };
      // A limit that was exceeded once would be exceeded again.
      if (findings.some((each) => /^PB15[0-4]$/.test(each.code))) return { findings };
      // Settings that can tell the two runs apart do not get away with it: what failed once has failed.
      const again = await attempt(source, true);
      return { findings: await illustrate(again.findings.length > 0 ? again.findings : findings, root) };
    },
    async placeFindings(source, findings) {
      const { declared, locator } = await attempt(source, true);
      return measure("places", () =>
        illustrate(declared === undefined ? findings : locateFindings(findings, declared, locator), root),
      );
    },
    async locate(source, paths) {
      const { declared, locator } = await attempt(source, true);
      return measure("places", async () => paths.map((path) => declared && placeAt(path, declared, locator)));
    },
    close() {
      runner?.close();
      bundler.close();
    },
  };
}

/** Findings that tell of a secret, and those of code in which texts cannot be told from the rest: the line is not shown. */
const secretive = new Set(["PB101", "PB113", "PB131", "PB136"]);

/** Leads findings to the very setting they are about, and shows the line. */
async function illustrate(findings: readonly Finding[], root: string): Promise<Finding[]> {
  if (!findings.some((each) => each.place?.line !== undefined)) return [...findings];
  const { loadLiterals } = await import("./literals.js");
  const literals = await loadLiterals();
  return findings.map((each) => {
    if (each.place?.line === undefined || !isInside(realPath(each.place.file), root)) return each;
    const place = each.path === undefined ? each.place : literals.refine(each.place, each.path);
    const frame = secretive.has(each.code) ? undefined : literals.frame(place);
    return { ...each, place, ...(frame === undefined ? {} : { frame }) };
  });
}

function fromFailure(
  result: Exclude<RunResult, { declared: true }>,
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
  if (code !== undefined && isCoreCode(code)) return finding(code, message, { place, ...(hint ? { hint } : {}) });
  const refused = refusalOf(name, message);
  if (refused !== undefined) {
    return finding("PB156", `${refused.what} is not available in settings`, {
      place,
      hint: `${refused.hint} Settings you trust run in Node with --trust.`,
    });
  }
  return finding("PB103", `${name}: ${message.slice(0, 500)}`, { place });
}
