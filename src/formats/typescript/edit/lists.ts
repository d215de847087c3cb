/** Items of lists, and the lines of text that items and statements stand on with their comments. */
import type { ts as TypeScript } from "ts-morph";
import type { Node } from "../source.js";
import type { Context, Splice } from "./context.js";

/** Puts an item into a list after another, or at its start, on a line of its own where the others have one. */
export function insertItem(
  context: Context,
  items: TypeScript.NodeArray<Node>,
  after: Node | undefined,
  item: (indent: string) => string,
): Splice[] {
  const { source } = context;
  const first = items[0] as Node;
  const anchor = after ?? first;
  const start = startOf(context, anchor);
  const indent = source.indentAt(start);
  const isAlone = source.lineStart(start) + indent.length === start;
  if (after === undefined) return [{ start, end: start, text: isAlone ? `${item(indent)},\n${indent}` : `${item("")}, ` }];
  const end = after.getEnd();
  if (!isAlone) return [{ start: end, end, text: `, ${item(source.indentAt(end))}` }];
  const comma = commaAfter(context, after);
  const at = lineEnd(context, comma ?? end);
  const put = { start: at, end: at, text: `\n${indent}${item(indent)}${comma === undefined ? "" : ","}` };
  return comma === undefined ? [{ start: end, end, text: "," }, put] : [put];
}

/** Takes an item out of a list, with the comments that belong to it. */
export function removeItem(context: Context, items: TypeScript.NodeArray<Node>, item: Node): Splice[] {
  const { source } = context;
  const index = items.indexOf(item);
  const [previous, next] = [items[index - 1], items[index + 1]];
  const comma = commaAfter(context, item);
  const lines = linesOf(context, item, comma ?? item.getEnd());
  if (lines === undefined) {
    const start = source.start(item);
    if (next !== undefined) return [{ start, end: source.start(next), text: "" }];
    if (previous !== undefined) return [{ start: previous.getEnd(), end: item.getEnd(), text: "" }];
    return [{ start: items.pos, end: items.end, text: "" }];
  }
  const before = previous && comma === undefined ? commaAfter(context, previous) : undefined;
  return [...(before === undefined ? [] : [{ start: before - 1, end: before, text: "" }]), { ...lines, text: "" }];
}

/** The position behind the comma that follows a node. */
function commaAfter({ ts, source: { text } }: Context, node: Node): number | undefined {
  const comments = ts.getTrailingCommentRanges(text, node.getEnd()) ?? [];
  const end = comments.at(-1)?.end ?? node.getEnd();
  const rest = /^\s*,/.exec(text.slice(end));
  return rest === null ? undefined : end + rest[0].length;
}

/** The start of a node with the comments before it on its line. */
function startOf({ ts, source }: Context, node: Node): number {
  const { text } = source;
  let start = source.start(node);
  for (const { pos, end } of (ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []).reverse()) {
    if (text.slice(end, start).includes("\n")) break;
    start = pos;
  }
  return start;
}

/** The end of a line's comments, if nothing but comments follows the position. */
export function lineEnd({ ts, source }: Context, position: number): number {
  return ts.getTrailingCommentRanges(source.text, position)?.at(-1)?.end ?? position;
}

/** The whole lines of a node and of the comments directly above it; `undefined` if it shares one with something else. */
export function linesOf(
  context: Context,
  node: Node,
  nodeEnd = node.getEnd(),
): { readonly start: number; readonly end: number } | undefined {
  const { ts, source } = context;
  const { text } = source;
  const end = lineEnd(context, nodeEnd);
  const rest = /^[ \t]*(\r?\n|$)/.exec(text.slice(end));
  let start = startOf(context, node);
  const comments = (ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []).filter((each) => each.end <= start);
  const isAlone = (position: number): boolean => text.slice(source.lineStart(position), position).trim() === "";
  if (rest === null || !isAlone(start)) return undefined;
  for (const comment of comments.reverse()) {
    const isNext = /^\r?\n?[ \t]*$/.test(text.slice(comment.end, start));
    if (!isNext || !isAlone(comment.pos)) break;
    start = comment.pos;
  }
  return { start: source.lineStart(start), end: end + rest[0].length };
}
