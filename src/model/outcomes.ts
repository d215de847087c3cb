import type { CoreCode } from "./codes.js";

interface OutcomeEntry {
  /** The code under which it is documented; its severity tells whether the outcome fails a test. `ok` needs none. */
  readonly code?: CoreCode;
  /** Whether the same test may succeed later without anything being changed. */
  readonly later?: true;
}

/** What a check of a connection test may come to, from the best to the worst: the verdict of a test is its worst one. */
export const outcomes = {
  ok: {},
  "ok-limited": { code: "PB401" },
  unverifiable: { code: "PB402" },
  deprecated: { code: "PB403" },
  "rate-limited": { code: "PB440", later: true },
  "provider-error": { code: "PB441", later: true },
  timeout: { code: "PB433", later: true },
  reset: { code: "PB432", later: true },
  refused: { code: "PB431", later: true },
  dns: { code: "PB430", later: true },
  "proxy-failed": { code: "PB439", later: true },
  "proxy-auth": { code: "PB438" },
  "tls-protocol": { code: "PB437" },
  "tls-expired": { code: "PB436" },
  "tls-hostname": { code: "PB435" },
  "tls-untrusted": { code: "PB434" },
  "clock-skew": { code: "PB422" },
  "callback-mismatch": { code: "PB420" },
  "not-installed": { code: "PB419" },
  "missing-permission": { code: "PB418" },
  "identity-mismatch": { code: "PB417" },
  suspended: { code: "PB416" },
  expired: { code: "PB415" },
  revoked: { code: "PB414" },
  "wrong-credentials": { code: "PB413" },
  "wrong-secret": { code: "PB412" },
  "wrong-id": { code: "PB411" },
  "wrong-server": { code: "PB421" },
  "provider-retired": { code: "PB423" },
  "invalid-input": { code: "PB410" },
  "internal-error": { code: "PB449" },
} as const satisfies Readonly<Record<string, OutcomeEntry>>;

export type Outcome = keyof typeof outcomes;

const ranks: ReadonlyMap<string, number> = new Map(Object.keys(outcomes).map((name, rank) => [name, rank]));

/** The worst of some outcomes; `ok` if there are none. */
export function worstOutcome(some: Iterable<Outcome>): Outcome {
  let worst: Outcome = "ok";
  for (const each of some) if ((ranks.get(each) as number) > (ranks.get(worst) as number)) worst = each;
  return worst;
}

/** The code under which an outcome is documented. */
export function outcomeCode(outcome: Outcome): CoreCode | undefined {
  return (outcomes[outcome] as OutcomeEntry).code;
}

/** Whether the same test may succeed later without anything being changed. */
export function mayPassLater(outcome: Outcome): boolean {
  return (outcomes[outcome] as OutcomeEntry).later ?? false;
}
