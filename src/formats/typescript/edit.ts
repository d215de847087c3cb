import type { ts as TypeScript } from "ts-morph";
import type { ConnectionType } from "../../contract/define.js";
import { type Finding, finding, type Place } from "../../model/finding.js";
import type { ConnectionNode } from "../../model/schema.js";
import { quote } from "../../model/text.js";
import type { ConnectionForm } from "../../model/values.js";
import type { Types } from "../features.js";
import { Names, nameOf } from "./names.js";
import { type Code, call, object, print, printStatements, property, type Style, WIDTH } from "./print.js";
import { type ConnectionCall, type Expression, type Node, type ProjectCall, Refusal, Source, type Ts } from "./source.js";
import { connectionRef, isSecret, keyLiteral, settingsCode, type Terms, tableOf, textLiteral, valueCode } from "./values.js";

/** A change to one connection. Values are those of the model; paths lead from the settings: `["credentials", "roleArn"]`. */
export type Edit = ChangeSettings | AddConnection | RemoveConnection;

export interface ChangeSettings {
  readonly action: "change";
  readonly projectId: string;
  readonly connectionId: string;
  readonly set?: readonly { readonly path: readonly string[]; readonly value: unknown }[];
  readonly unset?: readonly (readonly string[])[];
}

export interface AddConnection {
  readonly action: "add";
  readonly projectId: string;
  readonly connection: ConnectionNode;
}

/** Comments directly above the connection go with it. */
export interface RemoveConnection {
  readonly action: "remove";
  readonly projectId: string;
  readonly connectionId: string;
}

export interface EditOptions {
  readonly types: Types;
  /** The file's name, for places. */
  readonly file: string;
  /** Kinds of types that come from plug-ins. Default: none. */
  readonly plugIns?: ReadonlySet<string>;
}

export interface Edited {
  /** The file's new text; absent if the edit was refused. */
  readonly text?: string;
  readonly findings: readonly Finding[];
}

/**
 * Edits a settings file: the literals that an edit is about change, every other byte stays. Projects and connections are
 * found by literal IDs. What is computed is not edited but refused with PB314 at its place, a file with syntax errors with
 * PB101.
 */
export async function editTypeScript(text: string, edit: Edit, options: EditOptions): Promise<Edited> {
  const { ts } = await import("ts-morph");
  try {
    const editor = new Editor(ts, options, text);
    const broken = editor.source.syntaxError();
    if (broken !== undefined) {
      return { findings: [finding("PB101", "the file does not parse", { place: placeOf(editor.source.file, broken, options) })] };
    }
    editor.apply(edit);
    if (editor.source.syntaxError() !== undefined) throw new Refusal("the edit does not give valid TypeScript");
    return { text: editor.source.text, findings: [] };
  } catch (error) {
    if (error instanceof RangeError) return refused("the file is nested too deeply", { file: options.file });
    if (!(error instanceof Refusal)) throw error;
    const { message, node } = error;
    return refused(
      message,
      node === undefined ? { file: options.file } : placeOf(node.getSourceFile(), node.getStart(), options),
    );
  }
}

function refused(message: string, place: Place): Edited {
  return { findings: [finding("PB314", message, { place })] };
}

function placeOf(source: TypeScript.SourceFile, position: number, { file }: EditOptions): Place {
  const { line, character } = source.getLineAndCharacterOfPosition(position);
  return { file, line: line + 1, column: character + 1 };
}

interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

type Literal = TypeScript.ObjectLiteralExpression;

/** One setting to be given a value, or to be taken away. */
interface Change {
  readonly path: readonly string[];
  /** `undefined` takes the setting away. */
  readonly value: unknown;
}

/** Where a setting is, or will be. */
interface Setting {
  readonly project: ProjectCall;
  readonly type: ConnectionType | undefined;
  readonly literal: Literal;
  /** Leads from the settings to the property of the literal. */
  readonly path: readonly string[];
}

class Editor {
  readonly #ts: Ts;
  readonly #options: EditOptions;
  readonly #style: Style;
  /** The file as far as it is edited. Nodes are its own: they are of no use after the next edit. */
  source: Source;

  constructor(ts: Ts, options: EditOptions, text: string) {
    this.#ts = ts;
    this.#options = options;
    this.source = new Source(ts, options.file, text, options.types);
    this.#style = this.source.style();
  }

  apply(edit: Edit): void {
    const before = this.#usedNames(edit.projectId);
    switch (edit.action) {
      case "change": {
        const changes: Change[] = [...(edit.unset ?? []).map((path) => ({ path, value: undefined })), ...(edit.set ?? [])];
        // One by one, since each moves what follows it; what a change is made of comes before the next.
        for (let next = changes.shift(); next !== undefined; next = changes.shift()) {
          changes.unshift(...this.#change(edit, next));
        }
        break;
      }
      case "add":
        this.#add(edit.projectId, edit.connection);
        break;
      case "remove":
        this.#remove(edit);
        break;
    }
    this.#tidy(edit.projectId, before);
  }

  /** Takes splices that do not overlap; those of one place in their order. */
  #splice(splices: readonly Splice[]): void {
    const { text } = this.source;
    const lineEnd = text.includes("\r\n") ? "\r\n" : "\n";
    let result = "";
    let at = 0;
    for (const { start, end, text: put } of [...splices].sort((a, b) => a.start - b.start)) {
      result += text.slice(at, start) + put.replaceAll("\n", lineEnd);
      at = end;
    }
    this.source = new Source(this.#ts, this.#options.file, result + text.slice(at), this.#options.types);
  }

  #project(id: string): ProjectCall {
    const { source } = this;
    const found = source.projects().filter((each) => each.id === id);
    const [project, second] = found;
    if (project === undefined) throw new Refusal(`no project in the file has the literal ID ${quote(id)} and a body`);
    if (second !== undefined) throw new Refusal(`the file has project ${quote(id)} twice`, second.call);
    this.#assertOnce(project.call, source.file);
    return project;
  }

  /** Refuses what may run more than once, or not at all, between a node and the one around it. */
  #assertOnce(node: Node, around: Node): void {
    const { source } = this;
    const ts = this.#ts;
    for (let each = node.parent; each !== around && each !== undefined; each = each.parent) {
      const isBody =
        ts.isFunctionDeclaration(each) ||
        (ts.isCallExpression(each.parent) &&
          /^(project|subProject|settings)$/.test(source.authoring(each.parent.expression)?.name ?? ""));
      if (ts.isIterationStatement(each, false)) throw new Refusal("the declaration is in a loop", node);
      if (ts.isFunctionLike(each) && !isBody)
        throw new Refusal("the declaration is in a function that may be called several times", node);
      const isBranch = ts.isIfStatement(each) || ts.isConditionalExpression(each) || ts.isSwitchStatement(each);
      if (isBranch || ts.isTryStatement(each) || ts.isBinaryExpression(each))
        throw new Refusal("the declaration is under a condition", node);
    }
  }

  #connection({ call: projectCall, body, id: projectId }: ProjectCall, id: string): ConnectionCall {
    const declared = this.source.connections(body);
    const found = declared.filter((each) => each.id === id);
    const [connection, second] = found;
    if (connection === undefined) {
      const computed = declared.find((each) => each.id === undefined);
      if (computed === undefined)
        throw new Refusal(`project ${quote(projectId)} declares no connection ${quote(id)} here`, projectCall);
      throw new Refusal(`connection ${quote(id)} is not among the literal IDs; this one is computed`, computed.call);
    }
    if (second !== undefined) throw new Refusal(`the project has connection ${quote(id)} twice`, second.call);
    this.#assertOnce(connection.call, body);
    return connection;
  }

  /** Makes a change, or gives the smaller ones that it is made of. */
  #change({ projectId, connectionId }: ChangeSettings, { path, value }: Change): readonly Change[] {
    const { source } = this;
    const project = this.#project(projectId);
    const connection = this.#connection(project, connectionId);
    if (connection.settings === undefined) throw new Refusal("the connection has no settings", connection.call);
    const type = source.typeOf(connection, this.#options.types);
    let holder = connection.settings;
    for (const [depth, name] of path.entries()) {
      const literal = this.#literal(holder);
      const found = literal.properties.find((each) => source.nameOf(each) === name);
      const rest = path.slice(depth + 1);
      if (found === undefined) {
        if (value === undefined) return [];
        const whole = rest.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
        this.#insertProperty({ project, type, literal, path: path.slice(0, depth + 1) }, whole);
        return [];
      }
      const given = this.#valueIn(found);
      if (rest.length === 0) return this.#replace({ project, type, literal, path }, found, given, value);
      holder = source.unwrap(given);
    }
    throw new Refusal("the path of the setting is empty", connection.call);
  }

  /** An object written out, of which every property is known by name. */
  #literal(node: Expression): Literal {
    if (!this.#ts.isObjectLiteralExpression(node)) throw new Refusal("the settings here are not written out as an object", node);
    const computed = node.properties.find((each) => this.source.nameOf(each) === undefined);
    if (computed !== undefined) throw new Refusal("the object holds something computed", computed);
    return node;
  }

  #valueIn(found: TypeScript.ObjectLiteralElementLike): Expression {
    if (this.#ts.isPropertyAssignment(found)) return found.initializer;
    if (this.#ts.isShorthandPropertyAssignment(found)) return found.name;
    throw new Refusal("the setting is computed", found);
  }

  #replace(
    { project, type, literal, path }: Setting,
    found: TypeScript.ObjectLiteralElementLike,
    given: Expression,
    value: unknown,
  ): readonly Change[] {
    const { source } = this;
    const ts = this.#ts;
    const table = tableOf(type);
    const current = source.read(given);
    // A variable that holds a handle is read where it is a constant, and may always give way to another handle.
    const isHandle = table.get(path.join("."))?.form === "reference" && ts.isIdentifier(given);
    if (current === undefined && !isHandle) throw new Refusal(`\`${path.join(".")}\` is computed`, given);
    if (value === undefined) {
      this.#splice(this.#without(literal.properties, found));
      return [];
    }
    if (current !== undefined && isSame(current.value, value)) return [];
    const isWritten = ts.isObjectLiteralExpression(source.unwrap(given));
    if (isWritten && isPlain(value) && isPlain(current?.value) && value.type === current.value.type) {
      const gone = Object.keys(current.value).filter((key) => value[key] === undefined);
      return [
        ...gone.map((key) => ({ path: [...path, key], value: undefined })),
        ...Object.entries(value).map(([key, each]) => ({ path: [...path, key], value: each })),
      ];
    }
    const splices: Splice[] = [];
    const code = valueCode(value, path.join("."), table, this.#terms(project, given, splices));
    const name = source.text.slice(source.start(found), found.name?.getEnd());
    const start = source.start(found) + `${name}: `.length;
    const text = print(code, this.#style, source.indentAt(start), start - source.lineStart(source.start(found)), 1);
    if (this.#isFull(literal, text.length - given.getWidth())) {
      const items = literal.properties.map((each) => (each === found ? property(name, code) : each.getText()));
      splices.push(this.#rewrite(literal, items));
    } else if (ts.isPropertyAssignment(found)) splices.push({ start: source.start(given), end: given.getEnd(), text });
    else splices.push({ start: source.start(found), end: found.getEnd(), text: `${name}: ${text}` });
    this.#splice(splices);
    return [];
  }

  #insertProperty({ project, type, literal, path }: Setting, value: unknown): void {
    const splices: Splice[] = [];
    const code = property(
      keyLiteral(path.at(-1) as string, this.#style.quote),
      valueCode(value, path.join("."), tableOf(type), this.#terms(project, literal, splices)),
    );
    const item = (indent: string): string => print(code, this.#style, indent, indent.length, 1);
    const properties = [...literal.properties];
    // Settings stand in the schema's order; inside of them, what is new comes last.
    const order = [...Object.keys(type?.params ?? {}), "params", "acknowledge"];
    const rank = path.length > 1 ? -1 : order.indexOf(path[0] as string);
    const isBefore = (each: (typeof properties)[number]): boolean =>
      rank < 0 || order.indexOf(this.source.nameOf(each) as string) < rank;
    const index = properties.findLastIndex(isBefore);
    if (properties.length === 0 || this.#isFull(literal, ", ".length + item("").length)) {
      const items: Code[] = properties.map((each) => each.getText());
      splices.push(this.#rewrite(literal, items.toSpliced(index + 1, 0, code)));
    } else splices.push(...this.#insert(literal.properties, properties[index], item));
    this.#splice(splices);
  }

  /** Whether an object on one line, without comments, has no room there for some characters more. */
  #isFull(literal: Literal, more: number): boolean {
    const { source } = this;
    const start = source.start(literal);
    const between = [...literal.properties, undefined].map((each, index) => {
      const from = literal.properties[index - 1]?.getEnd() ?? start;
      return source.text.slice(from, each === undefined ? literal.getEnd() : source.start(each));
    });
    const isPlainLine = !/[\n/]/.test(between.join("")) && source.lineOf(start) === source.lineOf(literal.getEnd());
    return isPlainLine && literal.getEnd() - source.lineStart(start) + 1 + more > WIDTH;
  }

  #rewrite(literal: Literal, items: readonly Code[]): Splice {
    const { source } = this;
    const start = source.start(literal);
    const text = print(object(items), this.#style, source.indentAt(start), start - source.lineStart(start), 1);
    return { start, end: literal.getEnd(), text };
  }

  /** Puts an item into a list after another, or at its start, on a line of its own where the others have one. */
  #insert(items: TypeScript.NodeArray<Node>, after: Node | undefined, item: (indent: string) => string): Splice[] {
    const { source } = this;
    const first = items[0] as Node;
    const anchor = after ?? first;
    const start = this.#startOf(anchor);
    const indent = source.indentAt(start);
    const isAlone = source.lineStart(start) + indent.length === start;
    if (after === undefined) return [{ start, end: start, text: isAlone ? `${item(indent)},\n${indent}` : `${item("")}, ` }];
    const end = after.getEnd();
    if (!isAlone) return [{ start: end, end, text: `, ${item(source.indentAt(end))}` }];
    const comma = this.#commaAfter(after);
    const at = this.#lineEnd(comma ?? end);
    const put = { start: at, end: at, text: `\n${indent}${item(indent)}${comma === undefined ? "" : ","}` };
    return comma === undefined ? [{ start: end, end, text: "," }, put] : [put];
  }

  /** The position behind the comma that follows a node. */
  #commaAfter(node: Node): number | undefined {
    const { text } = this.source;
    const comments = this.#ts.getTrailingCommentRanges(text, node.getEnd()) ?? [];
    const rest = /^\s*,/.exec(text.slice(comments.at(-1)?.end ?? node.getEnd()));
    return rest === null ? undefined : (comments.at(-1)?.end ?? node.getEnd()) + rest[0].length;
  }

  /** The start of a node with the comments before it on its line. */
  #startOf(node: Node): number {
    const { text } = this.source;
    let start = this.source.start(node);
    for (const { pos, end } of (this.#ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []).reverse()) {
      if (text.slice(end, start).includes("\n")) break;
      start = pos;
    }
    return start;
  }

  /** The end of a line's comments, if nothing but comments follows the position. */
  #lineEnd(position: number): number {
    return this.#ts.getTrailingCommentRanges(this.source.text, position)?.at(-1)?.end ?? position;
  }

  /** Takes an item out of a list, with the comments that belong to it. */
  #without(items: TypeScript.NodeArray<Node>, item: Node): Splice[] {
    const { source } = this;
    const index = items.indexOf(item);
    const [previous, next] = [items[index - 1], items[index + 1]];
    const comma = this.#commaAfter(item);
    const lines = this.#linesOf(item, comma ?? item.getEnd());
    if (lines === undefined) {
      const start = source.start(item);
      if (next !== undefined) return [{ start, end: source.start(next), text: "" }];
      if (previous !== undefined) return [{ start: previous.getEnd(), end: item.getEnd(), text: "" }];
      return [{ start: items.pos, end: items.end, text: "" }];
    }
    const before = previous && comma === undefined ? this.#commaAfter(previous) : undefined;
    return [...(before === undefined ? [] : [{ start: before - 1, end: before, text: "" }]), { ...lines, text: "" }];
  }

  /** The whole lines of a node and of the comments directly above it; `undefined` if it shares one with something else. */
  #linesOf(node: Node, nodeEnd = node.getEnd()): { readonly start: number; readonly end: number } | undefined {
    const { source } = this;
    const { text } = source;
    const end = this.#lineEnd(nodeEnd);
    const lineEnd = /^[ \t]*(\r?\n|$)/.exec(text.slice(end));
    let start = this.#startOf(node);
    const comments = (this.#ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []).filter((each) => each.end <= start);
    const isAlone = (position: number): boolean => text.slice(source.lineStart(position), position).trim() === "";
    if (lineEnd === null || !isAlone(start)) return undefined;
    for (const comment of comments.reverse()) {
      const isNext = /^\r?\n?[ \t]*$/.test(text.slice(comment.end, start));
      if (!isNext || !isAlone(comment.pos)) break;
      start = comment.pos;
    }
    return { start: source.lineStart(start), end: end + lineEnd[0].length };
  }

  #add(projectId: string, connection: ConnectionNode): void {
    const { source } = this;
    const ts = this.#ts;
    const project = this.#project(projectId);
    const { body } = project;
    if (source.connections(body).some((each) => each.id === connection.id)) {
      throw new Refusal(`project ${quote(projectId)} has a connection ${quote(connection.id)} already`, project.call);
    }
    if (!ts.isBlock(body.body)) throw new Refusal("the project's body is not written in braces", body.body);
    const block = body.body;
    if (this.#spread(block, source.indentAt(source.start(project.call)))) {
      this.#add(projectId, connection);
      return;
    }
    const { kind, id, settings } = connection;
    const { plugIns } = this.#options;
    const type = this.#options.types.get(kind);
    const functionName = type === undefined || plugIns?.has(kind) ? "connection" : type.functionName;
    const splices: Splice[] = [];
    const callee = this.#scopeFunction(project, block.statements[0] ?? block, functionName, splices);
    const statements = [...block.statements];
    const declares = (each: Node): boolean => this.#declaredIn(each)?.owner === body;
    const anchor = statements.filter(declares).at(-1);
    const next = anchor === undefined ? statements.find((each) => this.#isScopeCall(each, body)) : undefined;
    const last = anchor ?? (next === undefined ? statements.at(-1) : undefined);
    const terms = this.#terms(project, next ?? last ?? block, splices, last ?? next ?? block);
    const head = functionName === "connection" ? [object([property("kind", textLiteral(kind, this.#style.quote))])] : [];
    const code = call(callee, ...head, textLiteral(id, this.#style.quote), settingsCode(settings, tableOf(type), terms, true));
    const outer = source.indentAt(source.start(project.call));
    const sibling = last ?? next;
    const indent = sibling === undefined ? outer + this.#style.indent : source.indentAt(source.start(sibling));
    const statement = printStatements([code], this.#style, indent);
    const isLong = statement.includes("\n");
    if (last !== undefined) {
      const at = this.#lineEnd(last.getEnd());
      const lines = source.text.slice(source.start(last), last.getEnd()).includes("\n");
      const follower = statements[statements.indexOf(last) + 1];
      const isTight = follower !== undefined && !/^[ \t]*\r?\n[ \t]*\r?\n/.test(source.text.slice(at));
      splices.push({ start: at, end: at, text: `\n${lines || isLong ? "\n" : ""}${statement}${isTight && isLong ? "\n" : ""}` });
    } else if (next !== undefined) {
      const line = this.#linesOf(next)?.start;
      const at = line ?? source.start(next);
      splices.push({ start: at, end: at, text: line === undefined ? `${statement.trimStart()} ` : `${statement}\n\n` });
    } else {
      const close = block.getEnd() - 1;
      const isLine = source.text.slice(source.lineStart(close), close).trim() === "";
      if (isLine) splices.push({ start: source.lineStart(close), end: source.lineStart(close), text: `${statement}\n` });
      else {
        const isBlank = source.text.slice(source.start(block) + 1, close).trim() === "";
        splices.push({ start: isBlank ? source.start(block) + 1 : close, end: close, text: `\n${statement}\n${outer}` });
      }
    }
    this.#splice(splices);
  }

  /** Gives the statements of a body that begin on the line of its brace a line each. Whether there are any. */
  #spread(block: TypeScript.Block, indent: string): boolean {
    const { source } = this;
    const { text } = source;
    const [first] = block.statements;
    const open = source.start(block) + 1;
    if (first === undefined || text.slice(open, source.start(first)).includes("\n")) return false;
    const close = block.getEnd() - 1;
    const starts = [...block.statements.map((each) => source.start(each)), close];
    const splices = starts.flatMap((start, index): Splice[] => {
      const gap = text.slice(block.statements[index - 1]?.getEnd() ?? open, start);
      if (gap.includes("\n")) return [];
      const put = start === close ? `\n${indent}` : `\n${indent}${this.#style.indent}`;
      return [{ start: start - (gap.length - gap.trimEnd().length), end: start, text: put }];
    });
    this.#splice(splices);
    return true;
  }

  /** The connection that a statement of a body declares, with or without a handle. */
  #declaredIn(
    statement: Node,
  ): (ConnectionCall & { readonly owner: Node; readonly handle?: TypeScript.VariableDeclaration }) | undefined {
    const ts = this.#ts;
    if (ts.isExpressionStatement(statement)) return this.source.connectionCall(statement.expression);
    if (!ts.isVariableStatement(statement) || statement.declarationList.declarations.length !== 1) return undefined;
    const [handle] = statement.declarationList.declarations;
    const declared = handle?.initializer && this.source.connectionCall(handle.initializer);
    return handle && declared && { ...declared, handle };
  }

  #isScopeCall(statement: Node, body: Node): boolean {
    const ts = this.#ts;
    if (!ts.isExpressionStatement(statement) || !ts.isCallExpression(statement.expression)) return false;
    return this.source.authoring(statement.expression.expression)?.owner === body;
  }

  /** How the scope's function is called; it is taken out of the scope where that is taken apart. */
  #scopeFunction({ body }: ProjectCall, inside: Node, name: string, splices: Splice[]): string {
    const { source } = this;
    const ts = this.#ts;
    const [parameter] = body.parameters;
    if (parameter !== undefined && ts.isIdentifier(parameter.name)) return `${parameter.name.text}.${name}`;
    if (parameter !== undefined && ts.isObjectBindingPattern(parameter.name)) {
      const known = parameter.name.elements.find((each) => (each.propertyName ?? each.name).getText() === name);
      if (known !== undefined) return known.name.getText();
    }
    const taken = source.lookUp(name, inside);
    const meant = taken === undefined ? undefined : source.authoring(taken.name as Expression);
    // The same function of a scope further out may be hidden: it must not be used here.
    const isFree = taken === undefined || (meant?.name === name && meant.owner !== source.file);
    if (!isFree) throw new Refusal(`the name ${name} means something else here`, taken);
    if (parameter === undefined) {
      const open = source.text.indexOf("(", source.start(body)) + 1;
      splices.push({ start: open, end: open, text: `{ ${name} }` });
    } else if (ts.isObjectBindingPattern(parameter.name) && parameter.name.elements.length > 0) {
      splices.push(...this.#insertName(parameter.name.elements, name));
    } else splices.push({ start: source.start(parameter.name), end: parameter.name.getEnd(), text: `{ ${name} }` });
    return name;
  }

  /** Puts a name among others, in their order if they have one. */
  #insertName(
    elements: TypeScript.NodeArray<TypeScript.BindingElement> | TypeScript.NodeArray<TypeScript.ImportSpecifier>,
    name: string,
  ): Splice[] {
    const named = [...elements].filter((each) => !("dotDotDotToken" in each) || each.dotDotDotToken === undefined);
    const keys = named.map((each) => each.name.getText().toLowerCase());
    const isSorted = keys.every((key, index) => index === 0 || (keys[index - 1] as string) <= key);
    const before = isSorted ? named.filter((_, index) => (keys[index] as string) < name.toLowerCase()) : named;
    return this.#insert(elements as TypeScript.NodeArray<Node>, before.at(-1), () => name);
  }

  /** What new code is made of where it will stand; `splices` collects what it needs elsewhere. */
  #terms(project: ProjectCall, at: Node, splices: Splice[], before: Node = at): Terms {
    const made = new Set<string>();
    const named = new Map<Node, string>();
    const names = new Names(this.source.names());
    const terms: Terms = {
      quote: this.#style.quote,
      maker: (name) => this.#import(name, at, splices, made),
      reference: (form, kind) =>
        form.external === true
          ? connectionRef(form.$connection, kind, terms)
          : this.#handle(project, form, kind, before, splices, named, names),
      shared: () => undefined,
    };
    return terms;
  }

  #import(name: string, at: Node, splices: Splice[], made: Set<string>): string {
    const { source } = this;
    const ts = this.#ts;
    const imports = source.file.statements.filter(
      (each): each is TypeScript.ImportDeclaration =>
        ts.isImportDeclaration(each) && source.textOf(each.moduleSpecifier) === "plugboard",
    );
    const bindings = imports
      .filter((each) => each.importClause?.isTypeOnly !== true)
      .map((each) => each.importClause?.namedBindings);
    for (const each of bindings) {
      if (each !== undefined && ts.isNamespaceImport(each)) return `${each.name.text}.${name}`;
      const known = each?.elements.find((one) => !one.isTypeOnly && (one.propertyName ?? one.name).text === name);
      if (known === undefined) continue;
      if (source.lookUp(known.name.text, at) !== known)
        throw new Refusal(`the name ${known.name.text} means something else here`, at);
      return known.name.text;
    }
    if (made.has(name)) return name;
    const taken = source.lookUp(name, at);
    if (taken !== undefined) throw new Refusal(`the name ${name} means something else here`, taken);
    made.add(name);
    const [list] = bindings;
    if (list !== undefined && ts.isNamedImports(list) && list.elements.length > 0) {
      splices.push(...this.#insertName(list.elements, name));
      return name;
    }
    const last = source.file.statements.filter((each) => ts.isImportDeclaration(each)).at(-1);
    const { quote: mark, semicolon } = this.#style;
    const text = `import { ${name} } from ${mark}plugboard${mark}${semicolon ? ";" : ""}`;
    const start = last === undefined ? source.start(source.file) : last.getEnd();
    splices.push({ start, end: start, text: last === undefined ? `${text}\n\n` : `\n${text}` });
    return name;
  }

  /** The variable that holds the handle of a connection; one is made for a connection that has none. */
  #handle(
    project: ProjectCall,
    { $connection: id }: ConnectionForm,
    kind: string,
    before: Node,
    splices: Splice[],
    named: Map<Node, string>,
    names: Names,
  ): string {
    const { source } = this;
    const ts = this.#ts;
    const around = source.projects().filter((each) => contains(each.body, project.call) || each.call === project.call);
    const limit = source.start(before);
    for (const { body } of around.reverse()) {
      if (!ts.isBlock(body.body)) continue;
      for (const statement of body.body.statements) {
        const declared = this.#declaredIn(statement);
        if (declared?.owner !== body || declared.id !== id) continue;
        if (statement.getEnd() > limit && statement !== before)
          throw new Refusal(`connection ${quote(id)} is declared further down`, declared.call);
        const { handle } = declared;
        if (handle !== undefined && ts.isIdentifier(handle.name)) {
          if (source.lookUp(handle.name.text, before) !== handle)
            throw new Refusal(`the handle of ${quote(id)} has no name here`, handle);
          return handle.name.text;
        }
        const known = named.get(statement);
        if (known !== undefined) return known;
        const name = names.take(nameOf(id, kind));
        named.set(statement, name);
        splices.push({ start: source.start(statement), end: source.start(statement), text: `const ${name} = ` });
        return name;
      }
    }
    throw new Refusal(`connection ${quote(id)}, which is referred to, is not declared by a literal here`, project.call);
  }

  #remove({ projectId, connectionId }: RemoveConnection): void {
    const { source } = this;
    const project = this.#project(projectId);
    const { call: declared } = this.#connection(project, connectionId);
    const statement = source.statementOf(declared);
    const found = statement && this.#declaredIn(statement);
    if (statement === undefined || found?.call !== declared)
      throw new Refusal("the connection is part of something else", declared);
    const [use] = found.handle === undefined ? [] : source.usesOf(found.handle);
    if (use !== undefined) throw new Refusal(`connection ${quote(connectionId)} is still used`, use);
    const lines = this.#linesOf(statement);
    if (lines === undefined) {
      this.#splice([{ start: source.start(statement), end: statement.getEnd(), text: "" }]);
      return;
    }
    // Of the blank lines around it, those above go too, or else those below.
    const above = /(?:^|\n)((?:[ \t]*\r?\n)+)$/.exec(source.text.slice(0, lines.start))?.[1] ?? "";
    const below = above === "" ? (/^(?:[ \t]*\r?\n)*/.exec(source.text.slice(lines.end))?.[0] ?? "") : "";
    this.#splice([{ start: lines.start - above.length, end: lines.end + below.length, text: "" }]);
  }

  /** Names that the file imports, or takes out of the scope, and uses. */
  #usedNames(projectId: string): ReadonlySet<string> {
    return new Set(
      this.#takenNames(projectId)
        .filter((each) => this.source.usesOf(each).length > 0)
        .map((each) => each.name.getText()),
    );
  }

  #takenNames(projectId: string): readonly (TypeScript.ImportSpecifier | TypeScript.BindingElement)[] {
    const { source } = this;
    const ts = this.#ts;
    const imported = source.file.statements.flatMap((each) => {
      const bindings = ts.isImportDeclaration(each) ? each.importClause?.namedBindings : undefined;
      return bindings !== undefined && ts.isNamedImports(bindings) ? [...bindings.elements] : [];
    });
    const parameter = source.projects().find((each) => each.id === projectId)?.body.parameters[0]?.name;
    const scope = parameter !== undefined && ts.isObjectBindingPattern(parameter) ? parameter.elements : [];
    return [...imported.filter((each) => source.isPlugboard(each)), ...scope];
  }

  /** Takes away the names that were used before and are no longer. */
  #tidy(projectId: string, before: ReadonlySet<string>): void {
    const isIdle = (): TypeScript.ImportSpecifier | TypeScript.BindingElement | undefined =>
      this.#takenNames(projectId).find((each) => before.has(each.name.getText()) && this.source.usesOf(each).length === 0);
    for (let idle = isIdle(); idle !== undefined; idle = isIdle()) {
      const { elements } = idle.parent as { elements: TypeScript.NodeArray<Node> };
      const isOnly = elements.length === 1;
      const pattern = idle.parent;
      if (isOnly && this.#ts.isObjectBindingPattern(pattern)) {
        this.#splice([{ start: this.source.start(pattern.parent), end: pattern.parent.getEnd(), text: "" }]);
      } else this.#splice(this.#without(elements, idle));
    }
  }
}

function contains(outer: Node, inner: Node): boolean {
  return outer.pos <= inner.pos && inner.end <= outer.end;
}

/** Whether a value of the model is an object of settings. */
function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isSecret(value) && !("$connection" in value);
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .sort()
    .map(([key, each]) => [key, sorted(each)]);
}
