import { type Finding, finding } from "../model/finding.js";
import { isExternalId, MAX_ID_LENGTH, ROOT_PROJECT_ID, SAFE_ID_LENGTH } from "../model/ids.js";
import { quote, row, shown } from "../model/text.js";
import { type Project, type Rule, upward } from "./tree.js";

/** IDs of projects: syntax, length, uniqueness without regard to case. TeamCity's server refuses what is an error here. */
export const projectIds: Rule = function* ({ projects }) {
  const taken = new Map<string, Project>();
  for (const project of projects) {
    const { id } = project.node;
    const path = [...project.path, "id"];
    yield* idFindings(project, id, path);
    const key = id.toLowerCase();
    const other = taken.get(key);
    if (other === undefined) taken.set(key, project);
    else {
      const same =
        other.node.id === id
          ? `project ID ${quote(id)} is used twice`
          : `project IDs ${quote(other.node.id)} and ${quote(id)} differ only in case`;
      yield finding("PB201", same, { path, hint: `The other one is ${chain(other)}. Rename one of them.` });
    }
  }
};

function* idFindings(project: Project, id: string, path: readonly PropertyKey[]): Generator<Finding> {
  if (id === ROOT_PROJECT_ID && project.parent === undefined) return;
  if (id.length > MAX_ID_LENGTH) {
    yield finding("PB120", `project ID ${quote(id)} has ${id.length} characters, at most ${MAX_ID_LENGTH} are possible`, {
      path,
    });
  } else if (!isExternalId(id)) {
    yield finding("PB120", `${quote(id)} is not a project ID`, {
      path,
      hint:
        id === ROOT_PROJECT_ID
          ? `${ROOT_PROJECT_ID} is the top project only.`
          : "A Latin letter first, then Latin letters, digits and underscores.",
    });
  } else if (id.length > SAFE_ID_LENGTH) {
    yield finding("PB121", `project ID ${quote(id)} has ${id.length} characters`, {
      path,
      hint: `${SAFE_ID_LENGTH} or fewer are safe on every server.`,
    });
  }
}

/** Names of sub-projects within one parent, compared without regard to case. */
export const projectNames: Rule = function* ({ projects }) {
  const taken = new Map<Project, Map<string, Project>>();
  for (const project of projects) {
    if (project.parent === undefined) continue;
    const siblings = taken.get(project.parent) ?? new Map<string, Project>();
    taken.set(project.parent, siblings);
    const name = project.node.name ?? project.node.id;
    const other = siblings.get(name.toLowerCase());
    if (other === undefined) siblings.set(name.toLowerCase(), project);
    else if (other.node.id.toLowerCase() !== project.node.id.toLowerCase()) {
      yield finding("PB210", `projects ${quote(other.node.id)} and ${quote(project.node.id)} are both named ${quote(name)}`, {
        path: [...project.path, "name"],
        hint: `Give one of them another name within ${shown(project.parent.node.id)}.`,
      });
    }
  }
};

/** A sub-project's parent is the scope it is declared in; only the top project names one, which is outside the tree. */
export const parentIds: Rule = function* ({ projects, top }) {
  const declared = new Map(projects.map((each) => [each.node.id.toLowerCase(), each]));
  for (const project of projects) {
    const { parentId } = project.node;
    if (parentId === undefined) continue;
    const path = [...project.path, "parentId"];
    if (project !== top) yield finding("PB212", "a sub-project cannot have a `parentId`", { path, hint: "Leave it out." });
    else if (project.node.id === ROOT_PROJECT_ID)
      yield finding("PB212", "the Root project has no parent", { path, hint: "Leave `parentId` out." });
    else if (parentId !== ROOT_PROJECT_ID) {
      const inside = declared.get(parentId.toLowerCase());
      if (inside === undefined) yield* idFindings(project, parentId, path);
      else {
        yield finding("PB212", `\`parentId\` ${quote(parentId)} is a project of this tree`, {
          path,
          hint: `It is ${chain(inside)}. Name a project above this tree, or leave \`parentId\` out.`,
        });
      }
    }
  }
};

/** A project with its parents: `Payments › Payments_Deploy`. */
export function chain(project: Project): string {
  return row(idsDownTo(project), " › ");
}

/** The IDs of a project's parents and its own, outermost first. */
export function idsDownTo(project: Project): string[] {
  return [...upward(project)].map((each) => each.node.id).reverse();
}
