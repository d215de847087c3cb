import { hasParameterReference, holdsCredentials, hostUrl, httpUrl } from "../contract/formats.js";
import type { CheckContext, Format, FormatComplaint } from "../contract/params.js";
import { isOpenSecretText, visitSettings } from "../contract/walk.js";
import { type Finding, finding } from "../model/finding.js";
import { isNotImported } from "../model/placeholder.js";
import { shown } from "../model/text.js";
import type { Rule } from "./tree.js";

const addressFormats: ReadonlySet<Format> = new Set([httpUrl, hostUrl]);

/**
 * Values are what they should be, as far as their type says. A value with a `%parameter%` is the server's to fill in;
 * but a password in an address shows all the same, and may only look like a parameter: `p%40ss%21word`.
 */
export const formats: Rule = ({ connections }, context) => {
  const found: Finding[] = [];
  for (const { node, type, path } of connections) {
    visitSettings(type.params, node.settings, (inner, param, value) => {
      if (param.form !== "text" || param.format === undefined) return;
      const complaint = judge(value as string, param.format, context);
      if (complaint === undefined) return;
      const { code, message, hint } = complaint;
      const more = hint === undefined ? {} : { hint };
      found.push(finding(code, `\`${inner.join(".")}\` ${message}`, { path: [...path, "settings", ...inner], ...more }));
    });
  }
  return found;
};

function judge(value: string, format: Format, context: CheckContext): FormatComplaint | undefined {
  if (isNotImported(value)) return undefined; // reported as such
  if (hasParameterReference(value) && !(addressFormats.has(format) && holdsCredentials(value))) return undefined;
  return format(value, context);
}

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

/** What an import could not read, a person writes before the settings are of use. It may stand anywhere in the tree. */
export const placeholders: Rule = ({ top }) => {
  const found: Finding[] = [];
  const path = [...top.path];
  const look = (value: unknown): void => {
    if (typeof value === "string") {
      if (isNotImported(value)) found.push(placeholder(value, [...path]));
    } else if (Array.isArray(value)) {
      for (const [index, each] of value.entries()) lookAt(index, each);
    } else {
      for (const name in value as object) lookAt(name, (value as Readonly<Record<string, unknown>>)[name]);
    }
  };
  const lookAt = (key: PropertyKey, value: unknown): void => {
    path.push(key);
    look(value);
    path.pop();
  };
  look(top.node);
  return found;
};

/** The name of a secret, or the ID in a reference, stands for the setting. */
function placeholder(text: string, path: readonly PropertyKey[]): Finding {
  const setting = String(path.at(-1)).startsWith("$") ? path.slice(0, -1) : path;
  const message = `a placeholder stands for a value that was not imported: ${shown(text)}`;
  return finding("PB213", message, { path: setting, hint: "Write the value in its place." });
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
