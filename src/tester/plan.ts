import type { Adapter } from "../contract/adapter.js";
import { hasParameterReference } from "../contract/formats.js";
import { writeParams } from "../contract/walk.js";
import { compareText, row, shown } from "../model/text.js";
import { type DeclaredConnection, referencesOf, resolve, type Tree } from "../rules/tree.js";
import { matchesHost } from "../transport/hosts.js";
import type { Environment } from "../transport/http.js";
import { describeCrash } from "./crash.js";
import { secretsOf } from "./resolve.js";

/** The test of one connection before it runs. Nothing secret is in it: it follows from settings and environment. */
export interface Plan {
  readonly connection: DeclaredConnection;
  readonly adapter?: Adapter;
  /** The connections that it gets credentials from, directly and through others. */
  readonly related: readonly DeclaredConnection[];
  /** The addresses that credentials go to, as origins; the first is the one that the test is scheduled by. */
  readonly origins: readonly string[];
  /** Names of the secrets that go there. */
  readonly credentials: readonly string[];
  /** Why it cannot be tested. */
  readonly reason?: string;
  /** What is wrong with its type's adapter. */
  readonly crash?: string;
}

export interface PlanOptions {
  readonly environment: Environment;
  /** Patterns of the hosts that tests may reach. Default: those that the settings name. */
  readonly hosts?: readonly string[] | undefined;
  /** Whether checks may run that create something for a moment and take it away again. Default: false. */
  readonly deep?: boolean | undefined;
}

/** Makes plans for the connections of a tree. Adapters are loaded once each. */
export function createPlanner(
  tree: Tree,
  { environment, hosts, deep = false }: PlanOptions,
): (connection: DeclaredConnection) => Promise<Plan> {
  const adapters = new Map<string, Promise<{ readonly adapter: Adapter } | undefined>>();

  const adapterOf = ({ type }: DeclaredConnection) => {
    const known = adapters.get(type.kind) ?? Promise.resolve().then(() => type.adapter?.() as never);
    adapters.set(type.kind, known);
    return known;
  };

  const originsOf = async (connection: DeclaredConnection): Promise<string[]> => {
    const endpoints = (await adapterOf(connection))?.adapter.endpoints(connection.node.settings, environment, deep) ?? [];
    return endpoints.map(({ origin }) => origin);
  };

  return async (connection) => {
    const related = relatedTo(connection, tree);
    const all = [connection, ...related];
    const credentials = [...new Set(all.flatMap(namesOf))].sort(compareText);
    const plan = { connection, related, origins: [] as readonly string[], credentials };
    try {
      const adapter = (await adapterOf(connection))?.adapter;
      if (adapter === undefined) return { ...plan, reason: `there is no test for ${connection.type.title} yet` };
      const unknown = all.map(unknownHere).find((each) => each !== undefined) ?? undeclared(all, tree);
      if (unknown !== undefined) return { ...plan, adapter, reason: unknown };
      const origins = [...new Set((await Promise.all(all.map(originsOf))).flat())];
      const closed = hosts && origins.find((each) => !hosts.some((pattern) => matchesHost(new URL(each).hostname, pattern)));
      if (closed === undefined) return { ...plan, adapter, origins };
      return { ...plan, adapter, origins, reason: `\`hosts\` of the configuration does not allow ${new URL(closed).hostname}` };
    } catch (error) {
      return { ...plan, crash: describeCrash(error) };
    }
  };
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

function storedReferences(connection: DeclaredConnection) {
  const intents = connection.visits.filter(({ param }) => param.form === "intent").map(({ path }) => path.join("."));
  return [...referencesOf(connection)].filter(({ setting }) => !intents.some((each) => setting.startsWith(`${each}.`)));
}

function namesOf({ type, node }: DeclaredConnection): string[] {
  return secretsOf(type, node.settings).flatMap(({ form }) => ("$secret" in form ? [form.$secret] : []));
}

/** What of a connection only the TeamCity server knows, as the reason why it cannot be tested from here. */
function unknownHere({ type, node, visits }: DeclaredConnection): string | undefined {
  const at = (path: readonly string[]): string => `\`${path.join(".")}\` of ${shown(node.id)}`;
  for (const { path, form } of secretsOf(type, node.settings)) {
    if ("$token" in form) return `${at(path)} is a token, whose value only the TeamCity server knows`;
    if ("$stored" in form) return `${at(path)} is a stored secret, whose value only the TeamCity server knows`;
  }
  const parameters = visits.find(({ path, param, value }) => {
    if (param.form === "secret" || param.form === "intent" || path[0] === "displayName") return false;
    return [value].flat().some((each) => typeof each === "string" && hasParameterReference(each));
  });
  if (parameters !== undefined) return `${at(parameters.path)} refers to a parameter, which only the TeamCity server fills in`;
  const { params: over = {}, ...own } = node.settings;
  const written = writeParams(type, own);
  const replaced = Object.keys(over).filter((name) => Object.hasOwn(written, name) && written[name] !== over[name]);
  if (replaced.length === 0) return undefined;
  return `\`params\` of ${shown(node.id)} writes over what the settings say: ${row(replaced, ", ")}`;
}

function undeclared(all: readonly DeclaredConnection[], tree: Tree): string | undefined {
  const missing = all.flatMap(storedReferences).find((each) => resolve(tree, each) === undefined);
  return missing && `\`${missing.setting}\` refers to ${shown(missing.form.$connection)}, which this tree does not declare`;
}
