import type { TestContext, Verdict } from "../../contract/adapter.js";
import { type FoundCredentials, findDefaultCredentials } from "./credentials.js";

/** Finds the credentials of the default provider chain, once for all connections. Throws `AwsFailure` if there are none. */
export function openDefaultChain({
  session,
  environment,
}: Pick<TestContext, "session" | "environment">): Promise<FoundCredentials> {
  return session(["default provider chain"], () => findDefaultCredentials(environment));
}

/** A verdict on credentials: where they were found on this machine, it says nothing about those that the server finds. */
export function limitToMachine<Value>(foundIn: string | undefined, verdict: Verdict<Value>): Verdict<Value> {
  if (foundIn === undefined || verdict.outcome !== "ok") return verdict;
  return {
    ...verdict,
    outcome: "ok-limited",
    message: `${verdict.message}, from ${foundIn} of this machine; what the server finds on its own is not known here`,
    evidence: { ...verdict.evidence, facts: { ...verdict.evidence?.facts, source: foundIn } },
  };
}
