import type { ConnectionType } from "../contract/define.js";
import type { CheckContext, Param } from "../contract/params.js";
import { hasReferences, visitSettings } from "../contract/walk.js";
import type { Finding } from "../model/finding.js";
import { groupBy } from "../model/group.js";
import type { ConnectionNode, ProjectNode } from "../model/schema.js";
import type { ConnectionForm } from "../model/values.js";

/** A project with its place in the tree. */
export interface Project {
  readonly node: ProjectNode;
  readonly parent: Project | undefined;
  /** Path of the node in the model. */
  readonly path: readonly PropertyKey[];
  readonly connections: readonly DeclaredConnection[];
  readonly byId: ReadonlyMap<string, DeclaredConnection>;
}

export interface DeclaredConnection {
  readonly node: ConnectionNode;
  readonly type: ConnectionType;
  readonly project: Project;
  readonly path: readonly PropertyKey[];
  /** The references in its settings. */
  readonly references: readonly Reference[];
}

/** A setting of one connection that names another. */
export interface Reference {
  readonly from: DeclaredConnection;
  readonly form: ConnectionForm;
  /** The kind that the setting takes. */
  readonly kind: string;
  /** Whether TeamCity stores it, as opposed to one that only tells an intent. */
  readonly isStored: boolean;
  /** The setting, as a person writes it: `credentials.principal`. */
  readonly setting: string;
  /** Path of the setting in the model. */
  readonly path: readonly PropertyKey[];
}

/** A project tree, indexed for the rules. */
export interface Tree {
  readonly top: Project;
  readonly projects: readonly Project[];
  readonly connections: readonly DeclaredConnection[];
  /** All connections that have an ID, in order of declaration. */
  readonly byId: ReadonlyMap<string, readonly DeclaredConnection[]>;
  /** IDs of connections that are declared but left out, because their settings are not valid. */
  readonly leftOut: ReadonlySet<string>;
}

/** Indexes a project tree. Every connection's kind must be among the types. */
export function indexTree(
  top: ProjectNode,
  types: ReadonlyMap<string, ConnectionType>,
  leftOut: ReadonlySet<string> = new Set(),
): Tree {
  const projects: Project[] = [];
  const connections: DeclaredConnection[] = [];
  const referring = new Set([...types.values()].filter((each) => hasReferences(each.params)));

  const visit = (node: ProjectNode, parent: Project | undefined, path: readonly PropertyKey[]): Project => {
    const own: DeclaredConnection[] = [];
    const project: Project = { node, parent, path, connections: own, byId: new Map() };
    projects.push(project);
    for (const [index, connection] of node.connections.entries()) {
      const type = types.get(connection.kind) as ConnectionType;
      const references: Reference[] = [];
      const declared = { node: connection, type, project, path: [...path, "connections", index], references };
      if (referring.has(type)) {
        visitSettings(type.params, connection.settings, (inner, param, value) => {
          if (param.form === "reference") references.push(reference(declared, inner, param, value as ConnectionForm));
        });
      }
      own.push(declared);
      connections.push(declared);
      if (!project.byId.has(connection.id)) (project.byId as Map<string, DeclaredConnection>).set(connection.id, declared);
    }
    for (const [index, child] of node.subProjects.entries()) visit(child, project, [...path, "subProjects", index]);
    return project;
  };
  const root = visit(top, undefined, ["project"]);
  return { top: root, projects, connections, byId: groupBy(connections, ({ node }) => node.id), leftOut };
}

/** The project itself and its parents, innermost first; none where there is no project. */
export function* upward(project: Project | undefined): Generator<Project> {
  for (let here = project; here !== undefined; here = here.parent) yield here;
}

function reference(
  from: DeclaredConnection,
  path: readonly string[],
  { kind, stored }: Extract<Param, { form: "reference" }>,
  form: ConnectionForm,
): Reference {
  return {
    from,
    form,
    kind,
    isStored: stored !== "",
    setting: path.join("."),
    path: [...from.path, "settings", ...path],
  };
}

/**
 * The connection that a reference means: the nearest of that ID on the way up, then any other in the tree.
 * TeamCity keeps the bare ID only.
 */
export function resolve(tree: Tree, { from, form }: Reference): DeclaredConnection | undefined {
  return findUpward(from.project, form.$connection) ?? tree.byId.get(form.$connection)?.[0];
}

/** The nearest connection of an ID, from a project on the way up. */
export function findUpward(project: Project | undefined, id: string): DeclaredConnection | undefined {
  for (const each of upward(project)) {
    const found = each.byId.get(id);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A check over the whole tree. */
export type Rule = (tree: Tree, context: CheckContext) => Iterable<Finding>;
