import type { Verdict } from "../../contract/adapter.js";

/** Why AWS credentials or a call with them came to nothing, as the verdict of a check. */
export class AwsFailure extends Error {
  override readonly name = "AwsFailure";

  readonly verdict: Verdict<never>;

  constructor(verdict: Verdict<never>) {
    super(verdict.message);
    this.verdict = verdict;
  }
}

/** Runs the calls of a check. An `AwsFailure` in it is the verdict. */
export async function judge<Value>(run: () => Promise<Verdict<Value>>): Promise<Verdict<Value>> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof AwsFailure) return error.verdict;
    throw error;
  }
}

/** For an answer without what it must have: the SDK reads a page that happens to be well-formed as an empty answer. */
export function refuseAnswer(action: string, expected: string): AwsFailure {
  return new AwsFailure({
    outcome: "wrong-server",
    message: `the answer to ${action} does not have ${expected}`,
    hint: "Compare the endpoint with the list of AWS endpoints.",
  });
}
