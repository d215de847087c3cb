import type { ConnectionType } from "../../contract/define.js";
import type { Fields, Param } from "../../contract/params.js";
import type { Acknowledgement, ConnectionForm, SecretForm } from "../../model/values.js";
import { array, type Code, call, object, property, type Style } from "./print.js";

/** The functions of `plugboard` that values are made with. */
export type Maker = "acknowledge" | "connectionRef" | "secret" | "storedSecret" | "token";

/** How a file says what values are made of. */
export interface Terms {
  readonly quote: Style["quote"];
  /** The expression that a function is called by in this file, which imports it. */
  maker(name: Maker): string;
  /** The expression for a reference, at its path in the settings. `kind` is that of the connection referred to. */
  reference(form: ConnectionForm, kind: string, path: string): Code;
  /** The constant that holds a text, if the file has one for the setting. */
  shared(setting: string, text: string): string | undefined;
}

/** The settings of a type by their paths, `credentials.roleArn`; those of all options of a variant are among them. */
export type Table = ReadonlyMap<string, Param>;

export function tableOf(type: ConnectionType | undefined): Table {
  const table = new Map<string, Param>();
  if (type !== undefined) collect(type.params, "", table);
  return table;
}

function collect(fields: Fields, prefix: string, table: Map<string, Param>): void {
  for (const [name, param] of Object.entries(fields)) {
    const path = prefix + name;
    table.set(path, param);
    if (param.form === "group") collect(param.fields, `${path}.`, table);
    else if (param.form === "variant") for (const each of Object.values(param.options)) collect(each.fields, `${path}.`, table);
    else if (param.form === "intent") {
      for (const [field, kind] of Object.entries(param.references)) {
        table.set(`${path}.${field}`, { form: "reference", kind, stored: "" });
      }
    }
  }
}

type Values = Readonly<Record<string, unknown>>;

/** Settings as an object literal. `onLines`: one setting on a line. */
export function settingsCode(settings: Values, table: Table, terms: Terms, onLines: boolean): Code {
  return record(settings, "", table, terms, onLines && Object.keys(settings).length > 1);
}

/** A value of the model as the expression that makes it. `path` is its place in the settings. */
export function valueCode(value: unknown, path: string, table: Table, terms: Terms): Code {
  if (typeof value === "string") {
    const setting = path.slice(path.lastIndexOf(".") + 1);
    const name = table.get(path)?.form === "text" ? terms.shared(setting, value) : undefined;
    return name ?? textLiteral(value, terms.quote);
  }
  if (Array.isArray(value)) {
    return array(
      value.map((each) =>
        path === "acknowledge" ? acknowledgement(each as Acknowledgement, terms) : valueCode(each, `${path}[]`, table, terms),
      ),
    );
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (isSecret(value)) return secretCode(value, terms);
  const param = table.get(path);
  if (param?.form === "reference") return terms.reference(value as ConnectionForm, param.kind, path);
  return record(value as Values, `${path}.`, table, terms, false);
}

function record(values: Values, prefix: string, table: Table, terms: Terms, onLines: boolean): Code {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return object(
    given.map(([name, value]) => property(keyLiteral(name, terms.quote), valueCode(value, prefix + name, table, terms))),
    onLines,
  );
}

function acknowledgement({ code, reason }: Acknowledgement, { maker, quote }: Terms): Code {
  return call(maker("acknowledge"), textLiteral(code, quote), textLiteral(reason, quote));
}

export function isSecret(value: object): value is SecretForm {
  return "$secret" in value || "$token" in value || "$stored" in value;
}

function secretCode(form: SecretForm, { maker, quote }: Terms): Code {
  if ("$stored" in form) return call(maker("storedSecret"));
  if ("$token" in form) return call(maker("token"), textLiteral(form.$token, quote));
  const name = textLiteral(form.$secret, quote);
  if (form.expires === undefined) return call(maker("secret"), name);
  return call(maker("secret"), name, object([property("expires", textLiteral(form.expires, quote))]));
}

/** A connection that the tree does not declare, or that cannot be had as a handle. */
export function connectionRef(id: string, kind: string, { maker, quote }: Terms): Code {
  return call(maker("connectionRef"), textLiteral(kind, quote), textLiteral(id, quote));
}

/** A property's name. `__proto__` is computed: written out it would be the prototype. */
export function keyLiteral(name: string, quote: Style["quote"]): string {
  if (name === "__proto__") return `[${quoted(name, quote)}]`;
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name, quote);
}

/** What an editor shows as nothing, or as something else: controls, formats, halves of surrogate pairs, hard spaces. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u00a0]/gu;

/**
 * The expression for exactly a text: several lines as a template, unless blanks would stand at a line's end, where editors
 * take them away.
 */
export function textLiteral(text: string, quote: Style["quote"]): string {
  const isLines = /\n[^\n]/.test(text) && !/[ \t]\n|[ \t]$/.test(text) && !text.replaceAll("\n", "").match(UNSEEN);
  if (isLines) return `\`${text.replace(/[\\`]|\$(?=\{)/g, "\\$&")}\``;
  return quoted(text, quote);
}

/** A text in quotation marks: the other ones, as formatters have it, if that saves backslashes. */
function quoted(text: string, quote: Style["quote"]): string {
  const count = (mark: string): number => text.split(mark).length;
  const other = quote === '"' ? "'" : '"';
  const mark = count(quote) > count(other) ? other : quote;
  const inner = text.replaceAll("\\", "\\\\").replaceAll(mark, `\\${mark}`).replace(UNSEEN, escaped);
  return mark + inner + mark;
}

const shortEscapes: Readonly<Record<string, string>> = { "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function escaped(character: string): string {
  const short = shortEscapes[character];
  if (short !== undefined) return short;
  const hex = (character.codePointAt(0) as number).toString(16);
  return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, "0")}`;
}
