import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { Language, Node, Parser, Tree } from "web-tree-sitter";
import { type Finding, finding } from "../../model/finding.js";
import { maskQuotes, unmaskQuotes, withSemicolons } from "./quotes.js";

/** Where something begins. Lines and columns start at 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** What an import understands of a Kotlin expression. */
export type Expression = Position &
  (
    | { readonly kind: "text"; readonly parts: readonly (string | Expression)[] }
    | { readonly kind: "number"; readonly value: number }
    | { readonly kind: "name"; readonly name: string }
    | { readonly kind: "member"; readonly of: Expression; readonly name: string }
    | CallExpression
    | { readonly kind: "lambda"; readonly body: readonly Statement[] }
    | { readonly kind: "sum"; readonly terms: readonly Expression[] }
    | { readonly kind: "equality"; readonly left: Expression; readonly right: Expression }
    /** Anything else, in words that follow "is": "an `if`". */
    | { readonly kind: "other"; readonly what: string }
  );

/** A call. A lambda after the parentheses is the last argument. */
export interface CallExpression extends Position {
  readonly kind: "call";
  readonly callee: Expression;
  readonly types: readonly string[];
  readonly args: readonly Argument[];
}

export interface Argument {
  readonly name: string | undefined;
  readonly value: Expression;
}

export interface ValueDeclaration extends Position {
  readonly kind: "value";
  readonly name: string;
  readonly value: Expression;
}

export interface ObjectDeclaration extends Position {
  readonly kind: "object";
  readonly name: string;
  /** The class that it extends with the arguments given to it. */
  readonly base: { readonly name: string; readonly args: readonly Argument[] } | undefined;
  readonly members: readonly Statement[];
  /** The statements of its `init` blocks. */
  readonly init: readonly Statement[];
}

/** A function or class, of which an import knows that these files declare it. */
export interface OtherDeclaration extends Position {
  readonly kind: "declaration";
  readonly name: string;
}

export type Declaration = ValueDeclaration | ObjectDeclaration | OtherDeclaration;

export type Statement =
  | Expression
  | Declaration
  | (Position & { readonly kind: "assignment"; readonly target: Expression; readonly value: Expression });

export interface Import {
  /** The qualified name, without the `.*` of a wildcard. */
  readonly path: string;
  readonly wildcard: boolean;
  /** The name that it has in the file. */
  readonly name: string;
}

/** A Kotlin file, as far as an import understands it. */
export interface KotlinFile {
  readonly path: string;
  readonly package: string;
  readonly imports: readonly Import[];
  readonly statements: readonly Statement[];
}

/** The longest file that is parsed, in UTF-16 code units: what the parser's time limit can still interrupt in time. */
export const MAX_KOTLIN_LENGTH = 2 ** 19;

/**
 * The time that parsing a file may take, in milliseconds, and more for a file of full length: a valid one needs a fifth.
 * Among unbalanced braces and quotes the grammar can look for a way out forever.
 */
const TIME_LIMIT = 300;
const MORE_TIME = 700;

/** The most levels that syntax may be nested in. */
const MAX_LEVELS = 1000;

/** The most syntax errors that are reported of a file. */
const MAX_ERRORS = 5;

/** Parses a file. What stands around syntax errors is read; a file too large or too broken is a finding and empty. */
export async function parseKotlin(text: string, path: string): Promise<{ file: KotlinFile; findings: readonly Finding[] }> {
  const refuse = (message: string, at?: Position) => ({
    file: { path, package: "", imports: [], statements: [] },
    findings: [finding("PB312", message, { place: { file: path, ...at } })],
  });
  if (text.length > MAX_KOTLIN_LENGTH) return refuse(`the file is larger than ${MAX_KOTLIN_LENGTH / 1024} KiB`);
  // Kotlin knows no carriage returns: its own lexer turns line ends into line feeds.
  const source = maskQuotes(text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n"));
  const parser = await createParser();
  const deadline = performance.now() + TIME_LIMIT + (MORE_TIME * source.length) / MAX_KOTLIN_LENGTH;
  let bytes = 0;
  const parse = (code: string): Tree | null =>
    parser.parse(code, null, {
      progressCallback: ({ currentOffset }) => {
        bytes = currentOffset;
        return performance.now() > deadline;
      },
    });
  const trees = [parse(source)];
  try {
    if (trees[0]?.rootNode.hasError !== false) trees.push(parse(withSemicolons(source)));
    const [best] = trees
      .filter((each) => each !== null)
      .map(({ rootNode }) => ({ rootNode, findings: syntaxErrors(rootNode, path) }))
      .sort((a, b) => a.findings.length - b.findings.length);
    if (best === undefined) return refuse("the parser does not get past a syntax error", positionAt(source, bytes / 2));
    return { file: lowerFile(best.rootNode, path), findings: best.findings };
  } finally {
    for (const each of trees) each?.delete();
    parser.delete();
  }
}

function positionAt(text: string, offset: number): Position {
  const lines = text.slice(0, offset).split("\n");
  return { line: lines.length, column: (lines.at(-1) as string).length + 1 };
}

let loading: Promise<{ Parser: typeof Parser; kotlin: Language }> | undefined;

async function createParser(): Promise<Parser> {
  loading ??= loadGrammar();
  const { Parser, kotlin } = await loading;
  return new Parser().setLanguage(kotlin);
}

async function loadGrammar(): Promise<{ Parser: typeof Parser; kotlin: Language }> {
  const { Language, Parser } = await import("web-tree-sitter");
  await Parser.init();
  return { Parser, kotlin: await Language.load(await readFile(grammarFile())) };
}

/** The grammar, which the build puts beside the built file. */
function grammarFile(): string {
  const built = fileURLToPath(new URL("./tree-sitter-kotlin.wasm", import.meta.url));
  const source = "@tree-sitter-grammars/tree-sitter-kotlin/tree-sitter-kotlin.wasm";
  return existsSync(built) ? built : createRequire(import.meta.url).resolve(source);
}

/** The places of syntax errors. The text found there may hold anything and is not shown. */
function syntaxErrors(root: Node, file: string): Finding[] {
  const findings: Finding[] = [];
  const open = root.hasError ? [root] : [];
  while (open.length > 0 && findings.length < MAX_ERRORS) {
    const node = open.pop() as Node;
    const inner = node.isMissing ? [] : node.children.filter((each) => each.hasError);
    if (inner.length > 0) for (const each of inner.reverse()) open.push(each);
    // The grammar misses a line end, which is no node, before the brace of `object X { val a = "a" }`.
    else if (node.type !== "class_body") {
      const message = node.isMissing && !node.isNamed ? `\`${node.type}\` is missing` : "a syntax error";
      findings.push(finding("PB312", message, { place: { file, ...positionOf(node) } }));
    }
  }
  return findings;
}

function positionOf({ startPosition }: Node): Position {
  return { line: startPosition.row + 1, column: startPosition.column + 1 };
}

function lowerFile(root: Node, path: string): KotlinFile {
  const imports: Import[] = [];
  let packageName = "";
  const statements: Node[] = [];
  for (const node of codeOf(root)) {
    if (node.type === "package_header") packageName = qualifiedName(codeOf(node)[0]);
    else if (node.type === "import") imports.push(lowerImport(node));
    else if (node.type === "file_annotation") continue;
    else statements.push(node);
  }
  return { path, package: packageName, imports, statements: lowerStatements(statements, 0) };
}

function lowerImport(node: Node): Import {
  const [name, alias] = codeOf(node);
  const path = qualifiedName(name);
  const wildcard = node.children.some((each) => each.type === "*");
  return { path, wildcard, name: alias === undefined ? path.slice(path.lastIndexOf(".") + 1) : nameOf(alias) };
}

/** The named children of a node that are no comments. */
function codeOf(node: Node): Node[] {
  return node.namedChildren.filter((each) => !each.type.endsWith("comment"));
}

function qualifiedName(node: Node | undefined): string {
  return node === undefined ? "" : node.type === "identifier" ? nameOf(node) : codeOf(node).map(nameOf).join(".");
}

function nameOf(node: Node): string {
  return node.text.replace(/^`(.*)`$/, "$1");
}

function lowerStatements(nodes: readonly Node[], level: number): Statement[] {
  return nodes.filter((each) => !each.isError).map((each) => lowerStatement(each, level));
}

function lowerStatement(node: Node, level: number): Statement {
  const at = positionOf(node);
  if (isTooDeep(level) || isBroken(node)) return lower(node, level);
  const named = node.childForFieldName("name");
  switch (node.type) {
    case "assignment": {
      const [target, value] = [node.childForFieldName("left"), node.childForFieldName("right")];
      if (target === null || value === null || node.childForFieldName("operator")?.type !== "=") break;
      return { ...at, kind: "assignment", target: lower(target, level + 1), value: lower(value, level + 1) };
    }
    case "property_declaration":
      return lowerProperty(node, level);
    case "object_declaration":
      return named === null ? lower(node, level) : lowerObject(node, nameOf(named), level);
    case "function_declaration":
    case "class_declaration":
      return { ...at, kind: "declaration", name: named === null ? "" : nameOf(named) };
  }
  return lower(node, level);
}

function lowerProperty(node: Node, level: number): Statement {
  const at = positionOf(node);
  const parts = codeOf(node);
  const index = parts.findIndex((each) => each.type === "variable_declaration");
  const name = index < 0 ? undefined : codeOf(parts[index] as Node)[0];
  if (name === undefined) return { ...at, kind: "other", what: "a declaration of several names" };
  const [value, ...others] = parts.slice(index + 1);
  const constant =
    node.children.some((each) => each.type === "val") &&
    others.length === 0 &&
    !/^(getter|property_delegate)$/.test(value?.type ?? "getter");
  return {
    ...at,
    kind: "value",
    name: nameOf(name),
    value: constant ? lower(value as Node, level + 1) : { ...at, kind: "other", what: "a property that is calculated" },
  };
}

function lowerObject(node: Node, name: string, level: number): ObjectDeclaration {
  const parts = codeOf(node);
  const specifiers = parts.filter((each) => each.type === "delegation_specifiers").flatMap(codeOf);
  const invocation = specifiers.flatMap(codeOf).find((each) => each.type === "constructor_invocation");
  const [type, args] = invocation === undefined ? [] : codeOf(invocation);
  const body = parts.find((each) => each.type === "class_body");
  const members = body === undefined ? [] : codeOf(body);
  const init = members.filter((each) => each.type === "anonymous_initializer").flatMap(codeOf);
  return {
    ...positionOf(node),
    kind: "object",
    name,
    base: type === undefined ? undefined : { name: qualifiedName(type), args: lowerArguments(args, level + 1) },
    members: lowerStatements(
      members.filter((each) => each.type !== "anonymous_initializer"),
      level + 1,
    ),
    init: lowerStatements(init.flatMap(codeOf), level + 1),
  };
}

function lowerArguments(node: Node | undefined, level: number): Argument[] {
  return (node === undefined ? [] : codeOf(node)).map((argument) => {
    const [first, second] = codeOf(argument);
    const value = second ?? first;
    return {
      name: second === undefined || first === undefined ? undefined : nameOf(first),
      value: value === undefined ? { ...positionOf(argument), kind: "other", what: "incomplete" } : lower(value, level),
    };
  });
}

function isTooDeep(level: number): boolean {
  return level > MAX_LEVELS;
}

/** Whether a syntax error is directly within a node, which then may mean anything. */
function isBroken(node: Node): boolean {
  return node.isError || node.isMissing || (node.hasError && node.children.some((each) => each.isError || each.isMissing));
}

/** Nodes that hold statements: an error among them leaves the others readable. */
const BLOCKS = new Set(["lambda_literal", "object_declaration"]);

function lower(node: Node, level: number): Expression {
  const at = positionOf(node);
  const other = (what: string): Expression => ({ ...at, kind: "other", what });
  if (isTooDeep(level)) return other("nested too deeply");
  if (isBroken(node) && !BLOCKS.has(node.type)) return other("broken off by a syntax error");
  switch (node.type) {
    case "string_literal":
    case "multiline_string_literal":
      return lowerText(node, level);
    case "character_literal": {
      const parts = decode(node.text.slice(1, -1), true, at);
      return parts === undefined ? other("a character that is not known") : { ...at, kind: "text", parts };
    }
    case "number_literal":
      return lowerNumber(node.text, at);
    case "unary_expression": {
      const argument = node.childForFieldName("argument");
      const negative = node.childForFieldName("operator")?.type === "-" && argument?.type === "number_literal";
      return negative ? lowerNumber(`-${argument.text}`, at) : other("calculated");
    }
    case "identifier":
      return { ...at, kind: "name", name: nameOf(node) };
    case "this_expression":
      return { ...at, kind: "name", name: "this" };
    case "parenthesized_expression": {
      const [inner] = codeOf(node);
      return inner === undefined ? other("empty") : lower(inner, level + 1);
    }
    case "navigation_expression": {
      const [of, name] = codeOf(node);
      if (of === undefined || name?.type !== "identifier" || node.children.some((each) => each.type === "::")) break;
      return { ...at, kind: "member", of: lower(of, level + 1), name: nameOf(name) };
    }
    case "call_expression":
      return lowerCall(node, level);
    case "binary_expression":
      return lowerBinary(node, level);
    case "lambda_literal": {
      const parts = codeOf(node);
      if (parts.some((each) => each.type === "lambda_parameters")) return other("a function with parameters");
      return { ...at, kind: "lambda", body: lowerStatements(parts, level + 1) };
    }
  }
  return other(words[node.type] ?? "calculated");
}

const words: Readonly<Record<string, string>> = {
  if_expression: "an `if`",
  when_expression: "a `when`",
  try_expression: "a `try`",
  for_statement: "a loop",
  while_statement: "a loop",
  do_while_statement: "a loop",
};

function lowerCall(node: Node, level: number): Expression {
  const at = positionOf(node);
  const [callee, ...rest] = codeOf(node);
  if (callee === undefined) return { ...at, kind: "other", what: "calculated" };
  const types = rest.filter((each) => each.type === "type_arguments").flatMap((each) => codeOf(each).map((type) => type.text));
  const given = rest.find((each) => each.type === "value_arguments");
  const args = lowerArguments(given, level + 1);
  const lambda = rest
    .filter((each) => each.type === "annotated_lambda")
    .flatMap(codeOf)
    .find((each) => each.type === "lambda_literal");
  if (lambda !== undefined) args.push({ name: undefined, value: lower(lambda, level + 1) });
  const called = lower(callee, level + 1);
  // The grammar takes `f(x) { … }` for a call of what `f(x)` returns.
  const isTail =
    given === undefined && lambda !== undefined && called.kind === "call" && callee.lastChild?.type === "value_arguments";
  return isTail ? { ...called, ...at, args: [...called.args, ...args] } : { ...at, kind: "call", callee: called, types, args };
}

function lowerBinary(node: Node, level: number): Expression {
  const at = positionOf(node);
  const part = (of: Node, name: string): Node => of.childForFieldName(name) as Node;
  const operator = (of: Node): string | undefined => of.childForFieldName("operator")?.type;
  const [left, right] = [part(node, "left"), part(node, "right")];
  switch (operator(node)) {
    case "+": {
      const terms = [lower(right, level + 1)];
      let first = left;
      // Long sums lean to the left, one level for each term.
      for (; first.type === "binary_expression" && operator(first) === "+" && !isBroken(first); first = part(first, "left")) {
        terms.push(lower(part(first, "right"), level + 1));
      }
      return { ...at, kind: "sum", terms: [lower(first, level + 1), ...terms.reverse()] };
    }
    case "==":
      return { ...at, kind: "equality", left: lower(left, level + 1), right: lower(right, level + 1) };
    case ">":
      // The grammar takes `f<T> { … }` for two comparisons.
      if (operator(left) === "<" && left.type === "binary_expression" && right.type === "lambda_literal" && !isBroken(left)) {
        const args = [{ name: undefined, value: lower(right, level + 1) }];
        return { ...at, kind: "call", callee: lower(part(left, "left"), level + 1), types: [part(left, "right").text], args };
      }
  }
  return { ...at, kind: "other", what: "calculated" };
}

function lowerNumber(text: string, at: Position): Expression {
  const value = /^-?[0-9][0-9_]*$/.test(text) ? Number(text.replaceAll("_", "")) : Number.NaN;
  return Math.abs(value) < 2 ** 31
    ? { ...at, kind: "number", value }
    : { ...at, kind: "other", what: "a number that is not plain" };
}

/** A text, read from its source: the grammar does not tell `$name` in a quoted text from a lone dollar. */
function lowerText(node: Node, level: number): Expression {
  const at = positionOf(node);
  const raw = node.type === "multiline_string_literal";
  const quotes = raw ? 3 : 1;
  const parts: (string | Expression)[] = [];
  let from = quotes;
  const take = (end: number): boolean => {
    const decoded = decode(unmaskQuotes(node.text.slice(from, end)), !raw, at);
    for (const each of decoded ?? []) parts.push(each);
    return decoded !== undefined;
  };
  for (const each of node.namedChildren) {
    if (each.type !== "interpolation" || !each.text.startsWith("${")) continue;
    const [inner] = codeOf(each);
    if (inner === undefined || !take(each.startIndex - node.startIndex))
      return { ...at, kind: "other", what: "a text that is not understood" };
    parts.push(lower(inner, level + 1));
    from = each.endIndex - node.startIndex;
  }
  if (!take(node.text.length - quotes)) return { ...at, kind: "other", what: "a text that is not understood" };
  return { ...at, kind: "text", parts };
}

const escapes: Readonly<Record<string, string>> = {
  t: "\t",
  b: "\b",
  n: "\n",
  r: "\r",
  "'": "'",
  '"': '"',
  "\\": "\\",
  $: "$",
};

const NAMES = /\$(?<name>`[^`\n]+`|[\p{L}_][\p{L}\p{Nd}_]*)/gu;
const ESCAPES_AND_NAMES = new RegExp(`\\\\(?:u(?<unicode>[0-9A-Fa-f]{4})|(?<letter>[^]?))|${NAMES.source}`, "gu");

/** Texts and names of a stretch of source without `${…}`; `undefined` if it has an escape that Kotlin does not know. */
function decode(source: string, escaped: boolean, at: Position): (string | Expression)[] | undefined {
  const parts: (string | Expression)[] = [];
  let known = true;
  let from = 0;
  for (const match of source.matchAll(escaped ? ESCAPES_AND_NAMES : NAMES)) {
    const { unicode, letter, name } = match.groups as Partial<Record<string, string>>;
    const [whole] = match;
    parts.push(source.slice(from, match.index));
    from = match.index + whole.length;
    if (name !== undefined) parts.push({ ...at, kind: "name", name: name.replaceAll("`", "") });
    else if (unicode !== undefined) parts.push(String.fromCharCode(Number.parseInt(unicode, 16)));
    else {
      const character = escapes[letter as string];
      known &&= character !== undefined;
      parts.push(character ?? "");
    }
  }
  parts.push(source.slice(from));
  return known ? parts : undefined;
}
