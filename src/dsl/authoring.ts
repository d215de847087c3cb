import {
  type Acknowledgement,
  type Connection,
  type ConnectionForm,
  DECLARATION,
  type Declaration,
  type DeclaredFinding,
  type DeclaredLine,
  type Frames,
  type Secret,
} from "../model/values.js";
import { declareInputs, type InputSpecs, type InputValues } from "./inputs.js";
import { callFrames } from "./places.js";

/** What a scope offers besides the connection functions. */
export interface CommonScope<Scope> {
  /** Declares a sub-project. Its ID is the absolute external ID. */
  subProject(id: string, body: (scope: Scope) => void): void;
  subProject(id: string, options: SubProjectOptions, body: (scope: Scope) => void): void;
  /** Declares a connection of a type that comes from a plug-in which the caller of the command line trusts. */
  connection<const Kind extends string>(
    type: { readonly kind: Kind },
    connectionId: string,
    settings: Readonly<Record<string, unknown>>,
  ): Connection<Kind>;
  /** Declares any project feature as TeamCity stores it. A value under a name with `secure:` is a secret or a token. */
  feature(id: string, type: string, params: Readonly<Record<string, string | Secret>>): void;
}

/** Options of a sub-project. */
export interface SubProjectOptions {
  /** The project's name; by default its ID. */
  readonly name?: string | undefined;
  /** Text under the name on the project's page. */
  readonly description?: string | undefined;
  /** Whether the project is archived. Default: false. */
  readonly archived?: boolean | undefined;
  /** The UUID that the server gave the project. Leave it out of files made by hand. */
  readonly uuid?: string | undefined;
  /** The project's own parameters by name. */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  /** Findings accepted for this project, each with a reason. */
  readonly acknowledge?: readonly Acknowledgement[] | undefined;
}

/** Options of the top project. */
export interface ProjectOptions extends SubProjectOptions {
  /** External ID of the parent project on the server; by default the Root project. */
  readonly parentId?: string | undefined;
}

/** The functions that make settings, for one set of connection functions. */
export interface Authoring<Scope> {
  /**
   * Declares the top project of a tree; the default export of a settings file.
   * @param id - The external ID, such as `Payments`; `_Root` is the Root project.
   */
  project(id: string, body: (scope: Scope) => void): Declaration;
  project(id: string, options: ProjectOptions, body: (scope: Scope) => void): Declaration;
  /**
   * Declares settings with inputs, which the command line gives as `--input name=value`.
   * @example
   * export default settings({ stage: input.oneOf("staging", "production") }, ({ stage }) => project(`Shop_${stage}`, …));
   */
  settings<const Specs extends InputSpecs>(inputs: Specs, body: (values: InputValues<Specs>) => Declaration): Declaration;
}

interface ProjectDraft {
  readonly id: string;
  readonly options: ProjectOptions;
  readonly connections: { id: string; kind: string; settings: unknown }[];
  readonly features: { id: string; type: string; params: unknown }[];
  readonly subProjects: ProjectDraft[];
  readonly places: {
    at: Frames;
    connections: Frames[];
    features: Frames[];
  };
  /** Whether its body has ended. */
  closed: boolean;
}

class Handle {
  readonly kind: string;
  readonly id: string;
  readonly #external: boolean;

  constructor(kind: string, id: string, external: boolean) {
    this.kind = kind;
    this.id = id;
    this.#external = external;
    Object.freeze(this);
  }

  toJSON(): ConnectionForm {
    return this.#external ? { $connection: this.id, external: true } : { $connection: this.id };
  }

  /** Asked for by template literals and `+`, which would write `[object Object]`. */
  toString(): never {
    throw new AuthoringError(
      "PB112",
      `connection ${JSON.stringify(this.id)} cannot be part of a text`,
      "Its `id` can: `${connection.id}`.",
    );
  }
}

/** A handle on a connection of a kind. `external`: the tree does not declare it. */
export function createHandle<const Kind extends string>(kind: Kind, id: string, external: boolean): Connection<Kind> {
  return new Handle(kind, id, external) as unknown as Connection<Kind>;
}

/** Makes the authoring functions from a table of connection functions: function name to kind. */
export function createAuthoring<Scope>(functions: Readonly<Record<string, string>>): Authoring<Scope> {
  /** The project whose body is running; only its scope's functions may be used. */
  let current: ProjectDraft | undefined;

  /** What a body receives: nothing but functions can be seen of it. */
  class ProjectScope {
    readonly #draft: ProjectDraft;

    constructor(draft: ProjectDraft) {
      this.#draft = draft;
    }

    #assertOpen(functionName: string): void {
      if (current === this.#draft) return;
      const id = JSON.stringify(this.#draft.id);
      throw new AuthoringError(
        "PB106",
        this.#draft.closed
          ? `${functionName} of project ${id} is used after its body has ended`
          : `${functionName} of project ${id} is used while a sub-project is open`,
        `Take ${functionName} from the scope that is open: subProject(id, ({ ${functionName} }) => …).`,
      );
    }

    #declare(functionName: string, kind: string, id: string, settings: unknown): Connection {
      this.#assertOpen(functionName);
      this.#draft.connections.push({ id, kind, settings });
      this.#draft.places.connections.push(callFrames());
      return createHandle(kind, id, false);
    }

    get subProject() {
      return (...args: [string, ...unknown[]]): void => {
        this.#assertOpen("subProject");
        this.#draft.subProjects.push(openProject("subProject", args));
      };
    }

    get connection() {
      return ({ kind }: { kind: string }, id: string, settings: unknown): Connection =>
        this.#declare("connection", kind, id, settings);
    }

    get feature() {
      return (id: string, type: string, params: unknown): void => {
        this.#assertOpen("feature");
        this.#draft.features.push({ id, type, params });
        this.#draft.places.features.push(callFrames());
      };
    }

    // Getters, so that a scope's functions can be destructured and cost nothing until they are.
    static {
      for (const [functionName, kind] of Object.entries(functions)) {
        if (functionName in ProjectScope.prototype) {
          throw new Error(`connection type ${kind} cannot have the function name ${functionName}: every scope has that already`);
        }
        Object.defineProperty(ProjectScope.prototype, functionName, {
          get(this: ProjectScope) {
            return (id: string, settings: unknown) => this.#declare(functionName, kind, id, settings);
          },
        });
      }
    }
  }

  function runBody(draft: ProjectDraft, body: (scope: Scope) => void): void {
    const outer = current;
    current = draft;
    try {
      const result: unknown = body(new ProjectScope(draft) as unknown as Scope);
      if (isThenable(result)) {
        result.then(undefined, () => {});
        throw new AuthoringError(
          "PB105",
          `the body of project ${JSON.stringify(draft.id)} is asynchronous`,
          "Bodies are synchronous. Import a JSON file, or declare an input with settings(…).",
        );
      }
    } finally {
      draft.closed = true;
      current = outer;
    }
  }

  function openProject(functionName: string, [id, ...rest]: [string, ...unknown[]]): ProjectDraft {
    const body = rest.pop();
    const [options = {}] = rest;
    if (typeof body !== "function" || typeof options !== "object" || options === null) {
      throw new AuthoringError(
        "PB112",
        `${functionName}(${JSON.stringify(id)}, …) needs a body`,
        `Write ${functionName}("Id", (scope) => { … }) or ${functionName}("Id", { name: "…" }, (scope) => { … }).`,
      );
    }
    const draft: ProjectDraft = {
      id,
      options,
      connections: [],
      features: [],
      subProjects: [],
      places: { at: callFrames(), connections: [], features: [] },
      closed: false,
    };
    runBody(draft, body as (scope: Scope) => void);
    return draft;
  }

  return {
    project(...args: [string, ...unknown[]]): Declaration {
      if (current !== undefined) {
        throw new AuthoringError(
          "PB106",
          `project(${JSON.stringify(args[0])}) is declared inside project ${JSON.stringify(current.id)}`,
          "Inside a scope, write subProject(id, body).",
        );
      }
      const draft = openProject("project", args);
      return new DeclaredSettings((given) => {
        const { findings } = declareInputs({}, given);
        return findings.length > 0 ? { findings } : { draft };
      });
    },

    settings(inputs, body) {
      return new DeclaredSettings((given) => {
        const { values, findings } = declareInputs(inputs, given);
        if (findings.length > 0) return { findings };
        const inner: unknown = body(values);
        if (isThenable(inner)) {
          throw new AuthoringError("PB105", "the body of settings(…) is asynchronous", "Return project(…) directly.");
        }
        if (inner instanceof DeclaredSettings) return inner.declare({});
        throw new AuthoringError("PB104", "the body of settings(…) returns no project", "Return project(…) from it.");
      });
    },
  } as Authoring<Scope>;
}

/** A misuse of the authoring functions; the host turns it into a finding at the place of the call. */
export class AuthoringError extends Error {
  override readonly name = "AuthoringError";
  readonly code: string;
  /** What to do instead. */
  readonly hint: string;

  constructor(code: string, message: string, hint: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

type Declare = (
  inputs: Readonly<Record<string, string>>,
) => { readonly draft: ProjectDraft } | { readonly findings: readonly DeclaredFinding[] };

class DeclaredSettings implements Declaration {
  readonly declare: Declare;

  constructor(declare: Declare) {
    this.declare = declare;
  }

  *[DECLARATION](inputs: Readonly<Record<string, string>>): Generator<string> {
    const declared = this.declare(inputs);
    for (const each of "draft" in declared ? projectLines(declared.draft) : [declared]) yield JSON.stringify(each);
  }
}

/** Every project of a tree, those above first. */
function* projectLines(top: ProjectDraft): Generator<DeclaredLine> {
  const projects: { readonly draft: ProjectDraft; readonly within?: number }[] = [{ draft: top }];
  for (const [index, { draft, within }] of projects.entries()) {
    const { options, id, connections, features, places } = draft;
    for (const each of draft.subProjects) projects.push({ draft: each, within: index });
    yield {
      project: { ...options, id, connections, features, subProjects: undefined },
      ...(within === undefined ? {} : { within }),
      ...(places.at === "" ? {} : { places }),
    };
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
