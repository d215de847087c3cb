import { readFileSync, statSync } from "node:fs";
import { openCache } from "../evaluate/cache.js";
import { createEvaluator, type Evaluated, type Evaluator, type Look, type Source } from "../evaluate/index.js";
import { type Finding, finding } from "../model/finding.js";
import type { CommonOptions } from "./options.js";
import type { Trace } from "./trace.js";

/** The evaluations of a command, under way. They start before the rest of the command is loaded. */
export interface Evaluation {
  readonly evaluator: Evaluator;
  readonly source: Source;
  /** The settings, evaluated; or the text of a model file. */
  readonly settings: Promise<Evaluated | { readonly model: string }>;
  /** Has projects looked at as they come, also those that came before: see `Evaluator.evaluate`. */
  readonly lookAtProjects: (look: Look) => void;
  /** The configuration, if there is a file for it. */
  readonly config: Promise<Evaluated | undefined>;
}

/** What outlives a run of a command: in watch mode, the next one finds it warm. */
export function createCommandEvaluator({ root, limits, trust, cache, watch }: CommonOptions, trace: Trace): Evaluator {
  return createEvaluator({
    root,
    limits,
    trust,
    warm: watch,
    cache: cache ? openCache() : undefined,
    toolVersion: PLUGBOARD_VERSION,
    measure: trace.measure,
  });
}

/** Starts to evaluate what the options name. */
export function startEvaluation({ file, config, inputs }: CommonOptions, evaluator: Evaluator): Evaluation {
  const source: Source = { file, inputs };
  const waiting: object[] = [];
  let look: Look = (project) => void waiting.push(project);
  const hint = "plugboard init writes a first one; --settings FILE names another.";
  return {
    evaluator,
    source,
    settings: evaluateFile(evaluator, source, hint, (project) => look(project)),
    lookAtProjects(given) {
      look = given;
      for (const each of waiting.splice(0)) look(each);
    },
    config: config === undefined ? Promise.resolve(undefined) : evaluateConfig(evaluator, config),
  };
}

async function evaluateFile(evaluator: Evaluator, source: Source, hint: string, look: Look): Evaluation["settings"] {
  const text = readText(source.file, hint);
  if (typeof text !== "string") return { findings: [text] };
  return source.file.endsWith(".json") ? { model: text } : evaluator.evaluate(source, look);
}

async function evaluateConfig(evaluator: Evaluator, file: string): Promise<Evaluated> {
  const text = readText(file, "--config FILE names another.");
  return typeof text === "string" ? evaluator.evaluate({ file, inputs: {}, exports: "config" }) : { findings: [text] };
}

/** The text of a file, or the finding that it cannot be read. */
export function readText(file: string, hint?: string): string | Finding {
  try {
    if (!statSync(file).isFile()) throw Object.assign(new Error(), { code: "EISDIR" });
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reasons: Readonly<Record<string, string>> = {
      ENOENT: "it does not exist",
      EACCES: "permission is denied",
      EISDIR: "it is not a regular file",
    };
    return finding("PB100", `the file cannot be read: ${reasons[code ?? ""] ?? code}`, {
      place: { file },
      ...(hint === undefined || code !== "ENOENT" ? {} : { hint }),
    });
  }
}
