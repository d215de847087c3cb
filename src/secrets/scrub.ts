import { knownSecrets } from "../model/redacted.js";
import { SHOWN_LENGTH } from "../model/text.js";
import { formsOf } from "./forms.js";

/**
 * Replaces every known secret value by `[secret name]`, in whichever form it stands. Where values overlap, all that
 * belongs to one of them is replaced, under the name of the longest.
 */
export function scrub(text: string): string {
  const known = knownSecrets();
  if (known.size === 0) return text;
  const tables = tablesOf(known);
  learn(known, tables);
  let scrubbed = "";
  let kept = 0;
  for (const { start, end, name } of findSecrets(text, tables)) {
    scrubbed += `${text.slice(kept, start)}[secret ${name}]`;
    kept = end;
  }
  return kept === 0 ? text : scrubbed + text.slice(kept);
}

/**
 * Forms are looked up by how they start: a table says for a few characters whether any form starts so, a map has
 * the forms that share their first characters, by length. The time grows with the text and hardly with the secrets.
 */
interface Tables {
  readonly starts: Uint8Array;
  readonly groups: Map<string, Group>;
  readonly names: Set<string>;
  /** The known values that are not in here yet: more are added at its end, so it must not be read to its end. */
  readonly unread: Iterator<readonly [value: string, name: string]>;
  learnt: number;
}

const FEW = 4;
const MORE = 8;
const STARTS = 2 ** 22;

interface Group {
  /** Lengths of the forms, the longest first. */
  readonly lengths: number[];
  /** Names by form. */
  readonly names: Map<string, string>;
}

/** They go with the values that they were made of. */
const made = new WeakMap<ReadonlyMap<string, string>, Tables>();

function tablesOf(known: ReadonlyMap<string, string>): Tables {
  const before = made.get(known);
  if (before !== undefined) return before;
  const starts = new Uint8Array(STARTS);
  const tables: Tables = { starts, groups: new Map(), names: new Set(), unread: known.entries(), learnt: 0 };
  made.set(known, tables);
  return tables;
}

function learn({ size }: ReadonlyMap<string, string>, tables: Tables): void {
  for (; tables.learnt < size; tables.learnt++) {
    const [value, name] = tables.unread.next().value as [value: string, name: string];
    tables.names.add(name);
    for (const form of formsOf(value)) addForm(form, name, tables);
  }
}

function addForm(form: string, name: string, { starts, groups }: Tables): void {
  starts[hash(form, 0)] = 1;
  const key = form.slice(0, form.length < MORE ? FEW : MORE);
  const group: Group = groups.get(key) ?? { lengths: [], names: new Map() };
  groups.set(key, group);
  group.names.set(form, name);
  if (group.lengths.includes(form.length)) return;
  group.lengths.push(form.length);
  group.lengths.sort((a, b) => b - a);
}

/** A place in `starts`. */
function hash(text: string, at: number): number {
  let sum = 0;
  for (let index = at; index < at + FEW; index++) sum = Math.imul(sum, 0x01000193) ^ text.charCodeAt(index);
  return (sum ^ (sum >>> 15)) & (STARTS - 1);
}

interface Found {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

function* findSecrets(text: string, tables: Tables): Generator<Found> {
  let start = 0;
  let end = 0;
  let name = "";
  let longest = 0;
  for (let at = 0; at + FEW <= text.length; at++) {
    while (text.charCodeAt(at) === OPENING && isMark(text, at, tables)) at = text.indexOf("]", at) + 1;
    if (tables.starts[hash(text, at)] === 0) continue;
    const found = longestForm(text, at, tables) ?? cutForm(text, at, tables);
    if (found === undefined) continue;
    if (at >= end) {
      if (end > start) yield { start, end, name };
      [start, longest] = [at, 0];
    }
    const { length } = found;
    end = Math.max(end, at + length);
    if (length > longest) [name, longest] = [found.name, length];
  }
  if (end > start) yield { start, end, name };
}

const OPENING = "[".charCodeAt(0);

/** Whether an earlier pass has replaced a value there. What it has written stays, even if a name holds its own value. */
function isMark(text: string, at: number, { names }: Tables): boolean {
  if (!text.startsWith(MARK, at)) return false;
  const rest = text.slice(at + MARK.length, at + LONGEST_MARK);
  const end = rest.indexOf("]");
  return end > 0 && names.has(rest.slice(0, end));
}

const MARK = "[secret ";
const LONGEST_MARK = 300;

interface Hit {
  readonly length: number;
  readonly name: string;
}

function longestForm(text: string, at: number, { groups }: Tables): Hit | undefined {
  for (const key of [text.slice(at, at + MORE), text.slice(at, at + FEW)]) {
    const group = groups.get(key);
    if (group === undefined) continue;
    for (const length of group.lengths) {
      const name = group.names.get(text.slice(at, at + length));
      if (name !== undefined) return { length, name };
    }
  }
  return undefined;
}

/** A value that a message has cut: the start of a form with an ellipsis behind it. */
function cutForm(text: string, at: number, { groups }: Tables): Hit | undefined {
  const group = groups.get(text.slice(at, at + MORE));
  if (group === undefined) return undefined;
  const length = text.slice(at, at + SHOWN_LENGTH).indexOf("…");
  if (length < MORE) return undefined;
  const start = text.slice(at, at + length);
  for (const [form, name] of group.names) if (form.startsWith(start)) return { length, name };
  return undefined;
}
