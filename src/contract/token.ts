import type { Redacted } from "../model/redacted.js";
import type { Verdict } from "./adapter.js";

/**
 * What is wrong with a token, or a secret like one, before it is sent anywhere: such values are printable ASCII without space, and a
 * line break that was stored with one makes services answer as to any wrong value.
 *
 * @param noun What the service calls it: `client secret`.
 */
export function judgeSpelling(secret: Redacted, noun: string): Verdict<never> | undefined {
  if (/^[\x21-\x7e]+$/.test(secret.reveal())) return undefined;
  const what = secret.reveal() === "" ? "is empty" : `has white space or other characters in it that no ${noun} has`;
  return {
    outcome: "invalid-input",
    message: `the ${noun} ${what}`,
    hint: `Put the bare ${noun} into the store, without a line break.`,
  };
}
