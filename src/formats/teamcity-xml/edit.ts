import type { Ownership } from "../../config/authoring.js";
import { CONNECTION_FEATURE } from "../../contract/walk.js";
import { type Finding, finding } from "../../model/finding.js";
import { ROOT_PROJECT_ID } from "../../model/ids.js";
import type { ProjectNode } from "../../model/schema.js";
import { compareText, quote } from "../../model/text.js";
import type { RenderedFeature } from "../features.js";
import {
  type ExtensionElement,
  type ParamElement,
  type ParametersElement,
  type ProjectDocument,
  parseProjectConfig,
  type Span,
  textsOf,
} from "./document.js";
import { escapeAttribute, escapeText } from "./text.js";
import {
  descriptionElement,
  extensionElement,
  extensionsElement,
  paramElement,
  paramsElement,
  paramTexts,
  startTagWith,
} from "./write.js";

/** What the settings say of a project, besides its features; what they do not say stays as the file has it. */
export type HeadChanges = Pick<ProjectNode, "name" | "description" | "parentId" | "archived" | "uuid" | "parameters">;

interface Splice extends Span {
  readonly text: string;
}

/**
 * Edits an existing `project-config.xml`: only what differs is written anew, every other byte stays. Extensions that
 * the settings do not declare stay, but for connections where `ownership` says otherwise.
 */
export function editProjectConfig(
  document: ProjectDocument,
  head: HeadChanges,
  features: readonly RenderedFeature[],
  ownership: Ownership,
): { readonly text: string; readonly findings: readonly Finding[] } {
  if (document.selfClosing) {
    const edited = editProjectConfig(withEndTag(document), head, features, ownership);
    return edited.text === withEndTag(document).text ? { ...edited, text: document.text } : edited;
  }
  const findings: Finding[] = [];
  const splices: Splice[] = [...headSplices(document, head)];
  const wanted = new Set(features.map((each) => each.id));
  const added: RenderedFeature[] = [];
  for (const feature of features) {
    const [found] = document.byId.get(feature.id) ?? [];
    if (found === undefined) added.push(feature);
    else for (const each of extensionSplices(document.text, found, feature)) splices.push(each);
  }
  const kept: ExtensionElement[] = [];
  const removed: ExtensionElement[] = [];
  for (const found of document.extensions) {
    if (wanted.has(found.id) || found.type !== CONNECTION_FEATURE || ownership === "leave") kept.push(found);
    else if (ownership === "remove") removed.push(found);
    else {
      kept.push(found);
      findings.push(
        finding("PB306", `connection ${quote(found.id)} is in the file and not in the settings; it stays`, {
          place: { file: document.file },
          hint: 'Declare it, or set ownership: "remove" or "leave" in plugboard.config.ts.',
        }),
      );
    }
  }
  const gone = removed.map((each) => withLine(document.text, each));
  return { text: applySplices(document, [...splices, ...holderSplices(document, kept, gone, added)]), findings };
}

/** The same document with `<project>` and `</project>` in place of `<project/>`, so that it can have children. */
function withEndTag({ text, file, startTag, lineEnd }: ProjectDocument): ProjectDocument {
  const opened = text.slice(0, startTag.end).replace(/\s*\/>$/, ">");
  return parseProjectConfig(`${opened}${lineEnd}</project>${text.slice(startTag.end)}`, file) as ProjectDocument;
}

/** Brings an extension to what the settings say, by its parameters alone where it has any. Its type is the feature's. */
function* extensionSplices(text: string, found: ExtensionElement, feature: RenderedFeature): Generator<Splice> {
  const { start, end, parameters } = found;
  if (parameters !== undefined) {
    yield* paramSplices(text, parameters, paramTexts(feature, textsOf(parameters)), 3, "remove");
  } else if (Object.keys(feature.params).length > 0) {
    yield { start, end, text: laidOut(extensionElement(feature), text).trimStart() };
  }
}

/**
 * Takes extensions out and puts new ones where their IDs sort among those that stay. The element that holds them goes
 * with the last of them, unless something else, such as a comment, is left in it.
 */
function holderSplices(
  { text, headEnd, extensionsElement: holder, extensions }: ProjectDocument,
  kept: readonly ExtensionElement[],
  gone: readonly Span[],
  added: readonly RenderedFeature[],
): Splice[] {
  const elements = added.map((each) => extensionElement(each));
  const holderElement = (): string => laidOut(extensionsElement(elements), text);
  if (holder === undefined) {
    return added.length === 0 ? [] : [{ start: headEnd, end: headEnd, text: `\n${holderElement()}` }];
  }
  const { inner } = holder;
  if (textWithout(text, inner, gone).trim() === "") {
    // Without extensions TeamCity writes no element for them.
    if (added.length === 0) return extensions.length === 0 ? [] : [{ ...withLine(text, holder), text: "" }];
    return [{ start: holder.start, end: holder.end, text: holderElement().trimStart() }];
  }
  const splices: Splice[] = gone.map((each) => ({ ...each, text: "" }));
  const tail = inner.start + text.slice(inner.start, inner.end).trimEnd().length;
  const last = kept[kept.length - 1]?.end ?? tail;
  for (const [index, feature] of added.entries()) {
    const element = laidOut(elements[index] as string, text);
    const next = kept.find((each) => compareText(each.id, feature.id) > 0);
    if (next !== undefined) {
      const indent = indentAt(text, next.start) ?? indentOf(text).repeat(2);
      splices.push({ start: next.start, end: next.start, text: `${element.trimStart()}\n${indent}` });
    } else splices.push({ start: last, end: last, text: `\n${element}` });
  }
  // An end tag that followed on the same line gets a line of its own.
  if (added.length > 0 && kept.length === 0 && tail === inner.end)
    splices.push({ start: tail, end: tail, text: `\n${indentOf(text)}` });
  return splices;
}

/** A stretch of a text without those inside it that are taken out, in their order. */
function textWithout(text: string, { start, end }: Span, gone: readonly Span[]): string {
  let rest = "";
  let at = start;
  for (const each of gone) {
    rest += text.slice(at, each.start);
    at = each.end;
  }
  return rest + text.slice(at, end);
}

function* headSplices(
  { text, attributes, startTag, name, description, parameters, headEnd }: ProjectDocument,
  head: HeadChanges,
): Generator<Splice> {
  const current = new Map(attributes);
  const wanted: [string, string | undefined][] = [];
  // The Root project is the parent where none is named, but a file may name it.
  if (head.parentId !== undefined && head.parentId !== (current.get("parent-id") ?? ROOT_PROJECT_ID)) {
    wanted.push(["parent-id", head.parentId === ROOT_PROJECT_ID ? undefined : head.parentId]);
  }
  if (head.archived !== undefined) wanted.push(["archived", head.archived ? "true" : undefined]);
  if (head.uuid !== undefined) wanted.push(["uuid", head.uuid]);
  if (wanted.some(([key, value]) => current.get(key) !== value)) {
    for (const [key, value] of wanted) {
      if (value === undefined) current.delete(key);
      else current.set(key, value);
    }
    const order = ["xmlns:xsi", "parent-id", "archived", "uuid", "xsi:noNamespaceSchemaLocation"];
    const known = order.flatMap((key): [string, string][] => (current.has(key) ? [[key, current.get(key) as string]] : []));
    yield { ...startTag, text: startTagWith([...known, ...[...current].filter(([key]) => !order.includes(key))]) };
  }
  if (head.name !== undefined && head.name !== name?.value) {
    const element = `<name>${escapeText(head.name)}</name>`;
    if (name !== undefined) yield { start: name.start, end: name.end, text: element };
    else yield { start: startTag.end, end: startTag.end, text: `\n  ${element}` };
  }
  if (head.description !== undefined && head.description !== (description?.value ?? "")) {
    const element = descriptionElement(head.description);
    if (description === undefined) {
      const at = name?.end ?? startTag.end;
      yield { start: at, end: at, text: `\n${element}` };
    } else if (head.description === "") yield { ...withLine(text, description), text: "" };
    else yield { start: description.start, end: description.end, text: element.trimStart() };
  }
  const wantedParams = head.parameters ?? {};
  if (parameters !== undefined) yield* paramSplices(text, parameters, wantedParams, 1, "keep");
  else {
    const element = paramsElement(wantedParams, 1);
    if (element !== undefined) yield { start: headEnd, end: headEnd, text: `\n${element}` };
  }
}

/** Brings a `<parameters>` element to the texts wanted. `others` says what becomes of the parameters that are not wanted. */
function* paramSplices(
  text: string,
  { start, end, inner, params }: ParametersElement,
  wanted: Readonly<Record<string, string>>,
  level: number,
  others: "keep" | "remove",
): Generator<Splice> {
  const staying = params.filter(({ name }) => others === "keep" || Object.hasOwn(wanted, name));
  const byName = new Map(staying.map((each) => [each.name, each]));
  for (const each of params) if (!byName.has(each.name)) yield { ...withLine(text, each), text: "" };
  const added: string[] = [];
  for (const [name, value] of Object.entries(wanted)) {
    const found = byName.get(name);
    if (found === undefined) added.push(name);
    else if (found.value !== value) yield valueSplice(text, found, value);
  }
  if (added.length > 0 && text.slice(inner.start, inner.end).trim() === "") {
    yield { start, end, text: laidOut(paramsElement(wanted, level) as string, text).trimStart() };
    return;
  }
  const last = staying[staying.length - 1];
  for (const name of added.sort(compareText)) {
    const element = paramElement(name, wanted[name] as string);
    const next = staying.find((each) => compareText(each.name, name) > 0);
    const after = last?.end ?? inner.start;
    const sibling = next ?? last;
    const indent = (sibling && indentAt(text, sibling.start)) ?? indentOf(text).repeat(level + 1);
    yield next === undefined
      ? { start: after, end: after, text: `\n${indent}${element}` }
      : { start: next.start, end: next.start, text: `${element}\n${indent}` };
  }
}

/**
 * Gives a parameter another value: in its attribute, so that the rest of the element stays, or else by a new element. A
 * value of several lines is no attribute in TeamCity's files.
 */
function valueSplice(text: string, { start, end, name, spec }: ParamElement, value: string): Splice {
  if (value.includes("\n")) return { start, end, text: paramElement(name, value, spec) };
  const attribute = /\s+([^\s=/>]+)\s*=\s*("[^"]*"|'[^']*')/y;
  attribute.lastIndex = start + "<param".length;
  for (let found = attribute.exec(text); found !== null; found = attribute.exec(text)) {
    const [, key, given] = found as unknown as readonly [string, string, string];
    if (key !== "value") continue;
    const escaped = escapeAttribute(value);
    const put = given.startsWith("'") ? escaped.replaceAll("'", "&apos;") : escaped;
    return { start: attribute.lastIndex - given.length + 1, end: attribute.lastIndex - 1, text: put };
  }
  return { start, end, text: paramElement(name, value, spec) };
}

/** What the file indents by: the white space before its first element that is inside of another. */
function indentOf(text: string): string {
  return /^[ \t]+(?=<[^!])/m.exec(text)?.[0] ?? "  ";
}

/** The white space that an element's line begins with; `undefined` if something else stands before the element. */
function indentAt(text: string, start: number): string | undefined {
  const before = text.slice(text.lastIndexOf("\n", start - 1) + 1, start);
  return before.trim() === "" ? before : undefined;
}

/** Elements as TeamCity lays them out, by two blanks, with the indent of a file. Line breaks in values stay as they are. */
function laidOut(elements: string, text: string): string {
  const indent = indentOf(text);
  return elements.replace(/<!\[CDATA\[.*?\]\]>|^ +/gms, (each) => (each.startsWith("<") ? each : indent.repeat(each.length / 2)));
}

/** An element with the white space before it, so that its line goes with it. */
function withLine(text: string, { start, end }: Span): Span {
  let from = start;
  while (from > 0 && /[ \t]/.test(text[from - 1] as string)) from--;
  if (text[from - 1] === "\n") from--;
  if (text[from - 1] === "\r") from--;
  return { start: from, end };
}

/** Applies splices that do not overlap, with the file's line ends. At one place, insertions come first, in the order given. */
function applySplices({ text, lineEnd }: ProjectDocument, splices: readonly Splice[]): string {
  const sorted = splices
    .map((each, index) => ({ ...each, index }))
    .sort((a, b) => a.start - b.start || a.end - b.end || a.index - b.index);
  let result = "";
  let at = 0;
  for (const { start, end, text: put } of sorted) {
    result += text.slice(at, start) + put.replaceAll("\n", lineEnd);
    at = end;
  }
  return result + text.slice(at);
}
