import { lstatSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { connectionTypes } from "../connections/index.js";
import { isScrambled } from "../contract/walk.js";
import { type Types, typesByKind } from "../formats/features.js";
import { plainSecrets, secretShape } from "../formats/plain-secrets.js";
import { type ReadResult, readTeamCityXml } from "../formats/teamcity-xml/index.js";
import { type Finding, finding, hasErrors, sortFindings } from "../model/finding.js";
import { isExternalId, ROOT_PROJECT_ID } from "../model/ids.js";
import { parseProject, parseSettings } from "../model/parse.js";
import type { ProjectNode } from "../model/schema.js";
import { quote, shown } from "../model/text.js";
import { summarize, summaryLines } from "./import-summary.js";
import { projectId } from "./init.js";
import { type Input, readInput } from "./input.js";
import { parseCommand, reportFlags, reportOptions, UsageError } from "./options.js";
import { writeOutput } from "./output.js";
import { type Report, reporting, shownPath } from "./report.js";

export const help = `plugboard import PATH [options]

Writes settings.ts from what TeamCity keeps: XML, Kotlin DSL, or Plugboard's own JSON model. PATH is a repository, a .teamcity
folder, a data directory, a project's folder, a project-config.xml, a settings.kts or a settings.json. Nothing outside PATH
is read, no server is asked, and no secret is copied. Files that exist are never overwritten.

  --out DIR           the folder to write to (default: the current folder)
  --project ID        the project to import with all below it, where PATH holds several trees; the top project's ID where
                      the files do not tell it (default: made from the folder's name)
  --json, --quiet     the report as JSON; errors only
  --max-warnings N    fail if there are more than N warnings
  --no-color          no colours (also the environment variable NO_COLOR)`;

const ownOptions = { ...reportFlags, out: { type: "string" }, project: { type: "string" } } as const;

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseCommand(args, ownOptions);
  const [path, second] = positionals;
  if (path === undefined) throw new UsageError("PATH is missing: the folder or file to import");
  if (second !== undefined) throw new UsageError(`unexpected argument ${JSON.stringify(second)}`);
  const { project } = values;
  if (project !== undefined && project !== ROOT_PROJECT_ID && !isExternalId(project)) {
    throw new UsageError(`--project ${JSON.stringify(project)} is not a project ID`);
  }
  const options = reportOptions(values);
  const request = { path: resolve(path), out: resolve(values.out ?? "."), project, cwd: options.cwd };
  return reporting(options, () => importSettings(request));
}

interface Request {
  readonly path: string;
  readonly out: string;
  readonly project: string | undefined;
  readonly cwd: string;
}

function nothingWritten(findings: readonly Finding[]): Report {
  return { findings: sortFindings(findings), lines: ["Nothing was written."] };
}

async function importSettings({ path, out, project, cwd }: Request): Promise<Report> {
  const types = typesByKind(connectionTypes);
  const named: Finding[] = [];
  const nameProject = (folder: string): string => {
    if (project !== undefined) return project;
    const id = projectId(basename(basename(folder) === ".teamcity" ? dirname(folder) : folder));
    named.push(
      finding("PB315", `the files do not tell the top project's ID: ${id} is made from the folder's name`, {
        place: { file: path },
        hint: "Name it with --project ID.",
      }),
    );
    return id;
  };
  const input = readInput(path, nameProject);
  const read = await readSettings(input, types, project, nameProject);
  const findings = [...input.findings, ...named, ...read.findings.map((each) => inInput(each, input))];
  const { settings } = read;
  if (settings === undefined || hasErrors(findings)) return nothingWritten(findings);
  findings.push(...parseProject(settings.project, connectionTypes).findings.map((each) => ({ ...each, place: { file: path } })));
  if (hasErrors(findings)) return nothingWritten(findings);

  const { writeTypeScript } = await import("../formats/typescript/write.js");
  const written = await writeTypeScript(settings, { types });
  findings.push(...written.findings, ...[...written.files].flatMap(([name, text]) => [...refused(join(out, name), text)]));
  if (hasErrors(findings)) return nothingWritten(findings);
  writeOutput(out, written.files);

  const summary = summarize(settings);
  const files = [...written.files.keys()].map((each) => ({ path: shownPath(join(out, each), cwd), status: "written" }));
  const next = nextSteps(shownPath(join(out, "settings.ts"), cwd), input, cwd);
  return {
    findings: sortFindings(findings),
    data: { form: input.form, ...summary, files, next },
    lines: [
      ...summaryLines(summary, types),
      "",
      ...files.map((each) => `written  ${each.path}`),
      "",
      "Next:",
      ...next.map((each) => `  ${each}`),
    ],
  };
}

async function readSettings(
  input: Input,
  types: Types,
  project: string | undefined,
  nameProject: (folder: string) => string,
): Promise<ReadResult> {
  if (input.form === "xml") return readTeamCityXml(input.files, types, project);
  if (input.form === "kotlin") {
    const { readKotlinDsl } = await import("../formats/kotlin/read.js");
    // Before the portable DSL, every project's file told its ID.
    const isPortable = input.files.has("settings.kts");
    if (isPortable) return readKotlinDsl(input.files, { types, projectId: nameProject(input.folder) });
    const read = await readKotlinDsl(input.files, { types, projectId: project ?? "" });
    const top = read.settings?.project.id;
    if (project === undefined || top === undefined || top === project) return read;
    const message = `project ${quote(project)} is not the top project of these settings: ${quote(top)} is`;
    const hint = "Of Kotlin settings, the top project is imported with all below it. Leave out --project.";
    return { findings: [...read.findings, finding("PB310", message, { place: { file: input.folder }, hint })] };
  }
  if (project !== undefined) throw new UsageError("--project does not apply to a model: it has the IDs of its projects");
  return readModelFile(input, types);
}

/** Reads a model. One that holds a secret is refused: a model is no place that it could stay in. */
function readModelFile({ files }: Input, types: Types): ReadResult {
  const [[file, text] = ["", ""]] = files;
  const refusal = (message: string): Finding =>
    finding("PB309", message, { severity: "error", place: { file }, hint: "Take it out first, and change it." });
  if (secretShape(text) !== undefined) return { findings: [refusal("the model holds a secret in plain text")] };
  const { value, findings } = parseSettings(text.replace(/^\uFEFF/, ""), [...types.values()]);
  const placed = findings.map((each) => ({ ...each, place: { file, ...each.place } }));
  if (value === undefined) return { findings: placed };
  const secrets = [...secretsIn(value.project)].map(refusal);
  return secrets.length > 0 ? { findings: secrets } : { settings: value, findings: placed };
}

/** The stored parameters of a model that are secrets, each as a message that does not tell the value. */
function* secretsIn({ id, parameters = {}, connections, features, subProjects }: ProjectNode): Generator<string> {
  const holders: readonly (readonly [id: string, params: Readonly<Record<string, unknown>>])[] = [
    [id, parameters],
    ...connections.map((each) => [each.id, each.settings.params ?? {}] as const),
    ...features.map((each) => [each.id, each.params] as const),
  ];
  for (const [holder, params] of holders) {
    const texts = Object.entries(params).filter((each): each is [string, string] => typeof each[1] === "string");
    const plain = plainSecrets(Object.fromEntries(texts));
    for (const [name, value] of texts) {
      const what = isScrambled(value) ? "a scrambled secret" : plain.has(name) && `${plain.get(name)} in plain text`;
      if (what) yield `\`${shown(name)}\` of ${quote(holder)} is ${what}`;
    }
  }
  for (const each of subProjects) yield* secretsIn(each);
}

/** A finding with the place that its file really has. */
function inInput(found: Finding, { paths }: Input): Finding {
  const file = paths.get(found.place?.file ?? "");
  return file === undefined ? found : { ...found, place: { ...found.place, file } };
}

/** Why a file is not to be written: it exists, be it as a link that leads nowhere, or a secret has come through. */
function* refused(file: string, text: string): Generator<Finding> {
  const place = { file };
  if (exists(file)) {
    const hint = "Name another folder with --out DIR, or move the file away.";
    yield finding("PB301", "the file exists and is not overwritten", { place, hint });
  }
  const what = secretShape(text);
  if (what !== undefined) {
    const hint = "Take it out of the input, and change it at the provider.";
    yield finding("PB309", `the settings would hold ${what} in plain text`, { severity: "error", place, hint });
  }
}

function exists(file: string): boolean {
  try {
    return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false; // Writing tells why there cannot be such a file.
  }
}

/** The commands to run next. The last shows that nothing is lost: compiling into the tree changes no file. */
function nextSteps(file: string, { form, folder, paths }: Input, cwd: string): readonly string[] {
  const settings = file === "settings.ts" ? "" : ` ${shellWord(file)}`;
  const out = shellWord(shownPath(folder, cwd));
  const compile = { xml: ` --out ${out} --check`, kotlin: " --to kotlin --out build/teamcity", json: "" }[form];
  return [
    ...(form === "xml" ? [...paths].flatMap(([path, found]) => moveToPlace(join(folder, path), found, cwd)) : []),
    `npx plugboard check${settings}`,
    `npx plugboard compile${settings}${compile}`,
  ];
}

/** How a file gets to where TeamCity keeps a project's, and compiling looks for it. */
function moveToPlace(place: string, found: string, cwd: string): string[] {
  if (place === found) return [];
  const [folder, from] = [dirname(place), found].map((each) => shellWord(shownPath(each, cwd)));
  return [`mkdir -p ${folder} && mv ${from} ${folder}`];
}

function shellWord(text: string): string {
  return /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
