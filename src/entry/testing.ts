/**
 * Helpers for unit tests of settings: no file is read, no command is run.
 * @module
 */

import { connectionTypes } from "../connections/index.js";
import type { ConnectionType } from "../contract/define.js";
import type { CheckContext, Target } from "../contract/params.js";
import { projectFeatures, typesByKind } from "../formats/features.js";
import { readDeclaration } from "../model/declared.js";
import { declaredFindings, type Finding, sortFindings } from "../model/finding.js";
import { type ConnectionNode, MODEL_SCHEMA_ID, MODEL_VERSION, type ProjectNode, type Settings } from "../model/schema.js";
import type { Declaration } from "../model/values.js";
import { checkProject, type Rule } from "../rules/index.js";

export interface CompileOptions {
  /** Values of declared inputs. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Connection types besides the built-in ones. */
  readonly types?: readonly ConnectionType[];
  /** Rules besides the built-in ones. */
  readonly rules?: readonly Rule[];
  readonly target?: Target;
  readonly extraRegions?: readonly string[];
}

/** What settings compile to. */
export interface Compiled {
  /** The model; absent if the settings do not have its shape, which `findings` then tell. */
  readonly model?: Settings;
  readonly findings: readonly Finding[];
  /** A connection of the model by its ID; of the project named, if several have it. */
  connection(id: string, projectId?: string): ConnectionNode | undefined;
  /** The stored parameters of a connection: texts as TeamCity stores them, secrets as in the model. */
  params(id: string, projectId?: string): Readonly<Record<string, unknown>> | undefined;
}

/** Compiles a default export of a settings file: evaluates, validates and checks it. Errors are findings; what the settings themselves throw is thrown. */
export function compile(declaration: Declaration, options: CompileOptions = {}): Compiled {
  const types = typesByKind([...connectionTypes, ...(options.types ?? [])]);
  const context: CheckContext = { target: options.target ?? {}, extraRegions: options.extraRegions ?? [] };
  const declared = readDeclaration(declaration, options.inputs);
  const inputs = declaredFindings(declared.findings);
  const { project, findings } =
    inputs.length > 0 ? { findings: inputs } : checkProject(declared.project, types, context, options.rules);
  const projects = project === undefined ? [] : [...flatten(project)];
  const find = (id: string, projectId: string | undefined) =>
    projects
      .filter((each) => projectId === undefined || each.id === projectId)
      .flatMap((each) => each.connections.filter((one) => one.id === id).map((connection) => ({ project: each, connection })))[0];
  return {
    ...(project === undefined ? {} : { model: { $schema: MODEL_SCHEMA_ID, version: MODEL_VERSION, project } }),
    findings: sortFindings(findings),
    connection: (id, projectId) => find(id, projectId)?.connection,
    params(id, projectId) {
      const found = find(id, projectId);
      return found && projectFeatures({ ...found.project, features: [], connections: [found.connection] }, types, [])[0]?.params;
    },
  };
}

function* flatten(project: ProjectNode): Generator<ProjectNode> {
  yield project;
  for (const child of project.subProjects) yield* flatten(child);
}

interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/** The types of {@link matchers}: `declare module "vitest" { interface Matchers<T> extends PlugboardMatchers<T> {} }`. */
export interface PlugboardMatchers<Result = unknown> {
  toHaveNoFindings(): Result;
  toHaveFinding(code: string): Result;
  toHaveConnection(id: string, settings?: Readonly<Record<string, unknown>>): Result;
}

/**
 * Matchers for vitest and jest: `expect.extend(matchers)`.
 *
 * - `expect(compile(settings)).toHaveNoFindings()`
 * - `expect(compile(settings)).toHaveFinding("PB205")`
 * - `expect(compile(settings)).toHaveConnection("PaymentsAws", { region: "eu-central-1" })`
 */
export const matchers = {
  toHaveNoFindings(compiled: Compiled): MatcherResult {
    return { pass: compiled.findings.length === 0, message: () => `findings:\n${listFindings(compiled)}` };
  },
  toHaveFinding(compiled: Compiled, code: string): MatcherResult {
    return {
      pass: compiled.findings.some((each) => each.code === code),
      message: () => `looked for ${code} among the findings:\n${listFindings(compiled)}`,
    };
  },
  toHaveConnection(compiled: Compiled, id: string, settings: Readonly<Record<string, unknown>> = {}): MatcherResult {
    const found = compiled.connection(id);
    return {
      pass: found !== undefined && contains(found.settings, JSON.parse(JSON.stringify(settings))),
      message: () => `looked for connection ${id} with ${JSON.stringify(settings)}; found ${JSON.stringify(found?.settings)}`,
    };
  },
};

function listFindings({ findings }: Compiled): string {
  return findings.length === 0 ? "(none)" : findings.map((each) => `${each.severity} ${each.code} ${each.message}`).join("\n");
}

/** Whether all that is expected is found: objects may have more keys, lists and values must be equal. */
function contains(found: unknown, expected: unknown): boolean {
  if (typeof expected !== "object" || expected === null || Array.isArray(expected))
    return JSON.stringify(found) === JSON.stringify(expected);
  return (
    typeof found === "object" &&
    found !== null &&
    Object.entries(expected).every(([key, value]) => contains((found as Record<string, unknown>)[key], value))
  );
}
