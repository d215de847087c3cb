import type * as z from "zod";
import { type CoreCode, isCoreCode } from "./codes.js";
import { type Finding, finding } from "./finding.js";
import { splitPath } from "./paths.js";
import { isRecord } from "./record.js";
import {
  type ConnectionSettings,
  envelopeSchema,
  type KindSchema,
  MAX_DEPTH,
  MAX_TEXT,
  MODEL_SCHEMA_ID,
  MODEL_VERSION,
  type OwnProject,
  ownProjectSchema,
  type ProjectNode,
  SECRET_EXPECTED,
  type Settings,
  secretForms,
} from "./schema.js";
import { compareNames, compareText, nearest, quote, row } from "./text.js";

/** What a schema made of data: the value, or findings that say what is wrong with it. */
export interface Parsed<Value> {
  readonly value?: Value;
  readonly findings: readonly Finding[];
}

/** Validates project trees that came out of an evaluation. Nothing in them is trusted. */
export interface ProjectParser {
  /** Validates a project before its tree is complete, its sub-projects aside. If it is valid, `parse` need not do so again. */
  look(project: unknown): void;
  /** Validates a whole tree, and forgets what it has looked at. */
  parse(data: unknown): Parsed<ProjectNode>;
}

export function createProjectParser(kinds: readonly KindSchema[]): ProjectParser {
  const schema = ownProjectSchema(kinds);
  const valid = new Map<unknown, OwnProject>();
  const parseOwn = (data: unknown, path: readonly PropertyKey[]): Parsed<OwnProject> => {
    const known = valid.get(data);
    if (known !== undefined) return { value: known, findings: [] };
    const { value, findings } = parseWith(schema, data, path);
    const all = [...findings, ...protoParameters(data, path)];
    if (value === undefined || all.length > 0) return { findings: all };
    valid.set(data, value);
    return { value, findings };
  };
  return {
    look: (project) => void parseOwn(project, ["project"]),
    parse(data) {
      const findings: Finding[] = [];
      let tooDeep: readonly PropertyKey[] | undefined;
      const visit = (node: unknown, path: readonly PropertyKey[], depth: number): ProjectNode | undefined => {
        // Deeper than this, recursion would overflow the stack in the end.
        if (depth > MAX_DEPTH) tooDeep ??= path;
        if (tooDeep !== undefined) return undefined;
        const own = parseOwn(node, path);
        for (const each of own.findings) findings.push(each);
        const below: unknown[] = isRecord(node) && Array.isArray(node.subProjects) ? node.subProjects : [];
        const subProjects = below.flatMap((each, index) => visit(each, [...path, "subProjects", index], depth + 1) ?? []);
        return own.value && { ...own.value, subProjects };
      };
      const value = visit(data, ["project"], 1);
      valid.clear();
      if (tooDeep !== undefined) {
        return { findings: [finding("PB123", `projects are nested in more than ${MAX_DEPTH} levels`, { path: tooDeep })] };
      }
      return value === undefined || findings.length > 0 ? { findings } : { value, findings };
    },
  };
}

/** Validates one project tree. */
export function parseProject(data: unknown, kinds: readonly KindSchema[]): Parsed<ProjectNode> {
  return createProjectParser(kinds).parse(data);
}

/** Parameters named `__proto__`, which the schema's own copy of a record lacks. */
function* protoParameters(project: unknown, path: readonly PropertyKey[]): Generator<Finding> {
  if (!isRecord(project)) return;
  const list = (key: string): unknown[] => (Array.isArray(project[key]) ? project[key] : []);
  if (hasProto(project.parameters)) yield lostParameter([...path, "parameters"]);
  for (const [index, each] of list("connections").entries()) {
    if (hasProto(valueAt(each, IN_CONNECTION))) yield lostParameter([...path, "connections", index, ...IN_CONNECTION]);
  }
  for (const [index, each] of list("features").entries()) {
    if (hasProto(valueAt(each, IN_FEATURE))) yield lostParameter([...path, "features", index, ...IN_FEATURE]);
  }
}

const IN_CONNECTION = ["settings", "params"];
const IN_FEATURE = ["params"];

function hasProto(parameters: unknown): boolean {
  return isRecord(parameters) && Object.hasOwn(parameters, "__proto__");
}

function lostParameter(path: readonly PropertyKey[]): Finding {
  return finding("PB132", "`__proto__` cannot be the name of a parameter", { path: [...path, "__proto__"] });
}

/** Validates the text of a model file. Versions newer than this release refuse, older ones are migrated. */
export function parseSettings(text: string, kinds: readonly KindSchema[]): Parsed<Settings> {
  const { data, findings } = readModel(text);
  if (data?.project === undefined) return { findings };
  const { value: project, findings: inProject } = parseProject(data.project, kinds);
  const all = [...findings, ...inProject];
  if (project === undefined || all.length > 0) return { findings: all };
  return { value: { $schema: data.$schema ?? MODEL_SCHEMA_ID, version: MODEL_VERSION, project }, findings: [] };
}

/** A model of this release's version, whose project nobody has looked at yet. */
export interface RawModel {
  readonly $schema?: string;
  readonly project?: unknown;
}

/** Without `data` there is no project to look at; findings may come with `data` too. */
export interface OpenedModel {
  readonly data?: RawModel;
  readonly findings: readonly Finding[];
}

/** Reads the text of a model file up to its project, which is left for a {@link ProjectParser}. */
export function readModel(text: string): OpenedModel {
  const { value, findings } = parseJson(text, "PB141");
  return findings.length > 0 ? { findings } : openModel(value);
}

/** The same for a model that is no text any more. */
export function openModel(value: unknown): OpenedModel {
  const version = isRecord(value) ? value.version : undefined;
  if (typeof version === "number" && version > MODEL_VERSION) {
    return { findings: [finding("PB140", `the model has version ${version}, this release reads up to ${MODEL_VERSION}`)] };
  }
  const model = migrate(value);
  const envelope = parseWith(envelopeSchema, model, []);
  return isRecord(model) ? { data: model as RawModel, findings: envelope.findings } : { findings: envelope.findings };
}

/** Parses JSON. The engine's message quotes the text, which may hold a secret: only the place in it is passed on. */
export function parseJson(text: string, code: CoreCode): Parsed<unknown> {
  try {
    return { value: JSON.parse(text), findings: [] };
  } catch (error) {
    const { message } = error as Error;
    const position =
      message === "Unexpected end of JSON input" ? text.length : / at position (\d+)(?: \(.*\))?$/.exec(message)?.[1];
    if (position === undefined) return { findings: [finding(code, "the file is not JSON")] };
    const lines = text.slice(0, Number(position)).split("\n");
    const column = (lines.at(-1) as string).length + 1;
    return { findings: [finding(code, `the file is not JSON: see line ${lines.length}, column ${column}`)] };
  }
}

/** What brings a model of the version that is the key to the next one. Version 1 is the first. */
const migrations: Readonly<Record<number, (model: Record<string, unknown>) => Record<string, unknown>>> = {};

function migrate(data: unknown): unknown {
  let model = data;
  while (isRecord(model) && typeof model.version === "number" && model.version < MODEL_VERSION) {
    const next = migrations[model.version];
    if (next === undefined) break;
    model = next(model);
  }
  return model;
}

/**
 * Canonical JSON: keys in the schema's order, parameters sorted by name, connections, features and sub-projects by ID. Other
 * settings of connections and secrets keep the order they have, which is the schema's if they were parsed or read.
 */
export function serializeSettings({ $schema, version, project }: Settings): string {
  return `${JSON.stringify({ $schema, version, project: canonicalProject(project) }, undefined, 2)}\n`;
}

function canonicalProject(node: ProjectNode): Readonly<Record<keyof ProjectNode, unknown>> {
  return {
    id: node.id,
    name: node.name,
    description: node.description,
    parentId: node.parentId,
    archived: node.archived,
    uuid: node.uuid,
    parameters: node.parameters && sortByName(node.parameters),
    acknowledge: node.acknowledge?.map(({ code, reason }) => ({ code, reason })),
    connections: sortById(node.connections).map(({ id, kind, settings }) => ({
      id,
      kind,
      settings: canonicalSettings(settings),
    })),
    features: sortById(node.features).map(({ id, type, params }) => ({ id, type, params: sortByName(params) })),
    subProjects: sortById(node.subProjects).map(canonicalProject),
  };
}

/** Sorts by ID in the order of UTF-16 code units, as TeamCity writes its files. */
export function sortById<Node extends { readonly id: string }>(nodes: readonly Node[]): Node[] {
  return [...nodes].sort((a, b) => compareText(a.id, b.id));
}

function canonicalSettings(settings: ConnectionSettings): ConnectionSettings {
  return settings.params === undefined ? settings : { ...settings, params: sortByName(settings.params) };
}

function sortByName<Value>(record: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).sort(compareNames));
}

/** Validates data against a schema; every issue becomes a finding whose path starts with `base`. */
export function parseWith<Value>(schema: z.ZodType<Value>, data: unknown, base: readonly PropertyKey[]): Parsed<Value> {
  // Compiling schemas to code takes longer than it saves, in trees of one connection and of 10,000.
  const result = schema.safeParse(data, { jitless: true });
  if (result.success) return { value: result.data, findings: [] };
  const source: Source = { schema, data, base };
  return { findings: result.error.issues.flatMap((issue) => fromIssue(issue, [], source)) };
}

type Issue = z.core.$ZodIssue;

interface Source {
  readonly schema: z.ZodType;
  readonly data: unknown;
  readonly base: readonly PropertyKey[];
}

function fromIssue(issue: Issue, above: readonly PropertyKey[], source: Source): Finding[] {
  const path = [...above, ...issue.path];
  const value = valueAt(source.data, path);
  const say = (code: CoreCode, message: string, hint?: string, key?: PropertyKey): Finding =>
    finding(code, message, {
      path: [...source.base, ...path, ...(key === undefined ? [] : [key])],
      ...(hint === undefined ? {} : { hint }),
    });
  const labelOf = (inner: readonly PropertyKey[]): string => label([...source.base, ...inner]);
  const name = labelOf(path);
  if (value === undefined && issue.code !== "unrecognized_keys") return [say("PB110", `${name} is missing`)];
  if ((issue.code === "invalid_union" || issue.code === "unrecognized_keys") && isNoSecret(value)) {
    const place = schemaAt(source.schema, source.data, path, true);
    if (place !== undefined && takesSecret(place)) return [say("PB113", `${name} is an object: ${SECRET_EXPECTED}`, NOT_PRINTED)];
  }
  const own = /^(PB\d{3}) (.*)$/s.exec(issue.message);
  if (issue.code === "invalid_union") {
    if (issue.discriminator === "kind") {
      const known = kindsOf(schemaAt(source.schema, source.data, path.slice(0, -1), true));
      const meant = typeof value === "string" ? nearest(value, known) : undefined;
      return [say("PB115", `connection kind ${display(value)} is not registered`, meant && `Did you mean ${quote(meant)}?`)];
    }
    if (!isRecord(value)) {
      return own === null
        ? [say("PB112", `${name} is ${describe(value)}, expected ${alternativesOf(issue)}`)]
        : [say(own[1] as CoreCode, `${name} is ${describe(value)}: ${own[2]}`, NOT_PRINTED)];
    }
    return fromUnion(issue, path, value, source, labelOf([...path, "type"]), say);
  }
  if (own !== null && own[1] !== undefined && isCoreCode(own[1])) return [say(own[1], `${name}: ${own[2]}`)];
  switch (issue.code) {
    case "unrecognized_keys": {
      const known = keysOf(schemaAt(source.schema, source.data, path));
      const free = known.filter((each) => !isRecord(value) || !Object.hasOwn(value, each));
      return issue.keys.map((key) => {
        const meant = nearest(key, free);
        const hint = meant === undefined ? `Known here: ${known.join(", ")}.` : `Did you mean ${meant}?`;
        return say("PB111", `${labelOf([...path, key])} is not known`, hint, key);
      });
    }
    case "invalid_type":
      return [say("PB112", `${name} is ${describe(value)}, expected ${article(issue.expected)}`)];
    case "invalid_value":
      return [say("PB114", `${name} is ${display(value)}`, choices(issue.values, value))];
    case "too_big":
      return [
        issue.origin === "string"
          ? say("PB116", `${name} has ${String(value).length} characters, at most ${issue.maximum} are possible`)
          : say("PB117", `${name} is ${display(value)}, at most ${issue.maximum} is possible`),
      ];
    case "too_small":
      return [
        issue.origin === "string"
          ? say("PB118", `${name} is empty`)
          : say("PB117", `${name} is ${display(value)}, at least ${issue.minimum} is possible`),
      ];
    case "invalid_key": {
      const key = String(path.at(-1));
      const record = path.slice(0, -1);
      const at = { path: [...source.base, ...record] };
      return [
        key.trim() === ""
          ? finding("PB118", `${labelOf(record)} has an empty name`, at)
          : finding("PB116", `${labelOf(record)} has a name of ${key.length} characters, at most ${MAX_TEXT} are possible`, at),
      ];
    }
    default:
      return [say("PB112", `${name}: ${issue.message}`)];
  }
}

const NOT_PRINTED = "What was found is not printed.";

const secretKeys = new Set(secretForms.flatMap((each) => Object.keys(each.shape)));

/** Whether an object has a key that no secret has, which may be the secret's value. */
function isNoSecret(value: unknown): boolean {
  return isRecord(value) && Object.keys(value).some((key) => !secretKeys.has(key));
}

function takesSecret(schema: z.ZodType): boolean {
  const plain = unwrap(schema);
  return (secretForms as readonly z.ZodType[]).includes(plain) || defOf(plain).options?.some(takesSecret) === true;
}

type Say = (code: CoreCode, message: string, hint?: string, key?: PropertyKey) => Finding;

/** A union is decided by its tag first; among the forms of one tag the nearest speaks. */
function fromUnion(
  issue: Extract<Issue, { code: "invalid_union" }>,
  path: readonly PropertyKey[],
  value: Record<string, unknown>,
  source: Source,
  tagName: string,
  say: Say,
): Finding[] {
  const union = schemaAt(source.schema, source.data, path, true);
  const tags = tagsOf(union);
  if (tags.length > 0 && !tags.includes(value.type as string)) {
    if (value.type === undefined) return [say("PB110", `${tagName} is missing`, choices(tags, undefined), "type")];
    return [say("PB114", `${tagName} is ${display(value.type)}`, choices(tags, value.type), "type")];
  }
  const forms = issue.errors.filter((each) => !each.some((inner) => inner.path[0] === "type"));
  const closest = (forms.length > 0 ? forms : issue.errors).reduce((best, each) => (weight(each) < weight(best) ? each : best));
  return closest.flatMap((inner) => fromIssue(inner, path, source));
}

function weight(issues: readonly Issue[]): number {
  return issues.reduce((sum, each) => sum + (each.code === "unrecognized_keys" ? each.keys.length : 1), 0);
}

/** The last part of the path that a person reads; the whole one is the finding's subject. */
function label(path: readonly PropertyKey[]): string {
  const { project, holder, rest } = splitPath(path);
  const own = rest[0] === "settings" && holder.length > 0 && rest.length > 1 ? rest.slice(1) : rest;
  if (own.length > 0) return `\`${settingName(own)}\``;
  const [list = "the value"] = (holder.length > 0 ? holder : project.slice(-2)).filter((key) => typeof key === "string");
  return `\`${list}\``;
}

/** A path as it is written in a program: `acknowledge[0].code`. */
function settingName(path: readonly PropertyKey[]): string {
  const names: string[] = [];
  for (const key of path) {
    if (typeof key === "number" && names.length > 0) names.push(`${names.pop()}[${key}]`);
    else names.push(String(key));
  }
  return row(names, ".");
}

function choices(values: readonly unknown[], found: unknown): string {
  const texts = values.map(String);
  const meant = typeof found === "string" ? nearest(found, texts) : undefined;
  return meant === undefined
    ? `Choose one of ${values.map((each) => JSON.stringify(each)).join(", ")}.`
    : `Did you mean ${JSON.stringify(meant)}?`;
}

function alternativesOf(issue: Extract<Issue, { code: "invalid_union" }>): string {
  const expected = issue.errors.flat().flatMap((each) => (each.code === "invalid_type" ? [article(each.expected)] : []));
  return [...new Set(expected)].join(" or ");
}

/** A word that may be shown: choices and kinds are no secrets, but another text in their place might be one. */
function display(value: unknown): string {
  const hidden = typeof value === "string" ? !/^[A-Za-z][A-Za-z0-9-]{0,24}$/.test(value) : typeof value === "object";
  return hidden ? describe(value) : (JSON.stringify(value) ?? "missing");
}

function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return value === "true" || value === "false" ? `the text ${JSON.stringify(value)}` : "a text";
  return article(typeof value);
}

function article(type: string): string {
  const words: Readonly<Record<string, string>> = {
    string: "a text",
    int: "a whole number",
    number: "a number",
    boolean: "true or false",
    array: "a list",
    object: "an object",
    record: "an object",
    null: "null",
  };
  return words[type] ?? type;
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  let value = data;
  for (const key of path)
    value = typeof value === "object" && value !== null && Object.hasOwn(value, key) ? (value as never)[key] : undefined;
  return value;
}

interface Def {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly values?: readonly unknown[];
}

const defOf = (schema: z.ZodType): Def => schema.def as unknown as Def;

/** The schema that a path of the data leads to. Unions are decided by their tags; `whole` keeps the last one open. */
function schemaAt(schema: z.ZodType, data: unknown, path: readonly PropertyKey[], whole = false): z.ZodType | undefined {
  let here: z.ZodType | undefined = unwrap(schema);
  let value = data;
  for (const key of path) {
    here = here && decide(here, value);
    const def: Def | undefined = here && defOf(here);
    const next: z.ZodType | undefined = (here && fieldOf(here, key)) ?? def?.element ?? def?.valueType;
    here = next && unwrap(next);
    value = valueAt(value, [key]);
  }
  return whole || here === undefined ? here : decide(here, value);
}

function unwrap(schema: z.ZodType): z.ZodType {
  const inner = defOf(schema).innerType;
  return inner === undefined ? schema : unwrap(inner);
}

/** The schema of a key that the data names: it may be `toString`. */
function fieldOf(schema: z.ZodType, key: PropertyKey): z.ZodType | undefined {
  const { shape } = defOf(schema);
  return shape !== undefined && Object.hasOwn(shape, key) ? shape[key as string] : undefined;
}

function decide(schema: z.ZodType, value: unknown): z.ZodType {
  const { options } = defOf(schema);
  if (options === undefined || !isRecord(value)) return schema;
  const fits = (option: z.ZodType): boolean =>
    ["kind", "type"].every((tag) => {
      const literal = defOf(option).shape?.[tag];
      return literal === undefined || defOf(literal).values === undefined || defOf(literal).values?.includes(value[tag]);
    });
  const known = (option: z.ZodType): number => Object.keys(value).filter((key) => fieldOf(option, key)).length;
  const fitting = options.filter(fits);
  return fitting.reduce<z.ZodType>((best, each) => (best === schema || known(each) > known(best) ? each : best), schema);
}

function keysOf(schema: z.ZodType | undefined): string[] {
  return Object.keys((schema && defOf(schema).shape) ?? {});
}

function literalsOf(schema: z.ZodType | undefined, tag: string): string[] {
  const options = (schema && defOf(schema).options) ?? [];
  return [
    ...new Set(
      options.flatMap((each) => (defOf(each).shape?.[tag] ? (defOf(defOf(each).shape?.[tag] as z.ZodType).values ?? []) : [])),
    ),
  ].map(String);
}

function tagsOf(schema: z.ZodType | undefined): string[] {
  return literalsOf(schema, "type");
}

function kindsOf(schema: z.ZodType | undefined): string[] {
  return literalsOf(schema, "kind");
}
