import type { Place } from "../model/finding.js";
import type { Outcome } from "../model/outcomes.js";
import type { Evidence, Stage } from "./adapter.js";
import type { Complaint } from "./define.js";

/** What became of a check. */
export type CheckStatus = "passed" | "failed" | "notRun";

/** A complaint with the severity that it has: its own, or that of its code. */
export type RatedComplaint = Complaint & Required<Pick<Complaint, "severity">>;

/** One check of a test, as reports show it. */
export interface CheckResult {
  readonly stage: Stage;
  readonly title: string;
  readonly status: CheckStatus;
  /** Absent if the check was not run; `message` then says why. */
  readonly outcome?: Outcome;
  readonly message: string;
  readonly hint?: string;
  readonly evidence?: Evidence;
  readonly complaints?: readonly RatedComplaint[];
  /** Milliseconds. */
  readonly duration: number;
}

/** What became of a test. `notEnded`: the run was given up while it was under way, or before it began. */
export type TestStatus = CheckStatus | "notEnded";

/** The test of one connection. */
export interface TestResult {
  readonly projectId: string;
  readonly connectionId: string;
  readonly kind: string;
  readonly displayName: string;
  readonly place?: Place;
  readonly status: TestStatus;
  /** The worst outcome of the checks; absent if the test was not run or has not ended. */
  readonly outcome?: Outcome;
  /** Why the test was not run or has not ended. */
  readonly reason?: string;
  readonly checks: readonly CheckResult[];
  /** Milliseconds. */
  readonly duration: number;
}

/** What a run of tests came to. */
export interface TestSummary extends Readonly<Record<TestStatus, number>> {
  /** Where the tests ran. They prove what is reachable from there, and nothing of other machines. */
  readonly from: { readonly host: string; readonly proxies: readonly string[] };
  /** Milliseconds. */
  readonly duration: number;
}
