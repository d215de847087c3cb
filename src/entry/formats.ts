/**
 * Text forms of a settings model: what TeamCity reads, in both directions.
 * @module
 */
import { connectionTypes } from "../connections/index.js";
import type { ConnectionType } from "../contract/define.js";
import { type CanonicalProject, canonicalProjects as canonical, equalSettings as equal } from "../formats/equality.js";
import { typesByKind } from "../formats/features.js";
import { type KotlinOptions, writeKotlinDsl as writeKotlin } from "../formats/kotlin/write.js";
import {
  type ReadResult,
  readTeamCityXml as readXml,
  type Written,
  writeTeamCityXml as writeXml,
  type WriteOptions as XmlWriteOptions,
} from "../formats/teamcity-xml/index.js";
import type { Edit, Edited } from "../formats/typescript/edit.js";
import type { Lock } from "../model/lock.js";
import type { Settings } from "../model/schema.js";

export type { Ownership } from "../config/authoring.js";
export type { ConnectionType } from "../contract/define.js";
export type { CanonicalProject } from "../formats/equality.js";
export { type DslVersion, dslVersions } from "../formats/kotlin/versions.js";
export type { ReadResult, SchemaVersion, Written } from "../formats/teamcity-xml/index.js";
export { schemaVersions } from "../formats/teamcity-xml/index.js";
export { secretToken, TOKEN_NAMESPACE, type TokenSubject } from "../formats/tokens.js";
export type { AddConnection, ChangeSettings, Edit, Edited, RemoveConnection } from "../formats/typescript/edit.js";
export type { Finding } from "../model/finding.js";
export type { Lock } from "../model/lock.js";
export type { Settings } from "../model/schema.js";

export interface ReadOptions {
  /** Connection types besides the built-in ones. */
  readonly types?: readonly ConnectionType[];
}

export interface WriteOptions extends Omit<XmlWriteOptions, "types">, ReadOptions {}

export interface EqualityOptions extends ReadOptions {
  /** Where the access key IDs of managed pairs are looked up. Default: none is known. */
  readonly lock?: Lock;
}

/** Writes a settings model as `<ProjectId>/project-config.xml` files. Problems are findings; nothing is thrown. */
export function writeTeamCityXml(settings: Settings, { types, ...options }: WriteOptions = {}): Written {
  return writeXml(settings, { ...options, types: withBuiltIn(types) });
}

/** Reads `<ProjectId>/project-config.xml` files, given by path, as a settings model. */
export function readTeamCityXml(files: ReadonlyMap<string, string>, { types }: ReadOptions = {}): ReadResult {
  return readXml(files, withBuiltIn(types));
}

export interface KotlinWriteOptions extends Omit<KotlinOptions, "types">, ReadOptions {}

/** Writes a settings model as portable Kotlin DSL: `settings.kts`, and a file per project for larger trees. */
export function writeKotlinDsl(settings: Settings, { types, ...options }: KotlinWriteOptions = {}): Written {
  return writeKotlin(settings, { ...options, types: withBuiltIn(types) });
}

export interface KotlinReadOptions extends ReadOptions {
  /** External ID of the top project, which portable settings do not tell. */
  readonly projectId: string;
}

/** Reads Kotlin DSL files, given by path within the `.teamcity` folder, as a settings model. Nothing runs. */
export async function readKotlinDsl(
  files: ReadonlyMap<string, string>,
  { types, projectId }: KotlinReadOptions,
): Promise<ReadResult> {
  const { readKotlinDsl: readKotlin } = await import("../formats/kotlin/read.js");
  return readKotlin(files, { types: withBuiltIn(types), projectId });
}

export interface TypeScriptWriteOptions extends ReadOptions {
  /** The length in lines beyond which each sub-project of the top project gets a file of its own. Default: 400. */
  readonly maxLines?: number;
}

/** Writes a settings model as `settings.ts`, and `projects/<id>.ts` for larger trees. */
export async function writeTypeScript(settings: Settings, { types, ...options }: TypeScriptWriteOptions = {}): Promise<Written> {
  const { writeTypeScript: write } = await import("../formats/typescript/write.js");
  return write(settings, { ...options, types: withBuiltIn(types), plugIns: kindsOf(types) });
}

export interface TypeScriptEditOptions extends ReadOptions {
  /** The file's name, for places. Default: `settings.ts`. */
  readonly file?: string;
}

/** Changes, adds or removes one connection in the text of a settings file; every other byte stays. */
export async function editTypeScript(
  text: string,
  edit: Edit,
  { types, file = "settings.ts" }: TypeScriptEditOptions = {},
): Promise<Edited> {
  const { editTypeScript: change } = await import("../formats/typescript/edit.js");
  return change(text, edit, { file, types: withBuiltIn(types), plugIns: kindsOf(types) });
}

/** Tells whether two models say the same to TeamCity. */
export function equalSettings(a: Settings, b: Settings, { types, lock }: EqualityOptions = {}): boolean {
  return equal(a, b, withBuiltIn(types), lock);
}

/** The projects of a model by ID, in the form that {@link equalSettings} compares. */
export function canonicalProjects(settings: Settings, { types, lock }: EqualityOptions = {}): CanonicalProject[] {
  return canonical(settings, withBuiltIn(types), lock);
}

function kindsOf(types: readonly ConnectionType[] = []): ReadonlySet<string> {
  return new Set(types.map((each) => each.kind));
}

function withBuiltIn(types: readonly ConnectionType[] = []) {
  return typesByKind([...connectionTypes, ...types]);
}
