import * as z from "zod";
import { type KindSchema, MODEL_SCHEMA_ID, settingsSchema } from "./schema.js";

/** The keywords of a JSON Schema that its readers here look at. */
interface Keywords<Schema> {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

/** A JSON Schema as it is published. */
export interface PublishedJsonSchema extends Keywords<PublishedJsonSchema> {
  readonly $id?: string;
  readonly title?: string;
}

/** A JSON Schema with the marks that the generator of TypeScript reads. */
export interface JsonSchema extends Keywords<JsonSchema> {
  /** The TypeScript type that stands for this one in the authoring functions; not published. */
  readonly typeName?: string;
}

/** The JSON Schema (draft 2020-12) of a model file whose connections are of the given kinds. */
export function modelJsonSchema(kinds: readonly KindSchema[]): PublishedJsonSchema {
  const schema = z.toJSONSchema(settingsSchema(kinds), {
    io: "input",
    override: ({ jsonSchema }) => {
      delete jsonSchema.typeName;
    },
  });
  return { $id: MODEL_SCHEMA_ID, title: "Plugboard settings", ...schema } as PublishedJsonSchema;
}

/** The JSON Schema of one connection type's settings, with the marks that the generator of TypeScript reads. */
export function kindJsonSchema(kind: KindSchema): JsonSchema {
  return z.toJSONSchema(kind.settings, { io: "input" }) as JsonSchema;
}
