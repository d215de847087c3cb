import type { ConnectionNode, FeatureNode, ProjectNode, Settings } from "../../model/schema.js";
import { compareText } from "../../model/text.js";
import type { ConnectionForm } from "../../model/values.js";
import type { Types } from "../features.js";
import type { Written } from "../teamcity-xml/index.js";
import { Names, nameOf, upperStart } from "./names.js";
import { body, type Code, call, constant, object, ownStyle, printBrackets, printStatements, property } from "./print.js";
import { connectionRef, settingsCode, type Table, type Terms, tableOf, textLiteral } from "./values.js";

export interface WriteOptions {
  readonly types: Types;
  /** Kinds of types that come from plug-ins: scopes have no function of their own for them. Default: none. */
  readonly plugIns?: ReadonlySet<string>;
  /** The length beyond which each sub-project of the top project gets a file of its own. Default: 400. */
  readonly maxLines?: number;
}

/**
 * Writes a settings model as TypeScript: `settings.ts`, and `projects/<id>.ts` once that would be long. Evaluated, the
 * files give the model again, but for references that no handle can express: those become `connectionRef`.
 */
export function writeTypeScript(settings: Settings, options: WriteOptions): Written {
  const plan = new Plan(options);
  const top = plan.block(settings.project, undefined);
  const whole = topFile(top, plan, false).text;
  const { maxLines = 400 } = options;
  const files = new Map([["settings.ts", whole]]);
  if (top.inner.length > 0 && whole.split("\n").length - 1 > maxLines) {
    const { text, parts } = topFile(top, plan, true);
    files.set("settings.ts", text);
    for (const part of parts) files.set(`${part.module}.ts`, partFile(part, plan));
  }
  return { files, findings: [] };
}

/** A project as it is written: connections after those that they refer to. */
interface Block {
  readonly project: ProjectNode;
  readonly outer: Block | undefined;
  readonly byId: ReadonlyMap<string, ConnectionNode>;
  readonly connections: readonly ConnectionNode[];
  readonly inner: Block[];
}

/** A reference that is written as a handle. */
interface Use {
  readonly target: ConnectionNode;
  /** The project that declares the target. */
  readonly owner: Block;
}

/** What holds for the whole tree, in however many files it is written. */
class Plan {
  readonly #types: Types;
  readonly #plugIns: ReadonlySet<string>;
  readonly #tables = new Map<string, Table>();
  /** Handles by the connection that refers to them and the path of the setting. */
  readonly uses = new Map<ConnectionNode, Map<string, Use>>();
  /** The connections whose handles are needed. */
  readonly referredTo = new Set<ConnectionNode>();
  /** Every name that a scope may give to a function. */
  readonly scopeNames: readonly string[];

  constructor({ types, plugIns = new Set() }: WriteOptions) {
    this.#types = types;
    this.#plugIns = plugIns;
    this.scopeNames = ["connection", "feature", "subProject", ...[...types.values()].map((each) => each.functionName)];
  }

  table(kind: string): Table {
    let table = this.#tables.get(kind);
    if (table === undefined) {
      table = tableOf(this.#types.get(kind));
      this.#tables.set(kind, table);
    }
    return table;
  }

  /** The scope's function for a kind; `undefined` where it takes `connection(…)`. */
  functionName(kind: string): string | undefined {
    return this.#plugIns.has(kind) ? undefined : this.#types.get(kind)?.functionName;
  }

  block(project: ProjectNode, outer: Block | undefined): Block {
    const byId = new Map([...project.connections].reverse().map((each) => [each.id, each]));
    const connections = inOrder(project.connections, (user) =>
      [...this.#references(user)].flatMap(({ id, kind }) => {
        const target = byId.get(id);
        return target?.kind === kind ? [target] : [];
      }),
    );
    const block: Block = { project, outer, byId, connections, inner: [] };
    const declared = new Set<ConnectionNode>();
    for (const user of connections) {
      const uses = new Map<string, Use>();
      for (const { path, id, kind } of this.#references(user)) {
        const use = find(block, id, kind, declared);
        if (use === undefined) continue;
        uses.set(path, use);
        this.referredTo.add(use.target);
      }
      if (uses.size > 0) this.uses.set(user, uses);
      declared.add(user);
    }
    for (const each of project.subProjects) block.inner.push(this.block(each, block));
    return block;
  }

  /** The handles that a project uses, and those below it. */
  *usesBelow(block: Block): Generator<Use> {
    for (const each of block.connections) yield* this.uses.get(each)?.values() ?? [];
    for (const each of block.inner) yield* this.usesBelow(each);
  }

  /** The references to connections of the tree. */
  *#references({ kind, settings }: ConnectionNode): Generator<{ path: string; id: string; kind: string }> {
    for (const [path, param] of this.table(kind)) {
      if (param.form !== "reference") continue;
      const form = valueAt(settings, path) as ConnectionForm | undefined;
      if (form !== undefined && form.external !== true) yield { path, id: form.$connection, kind: param.kind };
    }
  }
}

function valueAt(settings: unknown, path: string): unknown {
  return path.split(".").reduce((value, key) => (value as Record<string, unknown> | undefined)?.[key], settings);
}

/** The connection that a handle leads to: declared before in the project itself, or in one around it. */
function find(block: Block, id: string, kind: string, declared: ReadonlySet<ConnectionNode>): Use | undefined {
  const own = block.byId.get(id);
  if (own?.kind === kind && declared.has(own)) return { target: own, owner: block };
  for (let owner = block.outer; owner !== undefined; owner = owner.outer) {
    const target = owner.byId.get(id);
    if (target?.kind === kind) return { target, owner };
  }
  return undefined;
}

/** Connections in their order, each after those that it uses, unless they form a circle. */
function inOrder(
  connections: readonly ConnectionNode[],
  usedBy: (user: ConnectionNode) => readonly ConnectionNode[],
): ConnectionNode[] {
  const ordered = new Set<ConnectionNode>();
  const begun = new Set<ConnectionNode>();
  for (const first of connections) {
    const stack = [first];
    for (let last = stack.at(-1); last !== undefined; last = stack.at(-1)) {
      const waiting = begun.has(last) ? [] : usedBy(last).filter((each) => !begun.has(each) && each !== last);
      begun.add(last);
      if (waiting.length > 0) stack.push(...waiting.reverse());
      else ordered.add(stack.pop() as ConnectionNode);
    }
  }
  return [...ordered];
}

/** A sub-project in a file of its own, which exports a function. */
interface Part {
  readonly block: Block;
  /** The file's path without its extension. */
  readonly module: string;
  readonly functionName: string;
  /** The connections of the top project whose handles the function is given. */
  readonly given: readonly ConnectionNode[];
}

function topFile(top: Block, plan: Plan, split: boolean): { readonly text: string; readonly parts: readonly Part[] } {
  const file = new SettingsFile(plan, [...(split ? [top] : blocksOf(top))]);
  const modules = new Names();
  const parts = (split ? top.inner : []).map((block): Part => {
    const { id } = block.project;
    const name = id.replace(/\W/g, "_");
    // File systems may compare names without regard to case.
    const number = modules.take(name.toLowerCase()).slice(name.length);
    const functionName = file.names.take(nameOf(id, "project"));
    const given = [...plan.usesBelow(block)].filter(({ owner }) => owner === top).map(({ target }) => target);
    return { block, module: `projects/${name}${number}`, functionName, given: [...new Set(given)] };
  });
  const calls = parts.map(({ functionName, given }) =>
    call(functionName, "subProject", ...given.map((each) => file.handle(each))),
  );
  const declaration = file.declaration("export default project", top, split ? calls : undefined);
  file.imports.add("project");
  const modulesUsed = parts.map((each) => `import { ${each.functionName} } from "./${each.module}.js";\n`).sort();
  return { text: file.text(modulesUsed.join(""), printStatements([declaration], ownStyle)), parts };
}

function partFile({ block, functionName, given }: Part, plan: Plan): string {
  const file = new SettingsFile(plan, [...blocksOf(block)], [functionName], given);
  file.imports.add("type Scope");
  const handles = given.map((each) => {
    file.imports.add("type Connection");
    return `${file.handle(each)}: Connection<${textLiteral(each.kind, file.quote)}>`;
  });
  const parameters = ['subProject: Scope["subProject"]', ...handles];
  const head = printBrackets(`export function ${functionName}(`, parameters, "): void {", "");
  const statement = printStatements([file.declaration("subProject", block)], ownStyle, ownStyle.indent);
  return file.text("", `${head}\n${statement}\n}`);
}

function* blocksOf(block: Block): Generator<Block> {
  yield block;
  for (const each of block.inner) yield* blocksOf(each);
}

/** What a file may import from `plugboard` and call. */
const authoringFunctions = ["acknowledge", "connectionRef", "project", "secret", "storedSecret", "token"];

/** A text that is longer, and stands in a setting at least that often, is written once. */
const SHARED_LENGTH = 11;
const SHARED_TIMES = 3;

/** One file: its names, what it imports, the code of its projects. */
class SettingsFile {
  readonly quote = ownStyle.quote;
  readonly names: Names;
  readonly imports = new Set<string>();
  readonly #plan: Plan;
  readonly #handles = new Map<ConnectionNode, string>();
  /** Constants by setting and text. */
  readonly #shared = new Map<string, Map<string, string>>();

  constructor(plan: Plan, blocks: readonly Block[], taken: readonly string[] = [], given: readonly ConnectionNode[] = []) {
    this.#plan = plan;
    this.names = new Names([...plan.scopeNames, ...authoringFunctions, ...taken]);
    const connections = blocks.flatMap((each) => each.connections);
    this.#share(connections);
    for (const each of [...given, ...connections]) {
      if (plan.referredTo.has(each)) this.#handles.set(each, this.names.take(nameOf(each.id, each.kind)));
    }
  }

  #share(connections: readonly ConnectionNode[]): void {
    const counts = new Map<string, Map<string, number>>();
    for (const { kind, settings } of connections) {
      for (const [path, param] of this.#plan.table(kind)) {
        const text = param.form === "text" && path !== "displayName" ? valueAt(settings, path) : undefined;
        if (typeof text !== "string" || text.length <= SHARED_LENGTH) continue;
        const setting = path.slice(path.lastIndexOf(".") + 1);
        const texts = counts.get(setting) ?? new Map<string, number>();
        counts.set(setting, texts.set(text, (texts.get(text) ?? 0) + 1));
      }
    }
    for (const [setting, texts] of counts) {
      const often = [...texts].filter(([, times]) => times >= SHARED_TIMES).map(([text]) => text);
      const wish = (text: string): string => setting + upperStart(nameOf(lastWords(text), ""));
      const named = often.map((text) => [text, this.names.take(often.length === 1 ? setting : wish(text))] as const);
      this.#shared.set(setting, new Map(named));
    }
  }

  handle(connection: ConnectionNode): string {
    return this.#handles.get(connection) as string;
  }

  /** The file: imports, constants, the code given. */
  text(otherImports: string, code: string): string {
    const names = [...this.imports].sort((a, b) => compareText(sortKey(a), sortKey(b)));
    const typesOnly = names.every((each) => each.startsWith("type "));
    const open = typesOnly ? "import type {" : "import {";
    const imported = typesOnly ? names.map((each) => each.slice("type ".length)) : names;
    const constants = [...this.#shared.values()].flatMap((texts) =>
      [...texts].map(([text, name]) => constant(name, textLiteral(text, this.quote))),
    );
    const parts = [
      `${printBrackets(open, imported, '} from "plugboard";', " ")}\n${otherImports}`,
      ...(constants.length === 0 ? [] : [`${printStatements(constants, ownStyle)}\n`]),
      `${code}\n`,
    ];
    return parts.join("\n");
  }

  /** A project with all that belongs to it. `last`: what ends its body in place of the sub-projects. */
  declaration(callee: string, block: Block, last?: readonly Code[]): Code {
    const { id, connections: _c, features, subProjects: _s, ...options } = block.project;
    const used = new Set<string>();
    const inner = last ?? block.inner.map((each) => this.declaration("subProject", each));
    const statements = [
      ...block.connections.map((each) => this.#connection(each, used)),
      ...features.map((each) => this.#feature(each)),
      ...inner,
    ];
    if (features.length > 0) used.add("feature");
    if (inner.length > 0) used.add("subProject");
    const head = Object.keys(options).length === 0 ? [] : [settingsCode(options, new Map(), this.#terms(), false)];
    return call(callee, textLiteral(id, this.quote), ...head, body([...used].sort(), statements));
  }

  #connection(connection: ConnectionNode, used: Set<string>): Code {
    const { id, kind, settings } = connection;
    const functionName = this.#plan.functionName(kind);
    used.add(functionName ?? "connection");
    const type = functionName === undefined ? [object([property("kind", textLiteral(kind, this.quote))])] : [];
    const terms = this.#terms(connection);
    const declared = call(
      functionName ?? "connection",
      ...type,
      textLiteral(id, this.quote),
      settingsCode(settings, this.#plan.table(kind), terms, true),
    );
    const handle = this.#handles.get(connection);
    return handle === undefined ? declared : constant(handle, declared);
  }

  #feature({ id, type, params }: FeatureNode): Code {
    const texts = [id, type].map((each) => textLiteral(each, this.quote));
    return call("feature", ...texts, settingsCode(params, new Map(), this.#terms(), true));
  }

  #terms(user?: ConnectionNode): Terms {
    const uses = user && this.#plan.uses.get(user);
    const terms: Terms = {
      quote: this.quote,
      maker: (name) => {
        this.imports.add(name);
        return name;
      },
      reference: (form, kind, path) => {
        const use = uses?.get(path);
        return use === undefined ? connectionRef(form.$connection, kind, terms) : this.handle(use.target);
      },
      shared: (setting, text) => this.#shared.get(setting)?.get(text),
    };
    return terms;
  }
}

function sortKey(name: string): string {
  return name.replace(/^type /, "").toLowerCase();
}

/** What tells addresses and ARNs apart. */
function lastWords(text: string): string {
  return (text.match(/[A-Za-z0-9]+/g) ?? []).slice(-3).join(" ");
}
