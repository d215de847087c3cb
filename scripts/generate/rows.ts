import type { ConnectionType } from "../../src/contract/define.js";
import type { Fields, OptionParam, Param } from "../../src/contract/params.js";
import { type JsonSchema, kindJsonSchema } from "../../src/model/json-schema.js";

/** One setting of a connection type with all that is known of it: what editor hints and reference pages show. */
export interface Row {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly required: boolean;
  readonly description: string;
  readonly param: Param | undefined;
  /** The default in words, if the table has one. */
  readonly fallback: string | undefined;
  /** The fields of a group, or of each option of a variant (the options of one tag stand together). */
  readonly groups: readonly RowGroup[];
}

export interface RowGroup {
  /** The tag of the option; undefined for a group without variants. */
  readonly tag: string | undefined;
  readonly option: OptionParam | undefined;
  readonly rows: readonly Row[];
}

export function settingsRows(type: ConnectionType): readonly Row[] {
  return objectRows(kindJsonSchema(type), type.params);
}

function objectRows(schema: JsonSchema, fields: Fields): Row[] {
  return Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const param = fields[name];
    return {
      name,
      schema: property,
      required: schema.required?.includes(name) ?? false,
      description: property.description ?? "",
      param,
      fallback: fallbackOf(param),
      groups: groupsOf(property, param),
    };
  });
}

function groupsOf(schema: JsonSchema, param: Param | undefined): RowGroup[] {
  const alternatives = variantsOf(schema);
  if (alternatives.length > 0) {
    return alternatives.map((each) => {
      const tag = String(each.properties?.type?.const);
      const option = param?.form === "variant" ? param.options[tag] : undefined;
      return { tag, option, rows: objectRows(each, option?.fields ?? {}).filter((row) => row.name !== "type") };
    });
  }
  if (schema.type === "object" && schema.properties !== undefined && schema.typeName === undefined) {
    return [{ tag: undefined, option: undefined, rows: objectRows(schema, param?.form === "group" ? param.fields : {}) }];
  }
  return [];
}

/** The alternatives of a union of tagged literals; none for any other schema. */
function variantsOf(schema: JsonSchema): readonly JsonSchema[] {
  const all = schema.anyOf ?? schema.oneOf ?? [];
  return all.every((each) => each.properties?.type?.const !== undefined) ? all : [];
}

function fallbackOf(param: Param | undefined): string | undefined {
  if (param === undefined || !("written" in param || "default" in param)) return undefined;
  if (typeof param.written !== "function" && param.written !== undefined) return `${literal(param.written)}, always written`;
  return param.default === undefined ? undefined : literal(param.default);
}

function literal(value: string | number | boolean | readonly string[]): string {
  return `\`${Array.isArray(value) ? JSON.stringify(value) : value}\``;
}
