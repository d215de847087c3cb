import * as z from "zod";
import type { Verdict } from "../contract/adapter.js";
import { severities } from "../model/codes.js";
import { type Outcome, outcomes } from "../model/outcomes.js";

const text = z.string();

/** Strict, so that a property that the contract gets is not forgotten here. */
const verdictSchema = z.strictObject({
  outcome: z.enum(Object.keys(outcomes) as [Outcome, ...Outcome[]]),
  message: text,
  hint: text.optional(),
  evidence: z
    .strictObject({
      request: text,
      status: z.number(),
      code: text,
      missing: z.array(text),
      retryAfter: z.number(),
      attempts: z.number(),
      facts: z.record(text, z.union([text, z.number(), z.boolean()])),
    })
    .partial()
    .optional(),
  complaints: z
    .array(
      z.strictObject({
        code: text,
        severity: z.enum(severities).optional(),
        message: text,
        hint: text.optional(),
        path: z.array(text).optional(),
      }),
    )
    .optional(),
  value: z.unknown().optional(),
}) satisfies z.ZodType<Verdict>;

/** A verdict, if it is one: a check of a plug-in may give anything. */
export function readVerdict<Value>(given: Verdict<Value>): Verdict<Value> {
  const { success, error } = verdictSchema.safeParse(given, { jitless: true });
  if (success) return given;
  const place = error.issues[0]?.path.join(".") || "what it gave";
  return { outcome: "internal-error", message: `the check gave no verdict: ${place} is not as the contract has it` };
}
