import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Config } from "../config/authoring.js";
import { checkContext, parseConfig } from "../config/schema.js";
import { connectionTypes } from "../connections/index.js";
import type { ConnectionType } from "../contract/define.js";
import { createEvaluator, type Evaluator, type Source } from "../evaluate/index.js";
import { subjectOf } from "../evaluate/places.js";
import { type Types, typesByKind } from "../formats/features.js";
import { type Finding, FindingsError, finding, hasErrors, sortFindings } from "../model/finding.js";
import { emptyLock, type Lock, parseLock } from "../model/lock.js";
import { parseSettings } from "../model/parse.js";
import { MODEL_SCHEMA_ID, MODEL_VERSION, type Settings } from "../model/schema.js";
import { checkProject, isAcceptable, type Rule } from "../rules/index.js";
import { type CommonOptions, UsageError } from "./options.js";

/** Settings that have been evaluated and checked. */
export interface LoadedProject {
  /** Absent if their shape is wrong: there are errors then. */
  readonly settings?: Settings;
  readonly findings: readonly Finding[];
  readonly types: Types;
  readonly config: Config;
  readonly lock: Lock;
  /** Gives findings of later steps their place in the sources, and applies the configured severities. */
  readonly place: (findings: readonly Finding[]) => Promise<Finding[]>;
}

/** Evaluates, validates and checks the settings that the options name. */
export async function loadProject(options: CommonOptions): Promise<LoadedProject> {
  const plugins = await loadPlugins(options.plugins);
  const types = typesByKind([...connectionTypes, ...plugins.types]);
  const evaluator = createEvaluator(options);
  const { config, findings: configFindings } = await loadConfig(options, evaluator);
  const { lock, findings: lockFindings } = loadLock(dirname(options.file));
  const source: Source = { file: options.file, inputs: options.inputs };
  const model = options.file.endsWith(".json");
  const { data, findings: evaluated } = model ? loadModel(options.file, types) : await evaluateSettings(source, evaluator);
  const checked = data === undefined ? { findings: [] } : checkProject(data, types, checkContext(config), plugins.rules);
  const place = async (findings: readonly Finding[]): Promise<Finding[]> => {
    const rated = applySeverities(findings, config);
    if (!rated.some((each) => each.path?.[0] === "project")) return sortFindings(rated);
    if (!model) return sortFindings(await evaluator.placeFindings(source, rated));
    return sortFindings(
      rated.map((each) => ({ ...each, subject: subjectOf(data, each.path ?? []), place: each.place ?? { file: options.file } })),
    );
  };
  const findings = await place([...configFindings, ...lockFindings, ...evaluated, ...checked.findings]);
  const project = "project" in checked ? checked.project : undefined;
  return {
    ...(project === undefined || hasErrors(findings)
      ? {}
      : { settings: { $schema: MODEL_SCHEMA_ID, version: MODEL_VERSION, project } }),
    findings,
    types,
    config,
    lock,
    place,
  };
}

async function evaluateSettings(source: Source, evaluator: Evaluator): Promise<{ data?: unknown; findings: readonly Finding[] }> {
  readText(source.file);
  const { declared, findings } = await evaluator.evaluate(source);
  if (declared === undefined) return { findings };
  if (declared.project === undefined) {
    return {
      findings: [finding("PB104", "the default export is a configuration, not a project", { place: { file: source.file } })],
    };
  }
  return { data: declared.project, findings };
}

function loadModel(file: string, types: Types): { data?: unknown; findings: readonly Finding[] } {
  const { value, findings } = parseSettings(readText(file), [...types.values()]);
  const placed = findings.map((each) => ({ ...each, place: { file } }));
  return value === undefined ? { findings: placed } : { data: value.project, findings: placed };
}

async function loadConfig(
  { config: file }: CommonOptions,
  evaluator: Evaluator,
): Promise<{ config: Config; findings: readonly Finding[] }> {
  if (file === undefined) return { config: {}, findings: [] };
  readText(file);
  const { declared, findings } = await evaluator.evaluate({ file, inputs: {} });
  if (declared === undefined) return { config: {}, findings };
  const parsed = parseConfig(declared.config);
  return { config: parsed.value ?? {}, findings: parsed.findings.map((each) => ({ ...each, place: { file } })) };
}

function loadLock(folder: string): { lock: Lock; findings: readonly Finding[] } {
  const file = join(folder, "plugboard.lock.json");
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { lock: emptyLock, findings: [] };
    throw unreadable(file, error);
  }
  const { lock, findings } = parseLock(text);
  return { lock, findings: findings.map((each) => ({ ...each, place: { file } })) };
}

async function loadPlugins(files: readonly string[]): Promise<{ types: ConnectionType[]; rules: Rule[] }> {
  const types: ConnectionType[] = [];
  const rules: Rule[] = [];
  for (const file of files) {
    let module: { readonly types?: readonly ConnectionType[]; readonly rules?: readonly Rule[] };
    try {
      module = await import(pathToFileURL(file).href);
    } catch (error) {
      throw new UsageError(`plug-in ${file} cannot be loaded: ${(error as Error).message}`);
    }
    types.push(...(module.types ?? []));
    rules.push(...(module.rules ?? []));
  }
  return { types, rules };
}

function applySeverities(findings: readonly Finding[], { rules = {} }: Config): Finding[] {
  return findings.flatMap((each) => {
    const severity = isAcceptable(each) ? rules[each.code] : undefined;
    if (severity === "off") return [];
    return [severity === undefined ? each : { ...each, severity }];
  });
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(file: string, error: unknown): FindingsError {
  const { code } = error as NodeJS.ErrnoException;
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: "it does not exist",
    EACCES: "permission is denied",
    EISDIR: "it is a folder",
  };
  const hint = code === "ENOENT" ? "plugboard init writes a first one; --settings FILE names another." : undefined;
  return new FindingsError([
    finding("PB100", `the file cannot be read: ${reasons[code ?? ""] ?? code}`, {
      place: { file },
      ...(hint === undefined ? {} : { hint }),
    }),
  ]);
}
