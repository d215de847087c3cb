/** Order of UTF-16 code units: the order of Java's `String.compareTo`, in which TeamCity writes its files. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The same order for the entries of records and maps, by their names. */
export function compareNames([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return compareText(a, b);
}

/** The candidate that a misspelt name most likely meant, if one is near enough to be worth saying. */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > 100) return undefined;
  const meant = name.toLowerCase();
  let best: string | undefined;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) >= least) continue;
    const distance = editDistance(meant, candidate.toLowerCase(), least);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** The number of letters to change, add or take away; some number not below `limit` once that many are sure. */
function editDistance(a: string, b: string, limit: number): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    if (row.every((distance) => distance >= limit)) return limit;
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}

/** A text of at most `length` characters; one that had more ends in an ellipsis. */
export function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

/** The most that a message shows of a name or value. */
export const SHOWN_LENGTH = 60;

/** A value as a message shows it: quoted, on one line, cut. */
export function quote(value: string): string {
  const quoted = JSON.stringify(cut(value, SHOWN_LENGTH));
  // A control character takes six to write.
  return quoted.length > 1.2 * SHOWN_LENGTH ? JSON.stringify(cut(value, SHOWN_LENGTH / 6)) : quoted;
}

/** A name as a message shows it in running text: like `quote`, without the quotation marks. */
export function shown(name: string): string {
  return quote(name).slice(1, -1);
}

/** The most that a message shows of names in a row, and of each of them if there are too many. */
const ROW_LENGTH = 90;
const IN_ROW_LENGTH = 40;

/** Names in a row, as a message shows them. Of a long row, the last remains and as many of the first as there is room for. */
export function row(names: readonly string[], separator: string): string {
  const whole = names.map(shown).join(separator);
  if (whole.length <= ROW_LENGTH) return whole;
  const [first = "", ...others] = names.map((each) => cut(shown(each), IN_ROW_LENGTH));
  const last = others.pop();
  if (last === undefined) return first;
  let start = first;
  for (const each of others) {
    if (start.length + each.length + last.length > ROW_LENGTH) return [start, "…", last].join(separator);
    start += separator + each;
  }
  return start + separator + last;
}

/** `1 project`, `2 projects`. */
export function countOf(word: string, count: number): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
