/**
 * What an import writes in the place of a value that it could not read. It says where the value stands in the input; the
 * check fails until somebody writes the value there.
 */
const MARK = "NOT-IMPORTED";

/** The placeholder of a text. */
export function notImported(file: string, line: number): string {
  return `${MARK} ${file}:${line}`;
}

/** The name of a secret that a placeholder becomes where a secret belongs: names of secrets have fewer characters. */
export function secretNotImported(placeholder: string): string {
  return placeholder.replace(/[^A-Za-z0-9._-]+/g, "/");
}

/** Tells whether a text, or the name of a secret, is a placeholder. */
export function isNotImported(text: string): boolean {
  return text.startsWith(MARK) && /^[ /]/.test(text.slice(MARK.length));
}
