/**
 * The form that every connection type fills in, built-in or not, and the suite that holds it to that.
 * @module
 */
import type * as z from "zod";
import type { ConnectionFunctions } from "../authoring.generated.js";
import type { ConnectionType } from "../contract/define.js";
import { type Authoring, type CommonScope, createAuthoring } from "../dsl/authoring.js";
import { connectionFunctions } from "../functions.generated.js";
import { connectionOf, managedSecret, secret, text } from "../model/schema.js";
import type { Connection } from "../model/values.js";

export type {
  Adapter,
  Checked,
  CheckOptions,
  Evidence,
  RelatedConnection,
  Resolved,
  Stage,
  TestContext,
  Verdict,
} from "../contract/adapter.js";
export type {
  Check,
  Complaint,
  ConnectionAddress,
  ConnectionType,
  Derived,
  Fixture,
  Guide,
  SettingsOf,
} from "../contract/define.js";
export { defineConnection } from "../contract/define.js";
export { hasParameterReference, holdsCredentials, hostUrl, httpUrl, matching } from "../contract/formats.js";
export type { CheckContext, Format, FormatComplaint, Target } from "../contract/params.js";
/** The builders of the params table, among them `param.text` and `param.sealed`. */
export * as param from "../contract/params.js";
export type { Answers, Asked, Change, Rehearsal, Reply, ServiceFailure } from "../contract/rehearsal.js";
export { type ContractCase, contractCases } from "../contract/suite.js";
export type { ParamMap, ParamValue, ProjectFeature } from "../contract/walk.js";
export { readParams, writeParams } from "../contract/walk.js";
export type { CodeEntry, Severity } from "../model/codes.js";
export type { Outcome } from "../model/outcomes.js";
export { Redacted } from "../model/redacted.js";
export type { ConnectionSettings } from "../model/schema.js";
export { connectionSettings } from "../model/schema.js";
export type { Connection, ConnectionForm, Secret, SecretForm } from "../model/values.js";
export { defineRule } from "../rules/define.js";
export type { Rule, Tree } from "../rules/index.js";
export { adapterCases } from "../tester/suite.js";
export type { Answer, Environment, Http, RequestOptions } from "../transport/http.js";

/** Schemas of settings that zod has not, for `connectionSettings`. */
export const setting = { text, secret, managedSecret, connectionOf };

/** The settings that a schema takes, with secrets and handles as settings files write them. */
type Given<Schema> =
  Schema extends z.ZodObject<infer Shape, z.core.$ZodObjectConfig>
    ? GivenFields<Shape>
    : Schema extends z.ZodOptional<infer Inner> | z.ZodDefault<infer Inner> | z.ZodPrefault<infer Inner>
      ? Given<Inner> | undefined
      : Schema extends z.ZodUnion<infer Options>
        ? Given<Options[number]>
        : Schema extends z.ZodArray<infer Item>
          ? readonly Given<Item>[]
          : z.output<Schema>;

type GivenFields<Shape> = {
  readonly [Key in keyof Shape as Shape[Key] extends MayBeAbsent ? never : Key]: Given<Shape[Key]>;
} & {
  readonly [Key in keyof Shape as Shape[Key] extends MayBeAbsent ? Key : never]?: Given<Shape[Key]>;
};

type MayBeAbsent = z.ZodOptional | z.ZodDefault | z.ZodPrefault;

/** The connection functions that types of one's own add to a scope. */
type FunctionsOf<Types extends readonly ConnectionType[]> = {
  readonly [Type in Types[number] as Type["functionName"]]: (
    connectionId: string,
    settings: Given<Type["settings"]>,
  ) => Connection<Type["kind"]>;
};

/** A scope that has a function for each of the types besides the built-in ones. */
export type ScopeWith<Types extends readonly ConnectionType[]> = ConnectionFunctions &
  FunctionsOf<Types> &
  CommonScope<ScopeWith<Types>>;

/** `project` and `settings` whose scopes have a function for each of the given types besides the built-in ones. */
export function authoringWith<const Types extends readonly ConnectionType[]>(types: Types): Authoring<ScopeWith<Types>> {
  return createAuthoring({ ...connectionFunctions, ...Object.fromEntries(types.map((each) => [each.functionName, each.kind])) });
}
