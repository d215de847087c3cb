import type { Resolved } from "../contract/adapter.js";
import type { ConnectionType } from "../contract/define.js";
import { listSettings } from "../contract/walk.js";
import { type CoreCode, codes } from "../model/codes.js";
import { type Finding, FindingsError } from "../model/finding.js";
import type { Outcome } from "../model/outcomes.js";
import type { Redacted } from "../model/redacted.js";
import type { ConnectionSettings } from "../model/schema.js";
import { row, shown } from "../model/text.js";
import type { SecretForm } from "../model/values.js";
import { isTimeout, rejectAfter } from "./lifetimes.js";

/** The secrets in a connection's settings, by their path. A managed pair is one secret. */
export function secretsOf(
  type: ConnectionType,
  settings: ConnectionSettings,
): { readonly path: readonly string[]; readonly form: SecretForm }[] {
  return listSettings(type.params, settings)
    .filter(({ param }) => param.form === "secret" || param.form === "pair")
    .map(({ path, value }) => ({ path, form: value as SecretForm }));
}

/** A copy of settings with the values of secrets in their places. What holds no secret is shared with the original. */
export function withSecrets(
  settings: ConnectionSettings,
  values: readonly { readonly path: readonly string[]; readonly value: Redacted }[],
): Resolved<ConnectionSettings> {
  const copy: Record<string, unknown> = { ...settings };
  for (const { path, value } of values) {
    let holder = copy;
    for (const key of path.slice(0, -1)) {
      const inner = { ...(holder[key] as Record<string, unknown>) };
      holder[key] = inner;
      holder = inner;
    }
    holder[path.at(-1) as string] = value;
  }
  return copy as Resolved<ConnectionSettings>;
}

/** Where the values of secrets come from. */
export interface SecretSource {
  /** The value of a secret; `undefined` if nobody knows it. */
  get(name: string): Promise<Redacted | undefined>;
  /** Where values are looked up, in words. */
  readonly places: string;
  /** Whether it may ask a person, who may take any time. Default: false. */
  readonly asksPeople?: boolean;
}

/** The values of some secrets, or what is wrong with one of them. */
export type Looked =
  | { readonly values: ReadonlyMap<string, Redacted> }
  | { readonly outcome: Outcome; readonly message: string; readonly hint?: string };

/** Looks up the values of secrets until the signal ends. All are looked up, so that what is missing is told at once. */
export async function lookUp(names: readonly string[], source: SecretSource, signal: AbortSignal): Promise<Looked> {
  const values = new Map<string, Redacted>();
  const missing: string[] = [];
  const end = rejectAfter(signal, 0);
  try {
    const found = await Promise.race([Promise.all(names.map((each) => source.get(each))), end.rejected]);
    for (const [index, value] of found.entries()) {
      const name = names[index] as string;
      if (value === undefined) missing.push(name);
      else values.set(name, value);
    }
  } catch (error) {
    if (error === signal.reason && isTimeout(error))
      return { outcome: "timeout", message: `${source.places} did not give ${row(names, ", ")} in time` };
    if (!(error instanceof FindingsError)) throw error;
    const { code, message, hint } = error.findings[0] as Finding;
    return { outcome: "invalid-input", message, hint: hint ?? codes[code as CoreCode].help };
  } finally {
    end.release();
  }
  if (missing.length === 0) return { values };
  return {
    outcome: "invalid-input",
    message: `${missing.length === 1 ? "there is no value" : "there are no values"} for ${row(missing, ", ")}; looked up in ${source.places}`,
    hint: `Put it into a store: plugboard secrets set ${shown(missing[0] as string)}.`,
  };
}
