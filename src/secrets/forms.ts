import { inspect } from "node:util";

/** Values shorter than this are not looked for: they are parts of ordinary words and numbers. */
export const SHORTEST = 4;

/** The shortest line of a value that is looked for on its own. */
const SHORTEST_LINE = 16;

/** Every form in which a secret value may stand in a text: plain, escaped, encoded, or line by line. */
export function formsOf(value: string): ReadonlySet<string> {
  const forms = new Set<string>();
  const whole = [value, value.trim()].filter((each) => each.length >= SHORTEST);
  for (const each of whole) {
    addEscaped(each, forms);
    addEncoded(each, forms);
  }
  const lines = value.split(/[\r\n]+|\\n/).map((each) => each.trim());
  if (lines.length > 1) for (const each of lines) if (isTelling(each)) addEscaped(each, forms);
  for (const each of forms) if (each.length < SHORTEST) forms.delete(each);
  return forms;
}

/** Whether a line tells something of the value: the first and last lines of a PEM text are the same in all of them. */
function isTelling(line: string): boolean {
  return line.length >= SHORTEST_LINE && !/^-----(BEGIN|END) [A-Z0-9 ]+-----$/.test(line);
}

/** The value within the syntaxes that reports and libraries write. */
function addEscaped(value: string, forms: Set<string>): void {
  const json = escapeJson(value);
  const ascii = escapeNonAscii(json, "\\u");
  for (const each of [value, json, escapeJson(json), ascii, upperEscapes(ascii), json.replaceAll("/", "\\/"), inspected(value)]) {
    forms.add(each);
    if (/[&<>"'\t\r\n]/.test(each)) addMarkup(each, forms);
  }
  const message = escapeServiceMessage(value);
  forms.add(message).add(escapeNonAscii(message, "|0x"));
  forms.add(value.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A"));
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

/** The value as it travels: percent-encoded, in base64, in hexadecimal. */
function addEncoded(value: string, forms: Set<string>): void {
  const bytes = Buffer.from(value);
  const wellFormed = bytes.toString();
  const component = encodeURIComponent(wellFormed);
  const strict = component.replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);
  const form = new URLSearchParams({ "": wellFormed }).toString().slice(1);
  for (const each of [component, strict, form, encodeURI(wellFormed), encodeURIComponent(component)]) {
    forms.add(each);
    forms.add(each.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()));
  }
  const hex = bytes.toString("hex");
  forms.add(hex).add(hex.toUpperCase());
  for (const shift of [0, 1, 2]) {
    const encoded = base64Core(bytes, shift);
    forms.add(encoded).add(encoded.replaceAll("+", "-").replaceAll("/", "_")).add(encodeURIComponent(encoded));
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

function upperEscapes(text: string): string {
  return text.replace(/\\u[0-9a-f]{4}/g, (each) => `\\u${each.slice(2).toUpperCase()}`);
}

/** As Node prints a property of an error. */
function inspected(value: string): string {
  return inspect(value, { breakLength: Number.POSITIVE_INFINITY, maxStringLength: null }).slice(1, -1);
}

function characterReference(character: string, radix: number): string {
  return `&#${radix === 16 ? "x" : ""}${character.charCodeAt(0).toString(radix).toUpperCase()};`;
}

/** Escapes of TeamCity's service messages. https://www.jetbrains.com/help/teamcity/service-messages.html#Escaped+Values */
function escapeServiceMessage(text: string): string {
  return text
    .replace(/['|[\]]/g, "|$&")
    .replaceAll("\n", "|n")
    .replaceAll("\r", "|r");
}
