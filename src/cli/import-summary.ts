import { CONNECTION_FEATURE } from "../contract/walk.js";
import type { Types } from "../formats/features.js";
import { isNotImported } from "../model/placeholder.js";
import type { ProjectNode, Settings } from "../model/schema.js";
import { compareText, countOf, row, shown } from "../model/text.js";

/** What was found, as the JSON report has it. */
export interface Summary {
  readonly projects: number;
  /** Number of connections by kind. */
  readonly connections: Readonly<Record<string, number>>;
  /** Number of connections whose type is not known or cannot express them, by `providerType`: they are raw features. */
  readonly rawConnections: Readonly<Record<string, number>>;
  /** Number of other project features by type. */
  readonly features: Readonly<Record<string, number>>;
  /** Connections with stored parameters that no setting expresses. */
  readonly params: readonly { readonly projectId: string; readonly connectionId: string; readonly names: readonly string[] }[];
  /** Number of secrets by their form. */
  readonly secrets: { readonly tokens: number; readonly stored: number; readonly named: number };
  /** Number of values that were not understood: placeholders stand for them. */
  readonly placeholders: number;
}

/** Counts what settings hold. */
export function summarize({ project }: Settings): Summary {
  const connections: string[] = [];
  const rawConnections: string[] = [];
  const features: string[] = [];
  const params: Summary["params"][number][] = [];
  let projects = 0;
  const visit = (node: ProjectNode): void => {
    projects += 1;
    for (const { id, kind, settings } of node.connections) {
      connections.push(kind);
      const names = Object.keys(settings.params ?? {}).sort(compareText);
      if (names.length > 0) params.push({ projectId: node.id, connectionId: id, names });
    }
    for (const { type, params: stored } of node.features) {
      if (type !== CONNECTION_FEATURE) features.push(type);
      else rawConnections.push(typeof stored.providerType === "string" ? stored.providerType : "");
    }
    node.subProjects.forEach(visit);
  };
  visit(project);
  const secrets = { tokens: 0, stored: 0, named: 0 };
  let placeholders = 0;
  for (const value of textsIn(project)) {
    if (isNotImported(value.text)) placeholders += 1;
    else if (value.key === "$token") secrets.tokens += 1;
    else if (value.key === "$stored") secrets.stored += 1;
    else if (value.key === "$secret") secrets.named += 1;
  }
  return {
    projects,
    connections: tally(connections),
    rawConnections: tally(rawConnections),
    features: tally(features),
    params,
    secrets,
    placeholders,
  };
}

/** Every value of a model that is no object, with its key. */
function* textsIn(value: unknown, key = ""): Generator<{ readonly key: string; readonly text: string }> {
  if (typeof value !== "object" || value === null) yield { key, text: String(value) };
  else for (const [name, each] of Object.entries(value)) yield* textsIn(each, name);
}

function tally(names: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const each of [...names].sort(compareText)) counts.set(each, (counts.get(each) ?? 0) + 1);
  return Object.fromEntries(counts);
}

/** The summary as people read it. */
export function summaryLines(summary: Summary, types: Types): string[] {
  const { projects, connections, rawConnections, features, params, secrets, placeholders } = summary;
  const byFunction = tallied(connections, (kind) => types.get(kind)?.functionName ?? kind);
  const all = Object.values(connections).reduce((sum, count) => sum + count, 0);
  const head = `${countOf("project", projects)}, ${countOf("connection", all)}`;
  const inParams = params.map(({ connectionId, names }) => `${shown(connectionId)} (${row(names, ", ")})`);
  return [
    ...(all === 0 ? [head] : lineOf(head, byFunction)),
    ...lineOf("connections of other types, kept as features", tallied(rawConnections)),
    ...lineOf("other features, kept as they are", tallied(features)),
    ...lineOf("parameters without a setting, kept in params", inParams),
    `secrets: ${countOf("token", secrets.tokens)}, ${secrets.stored} kept where stored, ${secrets.named} to be named`,
    ...(placeholders === 0 ? [] : [`not understood: ${countOf("value", placeholders)}, marked by placeholders`]),
  ];
}

const MOST_NAMED = 12;

/** A line that lists something, unless there is nothing to list. */
function lineOf(what: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const more = names.length > MOST_NAMED ? `, … and ${names.length - MOST_NAMED} more` : "";
  return [`${what}: ${names.slice(0, MOST_NAMED).join(", ")}${more}`];
}

/** `["3 awsConnection", "8 dockerRegistry"]`. */
function tallied(counts: Readonly<Record<string, number>>, nameOf = (key: string): string => key): string[] {
  return Object.entries(counts).map(([key, count]) => `${count} ${shown(nameOf(key)) || "without a type"}`);
}
