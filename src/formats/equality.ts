import type { ConnectionType } from "../contract/define.js";
import { CONNECTION_FEATURE, fillDefaults } from "../contract/walk.js";
import { ROOT_PROJECT_ID } from "../model/ids.js";
import { emptyLock, type Lock } from "../model/lock.js";
import { sortById } from "../model/parse.js";
import type { ProjectNode, Settings } from "../model/schema.js";
import { compareNames } from "../model/text.js";
import { KEEP, projectFeatures, renderFeature, type Types } from "./features.js";

/** A project as two models are compared by: defaults filled in, secrets as tokens, handles as IDs, intent left out. */
export interface CanonicalProject {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly parentId: string;
  readonly archived: boolean;
  readonly uuid: string;
  readonly parameters: readonly (readonly [string, string])[];
  readonly features: readonly {
    readonly id: string;
    readonly type: string;
    readonly params: readonly (readonly [string, string])[];
  }[];
}

/** Tells whether two models say the same to TeamCity. */
export function equalSettings(a: Settings, b: Settings, types: Types, lock: Lock = emptyLock): boolean {
  return JSON.stringify(canonicalProjects(a, types, lock)) === JSON.stringify(canonicalProjects(b, types, lock));
}

/** The projects of a model by ID, in the form that equality compares. */
export function canonicalProjects(settings: Settings, types: Types, lock: Lock = emptyLock): CanonicalProject[] {
  const projects: CanonicalProject[] = [];
  const visit = (project: ProjectNode, parentId: string): void => {
    projects.push(canonicalProject(project, parentId, types, lock));
    for (const child of project.subProjects) visit(child, project.id);
  };
  visit(settings.project, settings.project.parentId ?? ROOT_PROJECT_ID);
  return sortById(projects);
}

function canonicalProject(project: ProjectNode, parentId: string, types: Types, lock: Lock): CanonicalProject {
  const byId = new Map(project.connections.map((each) => [each.id, each]));
  const features = projectFeatures(project, types, []).map((placed) => {
    const connection = placed.type === CONNECTION_FEATURE ? byId.get(placed.id) : undefined;
    const params =
      connection === undefined
        ? placed.params
        : fillDefaults(types.get(connection.kind) as ConnectionType, connection.settings, placed.params);
    const { feature } = renderFeature({ ...placed, params }, project.id, lock);
    return {
      id: feature.id,
      type: feature.type,
      params: sorted(feature.params).map(([name, value]) => [name, value === KEEP ? "\0" : value] as const),
    };
  });
  return {
    id: project.id,
    name: project.name ?? project.id,
    description: project.description ?? "",
    parentId,
    archived: project.archived ?? false,
    uuid: project.uuid ?? "",
    parameters: sorted(project.parameters ?? {}),
    features,
  };
}

function sorted<Value>(record: Readonly<Record<string, Value>>): (readonly [string, Value])[] {
  return Object.entries(record).sort(compareNames);
}
