/** Code before it is laid out: what has room on one line is printed on one. */
export type Code = string | List | Call | Named | Body;

/** An object, an array, or what else is listed between brackets. */
interface List {
  readonly form: "list";
  readonly open: string;
  readonly close: string;
  readonly padding: "" | " ";
  readonly items: readonly Code[];
  /** Whether every item has a line of its own, even if there is room on one. */
  readonly onLines: boolean;
}

interface Call {
  readonly form: "call";
  readonly callee: string;
  readonly args: readonly Code[];
}

/** A property or a constant: `region: …`, `const main = …`. */
interface Named {
  readonly form: "named";
  readonly head: string;
  readonly value: Code;
}

/** An arrow function whose one parameter is taken apart. */
interface Body {
  readonly form: "body";
  readonly parameters: readonly string[];
  readonly statements: readonly Code[];
}

/** How a file is laid out. */
export interface Style {
  readonly indent: string;
  readonly quote: '"' | "'";
  readonly trailingComma: boolean;
  readonly semicolon: boolean;
}

export const ownStyle: Style = { indent: "  ", quote: '"', trailingComma: true, semicolon: true };

/** The most columns that a line has. */
export const WIDTH = 120;

export function object(items: readonly Code[], onLines = false): Code {
  return { form: "list", open: "{", close: "}", padding: " ", items, onLines };
}

export function array(items: readonly Code[]): Code {
  return { form: "list", open: "[", close: "]", padding: "", items, onLines: false };
}

export function call(callee: string, ...args: readonly Code[]): Code {
  return { form: "call", callee, args };
}

/** A property; where a variable of its name holds the value, the name says it all. */
export function property(name: string, value: Code): Code {
  const isVariable = name === value && /^(?!(true|false|null)$)[A-Za-z_$]/.test(name);
  return isVariable ? name : { form: "named", head: `${name}:`, value };
}

export function constant(name: string, value: Code): Code {
  return { form: "named", head: `const ${name} =`, value };
}

export function body(parameters: readonly string[], statements: readonly Code[]): Code {
  return { form: "body", parameters, statements };
}

/** Statements, each of more than one line set apart from its neighbours. */
export function printStatements(statements: readonly Code[], style: Style, indent = ""): string {
  const end = style.semicolon ? ";" : "";
  const printed = statements.map((each) => indent + print(each, style, indent, indent.length, end.length) + end);
  return printed
    .map((each, index) => {
      const before = printed[index - 1];
      return before !== undefined && (before.includes("\n") || each.includes("\n")) ? `\n${each}` : each;
    })
    .join("\n");
}

/** The named parts of an import or the parameters of a function, on one line or on one each. */
export function printBrackets(open: string, items: readonly string[], close: string, padding: "" | " "): string {
  return print({ form: "list", open, close, padding, items, onLines: false }, ownStyle);
}

/**
 * Lays code out.
 * @param before - The columns that stand before it on its line.
 * @param after - The columns that follow it on its last line.
 */
export function print(code: Code, style: Style, indent = "", before = 0, after = 0): string {
  const line = flat(code);
  if (typeof code === "string" || isEmpty(code)) return line;
  if (!line.includes("\n") && before + line.length + after <= WIDTH) return line;
  switch (code.form) {
    case "list":
      return printList(code, style, indent);
    case "body":
      return printBody(code, style, indent, before);
    case "named": {
      const { head, value } = code;
      const isText = typeof value === "string" && !value.includes("\n");
      // A text that has no room beside its name gets a line of its own.
      if (isText) return `${head}\n${indent}${style.indent}${value}`;
      return `${head} ${print(value, style, indent, before + head.length + 1, after)}`;
    }
    case "call": {
      const { callee, args } = code;
      const last = args.at(-1);
      const start = `${callee}(${args.slice(0, -1).map(flat).join(", ")}${args.length > 1 ? ", " : ""}`;
      const opening = last === undefined || typeof last === "string" ? undefined : openingOf(last);
      if (opening !== undefined && !start.includes("\n") && before + start.length + opening.length <= WIDTH) {
        return `${start}${broken(last as List | Body, style, indent, before + start.length)})`;
      }
      return printList({ form: "list", open: `${callee}(`, close: ")", padding: "", items: args, onLines: true }, style, indent);
    }
  }
}

/** Whether there is nothing between its brackets, where a line could end. */
function isEmpty(code: Exclude<Code, string>): boolean {
  switch (code.form) {
    case "list":
      return code.items.length === 0;
    case "call":
      return code.args.length === 0;
    case "body":
      return code.statements.length === 0;
    case "named":
      return false;
  }
}

function broken(code: List | Body, style: Style, indent: string, before: number): string {
  return code.form === "list" ? printList(code, style, indent) : printBody(code, style, indent, before);
}

/** The part of an argument that stays on the line of the call when the argument itself takes several. */
function openingOf(code: Exclude<Code, string>): string | undefined {
  if (isEmpty(code)) return undefined;
  if (code.form === "list") return code.open;
  return code.form === "body" ? `${flatParameters(code)} => {` : undefined;
}

function printList({ open, close, items }: List, style: Style, indent: string): string {
  const inner = indent + style.indent;
  const lines = items.map((each) => inner + print(each, style, inner, inner.length, 1));
  return `${open}\n${lines.join(",\n")}${style.trailingComma ? "," : ""}\n${indent}${close}`;
}

function printBody(code: Body, style: Style, indent: string, before: number): string {
  const { parameters, statements } = code;
  const line = flatParameters(code);
  const head =
    before + line.length + " => {".length <= WIDTH
      ? line
      : printList({ form: "list", open: "({", close: "})", padding: " ", items: parameters, onLines: true }, style, indent);
  return `${head} => {\n${printStatements(statements, style, indent + style.indent)}\n${indent}}`;
}

function flatParameters({ parameters }: Body): string {
  return parameters.length === 0 ? "()" : `({ ${parameters.join(", ")} })`;
}

/** Code on one line; what cannot be has a line break in it. */
function flat(code: Code): string {
  if (typeof code === "string") return code;
  switch (code.form) {
    case "list":
      if (code.items.length === 0) return code.open + code.close;
      if (code.onLines) return "\n";
      return code.open + code.padding + code.items.map(flat).join(", ") + code.padding + code.close;
    case "call":
      return `${code.callee}(${code.args.map(flat).join(", ")})`;
    case "named":
      return `${code.head} ${flat(code.value)}`;
    case "body":
      return code.statements.length === 0 ? `${flatParameters(code)} => {}` : "\n";
  }
}
