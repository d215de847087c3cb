import type * as z from "zod";
import type { CodeEntry, Severity } from "../model/codes.js";
import type { ConnectionSettings } from "../model/schema.js";
import type { Connection, ConnectionForm, Secret, SecretForm } from "../model/values.js";
import type { Adapter } from "./adapter.js";
import type { CheckContext, Fields, ParamsOf } from "./params.js";

/** What a connection type must say about itself. Shared code asks for these facts and never for the kind. */
export interface ConnectionType<
  Kind extends string = string,
  FunctionName extends string = string,
  Schema extends z.ZodType = z.ZodType,
> {
  /** camelCase name of the type, the folder's name in kebab-case. */
  readonly kind: Kind;
  /** The function of the scope, which is TeamCity's Kotlin DSL function. */
  readonly functionName: FunctionName;
  /** The name in TeamCity's *Add Connection* list. */
  readonly title: string;
  /** The class in TeamCity's Kotlin DSL. */
  readonly kotlinClass: string;
  /** The stored `providerType`. */
  readonly providerType: string;
  /** The zod schema of the settings, made by `connectionSettings`. */
  readonly settings: Schema;
  /** How each setting is stored. */
  readonly params: Fields;
  /** Parameters that every connection of the type has. */
  readonly fixed?: Readonly<Record<string, string>>;
  /** Properties of the Kotlin class that `params` does not name, deprecated ones, by what they store: for reading. */
  readonly formerKotlin?: Readonly<Record<string, string>>;
  /** What a connection ID must be. Default: any text, unique within the project. */
  readonly id?: { readonly syntax: "externalId"; readonly unique: "tree" };
  /** The flag that makes a connection visible in sub-projects. Default: it always is. */
  readonly sharedBy?: string;
  /** Checks of one connection's settings that a format cannot express. */
  readonly checks?: readonly Check[];
  /** The codes of `checks`. */
  readonly codes?: Readonly<Record<string, CodeEntry>>;
  /** Values that follow from the settings and are needed elsewhere, such as an external ID for a trust policy. */
  readonly derived?: (settings: ConnectionSettings, at: ConnectionAddress) => readonly Derived[];
  /** How a connection is tested against the real service. Loaded when a test runs. */
  readonly adapter?: () => Promise<{ readonly adapter: Adapter<never> }>;
  /** What to do on the provider's side. Loaded when it is shown. */
  readonly guide: () => Promise<{ readonly guide: Guide }>;
}

export interface ConnectionAddress {
  readonly projectId: string;
  readonly connectionId: string;
}

/** A value to copy to another place. Never a secret. */
export interface Derived {
  readonly label: string;
  readonly value: string;
}

/** Looks at the settings of one connection. `path` of a complaint leads from the settings to the culprit. */
export type Check<Settings = ConnectionSettings> = (settings: Settings, context: CheckContext) => Iterable<Complaint>;

/** Settings as checks meet them: those of a schema, with secrets and handles in the form of the JSON model. */
export type SettingsOf<Schema extends z.ZodType> = InModel<z.infer<Schema>>;

type InModel<Value> = Value extends Secret
  ? SecretForm
  : Value extends Connection
    ? ConnectionForm
    : Value extends object
      ? { readonly [Key in keyof Value]: InModel<Value[Key]> }
      : Value;

export interface Complaint {
  readonly code: string;
  readonly severity?: Severity;
  readonly message: string;
  readonly hint?: string;
  readonly path?: readonly string[];
}

/** A connection type's page: what it serves and what the other side needs. */
export interface Guide {
  /** One sentence: what the connection is for. */
  readonly summary: string;
  /** What a connection of this type can be used for. */
  readonly uses: readonly string[];
  /** The callback or redirect URL to register, with `<root>` for the server's address; absent if there is none. */
  readonly callback?: string;
  /** Rights or scopes to grant on the provider's side. */
  readonly rights: readonly string[];
  /** The steps on the provider's side, in order. */
  readonly steps: readonly string[];
  /** What is known to be unconfirmed or surprising. */
  readonly notes?: readonly string[];
}

/** The parts of a definition that follow from the schema of the settings. */
interface TypedParts<Schema extends z.ZodType> {
  readonly params: ParamsOf<z.infer<Schema>>;
  readonly sharedBy?: FlagsOf<z.infer<Schema>>;
  readonly checks?: readonly Check<SettingsOf<Schema>>[];
  readonly derived?: (settings: SettingsOf<Schema>, at: ConnectionAddress) => readonly Derived[];
  readonly adapter?: () => Promise<{ readonly adapter: Adapter<SettingsOf<Schema>> }>;
}

/** The names of the settings that are true or false. */
type FlagsOf<Settings> = {
  [Name in keyof Settings & string]: Exclude<Settings[Name], undefined> extends boolean ? Name : never;
}[keyof Settings & string];

/**
 * Defines a connection type. The table must name every setting of the schema in the form that fits its type: a
 * setting without a parameter, or a secret mapped as plain text, does not compile.
 */
export function defineConnection<const Kind extends string, const FunctionName extends string, Schema extends z.ZodType>(
  type: Omit<ConnectionType<Kind, FunctionName, Schema>, keyof TypedParts<Schema>> & TypedParts<Schema>,
): ConnectionType<Kind, FunctionName, Schema> {
  return type as unknown as ConnectionType<Kind, FunctionName, Schema>;
}

/** A worked example of a connection type: settings and the stored parameters they must give. */
export interface Fixture {
  readonly name: string;
  /** Settings in the form of the JSON model. */
  readonly settings: ConnectionSettings;
  /** The stored parameters, written down from TeamCity's own names, not from the table. */
  readonly params: Readonly<Record<string, unknown>>;
}
