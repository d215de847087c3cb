/** Changes one setting of a connection. */
import { isDeepStrictEqual } from "node:util";
import type { ts as TypeScript } from "ts-morph";
import type { ConnectionType } from "../../../contract/define.js";
import { isRecord } from "../../../model/record.js";
import { type Code, object, print, property, WIDTH } from "../print.js";
import { type Expression, type ProjectCall, Refusal } from "../source.js";
import { isSecret, keyLiteral, tableOf, valueCode } from "../values.js";
import type { Context, Splice } from "./context.js";
import { findConnection, findProject } from "./find.js";
import { insertItem, removeItem } from "./lists.js";
import { codeAt } from "./terms.js";

type Literal = TypeScript.ObjectLiteralExpression;

/** One setting to be given a value, or to be taken away. */
export interface Change {
  readonly path: readonly string[];
  /** `undefined` takes the setting away. */
  readonly value: unknown;
}

/** What a change comes to: splices, or the smaller changes that it is made of, or neither if all is as it should be. */
interface Outcome {
  readonly splices?: readonly Splice[];
  readonly parts?: readonly Change[];
}

/** Where a setting is, or will be. */
interface Setting {
  readonly project: ProjectCall;
  readonly type: ConnectionType | undefined;
  readonly literal: Literal;
  /** Leads from the settings to the property of the literal. */
  readonly path: readonly string[];
}

/** A setting that is there. */
interface Present extends Setting {
  readonly found: TypeScript.ObjectLiteralElementLike;
  /** The expression for its value. */
  readonly given: Expression;
}

export function changeSetting(context: Context, projectId: string, connectionId: string, { path, value }: Change): Outcome {
  const { source, types } = context;
  const project = findProject(context, projectId);
  const connection = findConnection(context, project, connectionId);
  if (connection.settings === undefined) throw new Refusal("the connection has no settings", connection.call);
  const type = source.typeOf(connection, types);
  let holder = connection.settings;
  for (const [depth, name] of path.entries()) {
    const literal = literalAt(context, holder);
    const found = literal.properties.find((each) => source.nameOf(each) === name);
    const rest = path.slice(depth + 1);
    if (found === undefined) {
      if (value === undefined) return {};
      const whole = rest.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
      return { splices: insertProperty(context, { project, type, literal, path: path.slice(0, depth + 1) }, whole) };
    }
    const given = valueIn(context, found);
    if (rest.length === 0) return replace(context, { project, type, literal, path, found, given }, value);
    holder = source.unwrap(given);
  }
  throw new Refusal("the path of the setting is empty", connection.call);
}

/** An object written out, of which every property is known by name. */
function literalAt({ ts, source }: Context, node: Expression): Literal {
  if (!ts.isObjectLiteralExpression(node)) throw new Refusal("the settings here are not written out as an object", node);
  const computed = node.properties.find((each) => source.nameOf(each) === undefined);
  if (computed !== undefined) throw new Refusal("the object holds something computed", computed);
  return node;
}

function valueIn({ ts }: Context, found: TypeScript.ObjectLiteralElementLike): Expression {
  if (ts.isPropertyAssignment(found)) return found.initializer;
  if (ts.isShorthandPropertyAssignment(found)) return found.name;
  throw new Refusal("the setting is computed", found);
}

function replace(context: Context, setting: Present, value: unknown): Outcome {
  const { ts, source } = context;
  const { type, literal, path, found, given } = setting;
  const current = source.read(given);
  // A variable that holds a handle is read where it is a constant, and may always give way to another handle.
  const isHandle = tableOf(type).get(path.join("."))?.form === "reference" && ts.isIdentifier(given);
  if (current === undefined && !isHandle) throw new Refusal(`\`${path.join(".")}\` is computed`, given);
  if (value === undefined) return { splices: removeItem(context, literal.properties, found) };
  if (current !== undefined && isDeepStrictEqual(current.value, value)) return {};
  const isWritten = ts.isObjectLiteralExpression(source.unwrap(given));
  if (isWritten && isPlain(value) && isPlain(current?.value) && value.type === current.value.type) {
    const gone = Object.keys(current.value).filter((key) => value[key] === undefined);
    return {
      parts: [
        ...gone.map((key) => ({ path: [...path, key], value: undefined })),
        ...Object.entries(value).map(([key, each]) => ({ path: [...path, key], value: each })),
      ],
    };
  }
  return { splices: replaceValue(context, setting, value) };
}

function replaceValue(context: Context, { project, type, literal, path, found, given }: Present, value: unknown): Splice[] {
  const { ts, source, style } = context;
  const { code, splices } = codeAt(context, project, given, (terms) => valueCode(value, path.join("."), tableOf(type), terms));
  const from = source.start(found);
  const name = source.text.slice(from, found.name?.getEnd());
  const start = from + `${name}: `.length;
  const text = print(code, style, source.indentAt(start), start - source.lineStart(from), 1);
  if (isFull(context, literal, text.length - given.getWidth())) {
    const items = literal.properties.map((each) => (each === found ? property(name, code) : each.getText()));
    return [...splices, rewrite(context, literal, items)];
  }
  if (ts.isPropertyAssignment(found)) return [...splices, { start: source.start(given), end: given.getEnd(), text }];
  return [...splices, { start: from, end: found.getEnd(), text: `${name}: ${text}` }];
}

function insertProperty(context: Context, { project, type, literal, path }: Setting, value: unknown): Splice[] {
  const { source, style } = context;
  const { code, splices } = codeAt(context, project, literal, (terms) =>
    property(keyLiteral(path.at(-1) as string, style.quote), valueCode(value, path.join("."), tableOf(type), terms)),
  );
  const item = (indent: string): string => print(code, style, indent, indent.length, 1);
  const properties = [...literal.properties];
  // Settings stand in the schema's order; inside of them, what is new comes last.
  const order = [...Object.keys(type?.params ?? {}), "params", "acknowledge"];
  const rank = path.length > 1 ? -1 : order.indexOf(path[0] as string);
  const isBefore = (each: (typeof properties)[number]): boolean =>
    rank < 0 || order.indexOf(source.nameOf(each) as string) < rank;
  const index = properties.findLastIndex(isBefore);
  if (properties.length === 0 || isFull(context, literal, ", ".length + item("").length)) {
    const items: Code[] = properties.map((each) => each.getText());
    return [...splices, rewrite(context, literal, items.toSpliced(index + 1, 0, code))];
  }
  return [...splices, ...insertItem(context, literal.properties, properties[index], item)];
}

/** Whether an object on one line, without comments, has no room there for some characters more. */
function isFull({ source }: Context, literal: Literal, more: number): boolean {
  const start = source.start(literal);
  const between = [...literal.properties, undefined].map((each, index) => {
    const from = literal.properties[index - 1]?.getEnd() ?? start;
    return source.text.slice(from, each === undefined ? literal.getEnd() : source.start(each));
  });
  const isPlainLine = !/[\n/]/.test(between.join("")) && source.lineOf(start) === source.lineOf(literal.getEnd());
  return isPlainLine && literal.getEnd() - source.lineStart(start) + 1 + more > WIDTH;
}

function rewrite({ source, style }: Context, literal: Literal, items: readonly Code[]): Splice {
  const start = source.start(literal);
  const text = print(object(items), style, source.indentAt(start), start - source.lineStart(start), 1);
  return { start, end: literal.getEnd(), text };
}

/** Whether a value of the model is an object of settings. */
function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return isRecord(value) && !isSecret(value) && !("$connection" in value);
}
