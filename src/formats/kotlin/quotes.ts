/**
 * Stands for a quote at the end of a raw text, which the grammar takes for the end of it: of a row of quotes only the last
 * three are. No file has this character, which Unicode keeps free.
 */
const STAND_IN = "\uFDD0";

/** The source with stand-ins for the quotes that raw texts end in, at the same length. */
export function maskQuotes(source: string): string {
  if (!source.includes('""""') || source.includes(STAND_IN)) return source;
  let masked = "";
  let from = 0;
  for (const { kind, start, end } of closings(source)) {
    if (kind !== "quotes") continue;
    masked += source.slice(from, start) + STAND_IN.repeat(end - 3 - start);
    from = end - 3;
  }
  return masked + source.slice(from);
}

export function unmaskQuotes(text: string): string {
  return text.replaceAll(STAND_IN, '"');
}

/**
 * The source at the same length with a semicolon in place of the blank before each closing brace, and none that follows
 * another: the grammar misses the end of a statement in `object X { val a = "a" }`, and takes no empty statement.
 */
export function withSemicolons(source: string): string {
  let separated = "";
  let from = 0;
  for (const { kind, start } of closings(source)) {
    const isBrace = kind === "brace" && /[^\s{;,(>][ \t]$/.test(source.slice(Math.max(0, start - 2), start));
    if (!isBrace && kind !== "semicolon") continue;
    const at = isBrace ? start - 1 : start;
    separated += source.slice(from, at) + (isBrace ? ";" : " ");
    from = at + 1;
  }
  return separated + source.slice(from);
}

/** What can begin, end or hide a text, by what it is looked for in. */
const patterns = {
  code: /\/\/.*|\/\*|"""|"|'(?:\\.|[^'\\\n])'|`[^`\n]*`|[{}]|;(?=\s*;)/g,
  text: /\\.|"|\n|\$\{/g,
  raw: /"{3,}|\$\{/g,
  comment: /\/\*|\*\//g,
};

interface Closing {
  /** The row of quotes that ends a raw text, the brace that ends a block, or a semicolon that another follows. */
  readonly kind: "quotes" | "brace" | "semicolon";
  readonly start: number;
  readonly end: number;
}

function* closings(source: string): Generator<Closing> {
  const open: (keyof typeof patterns)[] = ["code"];
  let at = 0;
  for (let within = open.at(-1); within !== undefined; within = open.at(-1)) {
    const pattern = patterns[within];
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (match === null) return;
    const [found] = match;
    at = pattern.lastIndex;
    if (found === '"""' && within === "code") open.push("raw");
    else if (found === '"' && within === "code") open.push("text");
    else if (found === "/*") open.push("comment");
    else if (found === "{" || found === "${") open.push("code");
    else if (found === ";") yield { kind: "semicolon", start: match.index, end: at };
    else if (found === "}" ? open.length > 1 : /^(?:"+|\n|\*\/)$/.test(found)) {
      open.pop();
      if (within === "raw") yield { kind: "quotes", start: match.index, end: at };
      if (found === "}" && open.at(-1) === "code") yield { kind: "brace", start: match.index, end: at };
    }
  }
}
