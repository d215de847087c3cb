import type { CheckContext } from "../contract/params.js";
import type { CodeEntry } from "../model/codes.js";
import type { Finding } from "../model/finding.js";
import type { Rule, Tree } from "./tree.js";

/** A rule of one's own: a code with its page, and a check over the whole tree. */
export interface RuleDefinition extends CodeEntry {
  /** A code that no other rule has, for example `ACME1`. */
  readonly code: string;
  /** Yields what is wrong; `path` is that of a project or connection of the tree, with the setting's name after it. */
  readonly check: (tree: Tree, context: CheckContext) => Iterable<Pick<Finding, "message" | "hint" | "path">>;
}

/** Makes a rule that a plug-in hands over in its `rules`. The rule carries its code and page. */
export function defineRule({ code, severity, title, help, check }: RuleDefinition): Rule & Omit<RuleDefinition, "check"> {
  const rule: Rule = function* (tree, context) {
    for (const each of check(tree, context)) yield { code, severity, ...each };
  };
  return Object.assign(rule, { code, severity, title, help });
}
