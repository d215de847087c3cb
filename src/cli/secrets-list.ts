import { type Finding, FindingsError, finding, sortFindings } from "../model/finding.js";
import { secretName } from "../model/schema.js";
import { compareText, countOf, quote, row, shown } from "../model/text.js";
import type { Store } from "../secrets/index.js";
import { UsageError } from "./options.js";
import type { Report } from "./report.js";
import type { SecretsContext } from "./secrets.js";
import { type SecretUse, secretUses } from "./secrets-uses.js";

/** Tells which names the stores know, and which the settings use. Asks for no value and needs no identity. */
export async function listSecrets({ project, secrets, args }: SecretsContext): Promise<Report> {
  if (args.length > 0) throw new UsageError(`unexpected argument ${JSON.stringify(args[0])}`);
  const uses = new Map<string, SecretUse[]>();
  if (project.settings !== undefined) {
    for (const use of secretUses(project.settings.project, project.types))
      uses.set(use.name, [...(uses.get(use.name) ?? []), use]);
  }
  const { holders, failures } = await askStores(secrets.stores, [...uses.keys()]);
  const missing =
    failures.length > 0
      ? []
      : [...uses.values()].flatMap(([use]) => (use && !holders.has(use.name) ? [noValue(use, secrets.places)] : []));
  const listed = [...new Set([...uses.keys(), ...holders.keys()])].sort(compareText).map((name) => ({
    name,
    store: holders.get(name)?.label ?? null,
    usedBy: (uses.get(name) ?? []).map(({ projectId, connectionId }) => ({ projectId, connectionId })),
  }));
  return {
    findings: sortFindings([...project.findings, ...failures, ...(await project.place(missing))]),
    data: {
      stores: secrets.stores.map(({ type, label, set }) => ({ type, label, writable: set !== undefined })),
      secrets: listed,
    },
    lines: [...table(listed), `${countOf("secret", listed.length)}, looked up in ${secrets.places}.`],
  };
}

interface Listed {
  readonly name: string;
  readonly store: string | null;
  readonly usedBy: readonly { readonly projectId: string; readonly connectionId: string | undefined }[];
}

/** The first store that knows each name, and what went wrong with those that could not be asked. */
async function askStores(
  stores: readonly Store[],
  names: readonly string[],
): Promise<{ holders: ReadonlyMap<string, Store>; failures: readonly Finding[] }> {
  const holders = new Map<string, Store>();
  const failures: Finding[] = [];
  for (const store of stores) {
    try {
      for (const name of await store.list(names)) if (!holders.has(name)) holders.set(name, store);
    } catch (error) {
      if (!(error instanceof FindingsError)) throw error;
      failures.push(...error.findings);
    }
  }
  return { holders, failures };
}

function noValue({ name, path }: SecretUse, places: string): Finding {
  return finding("PB701", `secret ${quote(name)} has no value; looked up in ${places}`, {
    path,
    hint: `plugboard secrets set ${name} stores one.`,
  });
}

function table(secrets: readonly Listed[]): string[] {
  if (secrets.length === 0) return [];
  const nameWidth = Math.max(...secrets.map(({ name }) => nameOf(name).length));
  const storeWidth = Math.max(...secrets.map(({ store }) => (store ?? NO_VALUE).length));
  return [
    ...secrets.map(({ name, store, usedBy }) => {
      const users = usedBy.map(({ projectId, connectionId }) => connectionId ?? projectId);
      const use = users.length === 0 ? "not used" : `used by ${row(users, ", ")}`;
      return `${nameOf(name).padEnd(nameWidth)}  ${(store ?? NO_VALUE).padEnd(storeWidth)}  ${use}`;
    }),
    "",
  ];
}

const NO_VALUE = "no value";

/** A name that settings can use, or what a store has besides: it may hold anything. */
function nameOf(name: string): string {
  return secretName.safeParse(name, { jitless: true }).success ? name : shown(name);
}
