import * as z from "zod";
import { type KindSchema, MODEL_SCHEMA_ID, settingsSchema } from "./schema.js";

/** A JSON Schema, as far as its readers here look at it. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  /** The TypeScript type that stands for this one in the authoring functions; not published. */
  readonly typeName?: string;
}

/** The JSON Schema (draft 2020-12) of a model file whose connections are of the given kinds. */
export function modelJsonSchema(kinds: readonly KindSchema[]): JsonSchema {
  const schema = z.toJSONSchema(settingsSchema(kinds), {
    io: "input",
    override: ({ jsonSchema }) => {
      delete jsonSchema.typeName;
    },
  });
  return { $id: MODEL_SCHEMA_ID, title: "Plugboard settings", ...schema } as JsonSchema;
}

/** The JSON Schema of one connection type's settings, with the marks that the generator of TypeScript reads. */
export function kindJsonSchema(kind: KindSchema): JsonSchema {
  return z.toJSONSchema(kind.settings, { io: "input" }) as JsonSchema;
}
