import type { ConnectionType, Guide } from "../../src/contract/define.js";
import type { JsonSchema } from "../../src/model/json-schema.js";
import { type Row, type RowGroup, settingsRows } from "./rows.js";

/** The module of the table that the authoring entry makes its connection functions from. */
export function functionsModule(types: readonly ConnectionType[]): string {
  return `// Generated from the registry of connection types by \`npm run generate\`. Do not edit.
import type { ConnectionFunctions } from "./authoring.generated.js";

/** Function name to kind. */
export const connectionFunctions = {
${types.map((type) => `  ${type.functionName}: "${type.kind}",`).join("\n")}
} as const satisfies Record<keyof ConnectionFunctions, string>;
`;
}

/** The module of the types of the connection functions and their settings. */
export function authoringModule(types: readonly ConnectionType[], guides: ReadonlyMap<string, Guide>): string {
  return `// Generated from the registry of connection types by \`npm run generate\`. Do not edit.
import type { Acknowledgement, Connection, Secret } from "./model/values.js";

/** The functions of a scope that declare connections. Each returns a handle that other settings may refer to. */
export interface ConnectionFunctions {
${types.map((type) => functionDeclaration(type, guides.get(type.kind))).join("\n")}
}
${types.map(settingsTypes).join("")}`;
}

function functionDeclaration(type: ConnectionType, guide: Guide | undefined): string {
  return `${comment("  ", [`${type.title}. ${guide?.summary ?? ""}`.trim()])}
  ${type.functionName}(connectionId: string, settings: ${settingsName(type)}): Connection<"${type.kind}">;`;
}

function settingsName(type: ConnectionType): string {
  return `${capital(type.kind)}Settings`;
}

function settingsTypes(type: ConnectionType): string {
  const rows = settingsRows(type);
  const nested = rows.filter((row) => row.groups.length > 0);
  return `
/** Settings of a connection to ${type.title}. */
export interface ${settingsName(type)} {
${rows.map((row) => property("  ", row, capital(type.kind))).join("\n")}
}
${nested.map((row) => nestedType(row, capital(type.kind))).join("")}`;
}

function nestedType(row: Row, prefix: string): string {
  const name = `${prefix}${capital(row.name)}`;
  const inner = row.groups.flatMap((group) => group.rows).filter((each) => each.groups.length > 0);
  const types = inner.map((each) => nestedType(each, name)).join("");
  if (row.groups.length === 1 && row.groups[0]?.tag === undefined) {
    return `
${comment("", [row.description])}
export interface ${name} {
${row.groups[0]?.rows.map((each) => property("  ", each, name)).join("\n")}
}
${types}`;
  }
  return `
${comment("", [row.description])}
export type ${name} =
${row.groups.map((group) => `  | {\n${alternative(group, row.groups, name)}\n    }`).join("\n")};
${types}`;
}

/** An alternative of a variant. What only its namesakes have is closed, so that the forms of one tag cannot be mixed. */
function alternative(group: RowGroup, all: readonly RowGroup[], prefix: string): string {
  const own = new Set(group.rows.map((row) => row.name));
  const foreign = all.filter((each) => each.tag === group.tag).flatMap((each) => each.rows.map((row) => row.name));
  return [
    `      readonly type: "${group.tag}";`,
    ...group.rows.map((row) => property("      ", row, prefix)),
    ...[...new Set(foreign)].filter((name) => !own.has(name)).map((name) => `      readonly ${name}?: undefined;`),
  ].join("\n");
}

function property(indent: string, row: Row, prefix: string): string {
  const lines = [row.description, ...(row.fallback === undefined ? [] : [`Default: ${row.fallback}.`])];
  const type = typeOf(row, prefix);
  return `${comment(indent, lines)}\n${indent}readonly ${row.name}${row.required ? `: ${type}` : `?: ${type} | undefined`};`;
}

const common: Readonly<Record<string, string>> = {
  params: "Readonly<Record<string, string | Secret | null>>",
  acknowledge: "readonly Acknowledgement[]",
};

function typeOf({ name, schema, groups, param }: Row, prefix: string): string {
  if (param === undefined && name in common) return common[name] as string;
  if (groups.length > 0) return `${prefix}${capital(name)}`;
  const type = plainType(schema);
  if (type === undefined) throw new Error(`no TypeScript type is known for setting ${prefix}.${name}: ${JSON.stringify(schema)}`);
  return type;
}

/** Definitions that settings refer to, and the types of the authoring entry that stand for them. */
const definitions: Readonly<Record<string, string>> = { "#/$defs/Secret": "Secret" };

/** The type of a setting that needs no declaration of its own; `undefined` if that is not so. */
function plainType({ typeName, $ref, const: only, enum: choices, type, items }: JsonSchema): string | undefined {
  if (typeName !== undefined) return typeName;
  if ($ref !== undefined) return definitions[$ref];
  if (only !== undefined) return JSON.stringify(only);
  if (choices !== undefined) return choices.map((each) => JSON.stringify(each)).join(" | ");
  if (type === "array") {
    const item = items && plainType(items);
    return item && `readonly ${item.includes(" | ") ? `(${item})` : item}[]`;
  }
  return type === "integer" ? "number" : ["string", "boolean", "number"].find((each) => each === type);
}

function comment(indent: string, lines: readonly string[]): string {
  const text = lines
    .filter((line) => line !== "")
    .join(" ")
    .replaceAll("*/", "* /");
  return `${indent}/** ${text} */`;
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
