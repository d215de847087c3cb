/** Kotlin's hard keywords: the words that are no names without backticks. */
const KEYWORDS = new Set(
  `as break class continue do else false for fun if in interface is null object package return super this throw true try
   typealias typeof val var when while`.split(/\s+/),
);

/** Tells whether a text can stand as a name in Kotlin as it is. */
export function isKotlinName(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(text) && !/^_+$/.test(text) && !KEYWORDS.has(text);
}

/** A property or function by its name. */
export function kotlinName(name: string): string {
  return isKotlinName(name) ? name : `\`${name}\``;
}

/**
 * An expression whose value is the text, as TeamCity writes it: plain, raw if the text holds `"` or `\`, indented if it
 * has several lines. A text that neither raw form can hold is written on one line with escapes. Where an expression has
 * several lines, every line that is not empty may be indented further: `trimIndent` takes it off.
 */
export function kotlinString(text: string): string {
  if (UNPRINTABLE.test(text) || text.includes('"""')) return escaped(text);
  if (text.includes("\n")) return survivesTrimIndent(text) ? indented(text) : escaped(text);
  return /["\\]/.test(text) ? `"""${withDollars(text)}"""` : `"${withDollars(text)}"`;
}

/**
 * What a source file cannot hold or shows as something else: controls but line feed and tab, other line ends, halves of
 * surrogate pairs, byte-order marks, changes of the writing direction.
 */
const UNPRINTABLE = /[\p{Cs}\p{Zl}\p{Zp}\uFEFF\u202A-\u202E\u2066-\u2069]|(?![\n\t])\p{Cc}/u;

/** `trimIndent` takes off what every line is indented by, and drops the first and the last line if they are blank. */
function survivesTrimIndent(text: string): boolean {
  const lines = text.split("\n");
  return lines.some((each) => /^\S/.test(each)) && lines[0]?.trim() !== "" && lines.at(-1)?.trim() !== "";
}

function indented(text: string): string {
  const lines = withDollars(text).split("\n");
  return ['"""', ...lines.map((line) => (line === "" ? "" : `    ${line}`)), '""".trimIndent()'].join("\n");
}

/** A `$` has no escape in raw strings, so it is written as a template everywhere. */
function withDollars(text: string): string {
  return text.split("$").join("${'$'}");
}

const ESCAPES: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\" };

const ESCAPED = new RegExp(`["\\\\\\n\\t]|${UNPRINTABLE.source}`, "gu");

function escaped(text: string): string {
  const sequence = (character: string): string =>
    ESCAPES[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return `"${withDollars(text).replace(ESCAPED, sequence)}"`;
}
