import type { ConnectionType } from "../contract/define.js";
import { nearest, quote } from "../model/text.js";
import { type DeclaredConnection, type Tree, upward } from "../rules/tree.js";

/** The connections to test. What is left out excludes none. */
export interface Choice {
  /** Their IDs. */
  readonly connections?: readonly string[] | undefined;
  readonly kinds?: readonly string[] | undefined;
  /** The IDs of the projects that they are in, or below. */
  readonly projects?: readonly string[] | undefined;
}

/** That a choice names what does not exist. */
export class UnknownName extends Error {
  override readonly name = "UnknownName";
}

/** The connections of a tree that are to be tested. Throws `UnknownName`: a mistyped name must not pass for a test. */
export function chooseConnections(
  tree: Tree,
  types: ReadonlyMap<string, ConnectionType>,
  { connections, kinds, projects }: Choice,
): readonly DeclaredConnection[] {
  assertKnown("connection", connections, tree.byId.keys());
  assertKnown("kind", kinds, types.keys());
  assertKnown(
    "project",
    projects,
    tree.projects.map(({ node }) => node.id),
  );
  return tree.connections.filter(
    ({ node, type, project }) =>
      (connections?.includes(node.id) ?? true) &&
      (kinds?.includes(type.kind) ?? true) &&
      (projects === undefined || [...upward(project)].some((each) => projects.includes(each.node.id))),
  );
}

function assertKnown(what: string, names: readonly string[] | undefined, known: Iterable<string>): void {
  const all = new Set(known);
  const unknown = names?.find((each) => !all.has(each));
  if (unknown === undefined) return;
  const meant = nearest(unknown, all);
  throw new UnknownName(`there is no ${what} ${quote(unknown)}${meant === undefined ? "" : `: did you mean ${meant}?`}`);
}
