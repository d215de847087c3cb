import type * as z from "zod";
import type { Verdict } from "../../contract/adapter.js";
import type { Outcome } from "../../model/outcomes.js";
import { findFailure } from "../../transport/classify.js";

/** Why AWS credentials or a call with them came to nothing, as the verdict of a check. */
export class AwsFailure extends Error {
  override readonly name = "AwsFailure";

  readonly verdict: Verdict<never>;

  constructor(verdict: Verdict<never>) {
    super(verdict.message);
    this.verdict = verdict;
  }
}

/**
 * Runs the calls of a check. An `AwsFailure` in it is the verdict; if the server cannot be asked, later checks can build on
 * `unasked`.
 */
export async function judge<Value>(run: () => Promise<Verdict<Value>>, unasked?: Value): Promise<Verdict<Value>> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    const { verdict } = error;
    return verdict.outcome === "unverifiable" && unasked !== undefined ? { ...verdict, value: unasked } : verdict;
  }
}

/** What a check builds on in an answer. The SDK reads a page that happens to be well-formed as an empty one. */
export function readOutput<Value>(action: string, expected: string, shape: z.ZodType<Value>, output: object): Value {
  const { success, data } = shape.safeParse(output);
  if (success) return data;
  const isEmpty = Object.entries(output).every(([name, value]) => name === "$metadata" || value === undefined);
  throw refuseAnswer(action, expected, isEmpty ? "wrong-server" : "provider-error");
}

/** For an answer without what it must have. */
export function refuseAnswer(action: string, expected: string, outcome: Outcome = "wrong-server"): AwsFailure {
  return new AwsFailure({
    outcome,
    message: `the answer to ${action} does not have ${expected}`,
    hint: "Compare the endpoint with the list of AWS endpoints.",
  });
}

/** Why a call came to nothing, by its answer or on the way; `undefined` for errors of our own. */
export function reasonOf(error: unknown): string | undefined {
  return error instanceof AwsFailure ? error.verdict.message : findFailure(error)?.message;
}
