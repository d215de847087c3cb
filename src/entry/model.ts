/**
 * The portable settings model: its schema, its canonical JSON, its findings.
 * @module
 */
import { connectionTypes } from "../connections/index.js";
import type { ConnectionType } from "../contract/define.js";
import { modelJsonSchema, type PublishedJsonSchema } from "../model/json-schema.js";
import { type Parsed, parseSettings as parseWithKinds } from "../model/parse.js";
import { type Settings as SettingsModel, settingsSchema } from "../model/schema.js";

export type { CodeEntry, Severity } from "../model/codes.js";
export type { Finding, Place } from "../model/finding.js";
export type { Parsed } from "../model/parse.js";
export { serializeSettings } from "../model/parse.js";
export type { ConnectionNode, ConnectionSettings, FeatureNode, ProjectNode } from "../model/schema.js";
export { MODEL_VERSION } from "../model/schema.js";
export type { ConnectionForm, SecretForm } from "../model/values.js";

/** A settings model: one project tree. */
export type Settings = SettingsModel;

/** A JSON Schema, with the keywords that a model's has. */
export type JsonSchema = PublishedJsonSchema;

/** The zod schema of a model with the built-in connection types. */
export const Settings = settingsSchema(connectionTypes);

/** The JSON Schema (draft 2020-12) of a model with the built-in connection types and those given. */
export function settingsJsonSchema(types: readonly ConnectionType[] = []): JsonSchema {
  return modelJsonSchema([...connectionTypes, ...types]);
}

/** Reads the text of a model file. Returns the model, or findings that say what is wrong with it; throws nothing. */
export function parseSettings(text: string): Parsed<Settings> {
  return parseWithKinds(text, connectionTypes);
}
