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
  for (const { start, end } of closingQuotes(source)) {
    masked += source.slice(from, start) + STAND_IN.repeat(end - 3 - start);
    from = end - 3;
  }
  return masked + source.slice(from);
}

export function unmaskQuotes(text: string): string {
  return text.replaceAll(STAND_IN, '"');
}

/** What can begin, end or hide a text, by what it is looked for in. */
const patterns = {
  code: /\/\/.*|\/\*|"""|"|'(?:\\.|[^'\\\n])'|`[^`\n]*`|[{}]/g,
  text: /\\.|"|\n|\$\{/g,
  raw: /"{3,}|\$\{/g,
  comment: /\/\*|\*\//g,
};

/** The rows of quotes that end raw texts. */
function* closingQuotes(source: string): Generator<{ start: number; end: number }> {
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
    else if (found === "}" ? open.length > 1 : /^(?:"+|\n|\*\/)$/.test(found)) {
      if (within === "raw") yield { start: match.index, end: at };
      open.pop();
    }
  }
}
