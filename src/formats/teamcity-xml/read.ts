import { type Finding, finding } from "../../model/finding.js";
import { groupBy } from "../../model/group.js";
import { ROOT_PROJECT_ID } from "../../model/ids.js";
import { MAX_DEPTH, MODEL_SCHEMA_ID, MODEL_VERSION, type ProjectNode, type Settings } from "../../model/schema.js";
import { quote, row } from "../../model/text.js";
import { markExternal, type Types, typesByProvider } from "../features.js";
import { isFinding, parseProjectConfig } from "./document.js";
import { type ReadProject, readProject } from "./read-project.js";

export interface ReadResult {
  readonly settings?: Settings;
  readonly findings: readonly Finding[];
}

/** The longest file that is read, in UTF-16 code units: several thousand connections in one project. */
export const MAX_LENGTH = 4 * 2 ** 20;

/**
 * Reads a tree of `<ProjectId>/project-config.xml` files, given by path, back into a settings model. Connections of a
 * known type become typed settings, everything else raw features. What the model cannot hold is left alone: compiling
 * into the tree keeps it. The top project is `projectId`, or else the one whose parent is not among the files.
 */
export function readTeamCityXml(files: ReadonlyMap<string, string>, types: Types, projectId?: string): ReadResult {
  const findings: (readonly Finding[])[] = [];
  let isWhole = true;
  const byProvider = typesByProvider(types);
  const projects = new Map<string, ReadProject>();
  for (const [file, text] of files) {
    const id = /^([^/]+)\/project-config\.xml$/.exec(file)?.[1];
    if (id === undefined) continue;
    const document = text.length > MAX_LENGTH ? tooLarge(file) : parseProjectConfig(text, file);
    if (isFinding(document)) {
      findings.push([document]);
      isWhole = false;
      continue;
    }
    const project = readProject(id, document, byProvider);
    findings.push(project.found);
    projects.set(id, project);
  }
  const top = projectId === undefined ? topOf(projects) : chosen(projects, projectId);
  // A file that could not be read may hold the project that is missed.
  if (typeof top !== "string") return { findings: isWhole ? [...findings.flat(), top] : findings.flat() };
  const { node, found } = buildTree(projects, top);
  findings.push(found, projectId === undefined && found.length === 0 ? unreachable(projects, node) : []);
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

/** The ID of the one project whose parent is not among the others. */
function topOf(projects: ReadonlyMap<string, ReadProject>): string | Finding {
  const isTop = ([id, { parentId = id === ROOT_PROJECT_ID ? "" : ROOT_PROJECT_ID }]: [string, ReadProject]): boolean =>
    !projects.has(parentId);
  const tops = [...projects].filter(isTop).map(([id]) => id);
  const [top, second] = tops;
  if (projects.size === 0) return finding("PB302", "the folder holds no project");
  if (top === undefined) return circle(projects.keys());
  if (second === undefined) return top;
  const hint = `Import one of the trees at a time: --project ${top}.`;
  return finding("PB302", `the folder holds several top projects: ${row(tops, ", ")}`, { hint });
}

function circle(ids: Iterable<string>): Finding {
  return finding("PB302", `no top project leads to ${row([...ids], ", ")}: their parents form a circle`);
}

/** The project of an ID with all below it. */
function buildTree(projects: ReadonlyMap<string, ReadProject>, top: string): { node: ProjectNode; found: readonly Finding[] } {
  const others = [...projects].filter(([id]) => id !== top);
  const children = groupBy(others, ([, { parentId = ROOT_PROJECT_ID }]) => parentId);
  const found: Finding[] = [];
  const build = (id: string, depth: number): ProjectNode => {
    const { node } = projects.get(id) as ReadProject;
    const below = (children.get(id) ?? []).map(([each]) => each);
    if (depth < MAX_DEPTH) return { ...node, subProjects: below.map((each) => build(each, depth + 1)) };
    if (below.length > 0) {
      const place = { file: `${below[0]}/project-config.xml` };
      found.push(finding("PB123", `projects are nested in more than ${MAX_DEPTH} levels`, { place }));
    }
    return node;
  };
  return { node: build(top, 1), found };
}

/** The projects that are in nobody's tree. */
function unreachable(projects: ReadonlyMap<string, ReadProject>, top: ProjectNode): Finding[] {
  const lost = new Set(projects.keys());
  const reach = (project: ProjectNode): void => {
    lost.delete(project.id);
    project.subProjects.forEach(reach);
  };
  reach(top);
  return lost.size === 0 ? [] : [circle(lost)];
}
