import { type CoreCode, codes, isCoreCode, type Severity } from "./codes.js";
import { compareText } from "./text.js";
import type { Declared } from "./values.js";

/** Where in the sources a finding belongs. Lines and columns start at 1. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** Something that is wrong, or worth knowing, in what the user wrote. Findings are data: nothing is thrown. */
export interface Finding {
  /** A stable code such as `PB205`; each has a section in `docs/errors.md`. */
  readonly code: string;
  readonly severity: Severity;
  /** What is wrong and what was found. Never holds a secret. */
  readonly message: string;
  /** What to do next: a question or a command. */
  readonly hint?: string;
  /** Path into the model, from its root: `["project", "connections", 0, "settings", "region"]`. */
  readonly path?: readonly PropertyKey[];
  /** The path as a person reads it: `Payments › PaymentsAws › region`. */
  readonly subject?: string;
  readonly place?: Place;
  /** The line of the place with a mark below it, texts in the code masked: for a terminal. */
  readonly frame?: readonly string[];
}

/** A finding of one of the project's own codes, with the severity that the code is listed with. */
export function finding(code: CoreCode, message: string, more?: Partial<Omit<Finding, "code" | "message">>): Finding {
  return { code, severity: codes[code].severity, message, ...more };
}

/** What settings themselves report of their inputs, as findings. The code is theirs to write: one that is not known says less. */
export function declaredFindings(said: Declared["findings"], more?: Pick<Finding, "place">): Finding[] {
  return said.map(({ code, message, hint }) =>
    finding(isCoreCode(code) ? code : "PB103", message, { ...more, ...(hint === undefined ? {} : { hint }) }),
  );
}

/** Thrown where no list of findings can be returned: a file that cannot be read, a model that cannot be parsed. */
export class FindingsError extends Error {
  override readonly name = "FindingsError";
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    super(findings.map((each) => `${each.code} ${each.message}`).join("\n"));
    this.findings = findings;
  }
}

const rank: Record<Severity, number> = { error: 0, warning: 1, note: 2 };

/** Sorts by severity, file, line and column, then by path and code, so that one input always gives one list. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  const key = (each: Finding): string => `${each.path?.join("/") ?? ""} ${each.code} ${each.message}`;
  return [...findings].sort(
    (a, b) =>
      rank[a.severity] - rank[b.severity] ||
      compareText(a.place?.file ?? "", b.place?.file ?? "") ||
      (a.place?.line ?? 0) - (b.place?.line ?? 0) ||
      (a.place?.column ?? 0) - (b.place?.column ?? 0) ||
      compareText(key(a), key(b)),
  );
}

export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some((each) => each.severity === "error");
}
