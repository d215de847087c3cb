import { readFileSync } from "node:fs";
import type { ts as TypeScript } from "ts-morph";
import type { Place } from "../model/finding.js";
import { splitPath } from "../model/paths.js";

type Ts = typeof TypeScript;

/** The sources of findings, read and parsed when the first one is asked for. */
export interface Literals {
  /** The place of the setting that a path of the model names, if the call at `place` has it in a literal; else `place`. */
  refine(place: Place, path: readonly PropertyKey[]): Place;
  /** The line of a place and a mark below it. Texts in the code are masked: they may be what should not be seen. */
  frame(place: Place): readonly string[] | undefined;
}

/** Loads TypeScript, which is dear, and with it what reads literals. */
export async function loadLiterals(): Promise<Literals> {
  const { ts } = await import("ts-morph");
  const sources = new Map<string, TypeScript.SourceFile | undefined>();
  const sourceOf = (file: string): TypeScript.SourceFile | undefined => {
    if (!sources.has(file)) sources.set(file, parse(ts, file));
    return sources.get(file);
  };
  return {
    refine: (place, path) => shallow(() => refine(place, path)) ?? place,
    frame: (place) => shallow(() => frame(place)),
  };

  function refine(place: Place, path: readonly PropertyKey[]): Place {
    const source = sourceOf(place.file);
    if (source === undefined || place.line === undefined) return place;
    const call = callAt(ts, source, place);
    const node = call && settingNode(ts, call, path);
    if (node === undefined) return place;
    const { line, character } = source.getLineAndCharacterOfPosition(node.getStart(source));
    return { file: place.file, line: line + 1, column: character + 1 };
  }

  function frame(place: Place): readonly string[] | undefined {
    const source = sourceOf(place.file);
    return source && place.line !== undefined ? frameOf(ts, source, place.line, place.column ?? 1) : undefined;
  }
}

/** What a walk through a source gives; nothing if the source is nested too deeply to be walked. */
function shallow<Value>(walk: () => Value): Value | undefined {
  try {
    return walk();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function parse(ts: Ts, file: string): TypeScript.SourceFile | undefined {
  try {
    return ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ESNext, true);
  } catch {
    return undefined;
  }
}

/** The call whose callee the place is in. */
function callAt(ts: Ts, source: TypeScript.SourceFile, { line = 1, column = 1 }: Place): TypeScript.CallExpression | undefined {
  if (line > source.getLineStarts().length) return undefined;
  const position = source.getPositionOfLineAndCharacter(line - 1, 0) + column - 1;
  let found: TypeScript.CallExpression | undefined;
  const visit = (node: TypeScript.Node): void => {
    if (position < node.getStart(source) || position > node.getEnd()) return;
    if (ts.isCallExpression(node) && position <= node.expression.getEnd()) found = node;
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The node of a call's arguments that a path of the model names: a property of a literal, as deep as literals go. */
function settingNode(ts: Ts, call: TypeScript.CallExpression, path: readonly PropertyKey[]): TypeScript.Node | undefined {
  const { holder, rest } = splitPath(path);
  if (rest[0] === "id") return call.arguments.find((each) => ts.isStringLiteralLike(each));
  const steps =
    holder.length > 0 && rest[0] === "settings"
      ? rest.slice(1)
      : rest[0] === "params" && holder[0] === "features"
        ? rest.slice(1)
        : rest;
  let here: TypeScript.Expression | undefined = call.arguments
    .map((each) => unwrap(ts, each))
    .reverse()
    .find((each) => ts.isObjectLiteralExpression(each));
  let found: TypeScript.Node | undefined;
  for (const step of steps) {
    if (here === undefined) break;
    if (typeof step === "number" && ts.isArrayLiteralExpression(here)) {
      const element: TypeScript.Expression | undefined = here.elements[step];
      found = element ?? found;
      here = element && unwrap(ts, element);
      continue;
    }
    if (!ts.isObjectLiteralExpression(here)) break;
    const property: TypeScript.ObjectLiteralElementLike | undefined = here.properties.find((each) => nameOf(ts, each) === step);
    if (property === undefined) break;
    found = property.name ?? property;
    here = ts.isPropertyAssignment(property) ? unwrap(ts, property.initializer) : undefined;
  }
  return found;
}

/** An expression without the type assertions and parentheses around it. */
function unwrap(ts: Ts, node: TypeScript.Expression): TypeScript.Expression {
  const inner =
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isParenthesizedExpression(node) ||
    ts.isNonNullExpression(node)
      ? node.expression
      : undefined;
  return inner === undefined ? node : unwrap(ts, inner);
}

function nameOf(ts: Ts, { name }: TypeScript.ObjectLiteralElementLike): string | undefined {
  return name !== undefined && (ts.isIdentifier(name) || ts.isStringLiteralLike(name)) ? name.text : undefined;
}

const WIDTH = 120;

function frameOf(ts: Ts, source: TypeScript.SourceFile, line: number, column: number): readonly string[] | undefined {
  const starts = source.getLineStarts();
  const start = starts[line - 1];
  if (start === undefined) return undefined;
  const end = starts[line] ?? source.text.length;
  const characters = [
    ...source.text
      .slice(start, end)
      .replace(/[\r\n]+$/, "")
      .split(""),
  ];
  const mask = (from: number, to: number): void => {
    for (let at = Math.max(from, start); at < Math.min(to, start + characters.length); at++) characters[at - start] = "·";
  };
  const visit = (node: TypeScript.Node): void => {
    if (node.getEnd() < start || node.getStart(source) > end) return;
    if (ts.isStringLiteralLike(node) && !ts.isImportDeclaration(node.parent)) mask(node.getStart(source) + 1, node.getEnd() - 1);
    else if (ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
      mask(node.getStart(source) + 1, node.getEnd() - 1);
    else if (ts.isRegularExpressionLiteral(node)) mask(node.getStart(source) + 1, node.getEnd() - 1);
    ts.forEachChild(node, visit);
  };
  visit(source);
  // A long line is shown around the mark.
  const from = column > WIDTH - 20 ? column - 40 : 0;
  const shown = characters
    .slice(from, from + WIDTH)
    .join("")
    .replaceAll("\t", " ");
  const gutter = String(line);
  return [`${gutter} │ ${shown}`, `${" ".repeat(gutter.length)} │ ${" ".repeat(Math.max(0, column - 1 - from))}^`];
}
