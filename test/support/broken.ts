import fc from "fast-check";
import { connectionTypes } from "../../src/connections/index.js";
import { typesByKind } from "../../src/formats/features.js";
import { type ReadResult, readTeamCityXml, writeTeamCityXml } from "../../src/formats/teamcity-xml/index.js";
import { hasErrors } from "../../src/model/finding.js";
import { parseProject } from "../../src/model/parse.js";
import { startCount } from "./processor-time.js";

const types = typesByKind(connectionTypes);

/** A place in a text, as a share of its length. */
const share = fc.double({ min: 0, max: 1, noNaN: true });
const at = (text: string, where: number): number => Math.floor(where * text.length);

/** One way to break a text. */
type Mutation = (text: string) => string;

/** What breaks a text of any form. `pieces` are texts that mean something in that form. */
function mutations(pieces: readonly string[]): fc.Arbitrary<Mutation> {
  return fc.oneof(
    share.map(
      (end): Mutation =>
        (text) =>
          text.slice(0, at(text, end)),
    ),
    share.map(
      (start): Mutation =>
        (text) =>
          text.slice(at(text, start)),
    ),
    fc.tuple(share, fc.nat({ max: 15 })).map(
      ([where, bit]): Mutation =>
        (text) => {
          const index = at(text, where);
          return text.slice(0, index) + String.fromCharCode(text.charCodeAt(index) ^ (1 << bit)) + text.slice(index + 1);
        },
    ),
    spans.map(
      ([first, second]): Mutation =>
        (text) =>
          text.slice(0, at(text, second)) + text.slice(at(text, first)),
    ),
    spans.map(
      ([first, second]): Mutation =>
        (text) =>
          text.slice(0, at(text, first)) + text.slice(at(text, second)),
    ),
    fc.tuple(spans, share).map(
      ([[first, second], third]): Mutation =>
        (text) => {
          const [a, b, c] = [at(text, first), at(text, second), at(text, Math.max(second, third))];
          return text.slice(0, a) + text.slice(b, c) + text.slice(a, b) + text.slice(c);
        },
    ),
    fc.tuple(share, fc.constantFrom(...pieces), fc.constantFrom(1, 1, 1, 2, 50, 5000)).map(
      ([where, piece, times]): Mutation =>
        (text) =>
          text.slice(0, at(text, where)) + piece.repeat(times) + text.slice(at(text, where)),
    ),
    fc.tuple(share, fc.string({ unit: "binary", maxLength: 20 })).map(
      ([where, noise]): Mutation =>
        (text) =>
          text.slice(0, at(text, where)) + noise + text.slice(at(text, where)),
    ),
    fc.constantFrom<Mutation>(
      (text) => `\ufeff${text}`,
      (text) => text.replaceAll("\n", "\r\n"),
      (text) => text.replaceAll("\n", "\r"),
      (text) => Buffer.from(text, "utf16le").toString("latin1"),
      (text) => Buffer.from(text, "utf8").toString("latin1"),
      (text) => text.replaceAll('"', "'"),
    ),
  );
}

const spans = fc.tuple(share, share).map(([a, b]): [number, number] => (a < b ? [a, b] : [b, a]));

/** Texts made from others by up to four mutations. */
export function broken(sources: readonly string[], pieces: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...sources), fc.array(mutations(pieces), { minLength: 1, maxLength: 4 }))
    .map(([source, steps]) => steps.reduce((text, step) => step(text), source));
}

export const xmlPieces: readonly string[] = [
  "<",
  ">",
  "&",
  "&lt;",
  "&#0;",
  "&#x1F600;",
  "&undefined;",
  "]]>",
  "<![CDATA[",
  "<!--",
  "-->",
  "<?pi?>",
  '"',
  "<a>",
  "</a>",
  "<project>",
  "</project>",
  "<parameters>",
  '<param name="secure:x" value="y"/>',
  '<param name="a" value="b">c</param>',
  '<extension id="A" type="OAuthProvider">',
  "</extension>",
  '<project parent-id="_Root">',
  '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
  '<!DOCTYPE a SYSTEM "file:///etc/passwd">',
  '<!DOCTYPE a [<!ENTITY a SYSTEM "http://127.0.0.1:9/">]>',
  "\ud800",
  "\udc00",
  "\u0000",
  "\u2028",
  "😀",
];

/** What became of an input. */
export type Verdict = "settings" | "findings";

/** How much processor time one input may take, in milliseconds. */
export const MOST_MS = 2000;

/** Throws what is wrong about reading a `project-config.xml`: it may end in findings, or in settings that compile to its bytes. */
export function verdictOfXml(text: string): Verdict {
  const file = "Shop/project-config.xml";
  const read = inTime(() => readTeamCityXml(new Map([[file, text]]), types));
  const verdict = verdictOf(read);
  if (read.settings === undefined) return verdict;
  const written = inTime(() => writeTeamCityXml(read.settings as never, { types, existing: () => text }));
  if (written.files.get(file) !== text) throw new Error("compiling changes the file");
  return verdict;
}

/** Throws if a result is neither valid settings nor a finding of an error. */
export function verdictOf({ settings, findings }: ReadResult): Verdict {
  if (settings === undefined) {
    if (!hasErrors(findings)) throw new Error("there are neither settings nor an error");
    return "findings";
  }
  const [wrong] = parseProject(settings.project, connectionTypes).findings;
  if (wrong !== undefined) throw new Error(`the settings are not valid: ${wrong.code} ${wrong.message}`);
  return "settings";
}

/** Runs something that must not take too long. */
function inTime<Result>(run: () => Result): Result {
  const count = startCount();
  const result = run();
  assertInTime(count());
  return result;
}

function assertInTime(ms: number): void {
  if (ms > MOST_MS) throw new Error(`it took ${Math.round(ms)} ms`);
}

export const kotlinPieces: readonly string[] = [
  "{",
  "}",
  "(",
  ")",
  '"',
  '"""',
  "${",
  "$x",
  "\\",
  "\\u12",
  "`",
  "/*",
  "*/",
  "//",
  "@",
  "project {",
  "features {",
  "awsConnection {",
  'param("a", "b")',
  "object X : Project({",
  "subProject(X)",
  "import a.b.*",
  "import a.b as c",
  'val x = "a" + ',
  "const val x = x",
  "credentialsType = static {",
  "if (true) ",
  "for (i in 1..9) ",
  ".trimIndent()",
  "\ud800",
  "\u0000",
  "😀",
];

/** Throws what is wrong about reading a `settings.kts`: it may end in findings or in valid settings. */
export async function verdictOfKotlin(text: string): Promise<Verdict> {
  const { readKotlinDsl } = await import("../../src/formats/kotlin/read.js");
  const count = startCount();
  const read = await readKotlinDsl(new Map([["settings.kts", text]]), { types, projectId: "Shop" });
  assertInTime(count());
  return verdictOf(read);
}
