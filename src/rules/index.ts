import type { ConnectionType } from "../contract/define.js";
import type { CheckContext } from "../contract/params.js";
import { isFinal } from "../model/codes.js";
import { type Finding, finding } from "../model/finding.js";
import { groupBy } from "../model/group.js";
import { createProjectParser, type ProjectParser } from "../model/parse.js";
import { splitPath } from "../model/paths.js";
import type { ProjectNode } from "../model/schema.js";
import { quote } from "../model/text.js";
import { circles, clashesWithParent, connectionIds, references, uniqueInProject, uniqueInTree } from "./connections.js";
import { withoutInvalid } from "./partial.js";
import { parentIds, projectIds, projectNames } from "./projects.js";
import { indexTree, type Rule, type Tree } from "./tree.js";
import { formats, ownChecks, placeholders, plainSecrets } from "./values.js";

/** Every built-in rule. A rule reads the tree and yields findings; it changes nothing, so their order does not matter. */
const rules: readonly Rule[] = [
  projectIds,
  projectNames,
  parentIds,
  connectionIds,
  uniqueInProject,
  uniqueInTree,
  clashesWithParent,
  references,
  circles,
  formats,
  ownChecks,
  plainSecrets,
  placeholders,
];

/** What a check of declared settings found, and the project if its shape is right. */
export interface Checked {
  readonly project?: ProjectNode;
  readonly findings: readonly Finding[];
}

/**
 * Validates a declared project from scratch: its shape by the schemas, then its relations by the rules.
 * @param parser - One that has seen projects of the tree already.
 */
export function checkProject(
  data: unknown,
  types: ReadonlyMap<string, ConnectionType>,
  context: CheckContext,
  more: readonly Rule[] = [],
  parser: ProjectParser = createProjectParser([...types.values()]),
): Checked {
  const { value, findings } = parser.parse(data);
  if (value !== undefined) return { project: value, findings: checkTree(value, types, context, more) };
  const rest = withoutInvalid(data, findings);
  const valid = rest && parser.parse(rest.project).value;
  if (rest === undefined || valid === undefined) return { findings };
  const found = checkTree(valid, types, context, more, rest.leftOut);
  return {
    findings: [
      ...findings,
      ...found.filter((each) => each.code !== "PB211").map((each) => ({ ...each, path: rest.original(each.path ?? []) })),
    ],
  };
}

/** Holds a project tree against the rules. `more` are rules of the caller's plug-ins. */
export function checkTree(
  top: ProjectNode,
  types: ReadonlyMap<string, ConnectionType>,
  context: CheckContext,
  more: readonly Rule[] = [],
  leftOut: ReadonlySet<string> = new Set(),
): Finding[] {
  const tree = indexTree(top, types, leftOut);
  const found = [...rules, ...more].flatMap((rule) => [...rule(tree, context)]);
  return acknowledged(tree, found);
}

/** Takes out the findings that are acknowledged where they stand, and reports acknowledgements that accept nothing. */
function acknowledged(tree: Tree, found: readonly Finding[]): Finding[] {
  const accepted = new Set<Finding>();
  const unused: Finding[] = [];
  const byHolder = groupBy(found, ({ path = [] }) => holderOf(path));
  const accept = (list: readonly { code: string }[], holder: readonly PropertyKey[], path: readonly PropertyKey[]) => {
    for (const [index, { code }] of list.entries()) {
      const here = (byHolder.get(holder.join("/")) ?? []).filter((each) => each.code === code && isAcceptable(each));
      for (const each of here) accepted.add(each);
      if (here.length > 0) continue;
      const message = isFinal(code)
        ? `${quote(code)} is acknowledged, but can never be accepted`
        : `${quote(code)} is acknowledged, but not reported here`;
      unused.push(finding("PB211", message, { path: [...path, "acknowledge", index], hint: "Remove the acknowledgement." }));
    }
  };
  for (const { node, path } of tree.projects) if (node.acknowledge !== undefined) accept(node.acknowledge, path, path);
  for (const { node, path } of tree.connections) {
    const { acknowledge } = node.settings;
    if (acknowledge !== undefined) accept(acknowledge, path, [...path, "settings"]);
  }
  return [...found.filter((each) => !accepted.has(each)), ...unused];
}

/** Whether a finding may be accepted or rated otherwise. */
export function isAcceptable({ code }: Finding): boolean {
  return !isFinal(code);
}

/** The part of a path that leads to the connection, feature or project it lies in. */
function holderOf(path: readonly PropertyKey[]): string {
  const { project, holder } = splitPath(path);
  return [...project, ...holder].join("/");
}

export type { Rule, Tree } from "./tree.js";
