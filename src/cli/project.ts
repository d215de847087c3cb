import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Config } from "../config/authoring.js";
import { checkContext, parseConfig } from "../config/schema.js";
import { connectionTypes } from "../connections/index.js";
import type { ConnectionType } from "../contract/define.js";
import type { Evaluated } from "../evaluate/index.js";
import { subjectOf } from "../evaluate/places.js";
import { type Types, typesByKind } from "../formats/features.js";
import { codes } from "../model/codes.js";
import { type Finding, finding, hasErrors, sortFindings } from "../model/finding.js";
import { emptyLock, LOCK_FILE, type Lock, parseLock } from "../model/lock.js";
import { createProjectParser, readModel } from "../model/parse.js";
import { MODEL_SCHEMA_ID, MODEL_VERSION, type Settings } from "../model/schema.js";
import { checkProject, isAcceptable, type Rule } from "../rules/index.js";
import { type Evaluation, readText } from "./evaluation.js";
import { type CommonOptions, UsageError } from "./options.js";

/** Settings that have been evaluated and checked. */
export interface LoadedProject {
  /** Absent if there are errors. */
  readonly settings?: Settings;
  readonly findings: readonly Finding[];
  readonly types: Types;
  readonly config: Config;
  readonly lock: Lock;
  /** Gives findings of later steps their place in the sources, and applies the configured severities. */
  readonly place: (findings: readonly Finding[]) => Promise<Finding[]>;
}

/** Validates and checks the settings of an evaluation. */
export async function loadProject(options: CommonOptions, evaluation: Evaluation): Promise<LoadedProject> {
  const plugins = await loadPlugins(options.plugins);
  const types = typesByKind([...connectionTypes, ...plugins.types]);
  const parser = createProjectParser([...types.values()]);
  evaluation.lookAtProjects(parser.look);
  const { config, findings: configFindings } = readConfig(options, await evaluation.config, types);
  const { lock, findings: lockFindings } = readLock(dirname(options.file));
  const { project: data, findings: evaluated, isModel } = declaredProject(await evaluation.settings, options.file);
  const checked = data === undefined ? { findings: [] } : checkProject(data, types, checkContext(config), plugins.rules, parser);

  const place = async (findings: readonly Finding[]): Promise<Finding[]> => {
    const rated = rate(findings, config);
    if (!rated.some((each) => each.path?.[0] === "project")) return sortFindings(rated);
    if (!isModel) return sortFindings(await evaluation.evaluator.placeFindings(evaluation.source, rated));
    return sortFindings(
      rated.map((each) => ({ ...each, subject: subjectOf(data, each.path ?? []), place: each.place ?? { file: options.file } })),
    );
  };
  const findings = await place([...configFindings, ...lockFindings, ...evaluated, ...checked.findings]);
  const project = "project" in checked ? checked.project : undefined;
  if (!hasErrors(findings)) await keepResults(evaluation);
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

async function keepResults({ settings, config }: Evaluation): Promise<void> {
  for (const each of [await settings, await config]) if (each !== undefined && "keep" in each) each.keep?.();
}

interface DeclaredProject {
  /** The declared project tree: untrusted data. */
  readonly project?: unknown;
  readonly findings: readonly Finding[];
  /** Whether it comes from a model file and not from settings. */
  readonly isModel?: true;
}

function declaredProject(evaluated: Evaluated | { readonly model: string }, file: string): DeclaredProject {
  if ("model" in evaluated) {
    const { data, findings } = readModel(evaluated.model);
    return {
      project: data?.project,
      findings: findings.map((each) => ({ ...each, place: { file, ...each.place } })),
      isModel: true,
    };
  }
  const { declared, findings } = evaluated;
  if (declared === undefined || declared.project !== undefined) return { project: declared?.project, findings };
  const message = "the default export is a configuration, not a project";
  return { findings: [finding("PB104", message, { place: { file }, hint: "Name the settings with --settings FILE." })] };
}

function readConfig(
  { config: file = "" }: CommonOptions,
  evaluated: Evaluated | undefined,
  types: Types,
): { config: Config; findings: readonly Finding[] } {
  if (evaluated?.declared === undefined) return { config: {}, findings: evaluated?.findings ?? [] };
  const knownCodes = [...Object.keys(codes), ...[...types.values()].flatMap((each) => Object.keys(each.codes ?? {}))];
  const { value = {}, findings } = parseConfig(evaluated.declared.config, knownCodes);
  return { config: value, findings: findings.map((each) => ({ ...each, place: { file } })) };
}

function readLock(folder: string): { lock: Lock; findings: readonly Finding[] } {
  const file = join(folder, LOCK_FILE);
  if (!existsSync(file)) return { lock: emptyLock, findings: [] };
  const text = readText(file);
  if (typeof text !== "string") return { lock: emptyLock, findings: [text] };
  const { lock, findings } = parseLock(text);
  return { lock, findings: findings.map((each) => ({ ...each, place: { file, ...each.place } })) };
}

interface Plugins {
  readonly types: readonly ConnectionType[];
  readonly rules: readonly Rule[];
}

async function loadPlugins(files: readonly string[]): Promise<Plugins> {
  const types: ConnectionType[] = [];
  const rules: Rule[] = [];
  for (const file of files) {
    let module: Partial<Plugins>;
    try {
      module = await import(pathToFileURL(file).href);
    } catch (error) {
      const { scrubForeign } = await import("../secrets/guard.js");
      const reason = error instanceof Error ? error.message : String(error);
      throw new UsageError(`plug-in ${file} cannot be loaded: ${scrubForeign(reason)}`);
    }
    for (const name of ["types", "rules"] as const) {
      if (module[name] !== undefined && !Array.isArray(module[name]))
        throw new UsageError(`plug-in ${file} exports ${name} that are no list`);
    }
    const { types: ownTypes = [], rules: ownRules = [] } = module;
    if (!ownTypes.every(isType)) throw new UsageError(`plug-in ${file} has types that defineConnection did not make`);
    if (!ownRules.every((each) => typeof each === "function"))
      throw new UsageError(`plug-in ${file} has rules that are no functions`);
    types.push(...ownTypes);
    rules.push(...ownRules);
  }
  assertDistinct([...connectionTypes, ...types]);
  return { types, rules };
}

function isType(value: Partial<ConnectionType> | null): boolean {
  return typeof value?.kind === "string" && typeof value.params === "object" && typeof value.settings?.safeParse === "function";
}

/** A type that takes the place of another would change what settings mean without a word. */
function assertDistinct(types: readonly ConnectionType[]): void {
  for (const name of ["kind", "functionName", "providerType"] as const) {
    const taken = new Set<string>();
    for (const type of types) {
      if (taken.has(type[name])) throw new UsageError(`two connection types have the ${name} ${JSON.stringify(type[name])}`);
      taken.add(type[name]);
    }
  }
}

function rate(findings: readonly Finding[], { rules = {} }: Config): Finding[] {
  return findings.flatMap((each) => {
    const severity = isAcceptable(each) && Object.hasOwn(rules, each.code) ? rules[each.code] : undefined;
    if (severity === "off") return [];
    return [severity === undefined ? each : { ...each, severity }];
  });
}
