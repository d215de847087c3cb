import type { Connection, Secret } from "../model/values.js";

/**
 * The params table: how the settings of a connection type are stored by TeamCity. It is data. Writing, reading,
 * defaults, format checks, documentation and Kotlin names are all derived from it, so a setting is mapped once.
 */

/** Looks at a value and says what is wrong with it, if anything. Values with a `%parameter%` never get here. */
export type Format = (value: string, context: CheckContext) => FormatComplaint | undefined;

/** The server that the settings are for, as far as the configuration says. */
export interface Target {
  readonly edition?: "cloud" | "onPremises";
  readonly version?: string;
}

/** What the configuration says that bears on checks. */
export interface CheckContext {
  readonly target: Target;
  /** Region names accepted besides the known ones. */
  readonly extraRegions: readonly string[];
}

export interface FormatComplaint {
  readonly code: "PB130" | "PB131" | "PB132" | "PB133";
  /** Completes the sentence "`region` …". Never quotes a value that may hold a secret. */
  readonly message: string;
  readonly hint?: string;
}

interface Stored {
  /** The stored parameter's name; a name that starts with `secure:` is a secret to TeamCity. */
  readonly stored: string;
  /** The property's name in the Kotlin DSL, if it has one. */
  readonly kotlin?: string | undefined;
  /** The DSL version that brought the property; settings of older versions give the stored parameter. Default: all have it. */
  readonly kotlinSince?: string;
  /** What the Kotlin class stores where the property is not given: a value that TeamCity's generator leaves out and settings must have. */
  readonly kotlinDefault?: string | ((stored: ReadonlyMap<string, string>) => string | undefined);
}

interface Defaults<Value> {
  /** What TeamCity takes for an absent parameter. */
  readonly default?: Value;
  /** What is written when the settings say nothing, because TeamCity reads an absent parameter in its own way. */
  readonly written?: Value | ((settings: never) => Value | undefined);
}

export interface TextParam extends Stored, Defaults<string> {
  readonly form: "text";
  readonly format?: Format;
}

export interface SecretParam extends Stored {
  readonly form: "secret";
}

export interface FlagParam extends Stored, Defaults<boolean> {
  readonly form: "flag";
}

export interface IntegerParam extends Stored, Defaults<number> {
  readonly form: "integer";
}

/** A list of texts stored as one, for example separated by commas. */
export interface ListParam extends Stored, Defaults<readonly string[]> {
  readonly form: "list";
  readonly separator: string;
}

/** One of a few words, each stored as its own text. */
export interface ChoiceParam<Value extends string = string> extends Stored, Defaults<Value> {
  readonly form: "choice";
  readonly options: { readonly [V in Value]: { readonly stored: string; readonly kotlin?: string } };
}

/** The ID of another connection. */
export interface ReferenceParam<Kind extends string = string> extends Stored {
  readonly form: "reference";
  /** The kind that the other connection must be of. */
  readonly kind: Kind;
}

/** One managed secret that holds an access key ID and its secret access key. */
export interface PairParam {
  readonly form: "pair";
  readonly id: TextParam;
  readonly secret: SecretParam;
}

/** A literal with `type`: the chosen option's word is stored, its fields lie flat beside it. */
export interface VariantParam<Value extends Tagged = Tagged> extends Stored {
  readonly form: "variant";
  readonly options: { readonly [T in Value["type"]]: OptionParam<Extract<Value, { type: T }>> };
}

export interface OptionParam<Value = never> {
  /** The stored word; `undefined` where the option is the absence of the parameter. */
  readonly stored: string | undefined;
  /** The option's function in the Kotlin DSL. */
  readonly kotlin?: string | undefined;
  readonly fields: [Value] extends [never] ? Fields : ParamsOf<Value, "type">;
}

/** An optional literal: its presence may be stored as a word, its fields lie flat. */
export interface GroupParam<Value = never> {
  readonly form: "group";
  /** Where presence is stored; left out if the fields alone tell. */
  readonly presence?: Stored & {
    readonly present: string;
    readonly absent?: string;
    /** The functions of the Kotlin property for both; without them it is a flag, and the fields are its neighbours. */
    readonly functions?: { readonly present: string; readonly absent: string };
  };
  readonly fields: [Value] extends [never] ? Fields : ParamsOf<Value>;
}

/** A setting that steers guides and checks and is not stored. It holds no secret. */
export interface IntentParam<References = Readonly<Record<string, string>>> {
  readonly form: "intent";
  /** The fields inside that refer to connections, each with the kind it must be of. */
  readonly references: References;
}

export type Param =
  | TextParam
  | SecretParam
  | FlagParam
  | IntegerParam
  | ListParam
  | ChoiceParam
  | ReferenceParam
  | PairParam
  | VariantParam
  | GroupParam
  | IntentParam;

/** A table whose settings are not known to the compiler. */
export type Fields = Readonly<Record<string, Param>>;

interface Tagged {
  readonly type: string;
}

type KeysOf<Value> = Value extends unknown ? keyof Value : never;
type At<Value, Key extends PropertyKey> = Value extends unknown ? (Key extends keyof Value ? Value[Key] : never) : never;

/** The table that a settings type needs: one entry per setting, of the form that fits its type. */
export type ParamsOf<Value, Left extends PropertyKey = "params" | "acknowledge"> = {
  readonly [Key in Exclude<KeysOf<Value>, Left>]-?: ParamFor<Exclude<At<Value, Key>, undefined>>;
};

export type ParamFor<Value> = [Value] extends [Secret]
  ? SecretParam | PairParam
  : [Value] extends [Connection<infer Kind>]
    ? ReferenceParam<Kind>
    : [Value] extends [boolean]
      ? FlagParam
      : [Value] extends [number]
        ? IntegerParam
        : [Value] extends [readonly string[]]
          ? ListParam
          : [Value] extends [string]
            ? string extends Value
              ? TextParam
              : ChoiceParam<Value>
            : [Value] extends [Tagged]
              ? VariantParam<Value> | IntentFor<Value>
              : GroupParam<Value> | IntentFor<Value>;

type IntentFor<Value> = [HoldsSecret<Value>] extends [never] ? IntentParam<ReferencesIn<Value>> : never;

type HoldsSecret<Value> = Value extends Secret
  ? true
  : Value extends Connection
    ? never
    : Value extends readonly (infer Item)[]
      ? HoldsSecret<Item>
      : Value extends object
        ? { [Key in keyof Value]-?: HoldsSecret<Value[Key]> }[keyof Value]
        : never;

type ReferencesIn<Value> = {
  readonly [Key in KeysOf<Value> as KindAt<Value, Key> extends never ? never : Key]: KindAt<Value, Key>;
};
type KindAt<Value, Key extends PropertyKey> = At<Value, Key> extends Connection<infer Kind> | undefined ? Kind : never;

type Options<P> = Omit<P, "form" | "stored" | "kotlin">;

export function text(stored: string, kotlin?: string, options?: Options<TextParam>): TextParam {
  return { form: "text", stored, kotlin, ...options };
}

/** A secret; the stored name starts with `secure:`. */
export function sealed(stored: `secure:${string}`, kotlin?: string): SecretParam {
  return { form: "secret", stored, kotlin };
}

export function flag(stored: string, kotlin?: string, options?: Options<FlagParam>): FlagParam {
  return { form: "flag", stored, kotlin, ...options };
}

export function integer(stored: string, kotlin?: string, options?: Options<IntegerParam>): IntegerParam {
  return { form: "integer", stored, kotlin, ...options };
}

export function list(
  separator: string,
  stored: string,
  kotlin?: string,
  options?: Omit<Options<ListParam>, "separator">,
): ListParam {
  return { form: "list", separator, stored, kotlin, ...options };
}

export function choice<const Value extends string>(
  stored: string,
  kotlin: string | undefined,
  options: ChoiceParam<Value>["options"],
  defaults?: Defaults<NoInfer<Value>>,
): ChoiceParam<Value> {
  return { form: "choice", stored, kotlin, options, ...defaults };
}

export function reference<const Kind extends string>(kind: Kind, stored: string, kotlin?: string): ReferenceParam<Kind> {
  return { form: "reference", kind, stored, kotlin };
}

export function pair(id: TextParam, secret: SecretParam): PairParam {
  return { form: "pair", id, secret };
}

export function variant<Opts extends Readonly<Record<string, { readonly fields: object }>>>(
  stored: string,
  kotlin: string | undefined,
  options: Opts,
): { readonly form: "variant"; readonly stored: string; readonly kotlin?: string | undefined; readonly options: Opts } {
  return { form: "variant", stored, kotlin, options };
}

export function option<F extends object>(
  stored: string | undefined,
  kotlin: string | undefined,
  fields: F,
): { readonly stored: string | undefined; readonly kotlin?: string | undefined; readonly fields: F } {
  return { stored, kotlin, fields };
}

export function group<F extends object>(
  fields: F,
  presence?: NonNullable<GroupParam["presence"]>,
): { readonly form: "group"; readonly fields: F; readonly presence?: NonNullable<GroupParam["presence"]> } {
  return presence === undefined ? { form: "group", fields } : { form: "group", fields, presence };
}

export function intent(): IntentParam<Record<never, string>>;
export function intent<const References extends IntentParam["references"]>(references: References): IntentParam<References>;
export function intent(references = {}): IntentParam {
  return { form: "intent", references };
}
