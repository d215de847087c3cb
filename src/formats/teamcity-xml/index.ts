import type { Ownership } from "../../config/authoring.js";
import { CONNECTION_FEATURE } from "../../contract/walk.js";
import { type Finding, finding } from "../../model/finding.js";
import { ROOT_PROJECT_ID, ROOT_PROJECT_NAME } from "../../model/ids.js";
import { emptyLock, type Lock } from "../../model/lock.js";
import type { ProjectNode, Settings } from "../../model/schema.js";
import { cut, quote, SHOWN_LENGTH } from "../../model/text.js";
import { KEEP, projectFeatures, type RenderedFeature, renderFeature, type Types } from "../features.js";
import { type ExtensionElement, isFinding, type ProjectDocument, parseProjectConfig, textsOf } from "./document.js";
import { editProjectConfig } from "./edit.js";
import { forbiddenCharacter } from "./text.js";
import { defaultSchemaVersion, type SchemaVersion, writeProjectConfig } from "./write.js";

export { type ReadResult, readTeamCityXml } from "./read.js";
export { type SchemaVersion, schemaVersions } from "./write.js";

export interface WriteOptions {
  readonly types: Types;
  readonly lock?: Lock;
  /** Settings format version of files that are written anew. Existing files keep theirs. */
  readonly schemaVersion?: SchemaVersion;
  /** Returns the text of a file of the output folder, or `undefined` if there is none. Default: an empty folder. */
  readonly existing?: (path: string) => string | undefined;
  /** What becomes of connections in existing files that the settings do not declare, by project ID. Default: `report`. */
  readonly ownership?: (projectId: string) => Ownership;
}

export interface Written {
  /** Path in the output folder to text. */
  readonly files: ReadonlyMap<string, string>;
  readonly findings: readonly Finding[];
}

/** Writes a settings model as a tree of `<ProjectId>/project-config.xml`, the versioned settings that TeamCity reads. */
export function writeTeamCityXml(settings: Settings, options: WriteOptions): Written {
  const files = new Map<string, string>();
  const findings: Finding[] = [];
  const visit = (project: ProjectNode, parentId: string | undefined, path: readonly PropertyKey[]): void => {
    const { file, text, found } = writeProject(project, parentId, path, options);
    if (text !== undefined) files.set(file, text);
    for (const each of found) findings.push(each);
    for (const [index, child] of project.subProjects.entries()) visit(child, project.id, [...path, "subProjects", index]);
  };
  visit(settings.project, settings.project.parentId, ["project"]);
  return { files, findings };
}

function writeProject(
  project: ProjectNode,
  parentId: string | undefined,
  path: readonly PropertyKey[],
  { types, lock = emptyLock, schemaVersion = defaultSchemaVersion, existing, ownership }: WriteOptions,
): { file: string; text?: string; found: readonly Finding[] } {
  const file = `${project.id}/project-config.xml`;
  const found: Finding[] = [];
  const features: RenderedFeature[] = [];
  for (const placed of projectFeatures(project, types, path)) {
    const { feature, findings } = renderFeature(placed, project.id, lock);
    features.push(feature);
    for (const each of findings) found.push(each);
  }
  for (const each of forbidden(project, features, path)) found.push(each);
  const before = existing?.(file);
  let document: ProjectDocument | undefined;
  if (before !== undefined) {
    const parsed = parseProjectConfig(before, file);
    if (isFinding(parsed)) return { file, found: [...found, parsed] };
    document = parsed;
  }
  for (const each of unusable(features, document)) found.push(each);
  if (found.some((each) => each.severity === "error")) return { file, found };
  if (document === undefined) {
    const head = {
      name: project.name ?? (project.id === ROOT_PROJECT_ID ? ROOT_PROJECT_NAME : project.id),
      ...(project.description === undefined ? {} : { description: project.description }),
      ...(parentId === undefined || parentId === ROOT_PROJECT_ID ? {} : { parentId }),
      ...(project.archived === undefined ? {} : { archived: project.archived }),
      ...(project.uuid === undefined ? {} : { uuid: project.uuid }),
      parameters: project.parameters ?? {},
    };
    return { file, text: writeProjectConfig(head, features, schemaVersion), found };
  }
  const head = { ...project, ...(parentId === undefined ? {} : { parentId }) };
  const { text, findings } = editProjectConfig(document, head, features, ownership?.(project.id) ?? "report");
  return { file, text, found: [...found, ...findings] };
}

/** What the settings declare and an existing file has twice or as another feature, or keep of it and it does not have. */
function* unusable(features: readonly RenderedFeature[], document: ProjectDocument | undefined): Generator<Finding> {
  for (const feature of features) {
    const { id, params, path } = feature;
    const [found, second] = document?.byId.get(id) ?? [];
    if (document !== undefined && second !== undefined) {
      const place = { file: document.file };
      yield finding("PB302", `the file has several extensions of ID ${quote(id)}`, { place, hint: "Leave one of them." });
    } else if (document !== undefined && found !== undefined && !isSameFeature(found, feature)) {
      const message = `the file ${document.file} holds another feature under the ID ${quote(id)} (${describe(found)})`;
      yield finding("PB302", message, { path, hint: "Choose another ID; other features are never replaced." });
      continue;
    }
    const stored = textsOf(found?.parameters);
    for (const [name, value] of Object.entries(params)) {
      if (value === KEEP && !Object.hasOwn(stored, name))
        yield finding("PB303", `there is no stored value of \`${name}\` for ${quote(id)} in the output folder`, { path });
    }
  }
}

/** Whether an extension is what a feature of its ID may change: no other kind of feature, with secrets of its own. */
function isSameFeature({ type, parameters }: ExtensionElement, feature: RenderedFeature): boolean {
  if (type !== feature.type) return false;
  return type !== CONNECTION_FEATURE || textsOf(parameters).providerType === feature.params.providerType;
}

function describe({ type, parameters }: ExtensionElement): string {
  const { providerType } = textsOf(parameters);
  const provider =
    type === CONNECTION_FEATURE && providerType !== undefined ? `, provider ${cut(providerType, SHOWN_LENGTH)}` : "";
  return `type ${cut(type, SHOWN_LENGTH)}${provider}`;
}

function* forbidden(
  project: ProjectNode,
  features: readonly RenderedFeature[],
  path: readonly PropertyKey[],
): Generator<Finding> {
  const check = function* (text: string, what: string, where: readonly PropertyKey[]): Generator<Finding> {
    const character = forbiddenCharacter(text);
    if (character !== undefined) yield finding("PB307", `${what} holds the character ${character}`, { path: where });
  };
  for (const key of ["name", "description", "uuid"] as const) yield* check(project[key] ?? "", `\`${key}\``, [...path, key]);
  for (const [name, value] of Object.entries(project.parameters ?? {}))
    yield* check(name + value, `parameter ${quote(name)}`, [...path, "parameters"]);
  for (const { id, type, params, path: where } of features) {
    yield* check(id + type, "the ID", where);
    for (const name in params) {
      const value = params[name] as string | typeof KEEP;
      yield* check(value === KEEP ? name : name + value, `\`${name}\``, where);
    }
  }
}
