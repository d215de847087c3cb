import type { RatedComplaint, TestResult } from "../../contract/results.js";
import type { Place } from "../../model/finding.js";
import { countWords, decidingCheck, hintOf, outcomeWords, statusWords, type TestReporter, whereWords } from "./reporter.js";

/**
 * Annotations of GitHub Actions: an error per failed test at its place, a notice per test that was not run. `pathOf` gives the path
 * of a file as GitHub knows it, from the root of the repository.
 * https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
 */
export function githubAnnotations(pathOf: (file: string) => string): TestReporter {
  const command = (level: string, title: string, lines: readonly (string | undefined)[], place: Place | undefined): string =>
    annotation(level, title, lines, place && { ...place, file: pathOf(place.file) });
  return {
    start: (findings) =>
      findings
        .filter((each) => each.severity !== "note")
        .map(({ severity, code, message, place, hint }) => command(severity, code, [message, hint], place))
        .join(""),
    result(result) {
      const { status, place, projectId, connectionId, reason } = result;
      const complaints = complaintsOf(result)
        .map(({ severity, code, message, hint }) =>
          command(severity, `${projectId} › ${connectionId} ${code}`, [message, hint], place),
        )
        .join("");
      if (status === "passed") return complaints;
      const deciding = decidingCheck(result);
      const lines = deciding === undefined ? [reason] : [`${deciding.title}: ${deciding.message}`, hintOf(deciding)];
      const title = `${projectId} › ${connectionId} ${statusWords[status]}`;
      return command(status === "notRun" ? "notice" : "error", title, lines, place) + complaints;
    },
    end: () => "",
  };
}

function annotation(level: string, title: string, lines: readonly (string | undefined)[], place: Place | undefined): string {
  const { file, line, column } = place ?? {};
  const properties = { file, line, col: column, title };
  const written = Object.entries(properties).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${escapeData(String(value)).replace(/[:,]/g, encode)}`],
  );
  return `::${level === "note" ? "notice" : level} ${written.join(",")}::${escapeData(lines.filter((each) => each).join("\n"))}\n`;
}

function escapeData(text: string): string {
  return text.replace(/[%\r\n]/g, encode);
}

function encode(text: string): string {
  return `%${text.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}

/** The longest summary in characters. GitHub takes 1 MiB for all summaries of a step, and people read less. */
const LONGEST = 60_000;

/** The job summary in Markdown: what has not passed, as many rows as there is room for, then the counts. */
export function githubSummary(): TestReporter {
  let rows = "";
  let left = 0;
  const add = (text: string): void => {
    if (rows.length + text.length <= LONGEST) rows += text;
    else left += 1;
  };
  return {
    start(findings) {
      for (const { severity, code, message, place } of findings) {
        if (severity === "error") add(row(place, "settings", code, message));
      }
      return "";
    },
    result(result) {
      if (result.status !== "passed") add(resultRow(result));
      const { place, projectId, connectionId } = result;
      for (const { severity, code, message } of complaintsOf(result))
        add(row(place, `${projectId} › ${connectionId}`, `${severity} ${code}`, message));
      return "";
    },
    end(summary) {
      const table = rows === "" ? "" : `\n| place | connection | result | what was found |\n| --- | --- | --- | --- |\n${rows}`;
      const rest = left === 0 ? "" : `\n… and ${left} more.\n`;
      return `## Connection tests: ${countWords(summary)}\n${table}${rest}\n${escapeCell(whereWords(summary))}\n`;
    },
  };
}

function complaintsOf({ checks }: TestResult): RatedComplaint[] {
  return checks.flatMap(({ complaints = [] }) => complaints);
}

function resultRow(result: TestResult): string {
  const { place, projectId, connectionId, status, reason = "" } = result;
  const deciding = decidingCheck(result);
  const word = deciding?.outcome === undefined ? statusWords[status] : outcomeWords(deciding.outcome);
  const found = deciding === undefined ? reason : [`${deciding.title}: ${deciding.message}`, hintOf(deciding) ?? ""].join("\n");
  return row(place, `${projectId} › ${connectionId}`, word, found);
}

function row(place: Place | undefined, ...cells: readonly string[]): string {
  const where = place === undefined ? "" : [place.file, place.line].filter((each) => each !== undefined).join(":");
  return `| ${[where, ...cells].map(escapeCell).join(" | ")} |\n`;
}

/** Text of a table's cell: nothing in it is Markdown or HTML. */
function escapeCell(text: string): string {
  return text
    .replace(/[\\`*_{}[\]()#+!|~@-]/g, "\\$&")
    .replace(/[<>&]/g, (each) => `&#${each.charCodeAt(0)};`)
    .replace(/\r?\n/g, "<br>");
}
