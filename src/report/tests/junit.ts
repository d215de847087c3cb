import type { CheckResult, TestResult } from "../../contract/results.js";
import type { Finding } from "../../model/finding.js";
import { complaintLines, evidenceLine, hintOf, outcomeWords, type TestReporter } from "./reporter.js";

/**
 * JUnit's XML: a suite per connection, a case per check. What was not run is skipped. A connection that was not tested has one
 * skipped case, findings in the settings that are errors are failed cases of a suite of their own.
 */
export function junitTests(): TestReporter {
  return {
    start: (findings) => `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="plugboard">\n${findingSuite(findings)}`,
    result: suite,
    end: () => "</testsuites>\n",
  };
}

function suite({ projectId, connectionId, checks, reason = "", duration, place, status }: TestResult): string {
  const className = `${projectId}.${connectionId}`;
  const file = place === undefined ? {} : { file: place.file, ...(place.line === undefined ? {} : { line: place.line }) };
  const cases = checks.map((check) => ({ attributes: { classname: className, ...caseOf(check), ...file }, body: bodyOf(check) }));
  if (status === "notRun" || status === "notEnded") {
    const body = element("skipped", { message: reason });
    cases.push({ attributes: { classname: className, name: "test", time: "0.000", ...file }, body });
  }
  return suiteElement(`${projectId} › ${connectionId}`, duration, cases);
}

function findingSuite(findings: readonly Finding[]): string {
  const errors = findings.filter((each) => each.severity === "error");
  if (errors.length === 0) return "";
  const cases = errors.map(({ code, message, hint, subject = "", place }) => ({
    attributes: { classname: "settings", name: [subject, code, message].join(" "), time: "0.000", ...place },
    body: element("failure", { message, type: code }, hint),
  }));
  return suiteElement("settings", 0, cases);
}

interface Case {
  readonly attributes: Attributes;
  readonly body: string;
}

function suiteElement(name: string, duration: number, cases: readonly Case[]): string {
  const count = (tag: string): number => cases.filter(({ body }) => body.startsWith(`<${tag}`)).length;
  const attributes = {
    ...{ name, tests: cases.length, failures: count("failure"), errors: count("error"), skipped: count("skipped") },
    time: (duration / 1000).toFixed(3),
  };
  const lines = cases.map(({ attributes: own, body }) =>
    body === "" ? `    <testcase${written(own)}/>\n` : `    <testcase${written(own)}>\n      ${body}\n    </testcase>\n`,
  );
  return `  <testsuite${written(attributes)}>\n${lines.join("")}  </testsuite>\n`;
}

function caseOf({ stage, title, duration }: CheckResult) {
  return { name: `${stage}: ${title}`, time: (duration / 1000).toFixed(3) };
}

function bodyOf(check: CheckResult): string {
  const { status, outcome, message, evidence = {}, complaints = [] } = check;
  if (status === "notRun") return element("skipped", { message });
  const complained = complaints.flatMap(complaintLines);
  if (status === "passed") {
    const text = [...(outcome === "ok" ? [] : [`${outcome}: ${message}`]), ...complained].join("\n");
    return text === "" ? "" : element("system-out", {}, text);
  }
  const text = [message, evidenceLine(evidence), hintOf(check), ...complained].filter((each) => each).join("\n");
  return element(outcome === "internal-error" ? "error" : "failure", { message, type: outcomeWords(outcome ?? "ok") }, text);
}

type Attributes = Readonly<Record<string, string | number | undefined>>;

function element(tag: string, attributes: Attributes, text = ""): string {
  return text === "" ? `<${tag}${written(attributes)}/>` : `<${tag}${written(attributes)}>${escapeXml(text)}</${tag}>`;
}

function written(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([name, value]) => (value === undefined ? "" : ` ${name}="${escapeXml(String(value))}"`))
    .join("");
}

const entities: Readonly<Record<string, string>> = {
  "<": "&lt;",
  ">": "&gt;",
  "&": "&amp;",
  '"': "&quot;",
  "\n": "&#10;",
  "\t": "&#9;",
};

/** Text for XML 1.0, which cannot hold most control characters nor halves of surrogate pairs in any form. */
function escapeXml(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters replaced
  const possible = text.replace(/[\0-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]|\p{Surrogate}/gu, "\ufffd");
  return possible.replace(/[<>&"\n\t]/g, (each) => entities[each] ?? each);
}
