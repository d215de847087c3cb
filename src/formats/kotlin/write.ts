import { fillDefaults } from "../../contract/walk.js";
import { type Finding, finding, hasErrors } from "../../model/finding.js";
import { emptyLock, type Lock } from "../../model/lock.js";
import type { ConnectionNode, ProjectNode, Settings } from "../../model/schema.js";
import { compareNames, compareText, quote } from "../../model/text.js";
import { KEEP, type PlacedFeature, projectFeatures, renderFeature, type Types } from "../features.js";
import type { Written } from "../teamcity-xml/index.js";
import { connectionCall, rawFeature, type TextFeature } from "./feature.js";
import { block, type Lines, paramCall, projectObject, textProperty } from "./lines.js";
import { isKotlinName, kotlinName, kotlinString } from "./strings.js";
import { type DslVersion, dslVersions, newestDslVersion } from "./versions.js";

export interface KotlinOptions {
  readonly types: Types;
  readonly lock?: Lock;
  /** The DSL version that the settings are written for. A server refuses settings of a newer version than its own. */
  readonly dslVersion?: DslVersion;
  /** Writes connections as `feature { … }`, which depends on no plug-in of the server. */
  readonly untyped?: boolean;
  /** One file, or one per project. Default: as TeamCity does, several from about 20 projects and features on. */
  readonly layout?: "auto" | "single" | "multi";
  /** Returns the text of a file of the output folder, or `undefined` if there is none. Default: an empty folder. */
  readonly existing?: (path: string) => string | undefined;
}

/** The entry point of the settings. */
const SETTINGS_FILE = "settings.kts";

const MOST_IN_ONE_FILE = 20;

const COMMENT: Lines = ["/*", "Written by Plugboard from settings in TypeScript: change those, and compile them again.", "*/"];

/** A file with this comment may be written again. */
const OURS = /^Written by Plugboard\b/m;

/**
 * Writes a settings model as portable Kotlin DSL: `settings.kts` and, where each project has a file, `<package>/Project.kt`.
 * TeamCity's own `pom.xml` is not among them. What the server alone decides has no form here and is left out: ID, name and
 * parent of the top project, UUIDs. If there is an error, there are no files.
 */
export function writeKotlinDsl({ project: top }: Settings, options: KotlinOptions): Written {
  const { dslVersion = newestDslVersion, layout = "auto", existing } = options;
  const projects = [...projectsOf(top, ["project"])];
  const inOneFile = layout === "auto" ? countEntities(projects) <= MOST_IN_ONE_FILE : layout === "single";
  const names = nameProjects(projects, inOneFile);
  const bodies = projects.map((each) => projectBody(each, names, options));
  const files = (inOneFile ? oneFile : filePerProject)(bodies, dslVersion);
  const findings = [...bodies.flatMap((each) => each.findings), ...foreign(files, existing)];
  return { files: hasErrors(findings) ? new Map() : files, findings };
}

interface PlacedProject {
  readonly project: ProjectNode;
  /** Leads to the project in the model. */
  readonly path: readonly PropertyKey[];
}

/** A project and all below it, parents first. */
function* projectsOf(project: ProjectNode, path: readonly PropertyKey[]): Generator<PlacedProject> {
  yield { project, path };
  for (const [index, child] of project.subProjects.entries()) yield* projectsOf(child, [...path, "subProjects", index]);
}

function countEntities(projects: readonly PlacedProject[]): number {
  return projects.reduce((sum, { project }) => sum + 1 + project.connections.length + project.features.length, 0);
}

function* foreign(files: ReadonlyMap<string, string>, existing: KotlinOptions["existing"]): Generator<Finding> {
  for (const file of files.keys()) {
    const before = existing?.(file);
    if (before === undefined || OURS.test(before)) continue;
    const hint = "It was left as it is. Move it away, or write to another folder with --out.";
    yield finding("PB302", "the existing file was not written by Plugboard", { place: { file }, hint });
  }
}

/** How the Kotlin of a project is named. */
interface KotlinProject {
  /** Its object or, where each project has a file, its package. */
  readonly name: string;
  /** The value of `subProject(…)`. */
  readonly reference: string;
  /** The statement that gives its ID, unless the object's name or the server does. */
  readonly id: Lines;
}

/** Names in lower case, for file systems that know no other: those with a meaning for TeamCity, and what our files use. */
const TAKEN = ["_self", "patches", "plugindata", "project", "absoluteid"];

/**
 * Sub-projects have their ID relative to the top project's, which TeamCity puts before it. Of an ID that does not begin with
 * that one, all is written.
 */
function nameProjects(projects: readonly PlacedProject[], inOneFile: boolean): ReadonlyMap<ProjectNode, KotlinProject> {
  const [{ project: top }, ...others] = projects as readonly [PlacedProject, ...PlacedProject[]];
  const names = new Map<ProjectNode, KotlinProject>([[top, { name: "_Self", reference: "_Self.Project", id: [] }]]);
  const taken = new Set(TAKEN);
  const prefix = `${top.id}_`;
  for (const { project } of others) {
    const relative = project.id.startsWith(prefix) ? project.id.slice(prefix.length) : "";
    let name = relative || project.id;
    while (!isKotlinName(name) || taken.has(name.toLowerCase())) name = `Project_${name}`;
    taken.add(name.toLowerCase());
    const id = relative === "" ? `id = AbsoluteId(${kotlinString(project.id)})` : `id(${kotlinString(relative)})`;
    names.set(project, {
      name,
      reference: inOneFile ? name : `${name}.Project`,
      id: inOneFile && name === relative ? [] : [id],
    });
  }
  return names;
}

/** What stands in the braces of a project. */
interface Body {
  readonly name: string;
  readonly lines: Lines;
  /** The functions that an import must name. */
  readonly functions: readonly string[];
  readonly findings: readonly Finding[];
}

function projectBody(
  { project, path }: PlacedProject,
  names: ReadonlyMap<ProjectNode, KotlinProject>,
  options: KotlinOptions,
): Body {
  const { name, id } = names.get(project) as KotlinProject;
  const isTop = path.length === 1;
  const connections = new Map(project.connections.map((each) => [each.id, each]));
  const features = projectFeatures(project, options.types, path).map((each) =>
    writeFeature(each, connections.get(each.id), project.id, options),
  );
  const params = Object.entries(project.parameters ?? {}).sort(compareNames);
  const head = [
    ...id,
    ...(isTop ? [] : textProperty("name", project.name ?? project.id)),
    ...(project.description ? textProperty("description", project.description) : []),
    ...(project.archived ? ["archived = true"] : []),
  ];
  const sections = [
    blockOf(
      "params",
      params.flatMap(([param, value]) => paramCall(param, value)),
    ),
    blockOf(
      "features",
      features.flatMap((each) => each.lines),
    ),
    project.subProjects.map((each) => `subProject(${names.get(each)?.reference})`),
  ];
  return {
    name,
    lines: [...head, ...sections.flatMap((each) => (each.length === 0 ? [] : ["", ...each]))],
    functions: features.flatMap((each) => each.functions),
    findings: features.flatMap((each) => each.findings),
  };
}

function blockOf(call: string, body: Lines): Lines {
  return body.length === 0 ? [] : block(call, body);
}

function writeFeature(
  placed: PlacedFeature,
  connection: ConnectionNode | undefined,
  projectId: string,
  { types, lock = emptyLock, dslVersion = newestDslVersion, untyped = false }: KotlinOptions,
): Pick<Body, "lines" | "functions" | "findings"> {
  const { feature: rendered, findings } = renderFeature(placed, projectId, lock);
  const kept = Object.keys(rendered.params).filter((name) => rendered.params[name] === KEEP);
  if (kept.length > 0)
    return { lines: [], functions: [], findings: [...findings, ...kept.map((name) => valueless(name, placed))] };
  const feature = rendered as TextFeature;
  const type = connection === undefined ? undefined : types.get(connection.kind);
  if (type !== undefined && connection !== undefined && !untyped) {
    const lines = connectionCall(feature, type, fillDefaults(type, connection.settings, {}), dslVersion);
    if (lines !== undefined) return { lines, functions: [type.functionName], findings };
  }
  return { lines: rawFeature(feature), functions: [], findings };
}

function valueless(name: string, { id, path }: PlacedFeature): Finding {
  return finding("PB303", `there is no stored value of \`${name}\` for ${quote(id)}: Kotlin is written anew`, {
    path,
    hint: 'Use secret("name") or token("credentialsJSON:…"), or compile to XML.',
  });
}

function oneFile(bodies: readonly Body[], version: DslVersion): Map<string, string> {
  const [top, ...others] = bodies as readonly [Body, ...Body[]];
  const text = settingsFile(version, imports(bodies, version), [
    ...block("project", top.lines),
    ...others.flatMap(({ name, lines }) => ["", ...projectObject(name, lines)]),
  ]);
  return new Map([[SETTINGS_FILE, text]]);
}

function filePerProject(bodies: readonly Body[], version: DslVersion): Map<string, string> {
  const files = bodies.map((body): [string, string] => {
    const head = [`package ${body.name}`, "", ...imports([body], version, [`${dslVersions[version]}.Project`])];
    return [`${body.name}/Project.kt`, textOf([...head, "", ...COMMENT, "", ...projectObject("Project", body.lines)])];
  });
  return new Map([[SETTINGS_FILE, settingsFile(version, imports([], version), ["project(_Self.Project)"])], ...files]);
}

function settingsFile(version: DslVersion, importLines: Lines, lines: Lines): string {
  return textOf([...importLines, "", ...COMMENT, "", ...textProperty("version", version), "", ...lines]);
}

/** Functions are imported by name: another package of the DSL may have one of the same name. */
function imports(bodies: readonly Body[], version: DslVersion, classes: Lines = []): Lines {
  const root = dslVersions[version];
  const functions = new Set(
    bodies.flatMap((each) => each.functions.map((name) => `${root}.projectFeatures.${kotlinName(name)}`)),
  );
  return [`${root}.*`, ...[...classes, ...functions].sort(compareText)].map((each) => `import ${each}`);
}

function textOf(lines: Lines): string {
  return `${lines.join("\n")}\n`;
}
