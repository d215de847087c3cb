/**
 * The values settings are made of, as the authoring side builds them and as the JSON model holds them.
 * This module has no imports: it is part of the authoring entry, which runs inside the sandbox.
 */

declare const secretBrand: unique symbol;
declare const connectionBrand: unique symbol;

/**
 * A reference to a secret, made by `secret()`, `token()` or `storedSecret()`. It never holds a value.
 * A plain string is not assignable to it.
 */
export interface Secret {
  readonly [secretBrand]: true;
}

/** A typed handle on a connection, returned by the function that declared it. */
export interface Connection<Kind extends string = string> {
  /** The kind of the connection, for example `"aws"`. */
  readonly kind: Kind;
  /** The connection ID, as TeamCity stores it. */
  readonly id: string;
  readonly [connectionBrand]: Kind;
}

/** Accepts one finding where it is placed; made by `acknowledge()`. */
export interface Acknowledgement {
  readonly code: string;
  readonly reason: string;
}

/** How the JSON model writes a {@link Secret}. */
export type SecretForm =
  | { readonly $secret: string; readonly expires?: string }
  | { readonly $token: string }
  | { readonly $stored: true };

/** How the JSON model writes a {@link Connection}; `external` marks one that the tree does not declare. */
export interface ConnectionForm {
  readonly $connection: string;
  readonly external?: true;
}

/**
 * What the default export of a settings file answers to. The method runs in the realm of the settings and gives lines of
 * JSON, so that nothing but data crosses to the host: a {@link DeclaredLine} each.
 */
export const DECLARATION: unique symbol = Symbol.for("plugboard.declaration") as never;

/** Set on `globalThis` by a host that wants the places of declarations: the second run after a finding. */
export const WANT_PLACES: unique symbol = Symbol.for("plugboard.places") as never;

/** A default export: a project, `settings(…)` with declared inputs, or `config(…)`. */
export interface Declaration {
  [DECLARATION](inputs: Readonly<Record<string, string>>): Iterable<string>;
}

/** Generated positions of the frames that led to a declaration, innermost first: `"12:5 40:3"`. */
export type Frames = string;

/** The places of a project and of what it declares, in the order of declaration. */
export interface ProjectPlaces {
  readonly at: Frames;
  readonly connections: readonly Frames[];
  readonly features: readonly Frames[];
}

/** The same for a project tree. */
export interface Places extends ProjectPlaces {
  readonly subProjects: readonly Places[];
}

/** What is wrong with the inputs of settings. */
export interface DeclaredFinding {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** One line of what {@link DECLARATION} gives. */
export type DeclaredLine =
  | {
      /** A project without its sub-projects, which come in lines of their own. */
      readonly project: unknown;
      /** The project that it lies in: how many projects stood before that one. Absent in the top project. */
      readonly within?: number;
      /** If the host wants places. */
      readonly places?: ProjectPlaces;
    }
  | { readonly config: unknown }
  | { readonly findings: readonly DeclaredFinding[] };

/** What the lines give, put together. Everything in it is untrusted data. */
export interface Declared {
  readonly project?: unknown;
  readonly config?: unknown;
  readonly places?: Places;
  readonly findings: readonly DeclaredFinding[];
}
