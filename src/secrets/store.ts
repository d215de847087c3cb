import type { Store as StoreConfig } from "../config/authoring.js";
import type { CoreCode } from "../model/codes.js";
import { FindingsError, finding } from "../model/finding.js";
import type { Redacted } from "../model/redacted.js";

/** A place that holds the values of secrets. What it needs is loaded and read when it is first asked. */
export interface Store {
  readonly type: StoreConfig["type"];
  /** What a message calls it: `the environment`, `plugboard.secrets.json`. */
  readonly label: string;
  /** The value of a secret; `undefined` if the store does not know the name. Every other failure is thrown. */
  get(name: string): Promise<Redacted | undefined>;
  /** The names that it knows. A store that cannot tell names answers for those it is asked about. */
  list(asked: readonly string[]): Promise<readonly string[]>;
  /** Stores a value. Absent if the store is only read. */
  set?(name: string, value: Redacted): Promise<void>;
}

/** That a store cannot do what it is asked for. */
export function storeError(code: CoreCode, message: string, hint?: string, file?: string): FindingsError {
  const more = { ...(hint === undefined ? {} : { hint }), ...(file === undefined ? {} : { place: { file } }) };
  return new FindingsError([finding(code, message, more)]);
}
