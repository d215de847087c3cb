import { join, relative, resolve } from "node:path";
import type { Derived } from "../contract/define.js";
import type { Types } from "../formats/features.js";
import { type DslVersion, dslVersionFor, dslVersions, newestDslVersion } from "../formats/kotlin/versions.js";
import { type SchemaVersion, schemaVersions, type Written, writeTeamCityXml } from "../formats/teamcity-xml/index.js";
import { type Finding, finding, hasErrors, sortFindings } from "../model/finding.js";
import { readModel, serializeSettings } from "../model/parse.js";
import type { ProjectNode, Settings } from "../model/schema.js";
import { countOf } from "../model/text.js";
import type { Evaluation } from "./evaluation.js";
import { type CommonOptions, globalHelp, UsageError } from "./options.js";
import { readOutput, writeOutput } from "./output.js";
import { type LoadedProject, loadProject } from "./project.js";
import { type Report, reporting } from "./report.js";

export const help = `plugboard compile [FILE] [options]

Compiles settings to what TeamCity reads. Files are written when every one is complete, and only where they changed;
files that are not Plugboard's, and whatever else stands in a project-config.xml, stay as they are. Kotlin is settings.kts,
with a folder per project if there is much in it, and no pom.xml: TeamCity's own stays.

  --to FORMATS        xml (default), kotlin, json, or several: xml,json
  --out DIR           the folder to write to (default: .teamcity in the root)
  --check             write nothing; fail if a file would change
  --schema-version V  settings format of new XML files: ${Object.keys(schemaVersions).join(", ")} (default 2021.1)
  --dsl-version V     version of the Kotlin DSL, such as 2024.03; not newer than the server (default:
                      that of target.version in the configuration, else ${newestDslVersion})
  --untyped           Kotlin: connections as feature { … }, which depend on no plug-in of the server
${globalHelp}`;

/** The name of the JSON model in the output folder. */
const MODEL_FILE = "settings.json";

const NOTHING_WRITTEN = ["Nothing was written."];

interface FileStatus {
  readonly path: string;
  readonly status: "written" | "unchanged" | "differs";
}

interface Values {
  readonly to?: string;
  readonly out?: string;
  readonly check?: boolean;
  readonly "schema-version"?: string;
  readonly "dsl-version"?: string;
  readonly untyped?: boolean;
}

export function run(values: Values, common: CommonOptions, evaluation: Evaluation): Promise<number> {
  const request: Request = {
    formats: parseFormats(values.to ?? "xml"),
    out: values.out === undefined ? join(common.root, ".teamcity") : resolve(common.cwd, values.out),
    schemaVersion: parseVersion("--schema-version", schemaVersions, values["schema-version"]),
    dslVersion: parseVersion("--dsl-version", dslVersions, values["dsl-version"]),
    untyped: values.untyped ?? false,
    checkOnly: values.check ?? false,
  };
  return reporting(common, () => compile(request, common, evaluation));
}

interface Request {
  readonly formats: ReadonlySet<Format>;
  /** Absolute path of the output folder. */
  readonly out: string;
  readonly schemaVersion: SchemaVersion | undefined;
  readonly dslVersion: DslVersion | undefined;
  readonly untyped: boolean;
  readonly checkOnly: boolean;
}

async function compile(request: Request, common: CommonOptions, evaluation: Evaluation): Promise<Report> {
  const { out, checkOnly } = request;
  const loaded = await loadProject(common, evaluation);
  const { settings } = loaded;
  if (settings === undefined) return { findings: loaded.findings, lines: NOTHING_WRITTEN };
  const existing = createReader(out);
  const written = await writeFormats(settings, loaded, request, existing);
  const placed = await loaded.place(written.findings);
  const findings = sortFindings([...loaded.findings, ...placed]);
  if (hasErrors(findings)) return { findings, lines: NOTHING_WRITTEN };

  const changed = new Map([...written.files].filter(([path, text]) => existing(path) !== text));
  if (!checkOnly) writeOutput(out, changed);
  const files = [...written.files.keys()].map((path): FileStatus => {
    const status = !changed.has(path) ? "unchanged" : checkOnly ? "differs" : "written";
    return { path: relative(common.cwd, join(out, path)), status };
  });
  const derived = derivedValues(settings.project, loaded.types);
  return {
    findings: sortFindings([...findings, ...files.flatMap(staleFinding)]),
    data: { files, derived },
    lines: [...derivedLines(derived), ...fileLines(files), summary(settings, files)],
  };
}

/** Reads the files of the output folder, each once. */
function createReader(folder: string): (path: string) => string | undefined {
  const texts = new Map<string, string | undefined>();
  return (path) => {
    if (!texts.has(path)) texts.set(path, readOutput(folder, path));
    return texts.get(path);
  };
}

function staleFinding({ path, status }: FileStatus): Finding[] {
  if (status !== "differs") return [];
  const hint = "Run plugboard compile and commit the result.";
  return [finding("PB305", "the committed output differs from the settings", { place: { file: path }, hint })];
}

const formats = ["xml", "kotlin", "json"] as const;

type Format = (typeof formats)[number];

function parseFormats(text: string): ReadonlySet<Format> {
  const names = text.split(",");
  const unknown = names.find((each) => !formats.includes(each as Format));
  if (unknown !== undefined) {
    throw new UsageError(
      `--to ${JSON.stringify(unknown)} is not known: choose ${formats.join(", ")} or several, such as xml,json`,
    );
  }
  return new Set(names as Format[]);
}

function parseVersion<Version extends string>(
  option: string,
  known: Readonly<Record<Version, unknown>>,
  text: string | undefined,
): Version | undefined {
  if (text === undefined || Object.hasOwn(known, text)) return text as Version | undefined;
  throw new UsageError(`${option} ${JSON.stringify(text)} is not known: choose one of ${Object.keys(known).join(", ")}`);
}

/** Writes each format. Findings about existing files name them by their absolute path. */
async function writeFormats(
  settings: Settings,
  { types, lock, config }: LoadedProject,
  request: Request,
  existing: (path: string) => string | undefined,
): Promise<Written> {
  const { ownership = "report" } = config;
  const { schemaVersion, dslVersion = dslVersionFor(config.target?.version ?? newestDslVersion), untyped } = request;
  const writers: Readonly<Record<Format, () => Written | Promise<Written>>> = {
    xml: () =>
      writeTeamCityXml(settings, {
        types,
        lock,
        ...(schemaVersion === undefined ? {} : { schemaVersion }),
        existing,
        ownership: (id) => (typeof ownership === "string" ? ownership : (ownership[id] ?? "report")),
      }),
    kotlin: async () => {
      const { writeKotlinDsl } = await import("../formats/kotlin/write.js");
      return writeKotlinDsl(settings, { types, lock, ...(dslVersion === undefined ? {} : { dslVersion }), untyped, existing });
    },
    json: () => writeModel(settings, existing),
  };
  const written = await Promise.all(formats.filter((each) => request.formats.has(each)).map((each) => writers[each]()));
  return {
    files: new Map(written.flatMap(({ files }) => [...files])),
    findings: written.flatMap(({ findings }) => findings.map((each) => inFolder(each, request.out))),
  };
}

function writeModel(settings: Settings, existing: (path: string) => string | undefined): Written {
  const before = existing(MODEL_FILE);
  const text = serializeSettings(settings);
  const files = new Map([[MODEL_FILE, text]]);
  if (before === undefined || before === text || readModel(before).data?.$schema === settings.$schema)
    return { files, findings: [] };
  return { files, findings: [finding("PB302", "the existing file is not a settings model", { place: { file: MODEL_FILE } })] };
}

function inFolder(found: Finding, out: string): Finding {
  return found.place === undefined ? found : { ...found, place: { ...found.place, file: resolve(out, found.place.file) } };
}

interface DerivedValue extends Derived {
  readonly projectId: string;
  readonly connectionId: string;
}

function derivedValues(project: ProjectNode, types: Types): DerivedValue[] {
  const own = project.connections.flatMap(({ id, kind, settings }) => {
    const at = { projectId: project.id, connectionId: id };
    return (types.get(kind)?.derived?.(settings, at) ?? []).map((each) => ({ ...at, ...each }));
  });
  return [...own, ...project.subProjects.flatMap((each) => derivedValues(each, types))];
}

function derivedLines(derived: readonly DerivedValue[]): readonly string[] {
  const width = Math.max(0, ...derived.slice(0, MOST_LINES).map((each) => each.connectionId.length));
  const lines = firstOf(derived.map(({ connectionId, label, value }) => `${connectionId.padEnd(width)}  ${label}: ${value}`));
  return lines.length === 0 ? [] : [...lines, ""];
}

function fileLines(files: readonly FileStatus[]): readonly string[] {
  return firstOf(files.filter((each) => each.status !== "unchanged").map(({ path, status }) => `${status.padEnd(8)} ${path}`));
}

const MOST_LINES = 20;

/** The first lines of a list, and how many more there are: the report in JSON has them all. */
function firstOf(lines: readonly string[]): readonly string[] {
  return lines.length > MOST_LINES ? [...lines.slice(0, MOST_LINES), `… and ${lines.length - MOST_LINES} more`] : lines;
}

function summary({ project }: Settings, files: readonly FileStatus[]): string {
  let projects = 0;
  let connections = 0;
  const count = (node: ProjectNode): void => {
    projects += 1;
    connections += node.connections.length;
    node.subProjects.forEach(count);
  };
  count(project);
  const unchanged = files.filter((each) => each.status === "unchanged").length;
  return `${countOf("connection", connections)} in ${countOf("project", projects)}: ${countOf("file", files.length)}, ${unchanged} unchanged.`;
}
