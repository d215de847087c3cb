import type { CheckResult, TestResult } from "../../contract/results.js";
import { countLine, type Palette, placeText, prettyFindings, printable } from "../pretty.js";
import {
  codeOf,
  countWords,
  decidingCheck,
  evidenceLine,
  hintOf,
  outcomeWords,
  seconds,
  statusWords,
  type TestReporter,
  whereWords,
} from "./reporter.js";

/**
 * For a terminal or a log: a line for a test that has passed, a block with all checks for one that has not.
 * `quiet`: what has failed, and nothing else.
 */
export function prettyTests(palette: Palette, quiet: boolean): TestReporter {
  const { severity, dim } = palette;
  const colors = { passed: (text: string) => text, failed: severity.error, notRun: severity.note, notEnded: severity.warning };
  let separate = false;

  const block = (result: TestResult): string => {
    const { status, place, projectId, connectionId, kind, duration, outcome, reason } = result;
    const where = place === undefined ? "" : `${palette.bold(printable(placeText(place)))} `;
    const what = `${printable(`${projectId} › ${connectionId}`)} ${dim(`(${kind}, ${seconds(duration)})`)}`;
    const deciding = decidingCheck(result);
    if (status === "passed") {
      const reservation = deciding === undefined ? "" : `: ${outcomeWords(deciding.outcome ?? "ok")} ${summed(deciding)}`;
      return [`${where}passed ${what}${printable(reservation)}`, ...complaintLines(result.checks)].join("\n");
    }
    const word = colors[status](statusWords[status]);
    if (status === "notRun") return `${where}${word} ${what}: ${codeOf(result)} ${printable(reason ?? "")}`;
    const why = outcome === undefined ? printable(reason ?? "") : outcomeWords(outcome);
    const lines = [`${where}${word} ${what}: ${why}`, ...result.checks.map(checkLine)];
    for (const each of deciding === undefined ? [] : [deciding]) {
      const evidence = evidenceLine(each.evidence ?? {});
      if (evidence !== "") lines.push(dim(`  ${printable(evidence)}`));
      const hint = hintOf(each);
      if (hint !== undefined) lines.push(`  hint: ${printable(hint)}`);
    }
    return [...lines, ...complaintLines(result.checks)].join("\n");
  };

  const checkLine = (check: CheckResult): string => {
    const marks = { passed: "✓", failed: severity.error("✗"), notRun: "–" };
    const line = `${marks[check.status]} ${check.stage.padEnd(14)} ${printable(summed(check))}`;
    return check.status === "failed" ? `  ${line}` : dim(`  ${line}`);
  };

  const complaintLines = (checks: readonly CheckResult[]): string[] =>
    checks.flatMap(({ complaints = [] }) =>
      complaints.flatMap(({ severity: level, code, message, hint }) => [
        `  ${severity[level](level)} ${code} ${printable(message)}`,
        ...(hint === undefined ? [] : [`  hint: ${printable(hint)}`]),
      ]),
    );

  return {
    start(findings) {
      const visible = quiet ? findings.filter((each) => each.severity === "error") : findings;
      separate = countLine(visible) !== "";
      return prettyFindings(visible, palette);
    },
    result(result) {
      if (quiet && result.status !== "failed" && result.status !== "notEnded") return "";
      const text = `${separate ? "\n" : ""}${block(result)}\n`;
      separate = false;
      return text;
    },
    end(summary) {
      if (quiet) return "";
      const where = summary.passed + summary.failed === 0 ? "" : `${whereWords(summary)}\n`;
      return `\n${countWords(summary)} in ${seconds(summary.duration)}\n${where}`;
    },
  };
}

function summed({ title, message }: CheckResult): string {
  return `${title}: ${message}`;
}
