import { isAbsolute, relative } from "node:path";
import { type Finding, FindingsError } from "../model/finding.js";
import { publicFinding } from "../report/json.js";
import { palette, prettyFindings } from "../report/pretty.js";
import type { ReportOptions } from "./options.js";

/** What a command has to say, in whichever form the user wants it. Reports go to stdout. */
export interface Report {
  readonly findings: readonly Finding[];
  /** What the JSON report has besides the findings. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** The lines of the pretty report after the findings; left out with `--quiet`. */
  readonly lines?: readonly string[];
}

/** Runs the body of a command and prints its report; findings that end it early are its report too. Returns the exit code. */
export async function reporting(options: ReportOptions, body: () => Promise<Report>): Promise<number> {
  try {
    return printReport(await body(), options);
  } catch (error) {
    if (error instanceof FindingsError) return printReport({ findings: error.findings }, options);
    throw error;
  }
}

/** Prints a report and returns the exit code: 1 if there is an error, or more warnings than allowed. */
function printReport({ findings, data = {}, lines = [] }: Report, options: ReportOptions): number {
  const shown = findings.map((each) =>
    each.place === undefined ? each : { ...each, place: { ...each.place, file: shownPath(each.place.file, options.cwd) } },
  );
  if (options.reporter === "json")
    process.stdout.write(`${JSON.stringify({ findings: shown.map(publicFinding), ...data }, null, 2)}\n`);
  else {
    const visible = options.quiet ? shown.filter((each) => each.severity === "error") : shown;
    const text = prettyFindings(visible, palette(options.color));
    const rest = options.quiet || lines.length === 0 ? "" : `${lines.join("\n")}\n`;
    process.stdout.write(text !== "" && rest !== "" ? `${text}\n${rest}` : text + rest);
  }
  const warnings = findings.filter((each) => each.severity === "warning").length;
  if (findings.some((each) => each.severity === "error")) return 1;
  return options.maxWarnings !== undefined && warnings > options.maxWarnings ? 1 : 0;
}

/** A path as the user sees it: relative to where the command runs, if it lies below that. */
export function shownPath(path: string, cwd: string): string {
  const way = relative(cwd, path);
  return way === "" || isAbsolute(way) || way.split(/[\\/]/)[0] === ".." ? path : way;
}
