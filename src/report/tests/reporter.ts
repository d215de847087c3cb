import type { Evidence } from "../../contract/adapter.js";
import type { CheckResult, RatedComplaint, TestResult, TestStatus, TestSummary } from "../../contract/results.js";
import { type CoreCode, codes } from "../../model/codes.js";
import type { Finding } from "../../model/finding.js";
import { type Outcome, outcomeCode } from "../../model/outcomes.js";

/**
 * Makes the text of a report on connection tests, piece by piece as the tests end, so that a report of any length takes
 * little memory. A piece holds one result as a whole.
 */
export interface TestReporter {
  /** The beginning, with what was found in the settings before any test. */
  start(findings: readonly Finding[]): string;
  result(result: TestResult): string;
  end(summary: TestSummary): string;
}

/** Statuses as people read them. */
export const statusWords: Readonly<Record<TestStatus, string>> = {
  passed: "passed",
  failed: "failed",
  notRun: "not run",
  notEnded: "not ended",
};

/** The code under which what became of a test is documented, unless all is well. */
export function codeOf({ status, outcome }: TestResult): CoreCode | undefined {
  return status === "notRun" ? "PB450" : outcome && outcomeCode(outcome);
}

/** A complaint as text: what is wrong, and what to do. */
export function complaintLines({ severity, code, message, hint }: RatedComplaint): string[] {
  return [`${severity} ${code}: ${message}`, ...(hint === undefined ? [] : [hint])];
}

/** The check that a test's outcome comes from, if there is one that did not simply pass. */
export function decidingCheck({ outcome, checks }: TestResult): CheckResult | undefined {
  return outcome === undefined || outcome === "ok" ? undefined : checks.find((each) => each.outcome === outcome);
}

/** What to do next: what the check itself says, or else what the page of its outcome's code says. */
export function hintOf({ hint, outcome }: CheckResult): string | undefined {
  const code = outcome && outcomeCode(outcome);
  return hint ?? (code && codes[code].help);
}

/** An outcome with the code under which it is documented: `wrong-secret PB412`. */
export function outcomeWords(outcome: Outcome): string {
  const code = outcomeCode(outcome);
  return code === undefined ? outcome : `${outcome} ${code}`;
}

/** What a check was based on, as one line. */
export function evidenceLine({ request, status, code, missing, retryAfter, attempts, facts = {} }: Evidence): string {
  return [
    request,
    status === undefined ? undefined : `status ${status}`,
    code,
    missing === undefined ? undefined : `missing: ${missing.join(", ")}`,
    retryAfter === undefined ? undefined : `try again after ${retryAfter} s`,
    attempts === undefined ? undefined : `${attempts} attempts`,
    ...Object.entries(facts).map(([name, value]) => `${name} ${value}`),
  ]
    .filter((each) => each !== undefined)
    .join(", ");
}

/** How many tests came to what: `12 passed, 1 failed, 2 not run`. */
export function countWords(summary: TestSummary): string {
  const statuses = ["passed", "failed", "notRun", "notEnded"] as const;
  const counted = statuses.filter((each) => summary[each] > 0).map((each) => `${summary[each]} ${statusWords[each]}`);
  return counted.length === 0 ? "no tests" : counted.join(", ");
}

/** Where tests ran, and what that proves. */
export function whereWords({ from }: TestSummary): string {
  const through = from.proxies.length === 0 ? "" : ` through ${from.proxies.join(", ")}`;
  return `Tested from ${from.host}${through}: this proves what is reachable from there, not from the TeamCity server or its agents.`;
}

/** Milliseconds as seconds: `1.2 s`. */
export function seconds(duration: number): string {
  return `${(duration / 1000).toFixed(1)} s`;
}
