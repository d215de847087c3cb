import type { Severity } from "../model/codes.js";
import type { Finding, Place } from "../model/finding.js";

/** How lines are coloured: a function per severity and one for what stands back. */
export interface Palette {
  readonly severity: Readonly<Record<Severity, (text: string) => string>>;
  readonly dim: (text: string) => string;
  readonly bold: (text: string) => string;
}

export function palette(color: boolean): Palette {
  const code =
    (number: number, end: number) =>
    (text: string): string =>
      color ? `\x1b[${number}m${text}\x1b[${end}m` : text;
  return { severity: { error: code(31, 39), warning: code(33, 39), note: code(36, 39) }, dim: code(2, 22), bold: code(1, 22) };
}

/** Findings as text for a terminal or a log: one block each, then a line of counts. */
export function prettyFindings(findings: readonly Finding[], { severity, dim, bold }: Palette): string {
  if (findings.length === 0) return "";
  const blocks = findings.map((each) => {
    const where = each.place === undefined ? "" : `${bold(printable(placeText(each.place)))} `;
    const lines = [`${where}${severity[each.severity](each.severity)} ${each.code} ${printable(each.message)}`];
    if (each.subject) lines.push(dim(`  in ${printable(each.subject)}`));
    for (const line of each.frame ?? []) lines.push(dim(`  ${printable(line)}`));
    if (each.hint) lines.push(`  hint: ${printable(each.hint)}`);
    return lines.join("\n");
  });
  return `${blocks.join("\n")}\n\n${countLine(findings)}\n`;
}

export function countLine(findings: readonly Finding[]): string {
  const count = (severity: Severity): string | undefined => {
    const number = findings.filter((each) => each.severity === severity).length;
    return number === 0 ? undefined : `${number} ${severity}${number === 1 ? "" : "s"}`;
  };
  return [count("error"), count("warning"), count("note")].filter((each) => each !== undefined).join(", ");
}

/** A place as editors and terminals link it: `settings.ts:14:9`. */
export function placeText({ file, line, column }: Place): string {
  return [file, line, column].filter((each) => each !== undefined).join(":");
}

/** Text from outside with control characters made visible: it must not steer the terminal. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters replaced
  return text.replace(/[\0-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g, (each) => (each === "\n" ? "⏎" : "�"));
}
