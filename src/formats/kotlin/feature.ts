import type { ConnectionType } from "../../contract/define.js";
import type { Fields, OptionParam, Param } from "../../contract/params.js";
import { compareNames } from "../../model/text.js";
import { classDefaults } from "./defaults.js";
import { block, type Lines, paramCall, textProperty } from "./lines.js";
import { kotlinName, kotlinString } from "./strings.js";
import { type DslVersion, hasSince } from "./versions.js";

/** A project feature whose parameters are all known as text. */
export interface TextFeature {
  readonly id: string;
  readonly type: string;
  readonly params: Readonly<Record<string, string>>;
}

/** A feature as `feature { … }`, which is in every version of the DSL and needs no import. */
export function rawFeature({ id, type, params }: TextFeature): Lines {
  return block("feature", [...textProperty("id", id), ...textProperty("type", type), ...paramCalls(Object.entries(params))]);
}

/**
 * A connection as a call of its type's function, or `undefined` if the function sets a parameter that this connection
 * does not have. `defaults` are what TeamCity takes for absent parameters: like TeamCity, we leave them out, and what the
 * function's class sets anyway. The rest is written as it is stored, so that a flag whose absence means something stands
 * there even where it is `false`.
 */
export function connectionCall(
  { id, params }: TextFeature,
  type: ConnectionType,
  defaults: Readonly<Record<string, unknown>>,
  version: DslVersion,
): Lines | undefined {
  const left = new Map(Object.entries(params));
  for (const [name, value] of Object.entries({ providerType: type.providerType, ...type.fixed })) {
    if (left.get(name) !== value) return undefined;
    left.delete(name);
  }
  if (classDefaults(type, left).size > 0) return undefined;
  for (const [name, value] of Object.entries(defaults)) if (left.get(name) === value) left.delete(name);
  leaveToClass(type, left, version);
  const properties = [...fieldLines(type.params, { left, version })];
  return block(kotlinName(type.functionName), [...textProperty("id", id), ...properties, ...paramCalls(left)]);
}

/** Takes out what the class of a type sets if nothing is given. */
function leaveToClass(type: ConnectionType, left: Map<string, string>, version: DslVersion): void {
  for (const param of Object.values(type.params)) {
    if (!("kotlinDefault" in param) || propertyName(param, version) === undefined) continue;
    const others = new Map(left);
    others.delete(param.stored);
    if (classDefaults(type, others).get(param.stored) === left.get(param.stored)) left.delete(param.stored);
  }
}

function paramCalls(params: Iterable<readonly [string, string]>): Lines {
  return [...params].sort(compareNames).flatMap(([name, value]) => paramCall(name, value));
}

interface Rest {
  /** Stored parameters that no property has been written for yet. */
  readonly left: Map<string, string>;
  readonly version: DslVersion;
}

function* fieldLines(fields: Fields, rest: Rest): Generator<string> {
  for (const param of Object.values(fields)) yield* propertyLines(param, rest);
}

function* propertyLines(param: Param, rest: Rest): Generator<string> {
  switch (param.form) {
    case "intent":
      break;
    case "pair":
      yield* propertyLines(param.id, rest);
      yield* propertyLines(param.secret, rest);
      break;
    case "variant":
      yield* compoundLines(param, Object.values(param.options), rest);
      break;
    case "group": {
      const { presence, fields } = param;
      if (presence?.functions !== undefined) {
        const { present, absent, functions } = presence;
        const options = [
          { stored: present, kotlin: functions.present, fields },
          { stored: absent, kotlin: functions.absent, fields: {} },
        ];
        yield* compoundLines(presence, options, rest);
        break;
      }
      if (presence !== undefined) yield* simpleLines(presence, flagValue, rest);
      yield* fieldLines(fields, rest);
      break;
    }
    case "flag":
      yield* simpleLines(param, flagValue, rest);
      break;
    case "choice": {
      const options = Object.values(param.options).map((each) => ({ ...each, fields: {} }));
      yield* compoundLines(param, options, rest);
      break;
    }
    default:
      yield* simpleLines(param, kotlinString, rest);
  }
}

interface Property {
  readonly stored: string;
  readonly kotlin?: string | undefined;
  readonly kotlinSince?: string;
}

/** A property with a value, if there is one that it can have. */
function* simpleLines(
  property: Property,
  expression: (value: string) => string | undefined,
  { left, version }: Rest,
): Generator<string> {
  const value = left.get(property.stored);
  const name = propertyName(property, version);
  const written = value === undefined ? undefined : expression(value);
  if (name === undefined || written === undefined) return;
  left.delete(property.stored);
  yield `${kotlinName(name)} = ${written}`;
}

function flagValue(value: string): string | undefined {
  return value === "true" || value === "false" ? value : undefined;
}

/** A property whose value is the function of an option, the option's own properties in its braces. */
function* compoundLines(property: Property, options: readonly OptionParam[], rest: Rest): Generator<string> {
  const { left, version } = rest;
  const value = left.get(property.stored);
  const chosen = options.find((each) => each.stored === (value || undefined));
  const name = propertyName(property, version);
  if (chosen?.kotlin === undefined || name === undefined) return;
  left.delete(property.stored);
  const call = `${kotlinName(name)} = ${kotlinName(chosen.kotlin)}`;
  if (Object.keys(chosen.fields).length === 0) yield `${call}()`;
  else yield* block(call, [...fieldLines(chosen.fields, rest)]);
}

function propertyName({ kotlin, kotlinSince }: Property, version: DslVersion): string | undefined {
  return kotlinSince !== undefined && !hasSince(version, kotlinSince) ? undefined : kotlin;
}
