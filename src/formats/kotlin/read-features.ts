import type { ConnectionType } from "../../contract/define.js";
import type { Fields, Param } from "../../contract/params.js";
import { CONNECTION_FEATURE } from "../../contract/walk.js";
import { finding, type Place } from "../../model/finding.js";
import { notImported } from "../../model/placeholder.js";
import { shown } from "../../model/text.js";
import type { Types } from "../features.js";
import { secretShape } from "../plain-secrets.js";
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
  textOf,
  type Value,
} from "./evaluate.js";
import type { Report } from "./report.js";
import type { CallExpression, Expression, Statement } from "./syntax.js";

/** The text of a parameter and where it is given. */
export interface StoredText {
  readonly value: string;
  readonly place: Place;
}

/** A project feature as far as it has been read. */
export interface FeatureDraft {
  id: string | undefined;
  type: string | undefined;
  readonly params: Map<string, StoredText>;
  /** The type whose class the feature is of; `undefined` for `feature { … }`. */
  readonly connection: ConnectionType | undefined;
  readonly place: Place;
}

/** The class of features without a class of their own. */
const UNTYPED = "ProjectFeature";

/** Functions of Kotlin itself that take a function and nothing else. */
const STANDARD_FUNCTIONS = new Set(["also", "apply", "buildList", "lazy", "let", "run"]);

/** Reads what stands in `features { … }`. */
export class FeatureReader {
  private readonly byFunction: ReadonlyMap<string, ConnectionType>;
  private readonly byClass: ReadonlyMap<string, ConnectionType>;
  private readonly program: Program;
  private readonly report: Report;

  constructor(program: Program, report: Report, types: Types) {
    this.program = program;
    this.report = report;
    this.byFunction = new Map([...types.values()].map((each) => [each.functionName, each]));
    this.byClass = new Map([...types.values()].map((each) => [each.kotlinClass, each]));
  }

  /** The features that statements add. */
  readAll(body: readonly Statement[], outer: Scope): FeatureDraft[] {
    const scope = innerScope(outer);
    return body.flatMap((each) => this.read(each, scope) ?? []);
  }

  /** The feature that a statement adds, if it adds one that settings can hold. */
  read(statement: Statement, scope: Scope): FeatureDraft | undefined {
    const place = placeOf(scope, statement);
    if (isDeclaration(statement)) {
      declare(statement, scope);
      const isCall = statement.kind === "value" && statement.value.kind === "call";
      const value = isCall ? this.program.evaluate(statement.value, scope) : undefined;
      if (value !== undefined && isUnknown(value)) this.notUnderstood(value.what, value.place);
      return undefined;
    }
    const built = statement.kind === "call" ? this.called(statement, scope) : undefined;
    if (built === undefined) this.notUnderstood(describe(statement), place);
    return built === undefined || built === "left" ? undefined : this.readBuilt(built);
  }

  /** A feature from what it is built with. */
  readBuilt({ className, body, scope, place }: Built): FeatureDraft | undefined {
    const connection = this.byClass.get(className ?? "");
    if (connection === undefined && className !== UNTYPED) {
      if (className === undefined) this.notUnderstood("an object of another class", place);
      else this.report.features.push({ name: `\`${shown(className)}\``, place });
      return undefined;
    }
    const fixed = Object.entries(connection === undefined ? {} : { providerType: connection.providerType, ...connection.fixed });
    const draft: FeatureDraft = {
      id: undefined,
      type: connection && CONNECTION_FEATURE,
      params: new Map(fixed.map(([name, value]) => [name, { value, place }])),
      connection,
      place,
    };
    this.change(draft, body, scope);
    return draft;
  }

  /** Does to a feature what the statements of its class say. */
  change(draft: FeatureDraft, body: readonly Statement[], scope: Scope): void {
    this.apply(draft, body, innerScope(scope), draft.connection === undefined ? [] : [draft.connection.params]);
  }

  /** What a call in `features { … }` adds; `undefined` if it cannot be known, `"left"` if it is known to be left alone. */
  private called(call: CallExpression, scope: Scope): Built | "left" | undefined {
    const name = call.callee.kind === "name" ? this.program.dslName(call.callee.name, scope) : undefined;
    const [only, ...others] = call.args;
    if (name === undefined || only === undefined || others.length > 0) return undefined;
    const place = placeOf(scope, call);
    if (only.value.kind !== "lambda") {
      const value = name === "feature" ? this.program.evaluate(only.value, scope) : undefined;
      return value !== undefined && isBuilt(value) ? value : undefined;
    }
    const className = name === "feature" ? UNTYPED : this.byFunction.get(name)?.kotlinClass;
    if (className !== undefined) return { kind: "built", className, name: undefined, body: only.value.body, scope, place };
    if (STANDARD_FUNCTIONS.has(name)) return undefined;
    this.report.features.push({ name: `\`${shown(name)}\``, place });
    return "left";
  }

  /** `fields` are the properties within reach, those of the innermost function first. */
  private apply(draft: FeatureDraft, body: readonly Statement[], scope: Scope, fields: readonly Fields[]): void {
    for (const statement of body) {
      const place = placeOf(scope, statement);
      if (!this.program.count()) {
        this.report.notUnderstood("there is more than an import reads", place);
        return;
      }
      if (isDeclaration(statement)) {
        declare(statement, scope);
        continue;
      }
      const param = paramOf(statement);
      if (param !== undefined) {
        const name = this.program.evaluate(param.name, scope);
        if (isParameterName(name)) this.set(draft, name, param.value, scope, `param ${shown(name)}`);
        else this.report.notUnderstood("the name of a `param` is none that settings can give", place);
        continue;
      }
      const given = propertyOf(statement);
      if (given !== undefined && (given.name === "id" || (given.name === "type" && draft.connection === undefined))) {
        draft[given.name] = this.openText(given.value, scope, given.name);
      } else if (given === undefined || given.called || !this.setProperty(draft, given.name, given.value, scope, fields)) {
        const what = given === undefined ? describe(statement) : `\`${shown(given.name)}\``;
        this.report.notUnderstood(`${what} is nothing that an import knows of this feature`, place);
      }
    }
  }

  /** Stores a property by its Kotlin name; `false` if there is none. */
  private setProperty(draft: FeatureDraft, name: string, value: Expression, scope: Scope, fields: readonly Fields[]): boolean {
    const param = fields.map((each) => findProperty(each, name)).find((each) => each !== undefined);
    const former = draft.connection?.formerKotlin ?? {};
    if (param === undefined) {
      const stored = Object.hasOwn(former, name) ? former[name] : undefined;
      if (stored !== undefined) this.set(draft, stored, value, scope, name);
      return stored !== undefined;
    }
    const { stored } = param.form === "group" ? (param.presence as { stored: string }) : param;
    const option = value.kind === "call" ? optionOf(param, calleeName(value)) : undefined;
    const [only, ...others] = value.kind === "call" ? value.args.map((each) => each.value) : [];
    const body = only === undefined ? [] : only.kind === "lambda" && others.length === 0 ? only.body : undefined;
    if (option === undefined || body === undefined) this.set(draft, stored, value, scope, name);
    else {
      if (option.stored === undefined) draft.params.delete(stored);
      else draft.params.set(stored, { value: option.stored, place: placeOf(scope, value) });
      this.apply(draft, body, innerScope(scope), [option.fields, ...fields]);
    }
    return true;
  }

  private set(draft: FeatureDraft, stored: string, value: Expression, scope: Scope, name: string): void {
    draft.params.set(stored, this.text(value, scope, name));
  }

  /** The text that an expression stores, or a placeholder. `name` is what is given it. */
  text(expression: Expression, scope: Scope, name: string): StoredText {
    const value = this.program.evaluate(expression, scope);
    const place = placeOf(scope, expression);
    const text = textOf(value);
    if (text !== undefined) return { value: text, place };
    const what = isUnknown(value) ? value.what : "an object";
    this.report.notUnderstood(`\`${shown(name)}\` is ${what}`, place);
    return { value: notImported(place.file, place.line ?? 1), place };
  }

  /** The same where settings say it in the open: a secret found in it goes no further. */
  openText(expression: Expression, scope: Scope, name: string): string {
    const { value, place } = this.text(expression, scope, name);
    const what = secretShape(value);
    if (what === undefined) return value;
    this.report.add(finding("PB309", `\`${shown(name)}\` is ${what} in plain text`, { place }));
    return notImported(place.file, place.line ?? 1);
  }

  private notUnderstood(what: string, place: Place): void {
    this.report.notUnderstood(`there is ${what}, which may add features`, place);
  }
}

/** Tells whether a value is a name that settings can give a parameter. */
export function isParameterName(value: Value | undefined): value is string {
  return typeof value === "string" && value !== "" && value !== "__proto__";
}

/** A statement in words that follow "there is". */
export function describe(statement: Statement): string {
  switch (statement.kind) {
    case "other":
      return /^an? /.test(statement.what) ? statement.what : `a part that is ${statement.what}`;
    case "call":
      return `a call of \`${shown(calleeName(statement))}\``;
    case "assignment":
      return "an assignment";
    default:
      return "an expression";
  }
}

/** Name and value of `param("name", "value")`. */
export function paramOf(statement: Statement): { name: Expression; value: Expression } | undefined {
  if (statement.kind !== "call" || statement.callee.kind !== "name" || statement.callee.name !== "param") return undefined;
  return nameAndValue(statement.args);
}

/** The arguments `name` and `value` of a call, by name or by their places. */
export function nameAndValue(args: CallExpression["args"]): { name: Expression; value: Expression } | undefined {
  const byPlace = args.filter((each) => each.name === undefined);
  const named = (name: string): Expression | undefined => args.find((each) => each.name === name)?.value;
  const name = named("name") ?? byPlace.shift()?.value;
  const value = named("value") ?? byPlace.shift()?.value;
  return name === undefined || value === undefined ? undefined : { name, value };
}

type KotlinParam = Exclude<Param, { form: "pair" | "intent" }>;

/** The parameter that a Kotlin property gives: of a group, the one that tells its presence. */
function findProperty(fields: Fields, name: string): KotlinParam | undefined {
  for (const param of Object.values(fields)) {
    if (param.form === "intent") continue;
    if (param.form === "pair") {
      const part = [param.id, param.secret].find((each) => each.kotlin === name);
      if (part !== undefined) return part;
    } else if (param.form === "group") {
      if (param.presence?.kotlin === name) return param;
      // Without functions of its own, a group's fields are neighbours of the others.
      const field = param.presence?.functions === undefined ? findProperty(param.fields, name) : undefined;
      if (field !== undefined) return field;
    } else if (param.kotlin === name) return param;
  }
  return undefined;
}

/** What a function such as `static` chooses: the word to store, `undefined` for none, and the properties it takes. */
function optionOf(param: KotlinParam, name: string): { stored: string | undefined; fields: Fields } | undefined {
  if (param.form === "variant") return Object.values(param.options).find((each) => each.kotlin === name);
  if (param.form === "choice") {
    const option = Object.values(param.options).find((each) => each.kotlin === name);
    return option && { stored: option.stored, fields: {} };
  }
  const { presence, fields = {} } = param.form === "group" ? param : {};
  if (presence?.functions?.present === name) return { stored: presence.present, fields };
  return presence?.functions?.absent === name ? { stored: presence.absent, fields: {} } : undefined;
}
