import { domainToASCII } from "node:url";
import { inspect } from "node:util";
import { decodeAll } from "./percent.js";

/** Values shorter than this are not looked for: they are parts of ordinary words and numbers. */
export const SHORTEST = 4;

/** The shortest line of a value that is looked for on its own. */
const SHORTEST_LINE = 8;

/** The forms in which a secret value may stand in a text whose percent-encoding is undone. */
export interface Forms {
  /** Plain, escaped, in hexadecimal, line by line. Capitals and small letters are alike in them. */
  readonly plain: ReadonlySet<string>;
  /** In base64. The characters beside them may hold some bits of the value. */
  readonly base64: ReadonlySet<string>;
}

/** Every form of a value. */
export function formsOf(value: string): Forms {
  const plain = new Set<string>();
  const base64 = new Set<string>();
  for (const each of [value, value.trim()].filter(({ length }) => length >= SHORTEST)) {
    addEscaped(each, plain);
    addAddressed(each, plain);
    addHexadecimal(each, plain);
    addBase64(each, base64);
  }
  const lines = value.split(/[\r\n]+|\\n/).map((each) => each.trim());
  if (lines.length > 1) for (const each of lines) if (isTelling(each)) addEscaped(each, plain);
  for (const forms of [plain, base64]) for (const each of forms) if (each.length < SHORTEST) forms.delete(each);
  return { plain, base64 };
}

/** Whether a line tells something of the value: the first and last lines of a PEM text are the same in all of them. */
function isTelling(line: string): boolean {
  return line.length >= SHORTEST_LINE && !/^-----(BEGIN|END) [A-Z0-9 ]+-----$/.test(line);
}

/** The value within the syntaxes that reports and libraries write. */
function addEscaped(value: string, forms: Set<string>): void {
  const json = escapeJson(value);
  const ascii = escapeNonAscii(json, "\\u");
  for (const each of [value, json, escapeJson(json), ascii, json.replaceAll("/", "\\/"), inspected(value)]) {
    forms.add(each);
    if (/[&<>"'\t\r\n]/.test(each)) addMarkup(each, forms);
  }
  const message = escapeServiceMessage(value);
  forms.add(message).add(escapeNonAscii(message, "|0x"));
}

/** The text within XML or HTML. Writers differ in what they escape, and how. */
function addMarkup(value: string, forms: Set<string>): void {
  const text = value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  for (const base of [text, text.replaceAll("&gt;", ">")]) {
    for (const quotation of ['"', "&quot;", "&#34;", "&#x22;"]) {
      for (const apostrophe of ["'", "&apos;", "&#39;", "&#x27;"]) {
        const escaped = base.replaceAll('"', quotation).replaceAll("'", apostrophe);
        forms.add(escaped);
        for (const radix of [10, 16]) forms.add(escaped.replace(/[\t\r\n]/g, (each) => characterReference(each, radix)));
      }
    }
  }
}

/** The value within an address, as the URL Standard writes it in a path, a form and the name of a host. */
function addAddressed(value: string, forms: Set<string>): void {
  const path = value.replace(/[\t\r\n]/g, "").replaceAll("\\", "/");
  forms.add(path).add(value.replaceAll(" ", "+")).add(domainToASCII(value));
  // A percent sign that is left alone may look like an escape.
  for (const written of [value, path]) for (const { text } of decodeAll(written)) addEscaped(text, forms);
}

/** The bytes of the value, also as Node prints a buffer. */
function addHexadecimal(value: string, forms: Set<string>): void {
  const hex = Buffer.from(value).toString("hex");
  forms.add(hex).add(hex.replace(/..(?!$)/g, "$& "));
}

function addBase64(value: string, forms: Set<string>): void {
  const bytes = Buffer.from(value);
  for (const shift of [0, 1, 2]) {
    const encoded = base64Core(bytes, shift);
    forms.add(encoded).add(encoded.replaceAll("+", "-").replaceAll("/", "_"));
  }
}

/**
 * The part of a longer base64 text that the value alone decides, if so many bytes stand before it, modulo 3. At both ends
 * a character may hold bits of what stands beside the value.
 */
function base64Core(bytes: Buffer, shift: number): string {
  const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString("base64");
  return encoded.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
}

function escapeJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function escapeNonAscii(text: string, prefix: string): string {
  const written = (each: string): string => prefix + each.charCodeAt(0).toString(16).padStart(4, "0");
  return text.replace(/[\u0080-\uffff]/g, written);
}

/** As Node prints a property of an error. */
function inspected(value: string): string {
  return inspect(value, { breakLength: Number.POSITIVE_INFINITY, maxStringLength: null }).slice(1, -1);
}

function characterReference(character: string, radix: number): string {
  return `&#${radix === 16 ? "x" : ""}${character.charCodeAt(0).toString(radix)};`;
}

/** Escapes of TeamCity's service messages. https://www.jetbrains.com/help/teamcity/service-messages.html#Escaped+Values */
function escapeServiceMessage(text: string): string {
  return text
    .replace(/['|[\]]/g, "|$&")
    .replaceAll("\n", "|n")
    .replaceAll("\r", "|r");
}
