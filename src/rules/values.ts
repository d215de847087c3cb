import { hasParameterReference, holdsCredentials, hostUrl, httpUrl } from "../contract/formats.js";
import type { Format } from "../contract/params.js";
import { isOpenSecretText } from "../contract/walk.js";
import { type Finding, finding } from "../model/finding.js";
import { isNotImported } from "../model/placeholder.js";
import { shown } from "../model/text.js";
import type { Rule } from "./tree.js";

const addressFormats: ReadonlySet<Format> = new Set([httpUrl, hostUrl]);

/**
 * Values are what they should be, as far as their type says. A value with a `%parameter%` is the server's to fill in;
 * but a password in an address shows all the same, and may only look like a parameter: `p%40ss%21word`.
 */
export const formats: Rule = function* ({ connections }, context) {
  for (const { path, visits } of connections) {
    for (const visit of visits) {
      if (visit.param.form !== "text" || visit.param.format === undefined) continue;
      const { format } = visit.param;
      const value = visit.value as string;
      if (isNotImported(value)) continue; // reported as such
      if (hasParameterReference(value) && !(addressFormats.has(format) && holdsCredentials(value))) continue;
      const complaint = format(value, context);
      if (complaint === undefined) continue;
      const { code, message, hint } = complaint;
      yield finding(code, `\`${visit.path.join(".")}\` ${message}`, {
        path: [...path, "settings", ...visit.path],
        ...(hint === undefined ? {} : { hint }),
      });
    }
  }
};

/** What a type checks beyond formats. */
export const ownChecks: Rule = function* ({ connections }, context) {
  for (const { node, type, path } of connections) {
    for (const check of type.checks ?? []) {
      for (const { code, severity, message, hint, path: inner = [] } of check(node.settings, context)) {
        const entry = Object.hasOwn(type.codes ?? {}, code) ? type.codes?.[code] : undefined;
        if (entry === undefined) throw new Error(`a check of connection type ${type.kind} reports ${code}, which its codes lack`);
        const found: Finding = { code, severity: severity ?? entry.severity, message, path: [...path, "settings", ...inner] };
        yield hint === undefined ? found : { ...found, hint };
      }
    }
  }
};

/** What an import could not read is written by a person before the settings are of use. */
export const placeholders: Rule = function* ({ connections, projects }) {
  for (const { node, path, visits } of connections) {
    if (isNotImported(node.id)) yield placeholder(node.id, [...path, "id"]);
    for (const { value, path: inner } of visits) {
      const text = placeholderIn(value);
      if (text !== undefined) yield placeholder(text, [...path, "settings", ...inner]);
    }
    if (node.settings.params !== undefined) yield* placeholdersIn(node.settings.params, [...path, "settings", "params"]);
  }
  for (const { node, path } of projects) {
    const { id, name, description, parentId, uuid, parameters = {}, features } = node;
    yield* placeholdersIn({ id, name, description, parentId, uuid }, path);
    yield* placeholdersIn(parameters, [...path, "parameters"]);
    for (const [index, { id, type, params }] of features.entries()) {
      const at = [...path, "features", index];
      yield* placeholdersIn({ id, type }, at);
      yield* placeholdersIn(params, [...at, "params"]);
    }
  }
};

function* placeholdersIn(values: Readonly<Record<string, unknown>>, path: readonly PropertyKey[]): Generator<Finding> {
  for (const [name, value] of Object.entries(values)) {
    const text = placeholderIn(value);
    if (text !== undefined) yield placeholder(text, [...path, name]);
  }
}

/** The placeholder that a value is: the text itself, the name of a secret, the ID of a connection. */
function placeholderIn(value: unknown): string | undefined {
  const form = value as { readonly $secret?: unknown; readonly $connection?: unknown } | null | undefined;
  const text = typeof value === "string" ? value : (form?.$secret ?? form?.$connection);
  return typeof text === "string" && isNotImported(text) ? text : undefined;
}

function placeholder(text: string, path: readonly PropertyKey[]): Finding {
  const message = `a placeholder stands for a value that was not imported: ${shown(text)}`;
  return finding("PB213", message, { path, hint: "Write the value in its place." });
}

/** A raw parameter whose name starts with `secure:` holds a secret, never its value. */
export const plainSecrets: Rule = function* ({ connections, projects }) {
  for (const { node, path } of connections) {
    if (node.settings.params !== undefined) yield* plainTexts(node.settings.params, [...path, "settings", "params"]);
  }
  for (const { node, path } of projects) {
    for (const [index, { params }] of node.features.entries()) yield* plainTexts(params, [...path, "features", index, "params"]);
  }
};

function* plainTexts(params: Readonly<Record<string, unknown>>, path: readonly PropertyKey[]): Generator<Finding> {
  for (const [name, value] of Object.entries(params)) {
    if (!name.startsWith("secure:") || typeof value !== "string" || isOpenSecretText(value)) continue;
    yield finding("PB136", `\`${shown(name)}\` holds plain text where a secret belongs`, {
      path: [...path, name],
      hint: 'Write secret("name") or token("credentialsJSON:…"). A scrambled value is storedSecret().',
    });
  }
}
