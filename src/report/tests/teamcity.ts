import type { CheckResult, TestResult } from "../../contract/results.js";
import { complaintLines, evidenceLine, hintOf, outcomeWords, type TestReporter } from "./reporter.js";

/**
 * TeamCity's service messages: a suite per connection, a test per check. Each connection has a flow of its own.
 * https://www.jetbrains.com/help/teamcity/service-messages.html
 */
export function teamcityTests(): TestReporter {
  return {
    start: (findings) =>
      findings
        .filter((each) => each.severity === "error")
        .map(({ code, message, place, path }) =>
          serviceMessage("buildProblem", {
            description: `${code} ${message}${place === undefined ? "" : ` in ${place.file}`}`,
            identity: `plugboard ${code} ${path?.join("/") ?? ""}`.slice(0, 60),
          }),
        )
        .join(""),
    result: suite,
    end: () => "",
  };
}

function suite({ projectId, connectionId, checks, status, reason = "" }: TestResult): string {
  const name = `${projectId} › ${connectionId}`;
  const flowId = `plugboard ${projectId}/${connectionId}`;
  const tests = checks.flatMap((check) => testMessages(`${check.stage}: ${check.title}`, check, flowId));
  if (status === "notRun" || status === "notEnded") {
    tests.push(serviceMessage("testIgnored", { name: "test", message: reason, flowId }));
  }
  return [
    serviceMessage("testSuiteStarted", { name, flowId }),
    ...tests,
    serviceMessage("testSuiteFinished", { name, flowId }),
  ].join("");
}

function testMessages(name: string, check: CheckResult, flowId: string): string[] {
  const { status, outcome, message, evidence = {}, complaints = [], duration } = check;
  if (status === "notRun") return [serviceMessage("testIgnored", { name, message, flowId })];
  const details = [message, evidenceLine(evidence), hintOf(check)].filter((each) => each).join("\n");
  return [
    serviceMessage("testStarted", { name, flowId }),
    ...(status === "failed"
      ? [serviceMessage("testFailed", { name, message: `${outcomeWords(outcome ?? "ok")}: ${message}`, details, flowId })]
      : []),
    ...complaints.map((each) => serviceMessage("testStdOut", { name, out: `${complaintLines(each).join("\n")}\n`, flowId })),
    serviceMessage("testFinished", { name, duration: String(Math.round(duration)), flowId }),
  ];
}

function serviceMessage(type: string, attributes: Readonly<Record<string, string>>): string {
  const written = Object.entries(attributes).map(([name, value]) => ` ${name}='${escapeValue(value)}'`);
  return `##teamcity[${type}${written.join("")}]\n`;
}

const escapes: Readonly<Record<string, string>> = { "\n": "|n", "\r": "|r" };

/** TeamCity's escapes. Its messages are read in the agent's own charset, so all beyond ASCII is written by its number. */
function escapeValue(text: string): string {
  return text.replace(/['|[\]\n\r]|[^\x20-\x7e]/g, (each) => {
    if (/['|[\]]/.test(each)) return `|${each}`;
    return escapes[each] ?? `|0x${each.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
