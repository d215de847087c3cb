import type { ts as TypeScript } from "ts-morph";
import { type Finding, finding, type Place } from "../../model/finding.js";
import type { ConnectionNode } from "../../model/schema.js";
import type { Types } from "../features.js";
import { addConnection, spreadBody } from "./edit/add.js";
import { type Change, changeSetting } from "./edit/change.js";
import type { Context, Splice } from "./edit/context.js";
import { removeItem } from "./edit/lists.js";
import { removeConnection } from "./edit/remove.js";
import { type Node, Refusal, Source, type Ts } from "./source.js";

/** A change to one connection. Values are those of the model; paths lead from the settings: `["credentials", "roleArn"]`. */
export type Edit = ChangeSettings | AddConnection | RemoveConnection;

export interface ChangeSettings {
  readonly action: "change";
  readonly projectId: string;
  readonly connectionId: string;
  readonly set?: readonly { readonly path: readonly string[]; readonly value: unknown }[];
  readonly unset?: readonly (readonly string[])[];
}

export interface AddConnection {
  readonly action: "add";
  readonly projectId: string;
  readonly connection: ConnectionNode;
}

/** Comments directly above the connection go with it. */
export interface RemoveConnection {
  readonly action: "remove";
  readonly projectId: string;
  readonly connectionId: string;
}

export interface EditOptions {
  readonly types: Types;
  /** The file's name, for places. */
  readonly file: string;
  /** Kinds of types that come from plug-ins. Default: none. */
  readonly plugIns?: ReadonlySet<string>;
}

export interface Edited {
  /** The file's new text; absent if the edit was refused. */
  readonly text?: string;
  readonly findings: readonly Finding[];
}

/**
 * Edits a settings file: the literals that an edit is about change, every other byte stays. Projects and connections are
 * found by literal IDs. What is computed is not edited but refused with PB314 at its place, a file with syntax errors with
 * PB101.
 */
export async function editTypeScript(text: string, edit: Edit, options: EditOptions): Promise<Edited> {
  const { ts } = await import("ts-morph");
  try {
    const context = contextOf(ts, text, options);
    const broken = context.source.syntaxError();
    if (broken !== undefined) {
      const place = placeOf(context.source.file, broken, options);
      return { findings: [finding("PB101", "the file does not parse", { place })] };
    }
    const before = usedNames(context, edit.projectId);
    const { source } = tidy(apply(context, edit), edit.projectId, before);
    if (source.syntaxError() !== undefined) throw new Refusal("the edit does not give valid TypeScript");
    return { text: source.text, findings: [] };
  } catch (error) {
    if (error instanceof RangeError) return refused("the file is nested too deeply", { file: options.file });
    if (!(error instanceof Refusal)) throw error;
    const { message, node } = error;
    return refused(
      message,
      node === undefined ? { file: options.file } : placeOf(node.getSourceFile(), node.getStart(), options),
    );
  }
}

function refused(message: string, place: Place): Edited {
  return { findings: [finding("PB314", message, { place })] };
}

function placeOf(source: TypeScript.SourceFile, position: number, { file }: EditOptions): Place {
  const { line, character } = source.getLineAndCharacterOfPosition(position);
  return { file, line: line + 1, column: character + 1 };
}

function contextOf(ts: Ts, text: string, { file, types, plugIns = new Set() }: EditOptions): Context {
  const source = new Source(ts, file, text, types);
  return { ts, source, style: source.style(), types, plugIns };
}

function apply(context: Context, edit: Edit): Context {
  const { projectId } = edit;
  switch (edit.action) {
    case "change":
      return applyChanges(context, edit);
    case "add": {
      const spread = splice(context, spreadBody(context, projectId, edit.connection));
      return splice(spread, addConnection(spread, projectId, edit.connection));
    }
    case "remove":
      return splice(context, removeConnection(context, projectId, edit.connectionId));
  }
}

function applyChanges(context: Context, { projectId, connectionId, set, unset }: ChangeSettings): Context {
  const changes: Change[] = [...(unset ?? []).map((path) => ({ path, value: undefined })), ...(set ?? [])];
  let current = context;
  // One by one, since each moves what follows it; what a change is made of comes before the next.
  for (let next = changes.shift(); next !== undefined; next = changes.shift()) {
    const { splices = [], parts = [] } = changeSetting(current, projectId, connectionId, next);
    current = splice(current, splices);
    changes.unshift(...parts);
  }
  return current;
}

/** The file after an edit, in which nothing has the nodes that it had before. */
function splice(context: Context, splices: readonly Splice[]): Context {
  if (splices.length === 0) return context;
  const { ts, source, types } = context;
  const { text } = source;
  const lineEnd = text.includes("\r\n") ? "\r\n" : "\n";
  let result = "";
  let at = 0;
  for (const { start, end, text: put } of [...splices].sort((a, b) => a.start - b.start)) {
    result += text.slice(at, start) + put.replaceAll("\n", lineEnd);
    at = end;
  }
  return { ...context, source: new Source(ts, source.file.fileName, result + text.slice(at), types) };
}

type TakenName = TypeScript.ImportSpecifier | TypeScript.BindingElement;

/** Names that the file imports, or takes out of the scope, and uses. */
function usedNames(context: Context, projectId: string): ReadonlySet<string> {
  const used = takenNames(context, projectId).filter((each) => context.source.usesOf(each).length > 0);
  return new Set(used.map((each) => each.name.getText()));
}

function takenNames({ ts, source }: Context, projectId: string): readonly TakenName[] {
  const imported = source.file.statements.flatMap((each) => {
    const bindings = ts.isImportDeclaration(each) ? each.importClause?.namedBindings : undefined;
    return bindings !== undefined && ts.isNamedImports(bindings) ? [...bindings.elements] : [];
  });
  const parameter = source.projects().find((each) => each.id === projectId)?.body.parameters[0]?.name;
  const scope = parameter !== undefined && ts.isObjectBindingPattern(parameter) ? parameter.elements : [];
  return [...imported.filter((each) => source.isPlugboard(each)), ...scope];
}

/** Takes away the names that were used before and are no longer. */
function tidy(context: Context, projectId: string, before: ReadonlySet<string>): Context {
  const { ts, source } = context;
  const isIdle = (each: TakenName): boolean => before.has(each.name.getText()) && source.usesOf(each).length === 0;
  const idle = takenNames(context, projectId).find(isIdle);
  if (idle === undefined) return context;
  const { parent } = idle;
  const { elements } = parent as { elements: TypeScript.NodeArray<Node> };
  const isWhole = ts.isObjectBindingPattern(parent) && elements.length === 1;
  const splices = isWhole
    ? [{ start: source.start(parent.parent), end: parent.parent.getEnd(), text: "" }]
    : removeItem(context, elements, idle);
  return tidy(splice(context, splices), projectId, before);
}
