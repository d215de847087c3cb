/** Adds a connection to a project's body. */
import type { ts as TypeScript } from "ts-morph";
import type { ConnectionNode } from "../../../model/schema.js";
import { quote } from "../../../model/text.js";
import { call, object, printStatements, property } from "../print.js";
import { type Node, type ProjectCall, Refusal } from "../source.js";
import { settingsCode, tableOf, textLiteral } from "../values.js";
import type { Context, Splice } from "./context.js";
import { declaredIn, findProject } from "./find.js";
import { lineEnd, linesOf } from "./lists.js";
import { codeAt, scopeFunction } from "./terms.js";

/** What comes before a connection is added: the statements of its body that begin on the line of the brace get a line each. */
export function spreadBody(context: Context, projectId: string, { id }: ConnectionNode): Splice[] {
  const { source, style } = context;
  const { text } = source;
  const project = findProject(context, projectId);
  const block = blockFor(context, project, id);
  const [first] = block.statements;
  const open = source.start(block) + 1;
  if (first === undefined || text.slice(open, source.start(first)).includes("\n")) return [];
  const indent = source.indentAt(source.start(project.call));
  const close = block.getEnd() - 1;
  const starts = [...block.statements.map((each) => source.start(each)), close];
  return starts.flatMap((start, index): Splice[] => {
    const gap = text.slice(block.statements[index - 1]?.getEnd() ?? open, start);
    if (gap.includes("\n")) return [];
    const put = start === close ? `\n${indent}` : `\n${indent}${style.indent}`;
    return [{ start: start - (gap.length - gap.trimEnd().length), end: start, text: put }];
  });
}

/** The block that a new connection will stand in. */
function blockFor(
  { ts, source }: Context,
  { id: projectId, call: projectCall, body }: ProjectCall,
  id: string,
): TypeScript.Block {
  if (source.connections(body).some((each) => each.id === id)) {
    throw new Refusal(`project ${quote(projectId)} has a connection ${quote(id)} already`, projectCall);
  }
  if (!ts.isBlock(body.body)) throw new Refusal("the project's body is not written in braces", body.body);
  return body.body;
}

export function addConnection(context: Context, projectId: string, { kind, id, settings }: ConnectionNode): Splice[] {
  const { source, style, types, plugIns } = context;
  const project = findProject(context, projectId);
  const block = blockFor(context, project, id);
  const type = types.get(kind);
  const functionName = type === undefined || plugIns.has(kind) ? "connection" : type.functionName;
  const callee = scopeFunction(context, project, block.statements[0] ?? block, functionName);
  const neighbour = neighbourIn(context, project, block);
  const { code, splices } = codeAt(context, project, neighbour?.statement ?? block, (terms) => {
    const head = functionName === "connection" ? [object([property("kind", textLiteral(kind, style.quote))])] : [];
    return call(callee.code, ...head, textLiteral(id, style.quote), settingsCode(settings, tableOf(type), terms, true));
  });
  const outer = source.indentAt(source.start(project.call));
  const indent = neighbour === undefined ? outer + style.indent : source.indentAt(source.start(neighbour.statement));
  const text = printStatements([code], style, indent);
  const put =
    neighbour === undefined
      ? putInto(context, block, text, outer)
      : neighbour.side === "above"
        ? putBelow(context, block, neighbour.statement, text)
        : putAbove(context, neighbour.statement, text);
  return [...callee.splices, ...splices, put];
}

/** A statement beside which a new one will stand. */
interface Neighbour {
  readonly statement: TypeScript.Statement;
  readonly side: "above" | "below";
}

/**
 * Below the last connection; where there is none, above the first other call of the scope, a sub-project for one; else
 * below all.
 */
function neighbourIn(context: Context, { body }: ProjectCall, { statements }: TypeScript.Block): Neighbour | undefined {
  const anchor = statements.filter((each) => declaredIn(context, each)?.owner === body).at(-1);
  if (anchor !== undefined) return { statement: anchor, side: "above" };
  const next = statements.find((each) => isScopeCall(context, each, body));
  if (next !== undefined) return { statement: next, side: "below" };
  const last = statements.at(-1);
  return last && { statement: last, side: "above" };
}

function isScopeCall({ ts, source }: Context, statement: Node, body: Node): boolean {
  if (!ts.isExpressionStatement(statement) || !ts.isCallExpression(statement.expression)) return false;
  return source.authoring(statement.expression.expression)?.owner === body;
}

/** Statements of several lines are set apart by blank lines. */
function putBelow(context: Context, { statements }: TypeScript.Block, last: TypeScript.Statement, text: string): Splice {
  const { source } = context;
  const at = lineEnd(context, last.getEnd());
  const isLong = text.includes("\n");
  const lines = source.text.slice(source.start(last), last.getEnd()).includes("\n");
  const follower = statements[statements.indexOf(last) + 1];
  const isTight = follower !== undefined && !/^[ \t]*\r?\n[ \t]*\r?\n/.test(source.text.slice(at));
  return { start: at, end: at, text: `\n${lines || isLong ? "\n" : ""}${text}${isTight && isLong ? "\n" : ""}` };
}

function putAbove(context: Context, next: TypeScript.Statement, text: string): Splice {
  const line = linesOf(context, next)?.start;
  const at = line ?? context.source.start(next);
  return { start: at, end: at, text: line === undefined ? `${text.trimStart()} ` : `${text}\n\n` };
}

/** Puts the first statement into a block. `outer` is the indent of the block's last line. */
function putInto({ source }: Context, block: TypeScript.Block, text: string, outer: string): Splice {
  const close = block.getEnd() - 1;
  const line = source.lineStart(close);
  if (source.text.slice(line, close).trim() === "") return { start: line, end: line, text: `${text}\n` };
  const open = source.start(block) + 1;
  const isBlank = source.text.slice(open, close).trim() === "";
  return { start: isBlank ? open : close, end: close, text: `\n${text}\n${outer}` };
}
