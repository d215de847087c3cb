import type { Verdict } from "../../contract/adapter.js";
import { quote } from "../../model/text.js";
import { partitionOf } from "../../services/aws/regions.js";
import type { Identity } from "../../services/aws/sts.js";
import type { Source } from "./sources.js";

/** Account, user ID and ARN, as the connection's own test in TeamCity shows them. */
export function factsOf({ account, userId, arn }: Identity) {
  return { account, userId, arn };
}

/** The identity as a verdict. Credentials of another partition than the region's are good for nothing there. */
export function describe(identity: Identity, { settings: { region } }: Source): Verdict {
  const { partition } = identity.caller;
  const expected = partitionOf(region);
  const evidence = { facts: factsOf(identity) };
  if (expected !== undefined && partition !== expected) {
    return {
      outcome: "identity-mismatch",
      message: `the credentials are of the partition ${partition}, and the region ${quote(region)} is of ${expected}`,
      evidence,
    };
  }
  const { account, userId, arn } = identity;
  return { outcome: "ok", message: `account ${account}, user ID ${quote(userId)}, ARN ${arn}`, evidence };
}
