import { kotlinName, kotlinString } from "./strings.js";

/** Lines of Kotlin. A text of several lines is indented line by line. */
export type Lines = readonly string[];

/** A call with a body in braces. */
export function block(call: string, body: Lines): Lines {
  return [`${call} {`, ...indent(body), "}"];
}

/** `object Name : Project({ … })`. */
export function projectObject(name: string, body: Lines): Lines {
  return [`object ${name} : Project({`, ...indent(body), "})"];
}

/** `name = "text"`. */
export function textProperty(name: string, text: string): Lines {
  return [`${kotlinName(name)} = ${kotlinString(text)}`];
}

/** `param("name", "text")`. */
export function paramCall(name: string, text: string): Lines {
  return [`param(${kotlinString(name)}, ${kotlinString(text)})`];
}

function indent(lines: Lines): Lines {
  return lines.flatMap((each) => each.split("\n").map((line) => (line === "" ? "" : `    ${line}`)));
}
