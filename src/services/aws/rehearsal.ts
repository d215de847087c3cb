import type { ServiceFailure } from "../../contract/rehearsal.js";

/** What no kind of AWS connection can be in, and why. */
export const never = {
  deprecated: "AWS has announced no end",
  revoked: "AWS answers as for a key that it does not know",
  suspended: "AWS answers as for a key that it does not know",
  "wrong-credentials": "AWS tells which half is wrong",
  "not-installed": "nothing is to be installed",
  "callback-mismatch": "there is no callback",
  "provider-retired": "AWS exists",
} as const satisfies Partial<Record<ServiceFailure, string>>;
