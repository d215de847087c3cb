import { FindingsError } from "../../src/model/finding.js";
import { Redacted } from "../../src/model/redacted.js";
import type { Store } from "../../src/secrets/store.js";

/** The value that a store has under a name. */
export async function getValue(store: Store, name: string): Promise<string | undefined> {
  return (await store.get(name))?.reveal();
}

export async function setValue(store: Store, name: string, value: string): Promise<void> {
  await store.set?.(name, new Redacted(value, name));
}

/** The finding that ends some work: code, message and hint. */
export async function findingOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown) => thrown,
  );
  if (!(error instanceof FindingsError)) throw new Error(`no finding but ${error}`);
  const [{ code = "", message = "", hint = "" } = {}] = error.findings;
  return `${code} ${message}: ${hint}`;
}
