import type { Ownership } from "../../config/authoring.js";
import { CONNECTION_FEATURE } from "../../contract/walk.js";
import { type Finding, finding } from "../../model/finding.js";
import type { ProjectNode } from "../../model/schema.js";
import { compareText, quote } from "../../model/text.js";
import { KEEP, type RenderedFeature } from "../features.js";
import type { ExtensionElement, ProjectDocument, Span } from "./document.js";
import { escapeText } from "./text.js";
import { descriptionElement, extensionElement, extensionsElement, paramElement, startTagWith } from "./write.js";

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
  const findings: Finding[] = [];
  const splices: Splice[] = [...headSplices(document, head)];
  const existing = new Map(document.extensions.map((each) => [each.id, each]));
  const wanted = new Set(features.map((each) => each.id));
  const added: RenderedFeature[] = [];
  for (const feature of features) {
    const found = existing.get(feature.id);
    const complete = keepStored(feature, found);
    if (found === undefined) added.push(complete);
    else if (!sameFeature(found, complete)) {
      splices.push({ start: found.start, end: found.end, text: extensionElement(complete).trimStart() });
    }
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
          hint: 'Declare it, or set ownership: "remove" or "leave" in plugboard.config.ts.',
        }),
      );
    }
  }
  // Where none stays, the element that holds them is replaced as a whole.
  if (kept.length > 0) splices.push(...removed.map((each) => ({ ...withLine(document.text, each), text: "" })));
  splices.push(...insertions(document, kept, added));
  return { text: applySplices(document.text, splices), findings };
}

/** Takes values that are kept from the file; the caller has made sure that the file has them. */
function keepStored(feature: RenderedFeature, found: ExtensionElement | undefined): RenderedFeature {
  if (!Object.values(feature.params).includes(KEEP)) return feature;
  const params = Object.entries(feature.params).map(([name, value]) => [
    name,
    value === KEEP ? (found?.params[name] ?? KEEP) : value,
  ]);
  return { ...feature, params: Object.fromEntries(params) };
}

function sameFeature(found: ExtensionElement, { type, params }: RenderedFeature): boolean {
  const names = Object.keys(params);
  return (
    found.type === type &&
    names.length === Object.keys(found.params).length &&
    names.every((name) => Object.hasOwn(found.params, name) && found.params[name] === params[name])
  );
}

/** Puts new extensions where their IDs sort among those that stay. */
function insertions(document: ProjectDocument, kept: readonly ExtensionElement[], added: readonly RenderedFeature[]): Splice[] {
  const { text, extensionsElement: whole } = document;
  if (added.length === 0) {
    // Without extensions TeamCity writes no element for them.
    const emptied = whole !== undefined && kept.length === 0 && document.extensions.length > 0;
    return emptied ? [{ ...withLine(text, whole), text: "" }] : [];
  }
  if (whole === undefined || kept.length === 0) {
    const element = extensionsElement(added.map(extensionElement));
    if (whole !== undefined) return [{ ...whole, text: element.trimStart() }];
    return [{ start: document.headEnd, end: document.headEnd, text: `\n${element}` }];
  }
  return added.map((feature) => {
    const next = kept.find((each) => compareText(each.id, feature.id) > 0);
    const element = extensionElement(feature);
    if (next !== undefined) return { start: next.start, end: next.start, text: `${element.trimStart()}\n    ` };
    const last = kept[kept.length - 1] as ExtensionElement;
    return { start: last.end, end: last.end, text: `\n${element}` };
  });
}

function* headSplices(
  { text, attributes, startTag, name, description, parameters, headEnd }: ProjectDocument,
  head: HeadChanges,
): Generator<Splice> {
  const current = new Map(attributes);
  const wanted: [string, string | undefined][] = [
    ...(head.parentId === undefined
      ? []
      : ([["parent-id", head.parentId === "_Root" ? undefined : head.parentId]] as [string, string | undefined][])),
    ...(head.archived === undefined
      ? []
      : ([["archived", head.archived ? "true" : undefined]] as [string, string | undefined][])),
    ...(head.uuid === undefined ? [] : ([["uuid", head.uuid]] as [string, string | undefined][])),
  ];
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
  yield* parameterSplices(parameters, headEnd, head.parameters ?? {});
}

function* parameterSplices(
  element: ProjectDocument["parameters"],
  headEnd: number,
  wanted: Readonly<Record<string, string>>,
): Generator<Splice> {
  const names = Object.keys(wanted).sort(compareText);
  const existing = element?.params ?? [];
  const missing: string[] = [];
  for (const name of names) {
    const found = existing.find((each) => each.name === name);
    const value = wanted[name] as string;
    if (found === undefined) missing.push(name);
    else if (found.value !== value) yield { start: found.start, end: found.end, text: paramElement(name, value, found.spec) };
  }
  if (missing.length === 0) return;
  const line = (name: string): string => `    ${paramElement(name, wanted[name] as string)}`;
  if (existing.length === 0) {
    const whole = `<parameters>\n${missing.map(line).join("\n")}\n  </parameters>`;
    yield element === undefined
      ? { start: headEnd, end: headEnd, text: `\n  ${whole}` }
      : { start: element.start, end: element.end, text: whole };
    return;
  }
  for (const name of missing) {
    const next = existing.find((each) => compareText(each.name, name) > 0);
    const last = existing[existing.length - 1] as Span;
    yield next === undefined
      ? { start: last.end, end: last.end, text: `\n${line(name)}` }
      : { start: next.start, end: next.start, text: `${line(name).trimStart()}\n    ` };
  }
}

/** An element with the white space before it, so that its line goes with it. */
function withLine(text: string, { start, end }: Span): Span {
  let from = start;
  while (from > 0 && /[ \t]/.test(text[from - 1] as string)) from--;
  if (text[from - 1] === "\n") from--;
  if (text[from - 1] === "\r") from--;
  return { start: from, end };
}

/** Applies splices that do not overlap. At one place, insertions come first, in the order given. */
function applySplices(text: string, splices: readonly Splice[]): string {
  const sorted = splices
    .map((each, index) => ({ ...each, index }))
    .sort((a, b) => a.start - b.start || a.end - b.end || a.index - b.index);
  let result = "";
  let at = 0;
  for (const { start, end, text: put } of sorted) {
    result += text.slice(at, start) + put;
    at = end;
  }
  return result + text.slice(at);
}
