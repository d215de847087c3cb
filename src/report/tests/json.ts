import type { CheckResult, TestResult } from "../../contract/results.js";
import { mayPassLater, outcomeCode } from "../../model/outcomes.js";
import { publicFinding } from "../json.js";
import type { TestReporter } from "./reporter.js";

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

function publicResult({ place, duration, outcome, checks, ...rest }: TestResult): unknown {
  return { ...rest, ...codedOutcome(outcome), ...place, duration: Math.round(duration), checks: checks.map(publicCheck) };
}

function publicCheck({ duration, outcome, ...rest }: CheckResult): unknown {
  return { ...rest, ...codedOutcome(outcome), duration: Math.round(duration) };
}

/** An outcome with its code, and whether the same test may succeed later without anything being changed. */
function codedOutcome(outcome: CheckResult["outcome"]) {
  if (outcome === undefined) return {};
  return { outcome, code: outcomeCode(outcome), ...(mayPassLater(outcome) ? { later: true } : {}) };
}
