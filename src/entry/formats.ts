/**
 * Text forms of a settings model: what TeamCity reads, in both directions.
 * @module
 */
import { connectionTypes } from "../connections/index.js";
import type { ConnectionType } from "../contract/define.js";
import { typesByKind } from "../formats/features.js";
import {
  type ReadResult,
  readTeamCityXml as readXml,
  type WriteOptions,
  type Written,
  writeTeamCityXml as writeXml,
} from "../formats/teamcity-xml/index.js";
import type { Settings } from "../model/schema.js";

export { canonicalFeatures, equalSettings } from "../formats/equality.js";
export type { ReadResult, SchemaVersion, Written } from "../formats/teamcity-xml/index.js";
export { schemaVersions } from "../formats/teamcity-xml/index.js";
export { secretToken, TOKEN_NAMESPACE, type TokenSubject } from "../formats/tokens.js";

/** Connection types besides the built-in ones. */
interface WithTypes {
  readonly types?: readonly ConnectionType[];
}

/** Writes a settings model as `<ProjectId>/project-config.xml` files. Problems are findings; nothing is thrown. */
export function writeTeamCityXml(
  settings: Settings,
  { types = [], ...options }: Omit<WriteOptions, "types"> & WithTypes = {},
): Written {
  return writeXml(settings, { ...options, types: typesByKind([...connectionTypes, ...types]) });
}

/** Reads `<ProjectId>/project-config.xml` files, given by path, as a settings model. */
export function readTeamCityXml(files: ReadonlyMap<string, string>, { types = [] }: WithTypes = {}): ReadResult {
  return readXml(files, typesByKind([...connectionTypes, ...types]));
}
