/** What new code is made of where it will stand: imported functions, functions of the scope, handles of connections. */
import type { ts as TypeScript } from "ts-morph";
import { quote } from "../../../model/text.js";
import { Names, nameOf } from "../names.js";
import type { Code } from "../print.js";
import { type Expression, type Node, type ProjectCall, Refusal } from "../source.js";
import { connectionRef, type Terms } from "../values.js";
import type { Context, Splice } from "./context.js";
import { declaredIn } from "./find.js";
import { insertItem } from "./lists.js";

/** New code, and what it needs elsewhere in the file. */
interface Made<Kind extends Code> {
  readonly code: Kind;
  readonly splices: readonly Splice[];
}

/** Makes code for a project's body, where names mean what they mean at a node. Connections without a handle get one. */
export function codeAt(context: Context, project: ProjectCall, at: Node, make: (terms: Terms) => Code): Made<Code> {
  const splices: Splice[] = [];
  const makers = new Map<string, string>();
  const handles = new Map<string, string>();
  const names = new Names(context.source.names());
  // What code needs elsewhere it needs once, however often it says the name.
  const once = (known: Map<string, string>, key: string, term: () => Made<string>): string => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const made = term();
    splices.push(...made.splices);
    known.set(key, made.code);
    return made.code;
  };
  const handleOf = (id: string, kind: string): Made<string> => {
    const { statement, handle } = declarationOf(context, project, at, id);
    if (handle !== undefined) return { code: handle, splices: [] };
    const name = names.take(nameOf(id, kind));
    const start = context.source.start(statement);
    return { code: name, splices: [{ start, end: start, text: `const ${name} = ` }] };
  };
  const terms: Terms = {
    quote: context.style.quote,
    maker: (name) => once(makers, name, () => imported(context, name, at)),
    reference: ({ $connection: id, external }, kind) =>
      external === true ? connectionRef(id, kind, terms) : once(handles, id, () => handleOf(id, kind)),
    shared: () => undefined,
  };
  const code = make(terms);
  return { code, splices };
}

/** How a function of `plugboard` is called; it is imported where it is not. */
function imported(context: Context, name: string, at: Node): Made<string> {
  const { ts, source, style } = context;
  const imports = source.file.statements.filter(
    (each): each is TypeScript.ImportDeclaration =>
      ts.isImportDeclaration(each) && source.textOf(each.moduleSpecifier) === "plugboard",
  );
  const bindings = imports
    .filter((each) => each.importClause?.isTypeOnly !== true)
    .map((each) => each.importClause?.namedBindings);
  for (const each of bindings) {
    if (each !== undefined && ts.isNamespaceImport(each)) return { code: `${each.name.text}.${name}`, splices: [] };
    const known = each?.elements.find((one) => !one.isTypeOnly && (one.propertyName ?? one.name).text === name);
    if (known === undefined) continue;
    if (source.lookUp(known.name.text, at) !== known)
      throw new Refusal(`the name ${known.name.text} means something else here`, at);
    return { code: known.name.text, splices: [] };
  }
  const taken = source.lookUp(name, at);
  if (taken !== undefined) throw new Refusal(`the name ${name} means something else here`, taken);
  const [list] = bindings;
  if (list !== undefined && ts.isNamedImports(list) && list.elements.length > 0) {
    return { code: name, splices: insertName(context, list.elements, name) };
  }
  const last = source.file.statements.filter((each) => ts.isImportDeclaration(each)).at(-1);
  const text = `import { ${name} } from ${style.quote}plugboard${style.quote}${style.semicolon ? ";" : ""}`;
  const start = last === undefined ? source.start(source.file) : last.getEnd();
  return { code: name, splices: [{ start, end: start, text: last === undefined ? `${text}\n\n` : `\n${text}` }] };
}

/** How the scope's function is called; it is taken out of the scope where that is taken apart. */
export function scopeFunction(context: Context, { body }: ProjectCall, inside: Node, name: string): Made<string> {
  const { ts, source } = context;
  const [parameter] = body.parameters;
  if (parameter !== undefined && ts.isIdentifier(parameter.name)) return { code: `${parameter.name.text}.${name}`, splices: [] };
  if (parameter !== undefined && ts.isObjectBindingPattern(parameter.name)) {
    const known = parameter.name.elements.find((each) => (each.propertyName ?? each.name).getText() === name);
    if (known !== undefined) return { code: known.name.getText(), splices: [] };
  }
  const taken = source.lookUp(name, inside);
  const meant = taken === undefined ? undefined : source.authoring(taken.name as Expression);
  // The same function of a scope further out may be hidden: it must not be used here.
  const isFree = taken === undefined || (meant?.name === name && meant.owner !== source.file);
  if (!isFree) throw new Refusal(`the name ${name} means something else here`, taken);
  if (parameter === undefined) {
    const open = source.text.indexOf("(", source.start(body)) + 1;
    return { code: name, splices: [{ start: open, end: open, text: `{ ${name} }` }] };
  }
  if (ts.isObjectBindingPattern(parameter.name) && parameter.name.elements.length > 0) {
    return { code: name, splices: insertName(context, parameter.name.elements, name) };
  }
  return { code: name, splices: [{ start: source.start(parameter.name), end: parameter.name.getEnd(), text: `{ ${name} }` }] };
}

/** Puts a name among others, in their order if they have one. */
function insertName(
  context: Context,
  elements: TypeScript.NodeArray<TypeScript.BindingElement> | TypeScript.NodeArray<TypeScript.ImportSpecifier>,
  name: string,
): Splice[] {
  const named = [...elements].filter((each) => !("dotDotDotToken" in each) || each.dotDotDotToken === undefined);
  const keys = named.map((each) => each.name.getText().toLowerCase());
  const isSorted = keys.every((key, index) => index === 0 || (keys[index - 1] as string) <= key);
  const before = isSorted ? named.filter((_, index) => (keys[index] as string) < name.toLowerCase()) : named;
  return insertItem(context, elements as TypeScript.NodeArray<Node>, before.at(-1), () => name);
}

/** The statement that declares a connection, with the variable that holds its handle if there is one. */
function declarationOf(
  context: Context,
  project: ProjectCall,
  at: Node,
  id: string,
): { readonly statement: Node; readonly handle: string | undefined } {
  const { ts, source } = context;
  const around = source.projects().filter((each) => contains(each.body, project.call) || each.call === project.call);
  const limit = source.start(at);
  for (const { body } of around.reverse()) {
    if (!ts.isBlock(body.body)) continue;
    for (const statement of body.body.statements) {
      const declared = declaredIn(context, statement);
      if (declared?.owner !== body || declared.id !== id) continue;
      if (statement.getEnd() > limit && statement !== at)
        throw new Refusal(`connection ${quote(id)} is declared further down`, declared.call);
      const { handle } = declared;
      if (handle === undefined || !ts.isIdentifier(handle.name)) return { statement, handle: undefined };
      if (source.lookUp(handle.name.text, at) !== handle)
        throw new Refusal(`the handle of ${quote(id)} has no name here`, handle);
      return { statement, handle: handle.name.text };
    }
  }
  throw new Refusal(`connection ${quote(id)}, which is referred to, is not declared by a literal here`, project.call);
}

function contains(outer: Node, inner: Node): boolean {
  return outer.pos <= inner.pos && inner.end <= outer.end;
}
