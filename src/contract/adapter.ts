import type { Outcome } from "../model/outcomes.js";
import type { Redacted } from "../model/redacted.js";
import type { ConnectionSettings } from "../model/schema.js";
import type { ConnectionForm, SecretForm } from "../model/values.js";
import type { Environment, Http } from "../transport/http.js";
import type { Complaint, ConnectionAddress } from "./define.js";

/** How a connection of one type is tested against the real service. Loaded when a test runs. */
export interface Adapter<Settings = ConnectionSettings> {
  /**
   * The addresses that the credentials of a connection are sent to, as they follow from settings and environment alone.
   * The first is the one that tests are scheduled by. The test can reach their hosts, and those that `hosts` of the configuration
   * allows. `deep` tells whether the checks of `TestContext.deep` are to run. What is thrown is why the test fails.
   */
  readonly endpoints: (settings: Settings, environment: Environment, deep: boolean) => readonly URL[];
  /** Whether it uses credentials of the machine that runs the test. Default: it uses its secrets, or none at all. */
  readonly ambient?: (settings: Settings) => boolean;
  /** Runs the checks, cheap ones first. What is thrown in a check becomes its outcome. */
  readonly test: (settings: Resolved<Settings>, context: TestContext) => Promise<void>;
}

/** Settings with the values of their secrets. */
export type Resolved<Value> = Value extends SecretForm
  ? Redacted
  : Value extends ConnectionForm
    ? ConnectionForm
    : Value extends object
      ? { readonly [Key in keyof Value]: Resolved<Value[Key]> }
      : Value;

/** What a check looks at, in the order in which a test goes through them. */
export const stages = [
  "input",
  "name",
  "tls",
  "server",
  "authentication",
  "identity",
  "permissions",
  "callback",
  "deprecation",
] as const;

export type Stage = (typeof stages)[number];

/** What a check was based on. Built from chosen fields, never from an error or an answer as a whole. */
export interface Evidence {
  /** Method and address of the last request, without query. */
  readonly request?: string;
  readonly status?: number;
  /** The service's own word for what happened: `InvalidClientTokenId`, `bad_verification_code`. */
  readonly code?: string;
  /** Names of permissions or scopes that are absent. */
  readonly missing?: readonly string[];
  /** Seconds until it is worth trying again. */
  readonly retryAfter?: number;
  /** How often the last request was sent, if more than once. */
  readonly attempts?: number;
  /** Names and IDs that the service told: account, user, version. */
  readonly facts?: Readonly<Record<string, string | number | boolean>>;
}

/** What a check found. `ok` is for a positive proof: a name, an ID or a list that only the right credentials could give. */
export interface Verdict<Value = unknown> {
  readonly outcome: Outcome;
  /** One sentence on what was found. Never holds a secret, nor text of the service beyond a word. */
  readonly message: string;
  /** What to do next. Default: the help of the outcome's code. */
  readonly hint?: string;
  readonly evidence?: Evidence;
  /** What later checks build on. Checks `after` this one run if the outcome passes; those that take the value, if there is one. */
  readonly value?: Value;
  /** What is wrong besides: it does not bear on the outcome. Codes are the type's own. */
  readonly complaints?: readonly Complaint[];
}

/** A check that has run, for those that build on it. */
export interface Checked<Value> {
  readonly passed: boolean;
  readonly value: Value | undefined;
}

export interface CheckOptions<Before> {
  readonly stage: Stage;
  /** What is checked, in a few words: `private key fits the app`. It is the same in every run. */
  readonly title: string;
  /**
   * The checks that this one builds on; the last, or only one, gives its value. If one of them failed, or there is no value and
   * the function takes one, this one is reported as not run.
   */
  readonly after?: Checked<Before> | readonly [...Checked<unknown>[], Checked<Before>];
}

/** What a test is given. */
export interface TestContext {
  readonly http: Http;
  readonly address: ConnectionAddress;
  readonly environment: Environment;
  /** Ends when the test's time is up, or when it is given up. */
  readonly signal: AbortSignal;
  /** Addresses of the TeamCity server, for callbacks. */
  readonly serverUrls: readonly string[];
  /** Whether checks may run that create something for a moment and take it away again. */
  readonly deep: boolean;
  /** Runs one check and reports it. An error that is thrown inside becomes an outcome; nothing is thrown. */
  check<Value, Before>(
    options: CheckOptions<Before>,
    run: (before: Before) => Promise<Verdict<Value>> | Verdict<Value>,
  ): Promise<Checked<Value>>;
  /**
   * What connections with one credential share: made by the first, used by all. The key tells credential and server.
   * A failure is shared as well.
   */
  session<Value>(key: readonly (string | Redacted | undefined)[], open: (http: Http) => Promise<Value>): Promise<Value>;
  /**
   * Takes away what a check has created, even if the test's time is up or the run was given up meanwhile: it has five seconds of
   * its own. Throws what `run` throws.
   */
  cleanUp(run: (http: Http) => Promise<void>): Promise<void>;
  /** The connection that a reference in the settings means, with its secrets; `undefined` if the tree does not declare it. */
  related(reference: ConnectionForm): Promise<RelatedConnection | undefined>;
}

export interface RelatedConnection {
  readonly kind: string;
  readonly address: ConnectionAddress;
  readonly settings: Resolved<ConnectionSettings>;
}
