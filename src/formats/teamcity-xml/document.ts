import { parseXml, XmlElement, XmlError } from "@rgrove/parse-xml";
import { type Finding, finding, type Place } from "../../model/finding.js";
import { groupBy } from "../../model/group.js";

/** A stretch of the file: offsets in UTF-16 code units, the end excluded. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface ParamElement extends Span {
  readonly name: string;
  readonly value: string;
  readonly spec: string | undefined;
}

/** An element that holds others. */
interface Holder extends Span {
  /** What is between its tags; nothing, at its end, if it has no end tag. */
  readonly inner: Span;
}

/** A `<parameters>` element, of the project or of an extension. */
export interface ParametersElement extends Holder {
  /** Of several with one name, the last counts. */
  readonly params: readonly ParamElement[];
}

export interface ExtensionElement extends Span {
  readonly id: string;
  readonly type: string;
  readonly parameters: ParametersElement | undefined;
}

/** A `project-config.xml` as it stands in a file: what it says, and where. Everything else is kept as text. */
export interface ProjectDocument {
  readonly text: string;
  readonly file: string;
  /** What ends its lines, and is to end those put in. */
  readonly lineEnd: "\n" | "\r\n";
  /** The attributes of the root element, in their order. */
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly startTag: Span;
  /** Whether the root element is `<project/>`, without an end tag. */
  readonly selfClosing: boolean;
  readonly name: (Span & { readonly value: string }) | undefined;
  readonly description: (Span & { readonly value: string }) | undefined;
  readonly parameters: ParametersElement | undefined;
  readonly extensionsElement: Holder | undefined;
  readonly extensions: readonly ExtensionElement[];
  /** The extensions by ID. TeamCity writes one of each; a file may hold more. */
  readonly byId: ReadonlyMap<string, readonly ExtensionElement[]>;
  /** Where a child may be put that none of the others precedes: the end of the last of `name`, `description`, `default-template`, `parameters`. */
  readonly headEnd: number;
}

/** Parses the text of a `project-config.xml`. No entity is expanded and nothing is fetched. */
export function parseProjectConfig(text: string, file: string): ProjectDocument | Finding {
  const refuse = (message: string, at: { line?: number; column?: number } = {}): Finding =>
    finding("PB302", message, { place: { file, ...at } });
  try {
    const { root } = parseXml(text, { includeOffsets: true });
    if (root?.name !== "project") return refuse("the root element is not <project>");
    return documentOf(text, file, root);
  } catch (error) {
    if (error instanceof XmlError) {
      return refuse(`the file is not well-formed: ${reasonOf(error)}`, { line: error.line, column: error.column });
    }
    if (error instanceof RangeError) return refuse("the file is nested too deeply");
    throw error;
  }
}

/** What the parser complains of, without the names it quotes: in a broken file a part of a value may pass for one. */
function reasonOf({ message }: XmlError): string {
  const reason = message.replace(/(?:: [^\n]*| for element [^\n]*)? \(line \d+, column \d+\)\n.*$/s, "");
  return reason.charAt(0).toLowerCase() + reason.slice(1);
}

function documentOf(text: string, file: string, root: XmlElement): ProjectDocument {
  const name = child(root, "name");
  const description = child(root, "description");
  const holder = child(root, "project-extensions");
  const extensions = holder === undefined ? [] : children(holder, "extension").map((each) => extensionOf(text, each));
  const head = ["name", "description", "default-template", "parameters"].flatMap((each) => child(root, each) ?? []);
  const tagEnd = endOfStartTag(text, root.start);
  return {
    text,
    file,
    lineEnd: text[text.indexOf("\n") - 1] === "\r" ? "\r\n" : "\n",
    attributes: Object.entries(root.attributes),
    startTag: { start: root.start, end: tagEnd },
    selfClosing: tagEnd === root.end,
    name: name && { start: name.start, end: name.end, value: name.text },
    description: description && { start: description.start, end: description.end, value: description.text },
    parameters: parametersOf(text, root),
    extensionsElement: holder && holderOf(text, holder),
    extensions,
    byId: groupBy(extensions, ({ id }) => id),
    headEnd: Math.max(tagEnd, ...head.map((each) => each.end)),
  };
}

/** Gives offsets in a file's text their place. Lines are counted when the first place is asked for. */
export function createPlacer({ text, file }: Pick<ProjectDocument, "text" | "file">): (offset: number) => Place {
  let starts: number[] | undefined;
  return (offset) => {
    starts ??= [0, ...[...text.matchAll(/\n/g)].map((match) => match.index + 1)];
    let [line, above] = [0, starts.length];
    while (above - line > 1) {
      const middle = (line + above) >> 1;
      if ((starts[middle] as number) <= offset) line = middle;
      else above = middle;
    }
    return { file, line: line + 1, column: offset - (starts[line] as number) + 1 };
  };
}

export function isFinding(value: ProjectDocument | Finding): value is Finding {
  return "code" in value;
}

/** The texts of the parameters that an element holds, by name. */
export function textsOf(parameters: ParametersElement | undefined): Record<string, string> {
  return Object.fromEntries((parameters?.params ?? []).map(({ name, value }) => [name, value]));
}

function extensionOf(text: string, element: XmlElement): ExtensionElement {
  const { start, end, attributes } = element;
  return { start, end, id: attributes.id ?? "", type: attributes.type ?? "", parameters: parametersOf(text, element) };
}

function parametersOf(text: string, parent: XmlElement): ParametersElement | undefined {
  const element = child(parent, "parameters");
  if (element === undefined) return undefined;
  return {
    ...holderOf(text, element),
    params: children(element, "param").map((each) => ({
      start: each.start,
      end: each.end,
      name: each.attributes.name ?? "",
      value: each.attributes.value ?? each.text,
      spec: each.attributes.spec,
    })),
  };
}

function holderOf(text: string, { start, end }: XmlElement): Holder {
  const innerStart = endOfStartTag(text, start);
  return { start, end, inner: { start: innerStart, end: innerStart === end ? end : text.lastIndexOf("<", end - 1) } };
}

function child(parent: XmlElement, name: string): XmlElement | undefined {
  return children(parent, name)[0];
}

function children(parent: XmlElement, name: string): XmlElement[] {
  return parent.children.filter((each): each is XmlElement => each instanceof XmlElement && each.name === name);
}

/** The end of the tag that starts at an offset; a `>` inside a quoted value does not end it. */
function endOfStartTag(text: string, start: number): number {
  let quoteMark = "";
  for (let index = start; index < text.length; index++) {
    const character = text[index] as string;
    if (quoteMark !== "") quoteMark = character === quoteMark ? "" : quoteMark;
    else if (character === '"' || character === "'") quoteMark = character;
    else if (character === ">") return index + 1;
  }
  return text.length;
}
