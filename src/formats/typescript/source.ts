import type { ts as TypeScript } from "ts-morph";
import type { ConnectionType } from "../../contract/define.js";
import type { Types } from "../features.js";
import type { Style } from "./print.js";

export type Ts = typeof TypeScript;
export type Node = TypeScript.Node;
export type CallExpression = TypeScript.CallExpression;
export type Expression = TypeScript.Expression;
type Declaration =
  | TypeScript.VariableDeclaration
  | TypeScript.BindingElement
  | TypeScript.ParameterDeclaration
  | TypeScript.FunctionDeclaration
  | TypeScript.ImportSpecifier
  | TypeScript.NamespaceImport;
type Body = TypeScript.ArrowFunction | TypeScript.FunctionExpression;

/** Thrown inside the editor: what stands at a node cannot be edited. */
export class Refusal extends Error {
  readonly node: Node | undefined;

  constructor(message: string, node?: Node) {
    super(message);
    this.node = node;
  }
}

/** A call of `project` or `subProject` with a literal ID. */
export interface ProjectCall {
  readonly id: string;
  readonly call: CallExpression;
  readonly body: Body;
}

/** A call in a project's body that declares a connection. */
export interface ConnectionCall {
  readonly call: CallExpression;
  /** `undefined` where it is computed. */
  readonly id: string | undefined;
  readonly settings: Expression | undefined;
}

/** A settings file as the editor sees it. What it says of a name holds for the place where the name stands. */
export class Source {
  readonly #ts: Ts;
  readonly file: TypeScript.SourceFile;
  readonly #functions: ReadonlySet<string>;
  readonly #scopes = new Map<Node, ReadonlyMap<string, Declaration>>();

  constructor(ts: Ts, name: string, text: string, types: Types) {
    this.#ts = ts;
    this.file = ts.createSourceFile(name, text, ts.ScriptTarget.ESNext, true);
    this.#functions = new Set(["connection", ...[...types.values()].map((each) => each.functionName)]);
  }

  get text(): string {
    return this.file.text;
  }

  /** The first syntax error's position. */
  syntaxError(): number | undefined {
    const { diagnostics = [] } = this.#ts.transpileModule(this.text, { fileName: this.file.fileName, reportDiagnostics: true });
    return diagnostics.find((each) => each.start !== undefined)?.start;
  }

  start(node: Node): number {
    return node.getStart(this.file);
  }

  lineOf(position: number): number {
    return this.file.getLineAndCharacterOfPosition(position).line;
  }

  /** The blanks that a line begins with. */
  indentAt(position: number): string {
    return /^[ \t]*/.exec(this.text.slice(this.lineStart(position)))?.[0] ?? "";
  }

  lineStart(position: number): number {
    return this.text.lastIndexOf("\n", position - 1) + 1;
  }

  /** The layout that most of the file has. */
  style(): Style {
    const ts = this.#ts;
    let [double, single, semicolons, bare, commas, none] = [0, 0, 0, 0, 0, 0];
    this.visit(this.file, (node) => {
      if (ts.isStringLiteral(node)) node.getText(this.file).startsWith('"') ? double++ : single++;
      if (ts.isExpressionStatement(node) || ts.isImportDeclaration(node) || ts.isVariableStatement(node)) {
        node.getText(this.file).endsWith(";") ? semicolons++ : bare++;
      }
      const last = ts.isObjectLiteralExpression(node) ? node.properties.at(-1) : undefined;
      if (!ts.isObjectLiteralExpression(node) || last === undefined) return;
      if (this.lineOf(last.getEnd()) === this.lineOf(node.getEnd())) return;
      node.properties.hasTrailingComma ? commas++ : none++;
    });
    return {
      indent: /^(\t| {2,})(?=[^\s*])/m.exec(this.text)?.[0] ?? "  ",
      quote: single > double ? "'" : '"',
      semicolon: semicolons >= bare,
      trailingComma: commas >= none,
    };
  }

  visit(node: Node, look: (node: Node) => void): void {
    look(node);
    this.#ts.forEachChild(node, (child) => this.visit(child, look));
  }

  /** The projects with literal IDs. */
  projects(): ProjectCall[] {
    const ts = this.#ts;
    const found: ProjectCall[] = [];
    this.visit(this.file, (call) => {
      if (!ts.isCallExpression(call)) return;
      const name = this.authoring(call.expression)?.name;
      const [first] = call.arguments;
      const last = call.arguments.at(-1);
      if ((name !== "project" && name !== "subProject") || first === undefined || last === undefined) return;
      const id = this.textOf(first);
      if (id !== undefined && (ts.isArrowFunction(last) || ts.isFunctionExpression(last))) found.push({ id, call, body: last });
    });
    return found;
  }

  /** The connections that the scope of a body declares. */
  connections(body: Body): ConnectionCall[] {
    const found: ConnectionCall[] = [];
    this.visit(body.body, (node) => {
      const declared = this.connectionCall(node);
      if (declared?.owner === body) found.push(declared);
    });
    return found;
  }

  connectionCall(node: Node): (ConnectionCall & { readonly owner: Node }) | undefined {
    if (!this.#ts.isCallExpression(node)) return undefined;
    const callee = this.authoring(node.expression);
    if (callee === undefined || !this.#functions.has(callee.name)) return undefined;
    const [id, settings] = callee.name === "connection" ? node.arguments.slice(1) : node.arguments;
    return { call: node, id: id && this.textOf(id), settings: settings && this.unwrap(settings), owner: callee.owner };
  }

  /**
   * The name that `plugboard` or a scope has for what an expression calls, whatever the file calls it, and the function
   * whose parameter it comes from; the file itself for imports.
   */
  authoring(callee: Expression): { readonly name: string; readonly owner: Node } | undefined {
    const ts = this.#ts;
    if (ts.isPropertyAccessExpression(callee) && ts.isIdentifier(callee.expression)) {
      const owner = this.#ownerOf(this.lookUp(callee.expression.text, callee));
      return owner && { name: callee.name.text, owner };
    }
    if (!ts.isIdentifier(callee)) return undefined;
    const declaration = this.lookUp(callee.text, callee);
    const owner = this.#ownerOf(declaration);
    if (declaration === undefined || owner === undefined) return undefined;
    const original = "propertyName" in declaration ? declaration.propertyName : undefined;
    return { name: original?.getText(this.file) ?? callee.text, owner };
  }

  #ownerOf(declaration: Declaration | undefined): Node | undefined {
    const ts = this.#ts;
    if (declaration === undefined) return undefined;
    if (ts.isImportSpecifier(declaration) || ts.isNamespaceImport(declaration)) {
      return this.isPlugboard(declaration) ? this.file : undefined;
    }
    if (ts.isParameter(declaration)) return declaration.parent;
    if (!ts.isBindingElement(declaration)) return undefined;
    const holder = declaration.parent.parent;
    if (ts.isParameter(holder)) return holder.parent;
    const from = ts.isVariableDeclaration(holder) ? holder.initializer : undefined;
    return from !== undefined && ts.isIdentifier(from) ? this.#ownerOf(this.lookUp(from.text, from)) : undefined;
  }

  isPlugboard(specifier: TypeScript.ImportSpecifier | TypeScript.NamespaceImport): boolean {
    let node: Node = specifier;
    while (!this.#ts.isImportDeclaration(node)) node = node.parent;
    return this.textOf(node.moduleSpecifier) === "plugboard";
  }

  /** What a name means at a place: the declaration of the innermost scope that has one. */
  lookUp(name: string, from: Node): Declaration | undefined {
    for (let node = from.parent; node !== undefined; node = node.parent) {
      const found = this.#declarationsOf(node).get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** What a scope declares; nothing for other nodes. */
  #declarationsOf(scope: Node): ReadonlyMap<string, Declaration> {
    const known = this.#scopes.get(scope);
    if (known !== undefined) return known;
    const ts = this.#ts;
    const declared: Declaration[] = [];
    if (ts.isSourceFile(scope) || ts.isBlock(scope)) declared.push(...scope.statements.flatMap((each) => this.#declaredBy(each)));
    else if (ts.isFunctionLike(scope)) declared.push(...scope.parameters.flatMap((each) => this.#bound(each)));
    else if (ts.isForStatement(scope) || ts.isForOfStatement(scope) || ts.isForInStatement(scope)) {
      if (scope.initializer !== undefined) declared.push(...this.#declaredBy(scope.initializer));
    }
    const byName = new Map(declared.map((each) => [each.name?.getText(this.file) ?? "", each]));
    this.#scopes.set(scope, byName);
    return byName;
  }

  #declaredBy(node: Node): readonly Declaration[] {
    const ts = this.#ts;
    if (ts.isVariableStatement(node)) return this.#declaredBy(node.declarationList);
    if (ts.isVariableDeclarationList(node)) return node.declarations.flatMap((each) => this.#bound(each));
    if (ts.isFunctionDeclaration(node)) return [node];
    const bindings = ts.isImportDeclaration(node) ? node.importClause?.namedBindings : undefined;
    if (bindings === undefined) return [];
    return ts.isNamedImports(bindings) ? bindings.elements : [bindings];
  }

  #bound(
    node: TypeScript.VariableDeclaration | TypeScript.ParameterDeclaration | TypeScript.BindingElement,
  ): readonly (TypeScript.VariableDeclaration | TypeScript.ParameterDeclaration | TypeScript.BindingElement)[] {
    const { name } = node;
    if (this.#ts.isIdentifier(name)) return [node];
    return name.elements.flatMap((each) => (this.#ts.isBindingElement(each) ? this.#bound(each) : []));
  }

  /** The places where what a declaration names is used. */
  usesOf(declaration: Declaration): TypeScript.Identifier[] {
    const ts = this.#ts;
    const name = declaration.name?.getText(this.file);
    const uses: TypeScript.Identifier[] = [];
    this.visit(this.file, (node) => {
      if (!ts.isIdentifier(node) || node.text !== name) return;
      const { parent } = node;
      if (ts.isPropertyAccessExpression(parent) && parent.name === node) return;
      if (ts.isPropertyAssignment(parent) && parent.name === node) return;
      if ((ts.isBindingElement(parent) || ts.isImportSpecifier(parent)) && parent.propertyName === node) return;
      if ("name" in parent && parent.name === node && !ts.isShorthandPropertyAssignment(parent)) return;
      if (this.lookUp(node.text, node) === declaration) uses.push(node);
    });
    return uses;
  }

  /** The statement that a node is part of. */
  statementOf(node: Node): Node | undefined {
    let statement: Node | undefined = node;
    while (statement !== undefined && !this.#ts.isStatement(statement)) statement = statement.parent;
    return statement;
  }

  /** The type of a connection, by the function that declares it. */
  typeOf({ call }: ConnectionCall, types: Types): ConnectionType | undefined {
    const name = this.authoring(call.expression)?.name;
    if (name !== "connection") return [...types.values()].find((each) => each.functionName === name);
    const type = call.arguments[0] && (this.read(call.arguments[0])?.value as { kind?: string } | undefined);
    return types.get(type?.kind ?? "");
  }

  /** Every name in the file. */
  names(): string[] {
    const names: string[] = [];
    this.visit(this.file, (node) => {
      if (this.#ts.isIdentifier(node)) names.push(node.text);
    });
    return names;
  }

  /** An expression without the type assertions and parentheses around it. */
  unwrap(node: Expression): Expression {
    const ts = this.#ts;
    const isWrapped = ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isParenthesizedExpression(node);
    return isWrapped ? this.unwrap(node.expression) : node;
  }

  textOf(node: Expression): string | undefined {
    const value = this.read(node)?.value;
    return typeof value === "string" ? value : undefined;
  }

  /** The value of the model that an expression stands for, if it is written out; `undefined` if it is computed. */
  read(expression: Expression): { readonly value: unknown } | undefined {
    const ts = this.#ts;
    const node = this.unwrap(expression);
    if (ts.isStringLiteralLike(node)) return { value: node.text };
    if (ts.isNumericLiteral(node)) return { value: Number(node.text) };
    if (node.kind === ts.SyntaxKind.TrueKeyword) return { value: true };
    if (node.kind === ts.SyntaxKind.FalseKeyword) return { value: false };
    if (node.kind === ts.SyntaxKind.NullKeyword) return { value: null };
    if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken) {
      const operand = this.read(node.operand)?.value;
      return typeof operand === "number" ? { value: -operand } : undefined;
    }
    if (ts.isArrayLiteralExpression(node)) return all(node.elements.map((each) => this.read(each)));
    if (ts.isObjectLiteralExpression(node)) {
      const entries = node.properties.map((each) => {
        const name = this.nameOf(each);
        const value = ts.isPropertyAssignment(each)
          ? this.read(each.initializer)
          : ts.isShorthandPropertyAssignment(each)
            ? this.read(each.name)
            : undefined;
        return name === undefined || value === undefined ? undefined : { value: [name, value.value] as const };
      });
      const read = all(entries);
      return read && { value: Object.fromEntries(read.value as [string, unknown][]) };
    }
    if (ts.isIdentifier(node)) {
      if (node.text === "undefined") return { value: undefined };
      const declaration = this.lookUp(node.text, node);
      const isConstant =
        declaration !== undefined &&
        ts.isVariableDeclaration(declaration) &&
        (declaration.parent.flags & ts.NodeFlags.Const) !== 0 &&
        declaration.initializer !== undefined &&
        declaration.getEnd() <= this.start(node);
      return isConstant ? this.read((declaration as { initializer: Expression }).initializer) : undefined;
    }
    return ts.isCallExpression(node) ? this.#readCall(node) : undefined;
  }

  #readCall(call: CallExpression): { readonly value: unknown } | undefined {
    const connection = this.connectionCall(call);
    if (connection !== undefined) return connection.id === undefined ? undefined : { value: { $connection: connection.id } };
    const callee = this.authoring(call.expression);
    const read = callee?.owner === this.file ? all(call.arguments.map((each) => this.read(each))) : undefined;
    if (read === undefined) return undefined;
    const [first, second] = read.value as [unknown, unknown];
    switch (callee?.name) {
      case "secret":
        return { value: { $secret: first, ...(second as object | undefined) } };
      case "token":
        return { value: { $token: first } };
      case "storedSecret":
        return { value: { $stored: true } };
      case "connectionRef":
        return { value: { $connection: second, external: true } };
      case "acknowledge":
        return { value: { code: first, reason: second } };
      default:
        return undefined;
    }
  }

  /** The name of a property; `undefined` for spreads and computed names. */
  nameOf({ name }: TypeScript.ObjectLiteralElementLike): string | undefined {
    const ts = this.#ts;
    if (name === undefined) return undefined;
    return ts.isIdentifier(name) || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name) ? name.text : undefined;
  }
}

function all(read: readonly ({ readonly value: unknown } | undefined)[]): { readonly value: unknown[] } | undefined {
  return read.includes(undefined) ? undefined : { value: read.map((each) => each?.value) };
}
