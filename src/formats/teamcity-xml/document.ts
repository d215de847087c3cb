import { parseXml, XmlElement, XmlError } from "@rgrove/parse-xml";
import { type Finding, finding } from "../../model/finding.js";

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

export interface ExtensionElement extends Span {
  readonly id: string;
  readonly type: string;
  readonly params: Readonly<Record<string, string>>;
}

/** A `project-config.xml` as it stands in a file: what it says, and where. Everything else is kept as text. */
export interface ProjectDocument {
  readonly text: string;
  /** The attributes of the root element, in their order. */
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly startTag: Span;
  readonly name: (Span & { readonly value: string }) | undefined;
  readonly description: (Span & { readonly value: string }) | undefined;
  readonly parameters: (Span & { readonly params: readonly ParamElement[] }) | undefined;
  readonly extensionsElement: Span | undefined;
  readonly extensions: readonly ExtensionElement[];
  /** Where a child may be put that none of the others precedes: the end of the last of `name`, `description`, `default-template`, `parameters`. */
  readonly headEnd: number;
}

/** Parses the text of a `project-config.xml`. No entity is expanded and nothing is fetched. */
export function parseProjectConfig(text: string): ProjectDocument | Finding {
  let root: XmlElement;
  try {
    const parsed = parseXml(text, { includeOffsets: true }).root;
    if (parsed === null) return finding("PB302", "the file has no root element");
    root = parsed;
  } catch (error) {
    if (error instanceof XmlError) {
      return finding("PB302", error.message.split("\n")[0] as string, {
        place: { file: "", line: error.line, column: error.column },
      });
    }
    if (error instanceof RangeError) return finding("PB302", "the file is nested too deeply");
    throw error;
  }
  if (root.name !== "project") return finding("PB302", `the root element is <${root.name.slice(0, 40)}>, not <project>`);
  const child = (name: string): XmlElement | undefined => elements(root).find((each) => each.name === name);
  const name = child("name");
  const description = child("description");
  const parameters = child("parameters");
  const extensions = child("project-extensions");
  const head = ["name", "description", "default-template", "parameters"].flatMap((each) => child(each) ?? []);
  const tagEnd = endOfStartTag(text, root.start);
  return {
    text,
    attributes: Object.entries(root.attributes),
    startTag: { start: root.start, end: tagEnd },
    name: name && { start: name.start, end: name.end, value: name.text },
    description: description && { start: description.start, end: description.end, value: description.text },
    parameters: parameters && { start: parameters.start, end: parameters.end, params: paramElements(parameters) },
    extensionsElement: extensions && { start: extensions.start, end: extensions.end },
    extensions:
      extensions === undefined
        ? []
        : elements(extensions)
            .filter((each) => each.name === "extension")
            .map(extensionOf),
    headEnd: Math.max(tagEnd, ...head.map((each) => each.end)),
  };
}

export function isFinding(value: ProjectDocument | Finding): value is Finding {
  return "code" in value;
}

function extensionOf(element: XmlElement): ExtensionElement {
  const parameters = elements(element).find((each) => each.name === "parameters");
  const params: Record<string, string> = {};
  for (const { name, value } of parameters === undefined ? [] : paramElements(parameters)) params[name] = value;
  return { start: element.start, end: element.end, id: element.attributes.id ?? "", type: element.attributes.type ?? "", params };
}

function paramElements(parameters: XmlElement): ParamElement[] {
  return elements(parameters)
    .filter((each) => each.name === "param")
    .map((each) => ({
      start: each.start,
      end: each.end,
      name: each.attributes.name ?? "",
      value: each.attributes.value ?? each.text,
      spec: each.attributes.spec,
    }));
}

function elements(parent: XmlElement): XmlElement[] {
  return parent.children.filter((each): each is XmlElement => each instanceof XmlElement);
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
