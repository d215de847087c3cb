/** Finds what an edit is about, by literal IDs, and refuses what does not stand for exactly one thing. */
import type { ts as TypeScript } from "ts-morph";
import { quote } from "../../../model/text.js";
import { type ConnectionCall, type Node, type ProjectCall, Refusal } from "../source.js";
import type { Context } from "./context.js";

export function findProject(context: Context, id: string): ProjectCall {
  const { source } = context;
  const found = source.projects().filter((each) => each.id === id);
  const [project, second] = found;
  if (project === undefined) throw new Refusal(`no project in the file has the literal ID ${quote(id)} and a body`);
  if (second !== undefined) throw new Refusal(`the file has project ${quote(id)} twice`, second.call);
  assertOnce(context, project.call, source.file);
  return project;
}

export function findConnection(
  context: Context,
  { call: projectCall, body, id: projectId }: ProjectCall,
  id: string,
): ConnectionCall {
  const declared = context.source.connections(body);
  const found = declared.filter((each) => each.id === id);
  const [connection, second] = found;
  if (connection === undefined) {
    const computed = declared.find((each) => each.id === undefined);
    if (computed === undefined)
      throw new Refusal(`project ${quote(projectId)} declares no connection ${quote(id)} here`, projectCall);
    throw new Refusal(`connection ${quote(id)} is not among the literal IDs; this one is computed`, computed.call);
  }
  if (second !== undefined) throw new Refusal(`the project has connection ${quote(id)} twice`, second.call);
  assertOnce(context, connection.call, body);
  return connection;
}

/** Refuses what may run more than once, or not at all, between a node and the one around it. */
function assertOnce({ ts, source }: Context, node: Node, around: Node): void {
  for (let each = node.parent; each !== around && each !== undefined; each = each.parent) {
    const isBody =
      ts.isFunctionDeclaration(each) ||
      (ts.isCallExpression(each.parent) &&
        /^(project|subProject|settings)$/.test(source.authoring(each.parent.expression)?.name ?? ""));
    if (ts.isIterationStatement(each, false)) throw new Refusal("the declaration is in a loop", node);
    if (ts.isFunctionLike(each) && !isBody)
      throw new Refusal("the declaration is in a function that may be called several times", node);
    const isBranch = ts.isIfStatement(each) || ts.isConditionalExpression(each) || ts.isSwitchStatement(each);
    if (isBranch || ts.isTryStatement(each) || ts.isBinaryExpression(each))
      throw new Refusal("the declaration is under a condition", node);
  }
}

/** A statement's connection. */
interface Declared extends ConnectionCall {
  /** The function whose scope declares it. */
  readonly owner: Node;
  readonly handle?: TypeScript.VariableDeclaration;
}

/** The connection that a statement of a body declares, with or without a handle. */
export function declaredIn({ ts, source }: Context, statement: Node): Declared | undefined {
  if (ts.isExpressionStatement(statement)) return source.connectionCall(statement.expression);
  if (!ts.isVariableStatement(statement) || statement.declarationList.declarations.length !== 1) return undefined;
  const [handle] = statement.declarationList.declarations;
  const declared = handle?.initializer && source.connectionCall(handle.initializer);
  return handle && declared && { ...declared, handle };
}
