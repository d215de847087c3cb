import type { ConnectionType } from "../contract/define.js";
import { CONNECTION_FEATURE, type ProjectFeature, readFeature, readParams, writeParams } from "../contract/walk.js";
import { type Finding, finding } from "../model/finding.js";
import type { Lock } from "../model/lock.js";
import { sortById } from "../model/parse.js";
import type { ConnectionNode, FeatureNode, ProjectNode } from "../model/schema.js";
import { quote } from "../model/text.js";
import type { ConnectionForm } from "../model/values.js";
import { withheld } from "./plain-secrets.js";
import { secretToken } from "./tokens.js";

/** Connection types by kind. */
export type Types = ReadonlyMap<string, ConnectionType>;

export function typesByKind(types: readonly ConnectionType[]): Types {
  return new Map(types.map((each) => [each.kind, each]));
}

/** Connection types by the `providerType` that they are stored with. */
export function typesByProvider(types: Types): ReadonlyMap<string, ConnectionType> {
  return new Map([...types.values()].map((each) => [each.providerType, each]));
}

/**
 * What a stored project feature is in the model: a connection, if its type is known and can say what is stored. Secrets
 * that no `secure:` tells, scrambled or in plain text, are kept where they are stored.
 */
export function connectionOrFeature(
  id: string,
  type: string,
  stored: Readonly<Record<string, string>>,
  byProvider: ReadonlyMap<string, ConnectionType>,
): ConnectionNode | FeatureNode {
  const kept = withheld(stored);
  const open = kept.size === 0 ? stored : Object.fromEntries(Object.entries(stored).filter(([name]) => !kept.has(name)));
  const secrets = Object.fromEntries([...kept].map((name) => [name, { $stored: true }] as const));
  const connection = type === CONNECTION_FEATURE ? byProvider.get(open.providerType ?? "") : undefined;
  const settings = connection && readParams(connection, open);
  if (connection === undefined || settings === undefined) {
    const feature = readFeature(id, type, open);
    return { ...feature, params: { ...feature.params, ...secrets } };
  }
  const { kind } = connection;
  return { id, kind, settings: kept.size === 0 ? settings : { ...settings, params: { ...settings.params, ...secrets } } };
}

/** The tree with its references as the model has them: one that was read is external unless the tree declares its target. */
export function markExternal(top: ProjectNode): ProjectNode {
  const declared = new Set<string>();
  const collect = (project: ProjectNode): void => {
    for (const { id } of project.connections) declared.add(id);
    project.subProjects.forEach(collect);
  };
  collect(top);
  const mark = <Value>(value: Value): Value => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    const form = value as unknown as ConnectionForm;
    if (form.external && declared.has(form.$connection)) return { $connection: form.$connection } as unknown as Value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mark(each)])) as Value;
  };
  const visit = (project: ProjectNode): ProjectNode => ({
    ...project,
    connections: project.connections.map((each) => ({ ...each, settings: mark(each.settings) })),
    subProjects: project.subProjects.map(visit),
  });
  return visit(top);
}

/** A project feature and where in the model it comes from. */
export interface PlacedFeature extends ProjectFeature {
  readonly path: readonly PropertyKey[];
}

/** The features of one project, its connections among them, sorted by ID. `path` leads to the project. */
export function projectFeatures(project: ProjectNode, types: Types, path: readonly PropertyKey[]): PlacedFeature[] {
  const connections = project.connections.map(
    ({ id, kind, settings }, index): PlacedFeature => ({
      id,
      type: CONNECTION_FEATURE,
      params: writeParams(types.get(kind) as ConnectionType, settings),
      path: [...path, "connections", index],
    }),
  );
  const features = project.features.map((each, index): PlacedFeature => ({ ...each, path: [...path, "features", index] }));
  return sortById([...connections, ...features]);
}

/** A value that is kept from an existing file. */
export const KEEP: unique symbol = Symbol("keep the stored value");

/** Stored parameters as text. */
export type RenderedParams = Readonly<Record<string, string | typeof KEEP>>;

/** A project feature as TeamCity stores it. */
export interface RenderedFeature {
  readonly id: string;
  readonly type: string;
  readonly params: RenderedParams;
  readonly path: readonly PropertyKey[];
}

/** Gives secrets their tokens and managed pairs their access key ID. */
export function renderFeature(
  feature: PlacedFeature,
  projectId: string,
  lock: Lock,
): { feature: RenderedFeature; findings: Finding[] } {
  const findings: Finding[] = [];
  const params = new Map<string, string | typeof KEEP>();
  for (const [part, value] of Object.entries(feature.params)) {
    if (typeof value === "string") params.set(part, value);
    else if ("$token" in value) params.set(part, value.$token);
    else if ("$stored" in value) params.set(part, KEEP);
    else if ("$accessKeyId" in value) {
      const accessKeyId = lock.accessKeys[value.$accessKeyId]?.accessKeyId;
      if (accessKeyId !== undefined) params.set(part, accessKeyId);
      else {
        findings.push(
          finding("PB304", `the access key ID of secret ${quote(value.$accessKeyId)} is not in plugboard.lock.json`, {
            path: feature.path,
            hint: "Give accessKeyId and secretAccessKey instead of accessKey, or compile to JSON only.",
          }),
        );
      }
    } else {
      const accessKeyId = "$pair" in value ? lock.accessKeys[value.$secret]?.accessKeyId : undefined;
      const subject = { projectId, secretName: value.$secret, part };
      params.set(part, secretToken(accessKeyId === undefined ? subject : { ...subject, accessKeyId }));
    }
  }
  return { feature: { id: feature.id, type: feature.type, params: Object.fromEntries(params), path: feature.path }, findings };
}
