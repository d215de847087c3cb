import { compareText } from "../../model/text.js";
import { KEEP, type RenderedFeature } from "../features.js";
import { cdata, escapeAttribute, escapeText } from "./text.js";

/** Settings format versions that TeamCity has used, with the scheme of their schema location. The number changes rarely. */
export const schemaVersions = {
  "9.0": "http",
  "10.0": "http",
  "2018.1": "https",
  "2020.1": "https",
  "2021.1": "https",
  "2025.3": "https",
} as const;

export type SchemaVersion = keyof typeof schemaVersions;

/** Written by servers up to at least 2024.12. */
export const defaultSchemaVersion: SchemaVersion = "2021.1";

/** What a `project-config.xml` says besides the project's extensions. */
export interface ProjectHead {
  readonly name: string;
  readonly description?: string;
  /** Left out if the parent is the Root project. */
  readonly parentId?: string;
  readonly archived?: boolean;
  /** Left out of files that no server has written. */
  readonly uuid?: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The text of a `project-config.xml` as TeamCity lays it out. */
export function writeProjectConfig(
  head: ProjectHead,
  features: readonly RenderedFeature[],
  schemaVersion: SchemaVersion,
): string {
  const terse = schemaVersion === "2025.3";
  const parameters = paramsElement(head.parameters, 1);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    startTag(head, schemaVersion),
    `  <name>${escapeText(head.name)}</name>`,
    ...(head.description ? [descriptionElement(head.description)] : []),
    ...(parameters !== undefined ? [parameters] : terse ? [] : ["  <parameters />"]),
    ...(features.length === 0 ? [] : [extensionsElement(features.map((each) => extensionElement(each)))]),
    ...(terse ? [] : ["  <cleanup />"]),
    "</project>\n\n",
  ].join("\n");
}

/** The root element's start tag; the order of attributes is fixed. */
export function startTag(head: Omit<ProjectHead, "name" | "description" | "parameters">, schemaVersion: SchemaVersion): string {
  const location = `${schemaVersions[schemaVersion]}://www.jetbrains.com/teamcity/schemas/${schemaVersion}/project-config.xsd`;
  return startTagWith([
    ["xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"],
    ["parent-id", head.parentId],
    ["archived", head.archived === true ? "true" : undefined],
    ["uuid", head.uuid],
    ["xsi:noNamespaceSchemaLocation", location],
  ]);
}

export function startTagWith(attributes: readonly (readonly [name: string, value: string | undefined])[]): string {
  const given = attributes.filter(([, value]) => value !== undefined);
  return `<project${given.map(([name, value]) => ` ${name}="${escapeAttribute(value as string)}"`).join("")}>`;
}

export function descriptionElement(description: string): string {
  return `  <description>${escapeText(description)}</description>`;
}

export function extensionsElement(extensions: readonly string[]): string {
  return `  <project-extensions>\n${extensions.join("\n")}\n  </project-extensions>`;
}

/** One `<extension>`, indented as it stands in the file, without a line break at its end. */
export function extensionElement(feature: RenderedFeature, kept?: Readonly<Record<string, string>>): string {
  const head = `    <extension id="${escapeAttribute(feature.id)}" type="${escapeAttribute(feature.type)}">`;
  return `${head}\n${paramsElement(paramTexts(feature, kept), 3) ?? "      <parameters />"}\n    </extension>`;
}

/** A feature's parameters, with what stays as it is taken from `kept`. That it is there has been checked before. */
export function paramTexts({ id, params }: RenderedFeature, kept: Readonly<Record<string, string>> = {}): Record<string, string> {
  const texts = Object.entries(params).map(([name, value]) => {
    if (value !== KEEP) return [name, value];
    if (!Object.hasOwn(kept, name)) throw new Error(`extension ${id} is to keep a value of ${name} that it does not have`);
    return [name, kept[name]];
  });
  return Object.fromEntries(texts);
}

/** A `<parameters>` element with its `<param>`s sorted by name; `undefined` if there is none. */
export function paramsElement(params: Readonly<Record<string, string>>, level: number): string | undefined {
  const names = Object.keys(params).sort(compareText);
  if (names.length === 0) return undefined;
  const indent = "  ".repeat(level);
  const lines = names.map((name) => `${indent}  ${paramElement(name, params[name] as string)}`);
  return `${indent}<parameters>\n${lines.join("\n")}\n${indent}</parameters>`;
}

/** One `<param>`. `spec` is the type of a project parameter, kept from an existing file. */
export function paramElement(name: string, value: string, spec?: string): string {
  const attributes = `name="${escapeAttribute(name)}"`;
  const tail = spec === undefined ? "" : ` spec="${escapeAttribute(spec)}"`;
  return value.includes("\n")
    ? `<param ${attributes}${tail}>${cdata(value)}</param>`
    : `<param ${attributes} value="${escapeAttribute(value)}"${tail} />`;
}
