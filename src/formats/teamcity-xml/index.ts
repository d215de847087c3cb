import type { Ownership } from "../../config/authoring.js";
import type { ConnectionType } from "../../contract/define.js";
import { CONNECTION_FEATURE, readFeature, readParams } from "../../contract/walk.js";
import { type Finding, finding } from "../../model/finding.js";
import { emptyLock, type Lock } from "../../model/lock.js";
import {
  type ConnectionNode,
  type FeatureNode,
  MODEL_SCHEMA_ID,
  MODEL_VERSION,
  type ProjectNode,
  type Settings,
} from "../../model/schema.js";
import { cut, quote, SHOWN_LENGTH } from "../../model/text.js";
import type { ConnectionForm } from "../../model/values.js";
import { KEEP, projectFeatures, type RenderedFeature, renderFeature, type Types } from "../features.js";
import { type ExtensionElement, isFinding, type ProjectDocument, parseProjectConfig, textsOf } from "./document.js";
import { editProjectConfig } from "./edit.js";
import { forbiddenCharacter } from "./text.js";
import { defaultSchemaVersion, type SchemaVersion, writeProjectConfig } from "./write.js";

export { type SchemaVersion, schemaVersions } from "./write.js";

const ROOT = "_Root";

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
    findings.push(...found);
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
    found.push(...findings);
  }
  found.push(...forbidden(project, features, path));
  const before = existing?.(file);
  let document: ProjectDocument | undefined;
  if (before !== undefined) {
    const parsed = parseProjectConfig(before, file);
    if (isFinding(parsed)) return { file, found: [...found, parsed] };
    document = parsed;
  }
  found.push(...unusable(features, document));
  if (found.some((each) => each.severity === "error")) return { file, found };
  if (document === undefined) {
    const head = {
      name: project.name ?? (project.id === ROOT ? "<Root project>" : project.id),
      ...(project.description === undefined ? {} : { description: project.description }),
      ...(parentId === undefined || parentId === ROOT ? {} : { parentId }),
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

export interface ReadResult {
  readonly settings?: Settings;
  readonly findings: readonly Finding[];
}

/**
 * Reads a tree of `project-config.xml` files back into a settings model. Connections of a known type become typed
 * settings, everything else raw features. A tree has one top project: the one whose parent is not among the files.
 */
export function readTeamCityXml(files: ReadonlyMap<string, string>, types: Types): ReadResult {
  const findings: Finding[] = [];
  const byProvider = new Map([...types.values()].map((each) => [each.providerType, each]));
  const projects = new Map<string, { node: ProjectNode; parentId: string | undefined }>();
  for (const [file, text] of files) {
    const match = /^([^/]+)\/project-config\.xml$/.exec(file);
    if (match === null) continue;
    const document = parseProjectConfig(text, file);
    if (isFinding(document)) findings.push(document);
    else
      projects.set(match[1] as string, {
        node: readProject(match[1] as string, document, byProvider),
        parentId: attribute(document, "parent-id"),
      });
  }
  const tops = [...projects].filter(([id, { parentId }]) => !projects.has(parentId ?? (id === ROOT ? "" : ROOT)));
  const [top] = tops;
  if (projects.size === 0) findings.push(finding("PB302", "the folder holds no project"));
  if (tops.length > 1) {
    findings.push(finding("PB302", `the folder holds several top projects: ${tops.map(([id]) => id).join(", ")}`));
  }
  const children = new Map<string, string[]>();
  for (const [id, { parentId }] of projects) {
    const key = parentId ?? ROOT;
    if (id !== top?.[0]) children.set(key, [...(children.get(key) ?? []), id]);
  }
  const lost = new Set(projects.keys());
  const build = (id: string): ProjectNode => {
    const { node } = projects.get(id) as { node: ProjectNode };
    lost.delete(id);
    return { ...node, subProjects: (children.get(id) ?? []).map(build) };
  };
  const nodes = tops.map(([id]) => build(id));
  if (lost.size > 0) {
    findings.push(finding("PB302", `no top project leads to ${[...lost].join(", ")}: their parents form a circle`));
  }
  const [node] = nodes;
  if (node === undefined || top === undefined || nodes.length > 1) return { findings };
  const { parentId } = top[1];
  const project = markExternal(parentId === undefined ? node : { ...node, parentId });
  return { settings: { $schema: MODEL_SCHEMA_ID, version: MODEL_VERSION, project }, findings };
}

function attribute(document: ProjectDocument, name: string): string | undefined {
  return document.attributes.find(([key]) => key === name)?.[1];
}

function readProject(id: string, document: ProjectDocument, byProvider: ReadonlyMap<string, ConnectionType>): ProjectNode {
  const connections: ConnectionNode[] = [];
  const features: FeatureNode[] = [];
  for (const extension of document.extensions) {
    const stored = textsOf(extension.parameters);
    const type = extension.type === CONNECTION_FEATURE ? byProvider.get(stored.providerType ?? "") : undefined;
    const settings = type && readParams(type, stored);
    if (type !== undefined && settings !== undefined) connections.push({ id: extension.id, kind: type.kind, settings });
    else features.push(readFeature(extension.id, extension.type, stored));
  }
  const name = document.name?.value;
  const uuid = attribute(document, "uuid");
  const parameters = textsOf(document.parameters);
  return {
    id,
    ...(name === undefined || name === id || (id === ROOT && name === "<Root project>") ? {} : { name }),
    ...(document.description === undefined ? {} : { description: document.description.value }),
    ...(attribute(document, "archived") === "true" ? { archived: true } : {}),
    ...(uuid === undefined ? {} : { uuid }),
    ...(Object.keys(parameters).length === 0 ? {} : { parameters }),
    connections,
    features,
    subProjects: [],
  };
}

/** A reference read from a file is external unless the tree declares a connection of that ID. */
function markExternal(top: ProjectNode): ProjectNode {
  const declared = new Set<string>();
  const collect = (project: ProjectNode): void => {
    for (const { id } of project.connections) declared.add(id);
    project.subProjects.forEach(collect);
  };
  collect(top);
  const mark = <Value>(value: Value): Value => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    const form = value as unknown as ConnectionForm;
    if (form.external && declared.has(form.$connection)) return { $connection: form.$connection } as unknown as Value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mark(each)])) as Value;
  };
  const visit = (project: ProjectNode): ProjectNode => ({
    ...project,
    connections: project.connections.map((each) => ({ ...each, settings: mark(each.settings) })),
    subProjects: project.subProjects.map(visit),
  });
  return visit(top);
}
