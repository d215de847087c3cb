import type { Place } from "../../model/finding.js";
import { MAX_TEXT } from "../../model/schema.js";
import { compareText, shown } from "../../model/text.js";
import type { CallExpression, Declaration, Expression, KotlinFile, Position, Statement } from "./syntax.js";

/** What an expression comes to. Numbers are integers. */
export type Value = string | number | boolean | ExternalId | Built | Unknown;

/** `AbsoluteId("X")`, or `RelativeId("X")` with the top project's ID before it. */
export interface ExternalId {
  readonly kind: "id";
  readonly id: string;
}

/** An object or an instance of a class of the DSL: what it is built with. */
export interface Built {
  readonly kind: "built";
  /** The class, by TeamCity's name; `undefined` if it is none of TeamCity's. */
  readonly className: string | undefined;
  /** The object's name; instances have none. */
  readonly name: string | undefined;
  readonly body: readonly Statement[];
  readonly scope: Scope;
  readonly place: Place;
}

/** An expression that has no constant value. `what` follows "is": "a call of `foo`". */
export interface Unknown {
  readonly kind: "unknown";
  readonly what: string;
  readonly place: Place;
}

/** The names that are known somewhere in a file. */
export interface Scope {
  readonly file: KotlinFile;
  readonly names: Map<string, Binding>;
  /** What the file imports by name: qualified names. */
  readonly imports: ReadonlyMap<string, string>;
  readonly parent?: Scope;
}

interface Binding {
  readonly declaration: Declaration;
  readonly scope: Scope;
  value?: Value | undefined;
  evaluating?: boolean;
}

export function isUnknown(value: Value): value is Unknown {
  return typeof value === "object" && value.kind === "unknown";
}

export function isBuilt(value: Value): value is Built {
  return typeof value === "object" && value.kind === "built";
}

/** The text that a parameter is given by; `undefined` if a value is none. */
export function textOf(value: Value): string | undefined {
  if (typeof value !== "object") return String(value);
  return value.kind === "id" ? value.id : undefined;
}

export function placeOf(scope: Scope, { line, column }: Position): Place {
  return { file: scope.file.path, line, column };
}

/** A scope within another: the body of a function. */
export function innerScope(parent: Scope): Scope {
  return { ...parent, names: new Map(), parent };
}

/** Adds what a declaration names to a scope. */
export function declare(declaration: Declaration, scope: Scope): void {
  scope.names.set(declaration.name, { declaration, scope });
}

/** The most levels that values may be made of each other in. */
const MAX_LEVELS = 500;

/** The most text that is evaluated in all, in UTF-16 code units: a few kilobytes of Kotlin can say gigabytes. */
const MAX_TOTAL = 2 ** 26;

/** The most names in a row such as `A.b.c`. */
const MAX_NAMES = 20;

/** The most statements that are applied in all: one object may be named over and over. */
const MAX_STATEMENTS = 2_000_000;

/** Files with what they declare. It evaluates what is constant and runs nothing. */
export class Program {
  /** Scopes of files by path, sorted. */
  readonly scopes: ReadonlyMap<string, Scope>;
  private readonly declared = new Map<string, Binding>();
  private readonly packages = new Set<string>();
  private readonly projectId: string;
  private level = 0;
  private total = 0;
  private statements = 0;

  /** `projectId` is the external ID of the top project, which relative IDs begin with. */
  constructor(files: readonly KotlinFile[], projectId: string) {
    this.projectId = projectId;
    const scopes = new Map<string, Scope>();
    for (const file of [...files].sort((a, b) => compareText(a.path, b.path))) {
      const imports = file.imports.filter((each) => !each.wildcard).map((each) => [each.name, each.path] as const);
      const scope: Scope = { file, names: new Map(), imports: new Map(imports) };
      scopes.set(file.path, scope);
      for (const statement of file.statements) if (isDeclaration(statement)) declare(statement, scope);
      // What a script declares is its own.
      if (file.path.endsWith(".kts")) continue;
      this.packages.add(file.package);
      for (const [name, binding] of scope.names) this.declared.set(qualified(file.package, name), binding);
    }
    this.scopes = scopes;
  }

  /** Counts a statement that is applied; `false` beyond what an import reads. */
  count(): boolean {
    return ++this.statements <= MAX_STATEMENTS;
  }

  /** An absolute ID from a relative one. */
  absoluteId(relative: string): string {
    return `${this.projectId}_${relative}`;
  }

  /** The name in the DSL of what a name in a file stands for; `undefined` if the files declare it themselves. */
  dslName(name: string, scope: Scope): string | undefined {
    if (this.find(name, scope) !== undefined) return undefined;
    const imported = scope.imports.get(name) ?? name;
    return imported.slice(imported.lastIndexOf(".") + 1);
  }

  evaluate(expression: Expression, scope: Scope): Value {
    const unknown = (what: string): Unknown => ({ kind: "unknown", what, place: placeOf(scope, expression) });
    if (this.level > MAX_LEVELS) return unknown("nested too deeply");
    this.level++;
    const value = this.work(expression, scope);
    this.level--;
    if (typeof value === "string") this.total += value.length;
    return this.total > MAX_TOTAL ? unknown("beyond the text that an import evaluates") : value;
  }

  private work(expression: Expression, scope: Scope): Value {
    const unknown = (what: string): Unknown => ({ kind: "unknown", what, place: placeOf(scope, expression) });
    switch (expression.kind) {
      case "number":
        return expression.value;
      case "text":
        return this.concatenate(expression.parts, "", expression, scope);
      case "sum": {
        const [first, ...others] = expression.terms as [Expression, ...Expression[]];
        let sum = this.evaluate(first, scope);
        for (const [index, term] of others.entries()) {
          if (typeof sum === "string") return this.concatenate(others.slice(index), sum, expression, scope);
          const value = this.evaluate(term, scope);
          if (isUnknown(sum)) return sum;
          if (isUnknown(value)) return value;
          if (typeof sum !== "number" || typeof value !== "number") return unknown("calculated");
          sum += value;
        }
        return typeof sum === "number" && Math.abs(sum) >= 2 ** 31 ? unknown("calculated") : sum;
      }
      case "name":
        if (expression.name === "true" || expression.name === "false") return expression.name === "true";
        return (
          this.valueOf(this.find(expression.name, scope)) ??
          unknown(`\`${shown(expression.name)}\`, which is not a constant of these files`)
        );
      case "member":
        return this.member(expression, scope) ?? unknown(`\`${shown(expression.name)}\` of something that is not a constant`);
      case "call":
        return this.call(expression, scope) ?? unknown(`a call of \`${shown(calleeName(expression))}\``);
      case "lambda":
        return unknown("a function");
      case "equality":
        return unknown("a comparison");
      case "other":
        return unknown(expression.what);
    }
  }

  private concatenate(parts: readonly (string | Expression)[], start: string, at: Position, scope: Scope): Value {
    let text = start;
    for (const part of parts) {
      const value = typeof part === "string" ? part : this.evaluate(part, scope);
      if (typeof value === "object" && value.kind === "unknown") return value;
      const more = textOf(value);
      if (more === undefined) return { kind: "unknown", what: "a text made of an object", place: placeOf(scope, at) };
      text += more;
      if (text.length > MAX_TEXT)
        return { kind: "unknown", what: `longer than ${MAX_TEXT} characters`, place: placeOf(scope, at) };
    }
    return text;
  }

  /** The value of a binding, worked out once. */
  private valueOf(binding: Binding | undefined): Value | undefined {
    if (binding === undefined || binding.evaluating) return undefined;
    binding.evaluating = true;
    binding.value ??= this.declaredValue(binding);
    binding.evaluating = false;
    return binding.value;
  }

  private declaredValue({ declaration, scope }: Binding): Value | undefined {
    if (declaration.kind === "declaration") return undefined;
    if (declaration.kind === "value") return this.evaluate(declaration.value, scope);
    const { base, members, init, name } = declaration;
    const inner = innerScope(scope);
    for (const member of members) if (isDeclaration(member)) declare(member, inner);
    const body = base === undefined ? [] : this.bodyOf(base.args);
    return {
      kind: "built",
      className: base === undefined || body === undefined ? undefined : this.dslName(base.name, scope),
      name,
      body: [...(body ?? []), ...init],
      scope: inner,
      place: placeOf(scope, declaration),
    };
  }

  /** The statements of the function that a class of the DSL is built with. */
  private bodyOf(args: CallExpression["args"]): readonly Statement[] | undefined {
    return args.length === 0 ? [] : soleBody({ args });
  }

  private member(expression: Extract<Expression, { kind: "member" }>, scope: Scope): Value | undefined {
    const path = pathOf(expression);
    if ((path?.length ?? 0) > MAX_NAMES)
      return { kind: "unknown", what: "a chain of too many names", place: placeOf(scope, expression) };
    if (path?.join(".") === "DslContext.projectId") return { kind: "id", id: this.projectId };
    const found = path === undefined ? undefined : this.findPath(path, scope);
    if (found !== undefined) return this.valueOf(found);
    const holder = this.evaluate(expression.of, scope);
    if (isBuilt(holder)) {
      if (expression.name === "id" && holder.className === "Project") {
        const id = this.idOf(holder);
        return typeof id === "string" ? { kind: "id", id } : id;
      }
      return this.valueOf(holder.scope.names.get(expression.name));
    }
    return isUnknown(holder) && expression.of.kind !== "name" ? holder : undefined;
  }

  private call(expression: CallExpression, scope: Scope): Value | undefined {
    const { callee, args } = expression;
    if (callee.kind === "member") {
      // Of something from outside, such as `DslContext`, the call says more.
      if (callee.of.kind === "name" && this.find(callee.of.name, scope) === undefined) return undefined;
      return this.method(callee.name, this.evaluate(callee.of, scope), args, scope);
    }
    if (callee.kind !== "name") return undefined;
    const name = this.dslName(callee.name, scope);
    if (name === undefined) return undefined;
    const [only, ...others] = args;
    if (name === "AbsoluteId" || name === "RelativeId") {
      const id = only === undefined || others.length > 0 ? undefined : this.evaluate(only.value, scope);
      if (typeof id !== "string") return id !== undefined && isUnknown(id) ? id : undefined;
      return { kind: "id", id: name === "AbsoluteId" ? id : this.absoluteId(id) };
    }
    const body = /^\p{Lu}/u.test(name) ? this.bodyOf(args) : undefined;
    if (body === undefined) return undefined;
    return { kind: "built", className: name, name: undefined, body, scope, place: placeOf(scope, expression) };
  }

  private method(name: string, receiver: Value, args: CallExpression["args"], scope: Scope): Value | undefined {
    if (isUnknown(receiver)) return receiver;
    const values = args.map((each) => this.evaluate(each.value, scope));
    if (name === "toString" && values.length === 0) return textOf(receiver);
    if (typeof receiver !== "string") return undefined;
    const [only = "|", ...others] = values;
    if (name === "trimMargin" && typeof only === "string" && only.trim() !== "" && others.length === 0)
      return trimMargin(receiver, only);
    if (values.length > 0) return undefined;
    return name === "trimIndent" ? trimIndent(receiver) : undefined;
  }

  /** The external ID of a project, from its own statements or, for an object, its name; `undefined` if it has none. */
  idOf({ body, scope, name }: Built): string | Unknown | undefined {
    let id: string | Unknown | undefined = name === undefined ? undefined : this.absoluteId(name);
    // Only settings from before the portable DSL have a UUID; their IDs are absolute.
    const portable = !body.some((each) => propertyOf(each)?.name === "uuid");
    for (const statement of body) {
      const given = propertyOf(statement);
      if (given === undefined || (given.name !== "id" && given.name !== "extId")) continue;
      const value = this.evaluate(given.value, scope);
      if (isUnknown(value)) id = value;
      else if (typeof value === "string") id = portable && given.called ? this.absoluteId(value) : value;
      else id = textOf(value) ?? id;
    }
    return id;
  }

  /** What a name stands for: what is nearest, then what the file imports, then what its package or an imported one declares. */
  private find(name: string, scope: Scope): Binding | undefined {
    let at = scope;
    for (; at.parent !== undefined; at = at.parent) {
      const binding = at.names.get(name);
      if (binding !== undefined) return binding;
    }
    const imported = at.imports.get(name);
    if (imported !== undefined) return this.findQualified(imported.split("."));
    const near = at.names.get(name) ?? this.declared.get(qualified(at.file.package, name));
    if (near !== undefined) return near;
    for (const { path, wildcard } of at.file.imports) {
      if (!wildcard || !(this.packages.has(path) || this.declared.has(path))) continue;
      const binding = this.findQualified([...path.split("."), name]);
      if (binding !== undefined) return binding;
    }
    return undefined;
  }

  /** What `A.b.c` stands for, `A` being a name in scope or `A.b` a package. */
  private findPath([first, ...rest]: readonly string[], scope: Scope): Binding | undefined {
    const binding = this.find(first as string, scope);
    return binding === undefined ? this.findQualified([first as string, ...rest]) : this.within(binding, rest);
  }

  private findQualified(path: readonly string[]): Binding | undefined {
    for (let length = path.length; length > 0; length--) {
      const binding = this.declared.get(path.slice(0, length).join("."));
      if (binding !== undefined) return this.within(binding, path.slice(length));
    }
    return undefined;
  }

  private within(binding: Binding, path: readonly string[]): Binding | undefined {
    let found: Binding | undefined = binding;
    for (const name of path) {
      const holder = this.valueOf(found);
      found = holder !== undefined && isBuilt(holder) ? holder.scope.names.get(name) : undefined;
      if (found === undefined) return undefined;
    }
    return found;
  }
}

/** The statements of a call with a function and nothing else. */
export function soleBody({ args }: Pick<CallExpression, "args">): readonly Statement[] | undefined {
  const [only, ...others] = args;
  return only?.value.kind === "lambda" && others.length === 0 ? only.value.body : undefined;
}

export function isDeclaration(statement: Statement): statement is Declaration {
  return statement.kind === "value" || statement.kind === "object" || statement.kind === "declaration";
}

/** A property that a statement gives a value: `name = "x"`, `this.name = "x"`, or `id("x")`, which calls it. */
export function propertyOf(statement: Statement): { name: string; value: Expression; called: boolean } | undefined {
  if (statement.kind === "call") {
    const [only, ...others] = statement.args;
    const isProperty =
      statement.callee.kind === "name" && only !== undefined && others.length === 0 && only.value.kind !== "lambda";
    return isProperty ? { name: calleeName(statement), value: only.value, called: true } : undefined;
  }
  if (statement.kind !== "assignment") return undefined;
  const { target, value } = statement;
  if (target.kind === "name") return { name: target.name, value, called: false };
  const isOwn = target.kind === "member" && target.of.kind === "name" && target.of.name === "this";
  return isOwn ? { name: target.name, value, called: false } : undefined;
}

/** The name of what is called, without what stands before its dot. */
export function calleeName({ callee }: CallExpression): string {
  return callee.kind === "name" || callee.kind === "member" ? callee.name : "a function";
}

function qualified(packageName: string, name: string): string {
  return packageName === "" ? name : `${packageName}.${name}`;
}

/** The names of `a.b.c`; `undefined` if it is made of anything else. */
function pathOf(expression: Expression): string[] | undefined {
  const path: string[] = [];
  let at = expression;
  for (; at.kind === "member"; at = at.of) path.unshift(at.name);
  return at.kind === "name" ? [at.name, ...path] : undefined;
}

/** One character of white space to Kotlin. */
const BLANK = "[\\t-\\r\\x1c-\\x20\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const LEADING_BLANKS = new RegExp(`^${BLANK}*`);

function indentOf(line: string): number {
  return (LEADING_BLANKS.exec(line) as RegExpExecArray)[0].length;
}

/** Kotlin's `trimIndent`: the indent common to lines that are not blank goes, and with it a blank first and last line. */
function trimIndent(text: string): string {
  const lines = text.split(/\r\n|\n|\r/);
  const indents = lines.filter((each) => indentOf(each) < each.length).map(indentOf);
  const common = indents.reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY);
  return trimLines(lines, (line) => line.slice(Math.min(common, line.length)));
}

/** Kotlin's `trimMargin`: what stands before the prefix and the prefix itself go. */
function trimMargin(text: string, prefix: string): string {
  return trimLines(text.split(/\r\n|\n|\r/), (line) => {
    const indent = indentOf(line);
    return line.startsWith(prefix, indent) ? line.slice(indent + prefix.length) : line;
  });
}

function trimLines(lines: readonly string[], trim: (line: string) => string): string {
  const isOuter = (index: number): boolean => index === 0 || index === lines.length - 1;
  return lines
    .filter((line, index) => !(isOuter(index) && indentOf(line) === line.length))
    .map(trim)
    .join("\n");
}
