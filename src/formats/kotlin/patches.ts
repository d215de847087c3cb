import { type Finding, finding, type Place } from "../../model/finding.js";
import { quote, shown } from "../../model/text.js";
import type { Types } from "../features.js";
import {
  type Built,
  calleeName,
  declare,
  innerScope,
  isBuilt,
  isDeclaration,
  type Program,
  placeOf,
  type Scope,
  soleBody,
  textOf,
} from "./evaluate.js";
import { describe, type FeatureDraft } from "./read-features.js";
import { type ProjectDraft, ProjectReader } from "./read-projects.js";
import { Report } from "./report.js";
import type { CallExpression, Statement } from "./syntax.js";

/**
 * Applies patches, the files in which TeamCity keeps what was changed in its pages, to the tree below `top`. A change is
 * made as a whole or not at all: where what it expects is not there, or a part of it is not understood, the tree stays.
 */
export function applyPatches(scopes: Iterable<Scope>, top: ProjectDraft, program: Program, types: Types, report: Report): void {
  for (const scope of scopes) {
    for (const statement of scope.file.statements) {
      if (isDeclaration(statement)) continue;
      const own = new Report();
      const patch = new Patch(program, types, own, top);
      const commit = patch.read(statement, scope);
      if (own.findings.length === 0) commit?.();
      else {
        report.add(...own.findings.map(notApplied));
        if (own.findings.every(({ code }) => code !== "PB308"))
          report.add(finding("PB311", "not applied: see the other finding", { place: placeOf(scope, statement) }));
      }
      report.parts.push(...own.parts);
      report.features.push(...own.features);
    }
  }
}

/** What keeps a patch from being applied: a part that is not understood, or what a finding of its own tells. */
function notApplied(found: Finding): Finding {
  const { code, message, place } = found;
  return code === "PB308" ? finding("PB311", `not applied: ${message}`, place === undefined ? {} : { place }) : found;
}

/** One change of a patch. It reads into copies; what it returns puts them in place. */
class Patch {
  private readonly program: Program;
  private readonly report: Report;
  private readonly reader: ProjectReader;
  private readonly top: ProjectDraft;

  constructor(program: Program, types: Types, report: Report, top: ProjectDraft) {
    this.program = program;
    this.report = report;
    this.reader = new ProjectReader(program, report, types);
    this.top = top;
  }

  read(statement: Statement, scope: Scope): (() => void) | undefined {
    const place = placeOf(scope, statement);
    const [first, second, ...others] = statement.kind === "call" ? statement.args : [];
    const name = statement.kind === "call" && statement.callee.kind === "name" ? statement.callee.name : undefined;
    const value = first && this.program.evaluate(first.value, scope);
    const id = value === undefined ? undefined : textOf(value);
    if (id === undefined || others.length > 0) return this.refuse(`there is ${describe(statement)}`, place);
    const found = find(this.top, id);
    if (found === undefined) return this.refuse(`there is no project ${quote(id)}`, place);
    const { project, parent } = found;
    if (name === "changeProject" && second?.value.kind === "lambda") return this.change(project, second.value.body, scope);
    if (name === "create" && second !== undefined) {
      const built = this.program.evaluate(second.value, scope);
      if (isBuilt(built) && built.className === "Project") return this.create(project, built);
      if (isBuilt(built) && built.className !== undefined) {
        this.report.parts.push({ name: `\`${shown(built.className)}\``, place });
        return undefined;
      }
    }
    if (name === "deleteProject" && second === undefined) {
      if (parent === undefined) return this.refuse("the top project cannot be deleted", place);
      return () => parent.subProjects.splice(parent.subProjects.indexOf(project), 1);
    }
    return this.refuse(`there is ${describe(statement)}`, place);
  }

  private refuse(message: string, place: Place): undefined {
    this.report.notUnderstood(message, place);
  }

  private create(parent: ProjectDraft, built: Built): (() => void) | undefined {
    const project = this.reader.read(built);
    if (find(this.top, project.id) !== undefined)
      return this.refuse(`there is a project ${quote(project.id)} already`, built.place);
    return () => parent.subProjects.push(project);
  }

  private change(project: ProjectDraft, body: readonly Statement[], outer: Scope): () => void {
    const scope = innerScope(outer);
    const copy: ProjectDraft = {
      ...project,
      parameters: new Map(project.parameters),
      features: project.features.map((each) => ({ ...each, params: new Map(each.params) })),
    };
    for (const statement of body) {
      const call = statement.kind === "call" && statement.callee.kind === "name" ? statement : undefined;
      const name = call && calleeName(call);
      const inner = call && soleBody(call);
      if (name === "features" && inner !== undefined) this.changeFeatures(copy, inner, scope);
      else if (name === "params" && inner !== undefined) this.changeParameters(copy, inner, scope);
      else if (name === "check" && call !== undefined) this.check(copy, call, scope);
      else this.reader.apply(copy, statement, scope);
    }
    return () => Object.assign(project, copy);
  }

  /** `check(name == "x") { "…" }`: what the change expects of a property. */
  private check(project: ProjectDraft, call: CallExpression, scope: Scope): void {
    const condition = call.args[0]?.value;
    const [left, right] = condition?.kind === "equality" ? [condition.left, condition.right] : [];
    const expected = right && this.program.evaluate(right, scope);
    const key = (["name", "description", "archived"] as const).find((each) => left?.kind === "name" && left.name === each);
    const actual = key && (project[key] ?? (key === "archived" ? false : ""));
    if (key === undefined || actual !== expected)
      this.refuse(`\`${key ?? "check"}\` is not what the patch expects`, placeOf(scope, call));
  }

  private changeParameters(project: ProjectDraft, body: readonly Statement[], scope: Scope): void {
    for (const statement of body) {
      const place = placeOf(scope, statement);
      const inner = statement.kind === "call" ? soleBody(statement) : undefined;
      const name = statement.kind === "call" ? calleeName(statement) : "";
      if (inner === undefined || !["add", "expect", "remove", "update"].includes(name)) {
        this.refuse(`there is ${describe(statement)}`, place);
        continue;
      }
      for (const [key, parameter] of this.reader.parameters(inner, scope)) {
        const current = project.parameters.get(key)?.value;
        if (name === "add" ? current !== undefined : name !== "update" && current !== parameter.value) {
          this.refuse(`parameter \`${shown(key)}\` is not what the patch expects`, parameter.place);
        }
        if (name === "remove") project.parameters.delete(key);
        else if (name !== "expect") project.parameters.set(key, parameter);
      }
    }
  }

  private changeFeatures(project: ProjectDraft, body: readonly Statement[], outer: Scope): void {
    const scope = innerScope(outer);
    const found = new Map<string, FeatureDraft | undefined>();
    for (const statement of body) {
      const value = statement.kind === "value" ? statement.value : statement;
      const call = value.kind === "call" ? value : undefined;
      const inner = call && soleBody(call);
      const place = placeOf(scope, statement);
      const name = call && calleeName(call);
      if (statement.kind === "value" && name === "find" && call !== undefined && inner !== undefined) {
        found.set(statement.name, this.expected(project, inner, call.types[0], scope, place));
      } else if (isDeclaration(statement)) declare(statement, scope);
      else if (call?.callee.kind === "name" && inner !== undefined && name === "add") {
        for (const feature of this.reader.features.readAll(inner, scope)) this.add(project, feature);
      } else if (call?.callee.kind === "name" && inner !== undefined && name === "remove") {
        const feature = this.expected(project, inner, undefined, scope, place);
        if (feature !== undefined) project.features.splice(project.features.indexOf(feature), 1);
      } else if (call?.callee.kind === "member" && call.callee.of.kind === "name" && inner !== undefined && name === "apply") {
        const feature = found.get(call.callee.of.name);
        if (feature !== undefined) this.reader.features.change(feature, inner, scope);
        else if (!found.has(call.callee.of.name)) this.refuse(`there is ${describe(call)}`, place);
      } else this.refuse(`there is ${describe(statement)}`, place);
    }
  }

  private add(project: ProjectDraft, feature: FeatureDraft): void {
    const taken = feature.id !== undefined && project.features.some((each) => each.id === feature.id);
    if (taken) this.refuse(`there is a feature ${quote(feature.id as string)} already`, feature.place);
    else project.features.push(feature);
  }

  /**
   * The feature that is in the state expected: a call that would make it, such as `awsConnection { … }`, or the statements
   * of its class. Without an ID, the parameters tell.
   */
  private expected(
    project: ProjectDraft,
    body: readonly Statement[],
    className: string | undefined,
    scope: Scope,
    place: Place,
  ): FeatureDraft | undefined {
    const [only, ...others] = body;
    const isWhole = only?.kind === "call" && others.length === 0 && soleBody(only) !== undefined;
    const expected = isWhole
      ? this.reader.features.read(only, innerScope(scope))
      : className === undefined
        ? undefined
        : this.reader.features.readBuilt({ kind: "built", className, name: undefined, body, scope, place });
    const feature = expected && project.features.find((each) => isSame(each, expected));
    if (feature === undefined) this.refuse("no feature is in the state that the patch expects", place);
    return feature;
  }
}

function isSame(feature: FeatureDraft, expected: FeatureDraft): boolean {
  return (
    feature.type === expected.type &&
    (expected.id === undefined || feature.id === expected.id) &&
    feature.params.size === expected.params.size &&
    [...expected.params].every(([name, { value }]) => feature.params.get(name)?.value === value)
  );
}

/** The project of an ID, or before the portable DSL of a UUID, with the project that holds it. */
function find(top: ProjectDraft, id: string): { project: ProjectDraft; parent: ProjectDraft | undefined } | undefined {
  const open: { project: ProjectDraft; parent: ProjectDraft | undefined }[] = [{ project: top, parent: undefined }];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at.project.id === id || at.project.uuid === id) return at;
    for (const project of at.project.subProjects) open.push({ project, parent: at.project });
  }
  return undefined;
}
