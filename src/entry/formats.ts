/**
 * Text forms of a settings model: what TeamCity reads, in both directions.
 * @module
 */
import { connectionTypes } from "../connections/index.js";
import type { ConnectionType } from "../contract/define.js";
import { type CanonicalProject, canonicalProjects as canonical, equalSettings as equal } from "../formats/equality.js";
import { typesByKind } from "../formats/features.js";
import {
  type ReadResult,
  readTeamCityXml as readXml,
  type Written,
  writeTeamCityXml as writeXml,
  type WriteOptions as XmlWriteOptions,
} from "../formats/teamcity-xml/index.js";
import type { Lock } from "../model/lock.js";
import type { Settings } from "../model/schema.js";

export type { Ownership } from "../config/authoring.js";
export type { ConnectionType } from "../contract/define.js";
export type { CanonicalProject } from "../formats/equality.js";
export type { ReadResult, SchemaVersion, Written } from "../formats/teamcity-xml/index.js";
export { schemaVersions } from "../formats/teamcity-xml/index.js";
export { secretToken, TOKEN_NAMESPACE, type TokenSubject } from "../formats/tokens.js";
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

/** Tells whether two models say the same to TeamCity. */
export function equalSettings(a: Settings, b: Settings, { types, lock }: EqualityOptions = {}): boolean {
  return equal(a, b, withBuiltIn(types), lock);
}

/** The projects of a model by ID, in the form that {@link equalSettings} compares. */
export function canonicalProjects(settings: Settings, { types, lock }: EqualityOptions = {}): CanonicalProject[] {
  return canonical(settings, withBuiltIn(types), lock);
}

function withBuiltIn(types: readonly ConnectionType[] = []) {
  return typesByKind([...connectionTypes, ...types]);
}
