import { isShared } from "../contract/walk.js";
import { finding } from "../model/finding.js";
import { isExternalId, MAX_ID_LENGTH } from "../model/ids.js";
import { nearest, quote, row, shown } from "../model/text.js";
import { chain, idsDownTo } from "./projects.js";
import { type DeclaredConnection, findUpward, type Reference, type Rule, resolve, type Tree, upward } from "./tree.js";

/** What a connection ID must look like. */
export const connectionIds: Rule = function* ({ connections, projects }) {
  for (const { node, type, path } of connections) {
    if (type.id?.syntax === "externalId" && !isExternalId(node.id)) {
      yield finding("PB122", `${quote(node.id)} is not a connection ID of ${type.title}`, {
        path: [...path, "id"],
        hint: `A Latin letter first, then Latin letters, digits and underscores, at most ${MAX_ID_LENGTH}.`,
      });
    } else yield* anyId(node.id, path);
  }
  for (const project of projects) {
    for (const [index, { id }] of project.node.features.entries()) yield* anyId(id, [...project.path, "features", index]);
  }
};

function anyId(id: string, path: readonly PropertyKey[]) {
  const wrong = id.trim() === "" ? "consists of blanks" : /[\r\n]/.test(id) ? "has a line break" : undefined;
  return wrong === undefined ? [] : [finding("PB122", `ID ${quote(id)} ${wrong}`, { path: [...path, "id"] })];
}

/** IDs of features are compared exactly, and are unique in their project. */
export const uniqueInProject: Rule = function* ({ projects }) {
  for (const { node, path } of projects) {
    const taken = new Set<string>();
    for (const list of ["connections", "features"] as const) {
      for (const [index, { id }] of node[list].entries()) {
        if (taken.has(id)) {
          yield finding("PB202", `${quote(id)} is declared twice in project ${quote(node.id)}`, {
            path: [...path, list, index, "id"],
            hint: "Rename one of the two.",
          });
        }
        taken.add(id);
      }
    }
  }
};

/** Types whose IDs are unique over the whole server. */
export const uniqueInTree: Rule = function* ({ byId }) {
  for (const [id, declared] of byId) {
    if (declared.length === 1) continue;
    const unique = declared.filter((each) => each.type.id?.unique === "tree");
    for (const [index, { project, path }] of unique.entries()) {
      const first = unique[0] as DeclaredConnection;
      if (index === 0 || project === first.project) continue;
      yield finding("PB203", `connection ID ${quote(id)} is also used in project ${quote(first.project.node.id)}`, {
        path: [...path, "id"],
        hint: "TeamCity would append a number on its own. Give it an ID of its own.",
      });
    }
  }
};

/** A reference holds the bare ID: one that a parent uses too is ambiguous. */
export const clashesWithParent: Rule = function* ({ connections }) {
  for (const { node, type, path, project } of connections) {
    const other = findUpward(project.parent, node.id);
    if (other === undefined || (other.type.id?.unique === "tree" && type.id?.unique === "tree")) continue;
    yield finding("PB204", `connection ID ${quote(node.id)} is also used in parent project ${quote(other.project.node.id)}`, {
      path: [...path, "id"],
      hint: "Which of the two a reference means is not documented. Rename one of them.",
    });
  }
};

/** References lead to a connection that exists, is of the right kind and is visible from where it is used. */
export const references: Rule = function* (tree) {
  const suggest = createSuggest(tree);
  for (const connection of tree.connections) {
    for (const reference of connection.references) yield* checkReference(tree, reference, suggest);
  }
};

/** The ID of a connection that a missing one may stand for. */
type Suggest = (kind: string, missing: string) => string | undefined;

// Each search goes over all connections: without a limit, a tree whose references all dangle takes minutes.
const MAX_SUGGESTIONS = 100;

function createSuggest({ connections }: Tree): Suggest {
  const suggested = new Map<string, string | undefined>();
  return (kind, missing) => {
    const key = `${kind} ${missing}`;
    if (!suggested.has(key) && suggested.size < MAX_SUGGESTIONS) {
      const ids = connections.filter(({ type }) => type.kind === kind).map(({ node }) => node.id);
      suggested.set(key, nearest(missing, ids));
    }
    return suggested.get(key);
  };
}

function* checkReference(tree: Tree, reference: Reference, suggest: Suggest) {
  const { form, from, kind, path, setting } = reference;
  const id = quote(form.$connection);
  const target = resolve(tree, reference);
  if (target === undefined) {
    if (tree.leftOut.has(form.$connection)) return;
    if (form.external) {
      yield finding("PB209", `\`${setting}\` refers to ${id}, which this tree does not declare`, {
        path,
        hint: "It is written as it is. Check on the server that it exists and is visible here.",
      });
      return;
    }
    const meant = suggest(kind, form.$connection);
    yield finding("PB205", `\`${setting}\` refers to ${id}, which does not exist`, {
      path,
      hint:
        meant === undefined
          ? `Declare it, or write connectionRef(${JSON.stringify(kind)}, ${id}) if it is outside this tree.`
          : `Did you mean ${quote(meant)}?`,
    });
    return;
  }
  if (target.type.kind !== kind) {
    yield finding("PB206", `\`${setting}\` refers to ${id}, which is of kind ${target.type.kind}, not ${kind}`, { path });
    return;
  }
  if (target === from) return; // a circle of one, reported as such
  if (target.project === from.project) return;
  if (![...upward(from.project)].includes(target.project)) {
    yield finding("PB207", `\`${setting}\` refers to ${id}, which is not visible here`, {
      path,
      hint: `It belongs to ${chain(target.project)}; it is used in ${chain(from.project)}. Declare it in ${commonParent(target, from)}.`,
    });
    return;
  }
  if (!isShared(target.type, target.node.settings)) {
    yield finding("PB207", `\`${setting}\` refers to ${id}, which is not shared with sub-projects`, {
      path,
      hint: `Path: ${row([...idsDownTo(from.project), from.node.id], " › ")}. Set \`${target.type.sharedBy}: true\` on ${shown(target.node.id)} in project ${shown(target.project.node.id)}.`,
    });
  }
}

function commonParent(target: DeclaredConnection, from: DeclaredConnection): string {
  const above = [...upward(target.project)];
  const common = [...upward(from.project)].find((each) => above.includes(each));
  const switched = target.type.sharedBy === undefined ? "" : ` with \`${target.type.sharedBy}: true\``;
  return `${common === undefined ? "a common parent" : shown(common.node.id)}${switched}`;
}

/** A circle of references gives credentials to none of its members. Each circle is reported once. */
export const circles: Rule = function* (tree) {
  const state = new Map<DeclaredConnection, "open" | "done">();
  for (const start of tree.connections) {
    if (start.references.length === 0 || state.has(start)) continue;
    // Depth first with a stack of our own: chains may be longer than the engine's.
    const trail: { readonly at: DeclaredConnection; readonly next: Iterator<Reference> }[] = [];
    const enter = (at: DeclaredConnection) => {
      state.set(at, "open");
      trail.push({ at, next: at.references.values() });
    };
    enter(start);
    while (trail.length > 0) {
      const top = trail[trail.length - 1] as (typeof trail)[number];
      const step = top.next.next();
      if (step.done) {
        state.set(top.at, "done");
        trail.pop();
        continue;
      }
      const target = resolve(tree, step.value);
      if (target === undefined || state.get(target) === "done") continue;
      if (state.get(target) === "open") {
        const from = trail.findIndex((each) => each.at === target);
        const ids = [...trail.slice(from).map((each) => each.at.node.id), target.node.id];
        yield finding("PB208", `\`${step.value.setting}\` closes a circle: ${row(ids, " → ")}`, {
          path: step.value.path,
          hint: "Let one of them get credentials without another connection.",
        });
      } else enter(target);
    }
  }
};
