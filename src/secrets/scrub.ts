import { knownSecrets } from "../model/redacted.js";
import { formsOf, SHORTEST } from "./forms.js";
import { decodeWords } from "./percent.js";

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
  let start = 0;
  // What an earlier pass has written stays, even if a name holds its own value.
  for (const { index, 1: name = "" } of text.matchAll(MARKS)) {
    if (index < start || !tables.names.has(name)) continue;
    const mark = markOf(name);
    scrubbed += replaceSecrets(text.slice(start, index), tables) + mark;
    start = index + mark.length;
  }
  return scrubbed + replaceSecrets(text.slice(start), tables);
}

/** The beginning of whatever may be a mark: one may begin within what looks like another. */
const MARKS = /\[secret (?=([^\]]{1,300})\])/g;

function markOf(name: string): string {
  return `[secret ${name}]`;
}

function replaceSecrets(text: string, tables: Tables): string {
  const found = findSecrets(text, tables);
  if (found.length === 0) return text;
  let replaced = "";
  let kept = 0;
  for (const { start, end, name } of joinOverlapping(found)) {
    replaced += text.slice(kept, start) + markOf(name);
    kept = end;
  }
  return replaced + text.slice(kept);
}

interface Tables {
  /** Forms in which letters are alike, in small letters. */
  readonly plain: Index;
  readonly base64: Index;
  readonly names: Set<string>;
  /** The known values that are not in here yet: more are added at its end, so it must not be read to its end. */
  readonly unread: Iterator<readonly [value: string, name: string]>;
  learnt: number;
}

/**
 * Forms are looked up by how they start: a table says for a few characters whether any form starts so, a map has
 * the forms that share their first characters, by length. The time grows with the text and hardly with the secrets.
 */
interface Index {
  readonly starts: Uint8Array;
  readonly groups: Map<string, Group>;
}

const FEW = SHORTEST;
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
  const tables: Tables = { plain: createIndex(), base64: createIndex(), names: new Set(), unread: known.entries(), learnt: 0 };
  made.set(known, tables);
  return tables;
}

function createIndex(): Index {
  return { starts: new Uint8Array(STARTS), groups: new Map() };
}

function learn({ size }: ReadonlyMap<string, string>, tables: Tables): void {
  while (tables.learnt < size) {
    const [value, name] = tables.unread.next().value as [value: string, name: string];
    tables.learnt++;
    tables.names.add(name);
    const { plain, base64 } = formsOf(value);
    for (const form of plain) addForm(lowerAscii(form), name, tables.plain);
    for (const form of base64) addForm(form, name, tables.base64);
  }
}

/** In small letters, character by character, so that places in the text stay what they are. */
function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function addForm(form: string, name: string, { starts, groups }: Index): void {
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

/** Joins what overlaps. */
function* joinOverlapping(found: readonly Found[]): Generator<Found> {
  const [first, ...others] = found.toSorted((a, b) => a.start - b.start);
  if (first === undefined) return;
  let joined = first;
  let longest = first;
  for (const each of others) {
    if (each.start >= joined.end) {
      yield joined;
      joined = longest = each;
      continue;
    }
    if (each.end - each.start > longest.end - longest.start) longest = each;
    joined = { start: joined.start, end: Math.max(joined.end, each.end), name: longest.name };
  }
  yield joined;
}

function findSecrets(text: string, tables: Tables): Found[] {
  const found = [...findForms(text, tables)];
  for (const { text: decoded, offsets } of decodeWords(text)) {
    for (const { start, end, name } of findForms(decoded, tables))
      found.push({ start: offsets[start] as number, end: offsets[end] as number, name });
  }
  return found;
}

function* findForms(text: string, { plain, base64 }: Tables): Generator<Found> {
  yield* search(lowerAscii(text), plain);
  let end = 0;
  for (const each of search(text, base64)) {
    if (each.start < end) continue;
    const run = wholeRun(text, each);
    yield run;
    end = run.end;
  }
}

/** All of the base64 text around a form: what stands beside the form holds bits of the value. */
function wholeRun(text: string, { start, end, name }: Found): Found {
  while (start > 0 && BASE64.test(text.charAt(start - 1))) start--;
  while (BASE64.test(text.charAt(end))) end++;
  while (text.charAt(end) === "=") end++;
  return { start, end, name };
}

const BASE64 = /[\w+/-]/;

function* search(text: string, index: Index): Generator<Found> {
  for (let start = 0; start + FEW <= text.length; start++) {
    if (index.starts[hash(text, start)] === 0) continue;
    const found = longestForm(text, start, index) ?? cutForm(text, start, index);
    if (found !== undefined) yield found;
  }
}

function longestForm(text: string, start: number, { groups }: Index): Found | undefined {
  for (const key of [text.slice(start, start + MORE), text.slice(start, start + FEW)]) {
    const group = groups.get(key);
    if (group === undefined) continue;
    for (const length of group.lengths) {
      const end = start + length;
      const name = end > text.length ? undefined : group.names.get(text.slice(start, end));
      if (name !== undefined) return { start, end, name };
    }
  }
  return undefined;
}

/** A value that a message has cut: the start of a form with an ellipsis behind it. */
function cutForm(text: string, start: number, { groups }: Index): Found | undefined {
  const group = groups.get(text.slice(start, start + MORE));
  if (group === undefined) return undefined;
  const length = text.slice(start, start + LONGEST_CUT).search(ELLIPSIS);
  if (length < MORE) return undefined;
  const cut = text.slice(start, start + length);
  for (const [form, name] of group.names) if (form.startsWith(cut)) return { start, end: start + length, name };
  return undefined;
}

/** Also those of Node, behind the first 50 bytes of a buffer or the quoted start of what is not JSON. */
const ELLIPSIS = /…|["' ]?\.\.\./;
const LONGEST_CUT = 160;
