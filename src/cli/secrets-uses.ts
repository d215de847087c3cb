import { listSettings } from "../contract/walk.js";
import type { Types } from "../formats/features.js";
import type { ProjectNode } from "../model/schema.js";
import type { SecretForm } from "../model/values.js";

/** A place in the settings that names a secret. */
export interface SecretUse {
  readonly name: string;
  readonly projectId: string;
  /** Absent in other features and in parameters of a project. */
  readonly connectionId?: string;
  /** Whether the value has to be an access key ID with its secret access key. */
  readonly isPair: boolean;
  readonly path: readonly PropertyKey[];
}

/** Every place in a project tree that names a secret. */
export function* secretUses(
  project: ProjectNode,
  types: Types,
  path: readonly PropertyKey[] = ["project"],
): Generator<SecretUse> {
  const { id: projectId, connections, features, parameters, subProjects } = project;
  for (const [index, { id, kind, settings }] of connections.entries()) {
    const pairs = new Set(pairsIn(kind, settings, types));
    for (const found of namesIn(settings, [...path, "connections", index, "settings"]))
      yield { ...found, projectId, connectionId: id, isPair: pairs.has(found.name) };
  }
  for (const found of namesIn({ features, parameters }, path)) yield { ...found, projectId, isPair: false };
  for (const [index, each] of subProjects.entries()) yield* secretUses(each, types, [...path, "subProjects", index]);
}

function pairsIn(kind: string, settings: ProjectNode["connections"][number]["settings"], types: Types): string[] {
  const type = types.get(kind);
  if (type === undefined) return [];
  return listSettings(type.params, settings).flatMap(({ param, value }) =>
    param.form === "pair" ? [...namesIn(value, [])].map(({ name }) => name) : [],
  );
}

function* namesIn(value: unknown, path: readonly PropertyKey[]): Generator<{ name: string; path: readonly PropertyKey[] }> {
  if (typeof value !== "object" || value === null) return;
  if ("$secret" in value) yield { name: (value as Extract<SecretForm, { $secret: string }>).$secret, path };
  else for (const [key, each] of Object.entries(value)) yield* namesIn(each, [...path, key]);
}
