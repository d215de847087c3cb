import type { ConnectionType } from "../../contract/define.js";
import { type Finding, finding } from "../../model/finding.js";
import { ROOT_PROJECT_ID } from "../../model/ids.js";
import {
  type ConnectionNode,
  type FeatureNode,
  MAX_DEPTH,
  MAX_TEXT,
  MODEL_SCHEMA_ID,
  MODEL_VERSION,
  type ProjectNode,
  type Settings,
} from "../../model/schema.js";
import { quote, row, shown } from "../../model/text.js";
import { connectionOrFeature, markExternal, type Types, typesByProvider } from "../features.js";
import { isPlainText, isScrambled, plainSecrets, secretOffsets, secretShape } from "../plain-secrets.js";
import {
  createPlacer,
  type ExtensionElement,
  isFinding,
  type ParametersElement,
  type ProjectDocument,
  parseProjectConfig,
  type Span,
  textsOf,
} from "./document.js";

export interface ReadResult {
  readonly settings?: Settings;
  readonly findings: readonly Finding[];
}

/** The longest file that is read, in UTF-16 code units: several thousand connections in one project. */
export const MAX_LENGTH = 4 * 2 ** 20;

/** A project as its file has it, without those below it. */
interface ReadProject {
  readonly node: ProjectNode;
  readonly parentId: string | undefined;
}

/**
 * Reads a tree of `<ProjectId>/project-config.xml` files, given by path, back into a settings model. Connections of a
 * known type become typed settings, everything else raw features. What the model cannot hold is left alone: compiling
 * into the tree keeps it. The top project is `projectId`, or else the one whose parent is not among the files.
 */
export function readTeamCityXml(files: ReadonlyMap<string, string>, types: Types, projectId?: string): ReadResult {
  const findings: (readonly Finding[])[] = [];
  const byProvider = typesByProvider(types);
  const projects = new Map<string, ReadProject>();
  for (const [file, text] of files) {
    const id = /^([^/]+)\/project-config\.xml$/.exec(file)?.[1];
    if (id === undefined) continue;
    const document = text.length > MAX_LENGTH ? tooLarge(file) : parseProjectConfig(text, file);
    if (isFinding(document)) {
      findings.push([document]);
      continue;
    }
    const { node, found } = readProject(id, document, byProvider);
    findings.push(found);
    projects.set(id, { node, parentId: repeatable(attribute(document, "parent-id"), MAX_TEXT) });
  }
  const top = projectId === undefined ? topOf(projects) : chosen(projects, projectId);
  if (typeof top !== "string") return { findings: [...findings.flat(), top] };
  const { node, found } = buildTree(projects, top);
  findings.push(found, projectId === undefined ? [...unreachable(projects, node)] : []);
  const parentId = projects.get(top)?.parentId;
  const project = markExternal(parentId === undefined ? node : { ...node, parentId });
  return { settings: { $schema: MODEL_SCHEMA_ID, version: MODEL_VERSION, project }, findings: findings.flat() };
}

/** The finding that a file is larger than what is read. */
export function tooLarge(file: string): Finding {
  return finding("PB302", `the file is larger than ${MAX_LENGTH / 2 ** 20} MiB`, { place: { file } });
}

function chosen(projects: ReadonlyMap<string, ReadProject>, id: string): string | Finding {
  if (projects.has(id)) return id;
  return finding("PB310", `project ${quote(id)} is not among those found: ${row([...projects.keys()], ", ")}`);
}

function topOf(projects: ReadonlyMap<string, ReadProject>): string | Finding {
  const tops = [...projects].filter(
    ([id, { parentId }]) => !projects.has(parentId ?? (id === ROOT_PROJECT_ID ? "" : ROOT_PROJECT_ID)),
  );
  const [top, second] = tops.map(([id]) => id);
  if (projects.size === 0) return finding("PB302", "the folder holds no project");
  if (top === undefined) {
    return finding("PB302", `no top project leads to ${row([...projects.keys()], ", ")}: their parents form a circle`);
  }
  if (second === undefined) return top;
  return finding(
    "PB302",
    `the folder holds several top projects: ${row(
      tops.map(([id]) => id),
      ", ",
    )}`,
    {
      hint: `Import one of the trees at a time: --project ${top}.`,
    },
  );
}

/** The project of an ID with all below it. */
function buildTree(projects: ReadonlyMap<string, ReadProject>, top: string): { node: ProjectNode; found: readonly Finding[] } {
  const children = new Map<string, string[]>();
  for (const [id, { parentId = ROOT_PROJECT_ID }] of projects) {
    if (id === top) continue;
    const siblings = children.get(parentId);
    if (siblings === undefined) children.set(parentId, [id]);
    else siblings.push(id);
  }
  const found: Finding[] = [];
  const build = (id: string, depth: number): ProjectNode => {
    const { node } = projects.get(id) as ReadProject;
    const below = children.get(id) ?? [];
    if (depth < MAX_DEPTH) return { ...node, subProjects: below.map((each) => build(each, depth + 1)) };
    if (below.length > 0) {
      const place = { file: `${below[0]}/project-config.xml` };
      found.push(finding("PB123", `projects are nested in more than ${MAX_DEPTH} levels`, { place }));
    }
    return node;
  };
  return { node: build(top, 1), found };
}

function* unreachable(projects: ReadonlyMap<string, ReadProject>, top: ProjectNode): Generator<Finding> {
  const lost = new Set(projects.keys());
  const reach = (project: ProjectNode): void => {
    lost.delete(project.id);
    project.subProjects.forEach(reach);
  };
  reach(top);
  if (lost.size === 0) return;
  yield finding("PB302", `no top project leads to ${row([...lost], ", ")}: their parents form a circle`);
}

/** The value of an attribute of the root element; one that is empty says nothing. */
function attribute(document: ProjectDocument, name: string): string | undefined {
  return document.attributes.find(([key]) => key === name)?.[1] || undefined;
}

type ByProvider = ReadonlyMap<string, ConnectionType>;

/** Reads one project. What its findings name stays in the file and, but for secrets of features, is not in the settings. */
function readProject(id: string, document: ProjectDocument, byProvider: ByProvider): { node: ProjectNode; found: Finding[] } {
  const placeAt = createPlacer(document);
  const found: Finding[] = [];
  const connections: ConnectionNode[] = [];
  const features: FeatureNode[] = [];
  for (const extension of document.extensions) {
    const stored = textsOf(extension.parameters);
    const reason = notExpressible(extension, stored, document);
    if (reason !== undefined) {
      found.push(finding("PB315", `an extension is left alone: ${reason}`, { place: placeAt(extension.start) }));
      continue;
    }
    const starts = startsOf(extension.parameters);
    for (const [name, what] of plainSecrets(stored)) {
      const message = `\`${shown(name)}\` of ${quote(extension.id)} is ${what} in plain text; the settings have storedSecret() for it`;
      found.push(finding("PB309", message, { place: placeAt(starts.get(name) as number) }));
    }
    const read = connectionOrFeature(extension.id, extension.type, stored, byProvider);
    if ("kind" in read) connections.push(read);
    else features.push(read);
  }
  const parameters: [string, string][] = [];
  for (const [name, value, start, left] of projectParameters(document)) {
    if (left === undefined) parameters.push([name, value]);
    else found.push(finding(left.code, `a parameter of the project is left alone: ${left.reason}`, { place: placeAt(start) }));
  }
  for (const offset of secretsBeside(document)) {
    found.push(finding("PB309", "a secret in plain text stands here; it is left alone", { place: placeAt(offset) }));
  }
  const name = repeatable(document.name?.value || undefined, MAX_TEXT);
  const description = repeatable(document.description?.value, MAX_TEXT);
  const uuid = repeatable(document.attributes.find(([key]) => key === "uuid")?.[1], MAX_UUID);
  const node: ProjectNode = {
    id,
    ...(name === undefined || name === id || (id === ROOT_PROJECT_ID && name === "<Root project>") ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(attribute(document, "archived") === "true" ? { archived: true } : {}),
    ...(uuid === undefined ? {} : { uuid }),
    ...(parameters.length === 0 ? {} : { parameters: Object.fromEntries(parameters) }),
    connections,
    features,
    subProjects: [],
  };
  return { node, found };
}

const MAX_UUID = 100;

/** A text, if settings can repeat it. */
function repeatable(text: string | undefined, most: number): string | undefined {
  return text === undefined || text.length > most || secretShape(text) !== undefined ? undefined : text;
}

/** Why the model has no place for an extension; it quotes nothing but an ID that is no secret. */
function notExpressible(
  { id, type }: ExtensionElement,
  stored: Readonly<Record<string, string>>,
  { byId }: ProjectDocument,
): string | undefined {
  const names = Object.keys(stored);
  if ([id, type, ...names].some((each) => secretShape(each) !== undefined)) return "a name in it looks like a secret";
  if (id === "") return "it has no ID";
  if (type === "") return `${quote(id)} has no type`;
  if ((byId.get(id) ?? []).length > 1) return `the file has several of ID ${quote(id)}`;
  if (names.some(isUnusableName)) return `${quote(id)} has a parameter whose name settings cannot give`;
  const isLong = [id, type, ...names, ...Object.values(stored)].some((each) => each.length > MAX_TEXT);
  return isLong ? `${quote(id)} holds a text of more than ${MAX_TEXT} characters` : undefined;
}

function isUnusableName(name: string): boolean {
  return name === "" || name === "__proto__";
}

type LeftAlone = { readonly code: "PB309" | "PB315"; readonly reason: string };

/** The project's parameters: name, value, offset, and why one that settings do not repeat is left alone. */
function* projectParameters({ parameters }: ProjectDocument): Generator<[string, string, number, LeftAlone?]> {
  const stored = textsOf(parameters);
  const secrets = plainSecrets(stored);
  const elements = new Map((parameters?.params ?? []).map((each) => [each.name, each]));
  for (const { name, value, spec, start } of elements.values()) {
    const left = (code: LeftAlone["code"], reason: string): [string, string, number, LeftAlone] => [
      name,
      value,
      start,
      { code, reason },
    ];
    const what = secrets.get(name) ?? (spec?.startsWith("password") && isPlainText(value) ? "a password" : undefined);
    if (secretShape(name) !== undefined) yield left("PB309", "its name looks like a secret");
    else if (what !== undefined) yield left("PB309", `\`${shown(name)}\` is ${what} in plain text`);
    else if (isScrambled(value)) yield left("PB315", `the value of \`${shown(name)}\` is scrambled`);
    else if (isUnusableName(name)) yield left("PB315", "it has a name that settings cannot give");
    else if (name.length > MAX_TEXT || value.length > MAX_TEXT) yield left("PB315", `it has more than ${MAX_TEXT} characters`);
    else yield [name, value, start];
  }
}

function startsOf(parameters: ParametersElement | undefined): ReadonlyMap<string, number> {
  return new Map(parameters?.params.map(({ name, start }) => [name, start]));
}

/** Where the file has secrets besides the values of parameters: in names, comments, elements that are not known. */
function secretsBeside({ text, parameters, extensions }: ProjectDocument): number[] {
  const params = [parameters, ...extensions.map((each) => each.parameters)].flatMap((each) => each?.params ?? []);
  params.sort((a, b) => a.start - b.start);
  let next = 0;
  return secretOffsets(text).filter((offset) => {
    while (next < params.length && (params[next] as Span).end <= offset) next++;
    const param = params[next];
    return param === undefined || offset < param.start || secretShape(param.name) !== undefined;
  });
}
