import { isNotImported, secretNotImported } from "../model/placeholder.js";
import type { ConnectionSettings, FeatureNode } from "../model/schema.js";
import type { ConnectionForm, SecretForm } from "../model/values.js";
import type { ConnectionType } from "./define.js";
import type { Fields, OptionParam, Param } from "./params.js";

/** A stored parameter before it is rendered: text, a secret, or the access key ID of a managed pair. */
export type ParamValue = string | SecretForm | PairSecret | PairId;

/** The secret part of a managed pair. */
export interface PairSecret {
  readonly $secret: string;
  readonly $pair: true;
}

/** The access key ID of a managed pair; it is known from the lock file. */
export interface PairId {
  readonly $accessKeyId: string;
}

export type ParamMap = Record<string, ParamValue>;

/** A project feature with its parameters: the waist between the model and every text form. */
export interface ProjectFeature {
  readonly id: string;
  readonly type: string;
  readonly params: Readonly<ParamMap>;
}

/** The type of project feature that all connections are. */
export const CONNECTION_FEATURE = "OAuthProvider";

type Values = Readonly<Record<string, unknown>>;

/** Parameters while they are collected. No record is filled by assignment: a file may name a parameter `__proto__`. */
type Collected = Map<string, ParamValue>;

/** The stored parameters of a connection's settings. The settings must have passed the type's schema. */
export function writeParams(type: ConnectionType, settings: ConnectionSettings): ParamMap {
  const out: Collected = new Map(Object.entries({ providerType: type.providerType, ...type.fixed }));
  writeFields(type.params, settings, out);
  for (const [name, value] of Object.entries(settings.params ?? {})) {
    if (value === null) out.delete(name);
    else out.set(name, value);
  }
  return Object.fromEntries(out);
}

/**
 * Whether projects below may use a connection. What is stored decides, so that `params` count: TeamCity takes an absent
 * flag for permission.
 */
export function isShared(type: ConnectionType, settings: ConnectionSettings): boolean {
  const { sharedBy } = type;
  if (sharedBy === undefined) return true;
  const flag = type.params[sharedBy];
  if (flag?.form !== "flag") return true;
  const stored = writeParams({ ...type, params: { [sharedBy]: flag } }, settings)[flag.stored];
  return stored === undefined || stored === "true";
}

function writeFields(fields: Fields, settings: Values, out: Collected): void {
  for (const name in fields) {
    const param = fields[name] as Param;
    let value = settings[name];
    if (value === undefined && "written" in param) {
      value = typeof param.written === "function" ? param.written(settings as never) : param.written;
    }
    if (value !== undefined) writeValue(param, value, out);
    else if (param.form === "group" && param.presence?.absent !== undefined) {
      out.set(param.presence.stored, param.presence.absent);
    }
  }
}

function writeValue(param: Param, value: unknown, out: Collected): void {
  switch (param.form) {
    case "text":
      out.set(param.stored, value as string);
      break;
    case "flag":
    case "integer":
      out.set(param.stored, String(value));
      break;
    case "secret":
      out.set(param.stored, value as SecretForm);
      break;
    case "list":
      out.set(param.stored, (value as readonly string[]).join(param.separator));
      break;
    case "choice":
      out.set(param.stored, (param.options[value as string] as { stored: string }).stored);
      break;
    case "reference":
      out.set(param.stored, (value as ConnectionForm).$connection);
      break;
    case "pair": {
      const { $secret } = value as { $secret: string };
      out.set(param.id.stored, { $accessKeyId: $secret });
      out.set(param.secret.stored, { $secret, $pair: true });
      break;
    }
    case "variant": {
      const chosen = param.options[(value as { type: string }).type] as OptionParam;
      if (chosen.stored !== undefined) out.set(param.stored, chosen.stored);
      writeFields(chosen.fields, value as Values, out);
      break;
    }
    case "group":
      if (param.presence !== undefined) out.set(param.presence.stored, param.presence.present);
      writeFields(param.fields, value as Values, out);
      break;
    case "intent":
      break;
  }
}

/**
 * The settings that write to exactly the stored parameters given, or `undefined` if the type cannot express them.
 * What the typed settings cannot say is in `params`. References come back as `external`: whoever knows the tree
 * decides.
 */
export function readParams(type: ConnectionType, stored: Readonly<Record<string, string>>): ConnectionSettings | undefined {
  const settings: Record<string, unknown> = {};
  readFields(type.params, stored, settings);
  const first = type.settings.safeParse(settings);
  if (first.success) return withResidue(type, settings, stored);
  // What a setting cannot hold is kept as a stored parameter, as long as nothing required is lost by it.
  for (const issue of first.error.issues) removeAt(settings, issue.path);
  const second = type.settings.safeParse(settings);
  return second.success ? withResidue(type, settings, stored) : undefined;
}

/**
 * The settings, with whatever they do not write of the stored parameters in `params`, in the schema's order; `undefined`
 * if `params` cannot hold it.
 */
function withResidue(
  type: ConnectionType,
  settings: Values,
  stored: Readonly<Record<string, string>>,
): ConnectionSettings | undefined {
  const written = new Map(Object.entries(writeParams(type, settings as unknown as ConnectionSettings)));
  const residue: [string, string | SecretForm | null][] = [];
  for (const [name, value] of Object.entries(stored)) {
    if (!matches(written.get(name), value)) residue.push([name, readOpaque(name, value)]);
    written.delete(name);
  }
  for (const name of written.keys()) residue.push([name, null]);
  if (residue.length === 0) return type.settings.parse(settings) as ConnectionSettings;
  const params = Object.fromEntries(residue);
  const whole = type.settings.safeParse({ ...settings, params });
  // The schema's own copy of a record lacks what is named `__proto__`.
  return whole.success ? ({ ...(whole.data as ConnectionSettings), params } as ConnectionSettings) : undefined;
}

function removeAt(settings: Record<string, unknown>, path: readonly PropertyKey[]): void {
  let holder: Record<PropertyKey, unknown> = settings;
  for (const [index, key] of path.entries()) {
    const value = holder[key];
    if (index === path.length - 1 || Array.isArray(value) || typeof value !== "object" || value === null) {
      delete holder[key];
      return;
    }
    holder = value as Record<PropertyKey, unknown>;
  }
}

/** A raw feature whose secrets are told apart from its texts. */
export function readFeature(id: string, type: string, stored: Readonly<Record<string, string>>): FeatureNode {
  const params = Object.entries(stored).map(([name, value]) => [name, readOpaque(name, value)] as const);
  return { id, type, params: Object.fromEntries(params) };
}

function matches(written: ParamValue | undefined, value: string): boolean {
  if (written === undefined || typeof written === "string") return written === value;
  if ("$token" in written) return written.$token === value;
  if ("$secret" in written) return written.$secret === secretNotImported(value);
  return "$stored" in written;
}

const TOKEN = /^credentialsJSON:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Tells whether a stored text is a token: it stands for a secret that TeamCity keeps elsewhere. */
export function isToken(value: string): boolean {
  return TOKEN.test(value);
}

/** Tells whether a stored text is a secret in a form that may be shown: a token, or nothing at all. */
export function isOpenSecretText(value: string): boolean {
  return value === "" || isToken(value);
}

/** Tells whether a stored text is a secret as TeamCity scrambles it: readable by whoever has the file, but no plain text. */
export function isScrambled(value: string): boolean {
  return /^(?:zxx[0-9a-f]+|scrambled:[A-Za-z0-9+/=]*)$/i.test(value);
}

function readSecret(value: string): SecretForm {
  if (isNotImported(value)) return { $secret: secretNotImported(value) };
  return isToken(value) ? { $token: value } : { $stored: true };
}

function readOpaque(name: string, value: string): string | SecretForm {
  if (isNotImported(value)) return name.startsWith("secure:") ? readSecret(value) : value;
  if (isScrambled(value)) return { $stored: true };
  return name.startsWith("secure:") && !isOpenSecretText(value) ? { $stored: true } : value;
}

function readFields(fields: Fields, stored: Readonly<Record<string, string>>, settings: Record<string, unknown>): void {
  for (const name in fields) {
    const param = fields[name] as Param;
    const value = readValue(param, stored);
    if (value === undefined) continue;
    settings[name] = value;
    if ("written" in param && param.written !== undefined) {
      const silent: Collected = new Map();
      const spoken: Collected = new Map();
      writeFields({ [name]: param }, { ...settings, [name]: undefined }, silent);
      writeValue(param, value, spoken);
      if (silent.get(param.stored) === spoken.get(param.stored)) delete settings[name];
    }
  }
}

function readValue(param: Param, stored: Readonly<Record<string, string>>): unknown {
  if (param.form === "pair" || param.form === "intent") return undefined;
  if (param.form === "group") return readGroup(param, stored);
  const value = stored[param.stored];
  if (param.form === "variant") {
    for (const [type, chosen] of Object.entries(param.options)) {
      if (chosen.stored !== (value || undefined)) continue;
      const settings: Record<string, unknown> = { type };
      readFields(chosen.fields, stored, settings);
      return settings;
    }
    return undefined;
  }
  if (value === undefined || value === "") return undefined;
  switch (param.form) {
    case "text":
      return value;
    case "flag":
      return value === "true" ? true : value === "false" ? false : undefined;
    case "integer":
      return /^(0|-?[1-9]\d{0,8})$/.test(value) ? Number(value) : undefined;
    case "secret":
      return readSecret(value);
    case "list":
      return value.split(param.separator);
    case "choice":
      return Object.entries(param.options).find(([, each]) => each.stored === value)?.[0];
    case "reference":
      return { $connection: value, external: true };
  }
}

function readGroup(param: Extract<Param, { form: "group" }>, stored: Readonly<Record<string, string>>): unknown {
  if (param.presence !== undefined && stored[param.presence.stored] !== param.presence.present) return undefined;
  const settings: Record<string, unknown> = {};
  readFields(param.fields, stored, settings);
  return param.presence === undefined && Object.keys(settings).length === 0 ? undefined : settings;
}

/** A setting met on a walk: where it is, how it is stored, what it holds. */
export interface Visit {
  readonly path: readonly string[];
  readonly param: Param;
  readonly value: unknown;
}

/** Every setting that is given, variants and groups before their fields. */
export function listSettings(fields: Fields, settings: Values): Visit[] {
  const visits: Visit[] = [];
  visitSettings(fields, settings, (path, param, value) => visits.push({ path: [...path], param, value }));
  return visits;
}

/** The same without a list, for walks over large trees. The path changes when `see` has ended. */
export function visitSettings(
  fields: Fields,
  settings: Values,
  see: (path: readonly string[], param: Param, value: unknown) => void,
  path: string[] = [],
): void {
  for (const name in fields) {
    const value = settings[name];
    if (value === undefined) continue;
    const param = fields[name] as Param;
    path.push(name);
    see(path, param, value);
    if (param.form === "variant") {
      const chosen = param.options[(value as { type: string }).type];
      if (chosen !== undefined) visitSettings(chosen.fields, value as Values, see, path);
    } else if (param.form === "group") {
      visitSettings(param.fields, value as Values, see, path);
    } else if (param.form === "intent") {
      for (const [field, kind] of Object.entries(param.references)) {
        const inner = (value as Values)[field];
        if (inner !== undefined) see([...path, field], { form: "reference", kind, stored: "" }, inner);
      }
    }
    path.pop();
  }
}

/** Whether settings of a table may refer to connections. */
export function hasReferences(fields: Fields): boolean {
  return Object.values(fields).some((param) => {
    if (param.form === "group") return hasReferences(param.fields);
    if (param.form === "variant") return Object.values(param.options).some((each) => hasReferences(each.fields));
    return param.form === "reference" || param.form === "intent";
  });
}

/** Every name that a table stores something under, whichever settings are given. */
export function* storedNames(fields: Fields): Generator<{ readonly stored: string; readonly form: Param["form"] }> {
  for (const param of Object.values(fields)) {
    if (param.form === "intent") continue;
    if (param.form === "pair") yield* [param.id, param.secret];
    else if (param.form === "group") {
      if (param.presence !== undefined) yield { stored: param.presence.stored, form: "text" };
      yield* storedNames(param.fields);
    } else {
      yield param;
      if (param.form === "variant") for (const each of Object.values(param.options)) yield* storedNames(each.fields);
    }
  }
}

/** Adds what TeamCity takes for parameters that are absent, so that two maps can be compared by their meaning. */
export function fillDefaults(type: ConnectionType, settings: ConnectionSettings, params: Readonly<ParamMap>): ParamMap {
  const defaults: Collected = new Map();
  fillFields(type.params, settings, defaults);
  return { ...Object.fromEntries(defaults), ...params };
}

function fillFields(fields: Fields, settings: Values, out: Collected): void {
  for (const name in fields) {
    const param = fields[name] as Param;
    const value = settings[name];
    if ("default" in param && param.default !== undefined) writeValue(param, param.default, out);
    if (value === undefined) continue;
    if (param.form === "variant") {
      fillFields((param.options[(value as { type: string }).type] as OptionParam).fields, value as Values, out);
    } else if (param.form === "group") {
      fillFields(param.fields, value as Values, out);
    }
  }
}
