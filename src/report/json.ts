import type { Finding } from "../model/finding.js";

/** A finding as JSON reports have it; the keys are part of the interface. */
export function publicFinding({
  code,
  severity,
  message,
  hint,
  subject,
  path,
  place,
}: Finding): Readonly<Record<string, unknown>> {
  return { code, severity, message, ...place, subject, path, hint };
}
