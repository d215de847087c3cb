import { finding, type Place } from "../../model/finding.js";
import { notImported } from "../../model/placeholder.js";
import { MAX_DEPTH } from "../../model/schema.js";
import { quote, shown } from "../../model/text.js";
import type { Types } from "../features.js";
import {
  type Built,
  calleeName,
  declare,
  innerScope,
  isBuilt,
  isDeclaration,
  isUnknown,
  type Program,
  placeOf,
  propertyOf,
  type Scope,
  soleBody,
} from "./evaluate.js";
import { describe, type FeatureDraft, FeatureReader, isParameterName, nameAndValue, type StoredText } from "./read-features.js";
import type { Report } from "./report.js";
import type { CallExpression, Expression, Statement } from "./syntax.js";

/** A project parameter. */
export interface ParameterDraft extends StoredText {
  /** Whether it was declared as a password, which its name need not say. */
  readonly password: boolean;
}

/** A project as far as it has been read. */
export interface ProjectDraft {
  readonly id: string;
  readonly place: Place;
  name?: string;
  description?: string;
  parentId?: string;
  uuid?: string;
  archived?: boolean;
  parameters: Map<string, ParameterDraft>;
  features: FeatureDraft[];
  subProjects: ProjectDraft[];
}

const TEXTS = ["name", "description", "parentId", "uuid"] as const;

/** Functions and properties of a project that hold neither features nor sub-projects. */
const LEFT_ALONE = new Set([
  "buildType",
  "buildTypesOrder",
  "buildTypesOrderIds",
  "cleanup",
  "defaultTemplate",
  "subProjectsOrder",
  "subProjectsOrderIds",
  "template",
  "vcsRoot",
]);

/** The functions of `params { … }` that give a name and a value. */
const PARAMETER_FUNCTIONS = new Set(["param", "text", "password", "checkbox", "select"]);

/** Reads projects. */
export class ProjectReader {
  readonly features: FeatureReader;
  private readonly program: Program;
  private readonly report: Report;
  /** What has been read: an object is one project, however often it is named. */
  private readonly seen = new Set<Built>();

  constructor(program: Program, report: Report, types: Types) {
    this.program = program;
    this.report = report;
    this.features = new FeatureReader(program, report, types);
  }

  /** Reads a project with those below it. `topId` is the ID of a top project that does not tell its own. */
  read(built: Built, topId?: string, level = 1): ProjectDraft {
    const { body, place } = built;
    this.seen.add(built);
    // The name of the top project's object is no ID: the server knows the project.
    const id = this.program.idOf(topId === undefined ? built : { ...built, name: undefined }) ?? topId;
    if (id === undefined) this.report.notUnderstood("a project without an ID", place);
    else if (typeof id !== "string") this.report.notUnderstood(`the ID of a project is ${id.what}`, id.place);
    const draft: ProjectDraft = {
      id: typeof id === "string" ? id : notImported(place.file, place.line ?? 1),
      place,
      parameters: new Map(),
      features: [],
      subProjects: [],
    };
    const scope = innerScope(built.scope);
    for (const each of body) this.apply(draft, each, scope, level);
    return draft;
  }

  /** Does to a project what a statement of its body says. */
  apply(draft: ProjectDraft, statement: Statement, scope: Scope, level = 1): void {
    const place = placeOf(scope, statement);
    if (isDeclaration(statement)) {
      declare(statement, scope);
      return;
    }
    const given = propertyOf(statement);
    if (given !== undefined && this.setProperty(draft, given.name, given.value, scope)) return;
    const call = statement.kind === "call" && statement.callee.kind === "name" ? statement : undefined;
    const name = call === undefined ? given?.name : this.program.dslName(calleeName(call), scope);
    const body = call && soleBody(call);
    if (name === "features" && body !== undefined) draft.features.push(...this.features.readAll(body, scope));
    else if (name === "params" && body !== undefined) {
      for (const [key, value] of this.parameters(body, scope)) draft.parameters.set(key, value);
    } else if (name === "subProject" && call !== undefined) this.subProject(draft, call, scope, level);
    else if (name !== undefined && (LEFT_ALONE.has(name) || statement.kind === "assignment"))
      this.report.parts.push({ name: `\`${shown(name)}\``, place });
    else this.report.notUnderstood(`there is ${describe(statement)}, which may add features or sub-projects`, place);
  }

  private setProperty(draft: ProjectDraft, name: string, value: Expression, scope: Scope): boolean {
    if (name === "id" || name === "extId") return true;
    if (name === "archived") {
      const archived = this.program.evaluate(value, scope);
      if (typeof archived === "boolean") draft.archived = archived;
      else this.features.text(value, scope, name);
      return true;
    }
    const key = TEXTS.find((each) => each === name);
    if (key !== undefined) draft[key] = this.features.openText(value, scope, name);
    return key !== undefined;
  }

  /** The parameters that the statements of `params { … }` give. */
  parameters(body: readonly Statement[], outer: Scope): Map<string, ParameterDraft> {
    const scope = innerScope(outer);
    const parameters = new Map<string, ParameterDraft>();
    for (const statement of body) {
      const place = placeOf(scope, statement);
      if (isDeclaration(statement)) {
        declare(statement, scope);
        continue;
      }
      const call = statement.kind === "call" && statement.callee.kind === "name" ? statement : undefined;
      const kind = call && this.program.dslName(calleeName(call), scope);
      const pair = call && kind !== undefined && PARAMETER_FUNCTIONS.has(kind) ? nameAndValue(call.args) : undefined;
      const name = pair && this.program.evaluate(pair.name, scope);
      if (pair !== undefined && isParameterName(name)) {
        const value = this.features.text(pair.value, scope, `param ${shown(name)}`);
        parameters.set(name, { ...value, password: kind === "password" });
        if (kind !== "param") this.report.parts.push({ name: `that a parameter is a \`${kind}\``, place });
      } else if (call !== undefined && kind !== undefined && soleBody(call) !== undefined)
        this.report.parts.push({ name: `\`${shown(kind)}\``, place });
      else this.report.notUnderstood(`there is ${describe(statement)}, which may add parameters`, place);
    }
    return parameters;
  }

  private subProject(draft: ProjectDraft, call: CallExpression, scope: Scope, level: number): void {
    const place = placeOf(scope, call);
    const body = soleBody(call);
    const [only, ...others] = call.args;
    const value =
      only === undefined || others.length > 0 || body !== undefined ? undefined : this.program.evaluate(only.value, scope);
    const built: Built | undefined =
      body !== undefined
        ? { kind: "built", className: "Project", name: undefined, body, scope, place }
        : value !== undefined && isBuilt(value) && value.className === "Project"
          ? value
          : undefined;
    if (built === undefined) {
      const what = value !== undefined && isUnknown(value) ? value.what : "no project of these files";
      this.report.notUnderstood(`the sub-project is ${what}`, place);
    } else if (level >= MAX_DEPTH) {
      this.report.add(finding("PB123", `projects are nested in more than ${MAX_DEPTH} levels`, { place }));
    } else if (this.seen.has(built)) this.report.notUnderstood(`${quote(built.name ?? "a project")} is read already`, place);
    else draft.subProjects.push(this.read(built, undefined, level + 1));
  }
}
