import { hasParameterReference } from "../../contract/formats.js";
import { CONNECTION_FEATURE, isScrambled } from "../../contract/walk.js";
import { type Finding, finding } from "../../model/finding.js";
import { ROOT_PROJECT_ID } from "../../model/ids.js";
import { isNotImported, notImported, secretNotImported } from "../../model/placeholder.js";
import { type ConnectionNode, type FeatureNode, MODEL_SCHEMA_ID, MODEL_VERSION, type ProjectNode } from "../../model/schema.js";
import { compareNames, quote, row, shown } from "../../model/text.js";
import { connectionOrFeature, markExternal, type Types, typesByProvider } from "../features.js";
import { plainSecrets } from "../plain-secrets.js";
import type { ReadResult } from "../teamcity-xml/read.js";
import { classDefaults } from "./defaults.js";
import { type Built, calleeName, isBuilt, isDeclaration, Program, placeOf, type Scope, soleBody } from "./evaluate.js";
import { applyPatches } from "./patches.js";
import { describe, type FeatureDraft, type StoredText } from "./read-features.js";
import { type ProjectDraft, ProjectReader } from "./read-projects.js";
import { Report } from "./report.js";
import { type KotlinFile, parseKotlin } from "./syntax.js";

export interface KotlinReadOptions {
  readonly types: Types;
  /** External ID of the top project, which portable settings do not tell. */
  readonly projectId: string;
}

/**
 * Reads the Kotlin settings of a `.teamcity` folder, given by path within it, back into a settings model. Nothing runs:
 * constants are evaluated, and what is calculated gets a placeholder and a finding. Patches are applied. Connections of a
 * known type become typed settings, other features that give their stored parameters raw ones.
 */
export async function readKotlinDsl(
  files: ReadonlyMap<string, string>,
  { types, projectId }: KotlinReadOptions,
): Promise<ReadResult> {
  const report = new Report();
  const parsed: KotlinFile[] = [];
  for (const [path, text] of [...files].sort(compareNames)) {
    if (!/\.kts?$/.test(path)) continue;
    if (path.startsWith("patches/") && !path.startsWith("patches/projects/")) {
      report.add(finding("PB315", "left alone: a patch of something that is no project", { place: { file: path } }));
      continue;
    }
    const { file, findings } = await parseKotlin(text, path);
    parsed.push(file);
    report.add(...findings);
  }
  const program = new Program(parsed, projectId);
  const top = readTop(program, types, projectId, report);
  if (top === undefined) return { findings: report.all() };
  const patches = [...program.scopes].filter(([path]) => path.startsWith("patches/")).map(([, scope]) => scope);
  applyPatches(patches, top, program, types, report);
  const node = toNode(top, typesByProvider(types), report);
  const { parentId } = top;
  const tree = markExternal(parentId === undefined || parentId === ROOT_PROJECT_ID ? node : { ...node, parentId });
  const findings = report.all();
  const project = { ...tree, features: [...tree.features, ...placeholders(findings, tree)] };
  return { settings: { $schema: MODEL_SCHEMA_ID, version: MODEL_VERSION, project }, findings };
}

/** Codes of findings about what the settings lack. */
const lacking = new Set(["PB308", "PB311", "PB312"]);

/** Features that stand for what was not understood and has left no placeholder of its own, so that the check fails. */
function placeholders(findings: readonly Finding[], tree: ProjectNode): FeatureNode[] {
  const present = placeholdersIn(tree);
  const missing = findings
    .filter(({ code }) => lacking.has(code))
    .map(({ place }) => notImported(place?.file ?? "", place?.line ?? 1))
    .filter((each) => !present.has(secretNotImported(each)));
  return [...new Set(missing)].map((id) => ({ id, type: CONNECTION_FEATURE, params: {} }));
}

/** The placeholders in a value and all below it, in the form that names of secrets have. */
function placeholdersIn(value: unknown, found: Set<string> = new Set()): ReadonlySet<string> {
  if (typeof value === "string" && isNotImported(value)) found.add(secretNotImported(value));
  else if (typeof value === "object" && value !== null) for (const each of Object.values(value)) placeholdersIn(each, found);
  return found;
}

/**
 * The top project: that of `settings.kts`. Before the portable DSL every project had a folder with such a file; these
 * are put together by their parents' IDs.
 */
function readTop(program: Program, types: Types, projectId: string, report: Report): ProjectDraft | undefined {
  const reader = new ProjectReader(program, report, types);
  const portable = program.scopes.get("settings.kts");
  const scripts = portable === undefined ? [...program.scopes.values()].filter(isProjectScript) : [portable];
  const projects = scripts.flatMap((each) => readScript(each, program, reader, projectId, report));
  const byId = new Map(projects.map((each) => [each.id, each]));
  const tops = projects.filter(({ parentId, id }) => parentId === undefined || parentId === id || !byId.has(parentId));
  for (const project of projects) if (!tops.includes(project)) byId.get(project.parentId as string)?.subProjects.push(project);
  const [top, second] = tops.length === 1 ? tops : tops.filter((each) => each.id === projectId);
  if (top !== undefined && second === undefined) return top;
  const message =
    tops.length > 1
      ? `the folder holds several top projects: ${row(
          tops.map((each) => each.id),
          ", ",
        )}`
      : projects.length > 0
        ? "the projects' parents form a circle"
        : "no settings.kts declares a project";
  report.add(finding("PB310", message, tops.length > 1 ? { hint: "Import one of them at a time: --project ID." } : {}));
  return undefined;
}

function isProjectScript({ file }: Scope): boolean {
  return /^[^/]+\/settings\.kts$/.test(file.path);
}

/** The projects that a script declares: `project { … }` or `project(X)`. */
function readScript(scope: Scope, program: Program, reader: ProjectReader, projectId: string, report: Report): ProjectDraft[] {
  return scope.file.statements.flatMap((statement) => {
    if (isDeclaration(statement)) return [];
    if (statement.kind === "assignment" && statement.target.kind === "name" && statement.target.name === "version") return [];
    const place = placeOf(scope, statement);
    const call = statement.kind === "call" && statement.callee.kind === "name" && calleeName(statement) === "project";
    const body = call ? soleBody(statement) : undefined;
    const argument = call ? statement.args[0]?.value : undefined;
    const value: Built | undefined =
      body !== undefined
        ? { kind: "built", className: "Project", name: undefined, body, scope, place }
        : builtOf(argument && program.evaluate(argument, scope));
    if (value?.className === "Project") return reader.read(value, projectId);
    report.notUnderstood(`there is ${describe(statement)}, which may declare projects`, place);
    return [];
  });
}

function builtOf(value: ReturnType<Program["evaluate"]> | undefined): Built | undefined {
  return value !== undefined && isBuilt(value) ? value : undefined;
}

function toNode(draft: ProjectDraft, byProvider: ReturnType<typeof typesByProvider>, report: Report): ProjectNode {
  const connections: ConnectionNode[] = [];
  const features: FeatureNode[] = [];
  for (const feature of draft.features) {
    const { place } = feature;
    const placeholder = notImported(place.file, place.line ?? 1);
    if (!feature.type) report.notUnderstood("a feature has no type", place);
    if (!feature.id) report.notUnderstood("a feature has no ID; the server would choose one", place);
    const id = feature.id || placeholder;
    const type = feature.type || placeholder;
    const read = connectionOrFeature(id, type, storedOf(feature, id, report), byProvider);
    if ("kind" in read) connections.push(read);
    else features.push(read);
  }
  const { id, name, description, archived, uuid, place } = draft;
  if (name === "") report.notUnderstood("the name of a project is empty", place);
  if ((uuid?.length ?? 0) > MAX_UUID) report.notUnderstood("the UUID of a project is too long", place);
  const parameters = parametersOf(draft, report);
  return {
    id,
    ...(!name || name === id ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(archived === true ? { archived } : {}),
    ...(uuid === undefined || uuid.length > MAX_UUID ? {} : { uuid }),
    ...(parameters.size === 0 ? {} : { parameters: Object.fromEntries(parameters) }),
    connections,
    features,
    subProjects: draft.subProjects.map((each) => toNode(each, byProvider, report)),
  };
}

const MAX_UUID = 100;

/** The texts that a feature stores. A secret in plain text goes no further than its finding. */
function storedOf({ params, connection }: FeatureDraft, id: string, report: Report): Record<string, string> {
  const given = new Map([...params].map(([name, { value }]) => [name, value]));
  const stored = [...given, ...(connection === undefined ? [] : classDefaults(connection, given))];
  const secrets = plainSecrets(Object.fromEntries(stored));
  return Object.fromEntries(
    stored.map(([name, value]) => {
      const what = secrets.get(name);
      const isReference = name.startsWith("secure:") && hasParameterReference(value);
      if (what === undefined && !isReference) return [name, value];
      const { place } = params.get(name) as StoredText;
      if (what === undefined) {
        report.notUnderstood(`\`${shown(name)}\` of ${quote(id)} is a parameter reference, which no secret can be`, place);
        return [name, notImported(place.file, place.line ?? 1)];
      }
      report.add(finding("PB309", `\`${shown(name)}\` of ${quote(id)} is ${what} in plain text`, { place }));
      // Under a `secure:` name the model has a form for a value that is not shown.
      return [name, name.startsWith("secure:") ? value : notImported(place.file, place.line ?? 1)];
    }),
  );
}

/** The parameters of a project that settings may repeat. */
function parametersOf({ parameters }: ProjectDraft, report: Report): Map<string, string> {
  const secrets = plainSecrets(Object.fromEntries([...parameters].map(([name, { value }]) => [name, value])));
  const kept = new Map<string, string>();
  for (const [name, { value, place, password }] of parameters) {
    const isPlainPassword = password && plainSecrets({ "secure:password": value }).size > 0;
    const what = secrets.get(name) ?? (isPlainPassword ? "a secret" : undefined);
    const message = `parameter \`${shown(name)}\` is left out:`;
    if (what !== undefined) report.add(finding("PB309", `${message} it is ${what} in plain text`, { place }));
    else if (isScrambled(value)) {
      report.add(finding("PB315", `${message} its value is scrambled, which settings cannot say`, { place }));
    } else kept.set(name, value);
  }
  return kept;
}
