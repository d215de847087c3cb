/** Text details of TeamCity's XML files: what its writer (JDOM) escapes, and where it uses CDATA. */

/** A character that XML 1.0 cannot hold: control characters and halves of surrogate pairs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters looked for
const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** The first character of a text that XML cannot hold, as `U+0000`. */
export function forbiddenCharacter(text: string): string | undefined {
  const found = FORBIDDEN.exec(text)?.[0];
  return found === undefined ? undefined : `U+${found.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
}

const attributeEntities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\t": "&#x9;",
  "\n": "&#xA;",
  "\r": "&#xD;",
};

export function escapeAttribute(text: string): string {
  return /[&<>"\t\n\r]/.test(text) ? text.replace(/[&<>"\t\n\r]/g, (each) => attributeEntities[each] as string) : text;
}

export function escapeText(text: string): string {
  return text.replace(/[&<>\r]/g, (each) => attributeEntities[each] as string);
}

/**
 * A CDATA section; TeamCity uses one for a parameter's value with a line break. How it writes `]]>` and carriage
 * returns there is not known: sections are split, which every reader puts together again.
 */
export function cdata(text: string): string {
  return `<![CDATA[${text.replaceAll("]]>", "]]]]><![CDATA[>").replaceAll("\r", "]]>&#xD;<![CDATA[")}]]>`;
}
