import type { CheckResult, TestResult } from "../../contract/results.js";
import { mayPassLater, type Outcome, outcomeCode } from "../../model/outcomes.js";
import { publicFinding } from "../json.js";
import { codeOf, type TestReporter } from "./reporter.js";

/** One JSON object; its keys are part of the interface. */
export function jsonTests(): TestReporter {
  let first = true;
  return {
    start: (findings) => `{\n"findings": ${JSON.stringify(findings.map(publicFinding))},\n"results": [`,
    result(result) {
      const text = `${first ? "" : ","}\n${JSON.stringify(publicResult(result))}`;
      first = false;
      return text;
    },
    end: ({ duration, ...summary }) => `\n],\n"summary": ${JSON.stringify({ ...summary, duration: Math.round(duration) })}\n}\n`,
  };
}

function publicResult(result: TestResult): unknown {
  const { place, duration, checks, ...rest } = result;
  const code = codeOf(result);
  const more = { ...laterOf(rest.outcome), ...place, duration: Math.round(duration), checks: checks.map(publicCheck) };
  return { ...rest, code, ...more };
}

function publicCheck({ duration, ...rest }: CheckResult): unknown {
  const code = rest.outcome && outcomeCode(rest.outcome);
  return { ...rest, code, ...laterOf(rest.outcome), duration: Math.round(duration) };
}

/** Whether the same test may succeed later without anything being changed. */
function laterOf(outcome: Outcome | undefined) {
  return outcome !== undefined && mayPassLater(outcome) ? { later: true } : {};
}
