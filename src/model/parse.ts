import type * as z from "zod";
import type { CoreCode } from "./codes.js";
import { codes } from "./codes.js";
import { type Finding, finding } from "./finding.js";
import { type KindSchema, MODEL_VERSION, type ProjectNode, projectSchema, type Settings, settingsSchema } from "./schema.js";
import { compareText, nearest } from "./text.js";

/** What a schema made of data: the value, or findings that say what is wrong with it. */
export interface Parsed<Value> {
  readonly value?: Value;
  readonly findings: readonly Finding[];
}

/** Validates a project tree that came out of an evaluation. Nothing in `data` is trusted. */
export function parseProject(data: unknown, kinds: readonly KindSchema[]): Parsed<ProjectNode> {
  return parseWith(projectSchema(kinds), data, ["project"]);
}

/** Validates the text of a model file. Versions newer than this release refuse, older ones are migrated. */
export function parseSettings(text: string, kinds: readonly KindSchema[]): Parsed<Settings> {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    return { findings: [finding("PB141", (error as Error).message)] };
  }
  const version = isRecord(data) ? data.version : undefined;
  if (typeof version === "number" && version > MODEL_VERSION) {
    return { findings: [finding("PB140", `the model has version ${version}, this release reads up to ${MODEL_VERSION}`)] };
  }
  return parseWith(settingsSchema(kinds), migrate(data), []);
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

/** Canonical JSON: keys in the schema's order, records sorted by name, connections, features and sub-projects by ID. */
export function serializeSettings(settings: Settings): string {
  return `${JSON.stringify({ ...settings, project: canonicalProject(settings.project) }, sortRecords, 2)}\n`;
}

function canonicalProject(project: ProjectNode): ProjectNode {
  return {
    ...project,
    connections: sortById(project.connections),
    features: sortById(project.features),
    subProjects: sortById(project.subProjects).map(canonicalProject),
  };
}

/** Sorts by ID in the order of UTF-16 code units, as TeamCity writes its files. */
export function sortById<Node extends { readonly id: string }>(nodes: readonly Node[]): Node[] {
  return [...nodes].sort((a, b) => compareText(a.id, b.id));
}

function sortRecords(key: string, value: unknown): unknown {
  if ((key !== "params" && key !== "parameters") || !isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => compareText(a, b)));
}

/** Validates data against a schema; every issue becomes a finding whose path starts with `base`. */
export function parseWith<Value>(schema: z.ZodType<Value>, data: unknown, base: readonly PropertyKey[]): Parsed<Value> {
  const result = schema.safeParse(data);
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
  const name = label(path);
  if (value === undefined && issue.code !== "unrecognized_keys") return [say("PB110", `${name} is missing`)];
  const own = /^(PB\d{3}) (.*)$/s.exec(issue.message);
  if (issue.code === "invalid_union") {
    if (issue.discriminator === "kind") {
      const known = kindsOf(schemaAt(source.schema, source.data, path.slice(0, -1), true));
      const meant = typeof value === "string" ? nearest(value, known) : undefined;
      return [
        say("PB115", `connection kind ${display(value)} is not registered`, meant && `Did you mean ${JSON.stringify(meant)}?`),
      ];
    }
    if (!isRecord(value)) {
      return own === null
        ? [say("PB112", `${name} is ${describe(value)}, expected ${alternativesOf(issue)}`)]
        : [say(own[1] as CoreCode, `${name} is ${describe(value)}: ${own[2]}`, "What was found is not printed.")];
    }
    return fromUnion(issue, path, value, source, say);
  }
  if (own !== null && own[1] !== undefined && own[1] in codes) return [say(own[1] as CoreCode, `${name}: ${own[2]}`)];
  switch (issue.code) {
    case "unrecognized_keys": {
      const known = keysOf(schemaAt(source.schema, source.data, path));
      const given = isRecord(value) ? Object.keys(value) : [];
      return issue.keys.map((key) => {
        const meant = nearest(
          key,
          known.filter((each) => !given.includes(each)),
        );
        const hint = meant === undefined ? `Known here: ${known.join(", ")}.` : `Did you mean ${meant}?`;
        return say("PB111", `${label([...path, key])} is not known`, hint, key);
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
    case "invalid_key":
      return [say("PB118", `${name} has an empty or overlong name`)];
    default:
      return [say("PB112", `${name}: ${issue.message}`)];
  }
}

type Say = (code: CoreCode, message: string, hint?: string, key?: PropertyKey) => Finding;

/** A union is decided by its tag first; among the forms of one tag the nearest speaks. */
function fromUnion(
  issue: Extract<Issue, { code: "invalid_union" }>,
  path: readonly PropertyKey[],
  value: Record<string, unknown>,
  source: Source,
  say: Say,
): Finding[] {
  const union = schemaAt(source.schema, source.data, path, true);
  const tags = tagsOf(union);
  if (tags.length > 0 && !tags.includes(value.type as string)) {
    if (value.type === undefined)
      return [say("PB110", `${label([...path, "type"])} is missing`, choices(tags, undefined), "type")];
    return [say("PB114", `${label([...path, "type"])} is ${display(value.type)}`, choices(tags, value.type), "type")];
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
  const settings = path.lastIndexOf("settings");
  const shown = path.slice(settings + 1).filter((key) => typeof key === "string");
  return `\`${(settings >= 0 ? shown : shown.slice(-1)).join(".") || "the value"}\``;
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

/** A word that may be shown: choices and kinds are no secrets, but a long text in their place might be one. */
function display(value: unknown): string {
  return typeof value === "string" && value.length > 40 ? describe(value) : (JSON.stringify(value) ?? "missing");
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

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
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
    const next: z.ZodType | undefined = def?.shape?.[key as string] ?? def?.element ?? def?.valueType;
    here = next && unwrap(next);
    value = valueAt(value, [key]);
  }
  return whole || here === undefined ? here : decide(here, value);
}

function unwrap(schema: z.ZodType): z.ZodType {
  const inner = defOf(schema).innerType;
  return inner === undefined ? schema : unwrap(inner);
}

function decide(schema: z.ZodType, value: unknown): z.ZodType {
  const { options } = defOf(schema);
  if (options === undefined || !isRecord(value)) return schema;
  const fits = (option: z.ZodType): boolean =>
    ["kind", "type"].every((tag) => {
      const literal = defOf(option).shape?.[tag];
      return literal === undefined || defOf(literal).values === undefined || defOf(literal).values?.includes(value[tag]);
    });
  const known = (option: z.ZodType): number => Object.keys(value).filter((key) => key in (defOf(option).shape ?? {})).length;
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
