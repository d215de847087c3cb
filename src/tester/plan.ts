import type { Adapter } from "../contract/adapter.js";
import { hasParameterReference } from "../contract/formats.js";
import type { CheckResult } from "../contract/results.js";
import { listSettings, storedNames, writeParams } from "../contract/walk.js";
import { compareText, row, shown } from "../model/text.js";
import { type DeclaredConnection, resolve, type Tree } from "../rules/tree.js";
import { findFailure } from "../transport/classify.js";
import { matchesHost } from "../transport/hosts.js";
import { type Environment, TransportFailure } from "../transport/http.js";
import { describeCrash } from "./crash.js";
import { type Lifetimes, rejectAfter, TIMEOUT } from "./lifetimes.js";
import { secretsOf } from "./resolve.js";
import { itself } from "./run.js";

/** The test of one connection before it runs. Nothing secret is in it: it follows from settings and environment. */
export interface Plan {
  readonly connection: DeclaredConnection;
  readonly adapter?: Adapter;
  /** The connections that it gets credentials from, directly and through others. */
  readonly related: readonly DeclaredConnection[];
  /** The addresses that credentials go to, without their paths; the first is the one that the test is scheduled by. */
  readonly origins: readonly URL[];
  /** Names of the secrets that go there. */
  readonly credentials: readonly string[];
  /** Whether credentials of the machine that runs the test go there. */
  readonly ambient: boolean;
  /** Why it cannot be tested. */
  readonly reason?: string;
  /** What keeps it from being tested: an address that is none, or an error of its type's adapter. */
  readonly failure?: CheckResult;
}

export interface PlanOptions {
  readonly environment: Environment;
  /** Patterns of the hosts that tests may reach. Default: those that the settings name. */
  readonly hosts?: readonly string[] | undefined;
  /** Whether checks may run that create something for a moment and take it away again. Default: false. */
  readonly deep?: boolean | undefined;
  /** Those of the run: an adapter that does not load keeps nobody waiting for ever. */
  readonly lifetimes: Lifetimes;
}

/** Makes plans for the connections of a tree. Adapters are loaded once each. */
export function createPlanner(
  tree: Tree,
  { environment, hosts, deep = false, lifetimes }: PlanOptions,
): (connection: DeclaredConnection) => Promise<Plan> {
  const adapters = new Map<string, Promise<{ readonly adapter: Adapter } | undefined>>();

  const adapterOf = ({ type }: DeclaredConnection) => {
    const known = adapters.get(type.kind) ?? inTime(async () => type.adapter?.() as never, lifetimes);
    adapters.set(type.kind, known);
    return known;
  };

  const endpointsOf = async (connection: DeclaredConnection): Promise<readonly URL[]> =>
    (await adapterOf(connection))?.adapter.endpoints(connection.node.settings, environment, deep) ?? [];

  const isAmbient = async (connection: DeclaredConnection): Promise<boolean> =>
    (await adapterOf(connection))?.adapter.ambient?.(connection.node.settings) ?? false;

  return async (connection) => {
    const related = relatedTo(connection, tree);
    const all = [connection, ...related];
    const credentials = [...new Set(all.flatMap(namesOf))].sort(compareText);
    const plan = { connection, related, origins: [], credentials, ambient: false };
    try {
      const adapter = (await adapterOf(connection))?.adapter;
      if (adapter === undefined) return { ...plan, reason: `there is no test for ${connection.type.title} yet` };
      const unknown = all.map(unknownHere).find((each) => each !== undefined) ?? undeclared(all, tree);
      if (unknown !== undefined) return { ...plan, adapter, reason: unknown };
      const origins = distinctOrigins((await Promise.all(all.map(endpointsOf))).flat());
      const ambient = (await Promise.all(all.map(isAmbient))).includes(true);
      const closed = hosts && origins.find(({ hostname }) => !hosts.some((pattern) => matchesHost(hostname, pattern)));
      const complete = { ...plan, adapter, origins, ambient };
      if (closed === undefined) return complete;
      return { ...complete, reason: `\`hosts\` of the configuration does not allow ${closed.hostname}` };
    } catch (error) {
      return { ...plan, failure: failureOf(error) };
    }
  };
}

async function inTime<Value>(load: () => Promise<Value>, lifetimes: Lifetimes): Promise<Value> {
  const lifetime = lifetimes.begin(TIMEOUT);
  const end = rejectAfter(lifetime.signal, 0);
  try {
    return await Promise.race([load(), end.rejected]);
  } finally {
    end.release();
    lifetime.release();
  }
}

function distinctOrigins(addresses: readonly URL[]): URL[] {
  for (const { protocol } of addresses) {
    if (protocol !== "https:" && protocol !== "http:")
      throw new TransportFailure("invalid-input", `an address with ${shown(protocol)} cannot be asked`, {
        hint: "Write the address with https://.",
      });
  }
  return [...new Set(addresses.map(({ origin }) => origin))].map((each) => new URL(each));
}

function failureOf(error: unknown): CheckResult {
  const failure = findFailure(error);
  if ((error as NodeJS.ErrnoException | undefined)?.code === "ERR_INVALID_URL")
    return {
      ...{
        ...itself,
        title: "address",
        outcome: "invalid-input",
        message: "what the settings or the environment give is no address",
      },
      hint: "Write addresses as https://host.example.com.",
    };
  if (failure === undefined)
    return { ...itself, outcome: "internal-error", message: `the test cannot be prepared: ${describeCrash(error)}` };
  const { outcome, message, details } = failure;
  return { ...itself, title: "address", outcome, message, ...(details.hint === undefined ? {} : { hint: details.hint }) };
}

/** The connections that one refers to, and those that they refer to. What is only for guides does not count. */
function relatedTo(start: DeclaredConnection, tree: Tree): DeclaredConnection[] {
  const found = new Set([start]);
  for (const each of found) {
    for (const reference of storedReferences(each)) {
      const target = resolve(tree, reference);
      if (target !== undefined) found.add(target);
    }
  }
  found.delete(start);
  return [...found];
}

function storedReferences({ references }: DeclaredConnection) {
  return references.filter(({ isStored }) => isStored);
}

function namesOf({ type, node }: DeclaredConnection): string[] {
  return secretsOf(type, node.settings).flatMap(({ form }) => ("$secret" in form ? [form.$secret] : []));
}

/** What of a connection only the TeamCity server knows, as the reason why it cannot be tested from here. */
function unknownHere({ type, node }: DeclaredConnection): string | undefined {
  const at = (path: readonly string[]): string => `\`${path.join(".")}\` of ${shown(node.id)}`;
  for (const { path, form } of secretsOf(type, node.settings)) {
    if ("$token" in form) return `${at(path)} is a token, whose value only the TeamCity server knows`;
    if ("$stored" in form) return `${at(path)} is a stored secret, whose value only the TeamCity server knows`;
  }
  const parameters = listSettings(type.params, node.settings).find(({ path, param, value }) => {
    if (param.form === "secret" || param.form === "intent" || path[0] === "displayName") return false;
    return [value].flat().some((each) => typeof each === "string" && hasParameterReference(each));
  });
  if (parameters !== undefined) return `${at(parameters.path)} refers to a parameter, which only the TeamCity server fills in`;
  const { params: over, ...own } = node.settings;
  if (over === undefined) return undefined;
  const written = new Map(Object.entries(writeParams(type, own)));
  // What the settings leave out is theirs to say as well.
  const known = new Set([...written.keys(), ...[...storedNames(type.params)].map(({ stored }) => stored)]);
  const replaced = Object.keys(over).filter((name) => known.has(name) && written.get(name) !== (over[name] ?? undefined));
  if (replaced.length === 0) return undefined;
  return `\`params\` of ${shown(node.id)} writes over what the settings say: ${row(replaced, ", ")}`;
}

function undeclared(all: readonly DeclaredConnection[], tree: Tree): string | undefined {
  const missing = all.flatMap(storedReferences).find((each) => resolve(tree, each) === undefined);
  return missing && `\`${missing.setting}\` refers to ${shown(missing.form.$connection)}, which this tree does not declare`;
}
