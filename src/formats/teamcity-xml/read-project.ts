import type { ConnectionType } from "../../contract/define.js";
import { isScrambled } from "../../contract/walk.js";
import { type Finding, finding } from "../../model/finding.js";
import { ROOT_PROJECT_ID, ROOT_PROJECT_NAME } from "../../model/ids.js";
import { type ConnectionNode, type FeatureNode, MAX_TEXT, type ProjectNode } from "../../model/schema.js";
import { quote, shown } from "../../model/text.js";
import { connectionOrFeature } from "../features.js";
import { isPlainText, plainSecrets, secretOffsets, secretShape } from "../plain-secrets.js";
import {
  createPlacer,
  type ExtensionElement,
  type ParamElement,
  type ParametersElement,
  type ProjectDocument,
  type Span,
  textsOf,
} from "./document.js";

/** A project as its file has it, without those below it. */
export interface ReadProject {
  readonly node: ProjectNode;
  readonly parentId: string | undefined;
  /** What stays in the file only, and secrets in plain text. */
  readonly found: readonly Finding[];
}

/** Reads one project. Its file keeps whatever the settings do not repeat. */
export function readProject(id: string, document: ProjectDocument, byProvider: ReadonlyMap<string, ConnectionType>): ReadProject {
  const placeAt = createPlacer(document);
  const found: Finding[] = [];
  const report = ({ code, reason }: LeftAlone, what: string, offset: number): void => {
    found.push(finding(code, `${what} is left alone: ${reason}`, { place: placeAt(offset) }));
  };
  const connections: ConnectionNode[] = [];
  const features: FeatureNode[] = [];
  for (const extension of document.extensions) {
    const stored = textsOf(extension.parameters);
    const left = extensionLeft(extension, stored, document);
    if (left !== undefined) {
      report(left, "an extension", extension.start);
      continue;
    }
    const params = paramsByName(extension.parameters);
    for (const [name, what] of plainSecrets(stored)) {
      const message = `\`${shown(name)}\` of ${quote(extension.id)} is ${what} in plain text; the settings have storedSecret() for it`;
      found.push(finding("PB309", message, { place: placeAt((params.get(name) as Span).start) }));
    }
    const read = connectionOrFeature(extension.id, extension.type, stored, byProvider);
    if ("kind" in read) connections.push(read);
    else features.push(read);
  }
  const parameters = new Map<string, string>();
  const secrets = plainSecrets(textsOf(document.parameters));
  for (const param of paramsByName(document.parameters).values()) {
    const left = parameterLeft(param, secrets.get(param.name));
    if (left === undefined) parameters.set(param.name, param.value);
    else report(left, "a parameter of the project", param.start);
  }
  for (const offset of secretsBeside(document)) {
    found.push(finding("PB309", "a secret in plain text stands here; it is left alone", { place: placeAt(offset) }));
  }
  const attributes = new Map(document.attributes);
  const name = repeatable(document.name?.value || undefined);
  const description = repeatable(document.description?.value);
  const uuid = repeatable(attributes.get("uuid"), MAX_UUID);
  const node: ProjectNode = {
    id,
    ...(name === undefined || name === id || (id === ROOT_PROJECT_ID && name === ROOT_PROJECT_NAME) ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(attributes.get("archived") === "true" ? { archived: true } : {}),
    ...(uuid === undefined ? {} : { uuid }),
    ...(parameters.size === 0 ? {} : { parameters: Object.fromEntries(parameters) }),
    connections,
    features,
    subProjects: [],
  };
  return { node, parentId: repeatable(attributes.get("parent-id") || undefined), found };
}

const MAX_UUID = 100;

/** A text, if settings can repeat it. */
function repeatable(text: string | undefined, most = MAX_TEXT): string | undefined {
  return text === undefined || text.length > most || secretShape(text) !== undefined ? undefined : text;
}

/** The parameters by name; of several with one name, the last counts. */
function paramsByName(parameters: ParametersElement | undefined): ReadonlyMap<string, ParamElement> {
  return new Map(parameters?.params.map((each) => [each.name, each]));
}

/** Why something stays in the file only. A reason quotes no more than a name that is no secret. */
interface LeftAlone {
  readonly code: "PB309" | "PB315";
  readonly reason: string;
}

function leftAlone(reason: string, code: LeftAlone["code"] = "PB315"): LeftAlone {
  return { code, reason };
}

/** Why the model has no place for an extension, if so. */
function extensionLeft(
  { id, type }: ExtensionElement,
  stored: Readonly<Record<string, string>>,
  { byId }: ProjectDocument,
): LeftAlone | undefined {
  const names = [id, type, stored.providerType ?? "", ...Object.keys(stored)];
  if (names.some((each) => secretShape(each) !== undefined)) return leftAlone("a name in it looks like a secret", "PB309");
  if (id === "") return leftAlone("it has no ID");
  if (type === "") return leftAlone(`${quote(id)} has no type`);
  if ((byId.get(id) ?? []).length > 1) return leftAlone(`the file has several of ID ${quote(id)}`);
  if (Object.keys(stored).some(isUnusableName)) return leftAlone(`${quote(id)} has a parameter whose name settings cannot give`);
  const isLong = [...names, ...Object.values(stored)].some((each) => each.length > MAX_TEXT);
  return isLong ? leftAlone(`${quote(id)} holds a text of more than ${MAX_TEXT} characters`) : undefined;
}

/** Why settings do not repeat a parameter of the project, if so. `secret` is what its value is, if that is a secret. */
function parameterLeft({ name, value, spec }: ParamElement, secret: string | undefined): LeftAlone | undefined {
  if (secretShape(name) !== undefined) return leftAlone("its name looks like a secret", "PB309");
  const what = secret ?? (spec?.startsWith("password") && isPlainText(value) ? "a password" : undefined);
  if (what !== undefined) return leftAlone(`\`${shown(name)}\` is ${what} in plain text`, "PB309");
  if (isScrambled(value)) return leftAlone(`the value of \`${shown(name)}\` is scrambled`);
  if (isUnusableName(name)) return leftAlone("it has a name that settings cannot give");
  const isLong = name.length > MAX_TEXT || value.length > MAX_TEXT;
  return isLong ? leftAlone(`it has more than ${MAX_TEXT} characters`) : undefined;
}

function isUnusableName(name: string): boolean {
  return name === "" || name === "__proto__";
}

/** Where the file has secrets besides its parameters: in a description, comments, elements that are not known. */
function secretsBeside({ text, parameters, extensions }: ProjectDocument): number[] {
  const params = [parameters, ...extensions.map((each) => each.parameters)].flatMap((each) => each?.params ?? []);
  params.sort((a, b) => a.start - b.start);
  let next = 0;
  return secretOffsets(text).filter((offset) => {
    while (next < params.length && (params[next] as Span).end <= offset) next++;
    const param = params[next];
    return param === undefined || offset < param.start;
  });
}
