/** Removes a connection. */
import { quote } from "../../../model/text.js";
import { Refusal } from "../source.js";
import type { Context, Splice } from "./context.js";
import { declaredIn, findConnection, findProject } from "./find.js";
import { linesOf } from "./lists.js";

export function removeConnection(context: Context, projectId: string, connectionId: string): Splice[] {
  const { source } = context;
  const { call: declared } = findConnection(context, findProject(context, projectId), connectionId);
  const statement = source.statementOf(declared);
  const found = statement && declaredIn(context, statement);
  if (statement === undefined || found?.call !== declared)
    throw new Refusal("the connection is part of something else", declared);
  const [use] = found.handle === undefined ? [] : source.usesOf(found.handle);
  if (use !== undefined) throw new Refusal(`connection ${quote(connectionId)} is still used`, use);
  const lines = linesOf(context, statement);
  if (lines === undefined) return [{ start: source.start(statement), end: statement.getEnd(), text: "" }];
  // Of the blank lines around it, those above go too, or else those below.
  const above = /(?:^|\n)((?:[ \t]*\r?\n)+)$/.exec(source.text.slice(0, lines.start))?.[1] ?? "";
  const below = above === "" ? (/^(?:[ \t]*\r?\n)*/.exec(source.text.slice(lines.end))?.[0] ?? "") : "";
  return [{ start: lines.start - above.length, end: lines.end + below.length, text: "" }];
}
