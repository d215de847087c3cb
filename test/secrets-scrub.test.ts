import { join } from "node:path";
import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { beginRun, knownSecrets, Redacted } from "../src/model/redacted.js";
import { quote } from "../src/model/text.js";
import { scrub } from "../src/secrets/scrub.js";
import { execute, root, Workspace } from "./support/workspace.js";

const pem = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgevZzL1gdAFr88hb2
OF/2NxApJCzGCEDdfSp6VQO30hyhRANCAAQRWz+jn65BtOMvdyHKcvjBeBSDZH2r
1RTwjmYSi9R/zpBnuQ4EiMnCqfMPWiZqB4QdbAd0E7oH50VpuZ1P087G
-----END PRIVATE KEY-----
`;

/** Ways in which a value gets into a text. */
const writers: Readonly<Record<string, (value: string) => string>> = {
  "as it is": (value) => value,
  JSON: (value) => JSON.stringify({ error: `bad ${value}!` }),
  "JSON in JSON": (value) => JSON.stringify({ body: JSON.stringify({ error: value }) }),
  "an inspected error": (value) => inspect(Object.assign(new Error("failed"), { body: value })),
  XML: (value) =>
    `<a b="${value
      .replace(/[&<>]/g, (each) => ({ "&": "&amp;", "<": "&lt;" })[each] ?? "&gt;")
      .replace(/["'\t\r\n]/g, (each) => `&#${each.charCodeAt(0)};`)}"/>`,
  encodeURIComponent: (value) => `?token=${encodeURIComponent(value)}&x=1`,
  "a form": (value) => new URLSearchParams({ a: "1", secret: value, b: "2" }).toString(),
  "lower-case percent": (value) => encodeURIComponent(value).replace(/%../g, (code) => code.toLowerCase()),
  "percent for every byte": (value) => percentEncode(value),
  "percent, encoded again and again": (value) => encodeURIComponent(encodeURIComponent(percentEncode(value))),
  "a path": (value) => new URL(`http://host/x/${value.replace(/[?#]/g, encodeURIComponent)}/y`).href,
  "a query": (value) => new URL(`http://host/?token=${value.replaceAll("#", "%23")}&x=1`).href,
  "small letters": (value) => lowerAscii(value),
  hexadecimal: (value) => Buffer.from(value).toString("hex"),
  "an inspected buffer": (value) => inspect({ body: Buffer.from(value) }),
  "a Basic header": (value) => `Basic ${Buffer.from(`user:${value}`).toString("base64")}`,
  "a Basic header in an address": (value) => encodeURIComponent(Buffer.from(`user:${value}`).toString("base64")),
  "a line of TeamCity": (value) =>
    `##teamcity[message text='${value
      .replace(/['|[\]]/g, "|$&")
      .replaceAll("\n", "|n")
      .replaceAll("\r", "|r")}']`,
};

function percentEncode(text: string): string {
  return Buffer.from(text).toString("hex").replace(/../g, "%$&");
}

function lowerAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** Values as services make them, and with whatever has to be escaped somewhere. */
const values = fc
  .oneof(
    fc.base64String({ minLength: 8, maxLength: 60 }).filter((each) => each.length >= 8),
    fc.string({ unit: fc.constantFrom(..."abcXYZ0123456789-_~!*'()\"&<>%+/ \\|[]=é€😀"), minLength: 8, maxLength: 40 }),
  )
  .filter((each) => each.trim().length >= 8 && !each.includes("[secret "));

/** A value of an earlier case may be a part of what is written in this one. */
function forgetAll(): void {
  beginRun()();
}

describe("the scrubber", () => {
  it("leaves a text alone in which nothing is known", () => {
    const text = "nothing secret in here, [secret of/none] and all";
    expect(scrub(text)).toBe(text);
  });

  it("forgets all values when the last run ends, and learns them anew", () => {
    const [endFirst, endSecond] = [beginRun(), beginRun()];
    new Redacted("value of a run", "first");
    expect(scrub("a value of a run")).toBe("a [secret first]");
    endFirst();
    endFirst();
    expect(scrub("a value of a run")).toBe("a [secret first]");
    endSecond();
    expect(knownSecrets().size).toBe(0);
    expect(scrub("a value of a run")).toBe("a value of a run");
    new Redacted("value of a run", "second");
    expect(scrub("a value of a run")).toBe("a [secret second]");
  });

  it.each(Object.entries(writers))("finds any value in %s", (_, write) => {
    fc.assert(
      fc.property(values, (value) => {
        forgetAll();
        const secret = new Redacted(value, "any/value");
        const text = `before ${write(value)} after`;
        const scrubbed = scrub(text);
        expect(scrubbed).not.toContain(value);
        expect(scrubbed).toContain(`${secret}`);
        expect(scrubbed.startsWith("before ") && scrubbed.endsWith(" after")).toBe(true);
        expect(scrub(scrubbed)).toBe(scrubbed);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    "escaped by hand &amp;&lt;&gt;&quot;&apos;",
    "&amp;&lt;&gt;&quot;&#39;",
    "&amp;&lt;&gt;&quot;&#x27;",
    "&amp;&lt;&gt;\"'",
  ])("knows the escapes of XML: %s", (escaped) => {
    new Redacted(`${"xml-value-"}&<>"'`, "xml");
    expect(scrub(`<failure>xml-value-${escaped.slice(escaped.indexOf("&"))}</failure>`)).toBe("<failure>[secret xml]</failure>");
  });

  it("finds a value in base64 and base64url wherever it begins in what is encoded", () => {
    const value = "p4ss?>~wörd+value";
    new Redacted(value, "aligned");
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), fc.uint8Array({ maxLength: 12 }), fc.boolean(), (before, after, isUrl) => {
        const encoded = Buffer.concat([before, Buffer.from(value), after]).toString(isUrl ? "base64url" : "base64");
        // The characters beside the value hold some of its bits: all of the base64 text is replaced.
        expect(scrub(`Basic '${encoded}'`)).toBe("Basic '[secret aligned]'");
      }),
    );
  });

  it("finds a key line by line, in one line, with escaped line breaks and in base64", () => {
    new Redacted(pem, "github/key");
    const body = pem.split("\n").slice(1, -2);
    for (const text of [
      pem,
      pem.trim(),
      pem.replaceAll("\n", "\r\n"),
      pem.replaceAll("\n", "\\n"),
      body.join(""),
      body.map((each) => `  > ${each}`).join("\n"),
      JSON.stringify({ key: pem }),
      Buffer.from(pem).toString("base64"),
    ]) {
      const scrubbed = scrub(text);
      expect(scrubbed).toContain("[secret github/key]");
      for (const line of body) expect(scrubbed).not.toContain(line.slice(0, 20));
    }
    expect(scrub("expected -----BEGIN PRIVATE KEY-----")).toBe("expected -----BEGIN PRIVATE KEY-----");
  });

  it("finds a key that was stored with escaped line breaks where it is written with real ones", () => {
    const key = pem.replace("evZzL1gdAFr88hb2", "abcdefgh12345678").trim().replaceAll("\n", "\\n");
    new Redacted(key, "escaped/key");
    expect(scrub(key.replaceAll("\\n", "\n"))).not.toContain("abcdefgh12345678");
  });

  it("finds what a message has cut", () => {
    const value = `${"cut-".repeat(30)}end`;
    new Redacted(value, "long");
    expect(scrub(`found ${quote(value)}, which`)).toBe('found "[secret long]…", which');
  });

  it.each([
    ["a path", 'Canary"x^y|z[12]Tail', "http://host/Canary%22x^y|z[12]Tail/rest", "http://host/[secret it]/rest"],
    ["a path that escapes without need", "can_ary-value", "/c%61n%5Fary%2dvalue", "/[secret it]"],
    ["bytes that are no UTF-8 around it", "can_ary-value", "%ff%E9can%5fary-value%ff", "%ff%E9[secret it]%ff"],
    ["a path with slashes", "can\\ary-value", "http://host/can/ary-value", "http://host/[secret it]"],
    ["the name of a host", "Canary-Value", "https://canary-value.example.com/", "https://[secret it].example.com/"],
    ["the name of a host outside ASCII", "Kanärie-Wert", new URL("https://Kanärie-Wert/").href, "https://[secret it]/"],
    [
      "the error of JSON.parse",
      "canary-value-1234",
      `Unexpected token 'c', "canary-val"... is`,
      `Unexpected token 'c', "[secret it]"... is`,
    ],
    ["a Basic header", "canary-value", `'Basic ${btoa("cli:canary-value")}'`, "'Basic [secret it]'"],
    [
      "the lines of a property",
      "short-line\nother-line\n",
      "a: 'short-line\\n' +\n  'other-line\\n'",
      "a: '[secret it]\\n' +\n  '[secret it]\\n'",
    ],
  ])("finds a value in %s", (_, value, text, expected) => {
    forgetAll();
    new Redacted(value, "it");
    expect(scrub(text)).toBe(expected);
  });

  it("works on if it is given what is no text, and after that", () => {
    forgetAll();
    for (const wrong of [undefined, null, 5, {}, ["canary-value"]])
      expect(() => new Redacted(wrong as never, "odd")).toThrow(new TypeError("the value of odd is no text"));
    new Redacted("canary-value", "good");
    expect(scrub("a canary-value")).toBe("a [secret good]");
  });

  it("replaces overlapping values as a whole, under the name of the longest", () => {
    new Redacted("first-half-shared", "one");
    new Redacted("shared-and-second-half", "two");
    new Redacted("half-shared-and", "inner");
    expect(scrub("<first-half-shared-and-second-half>")).toBe("<[secret two]>");
    expect(scrub("first-half-sharedfirst-half-shared")).toBe("[secret one][secret one]");
  });

  it("does not touch its own marks, and is not fooled by marks that are none", () => {
    new Redacted("docker/token", "docker/token");
    expect(scrub("docker/token and [secret docker/token]")).toBe("[secret docker/token] and [secret docker/token]");
    new Redacted("sneaky-value", "sneaky");
    expect(scrub("[secret sneaky-value]")).toBe("[secret [secret sneaky]]");
  });

  it("leaves values of three characters and fewer, which are parts of words", () => {
    new Redacted("abc", "short");
    new Redacted("", "empty");
    new Redacted("wxyz", "four");
    expect(scrub("abc wxyz")).toBe("abc [secret four]");
  });

  it("takes time by the text, not by text and secrets", { timeout: 60_000 }, () => {
    // 10,000 values that share their start, as tokens of one provider do.
    for (let index = 0; index < 10_000; index++) new Redacted(`tok_live_${index}_${"z".repeat(20)}`, `bulk/${index}`);
    const line = "an ordinary line of a report with tok_live_ in it, tok_live_77_ and tok_live_9999_zz, and nothing secret\n";
    const text = line.repeat(Math.ceil((10 * 2 ** 20) / line.length));
    expect(scrub(`${text}tok_live_4711_${"z".repeat(20)}`)).toBe(`${text}[secret bulk/4711]`);
  });
});

describe("guarded output", () => {
  it("is scrubbed, text and bytes, and so is an error that nobody catches", async () => {
    const space = new Workspace();
    const program = `
      import { Redacted } from ${JSON.stringify(join(root, "src/model/redacted.ts"))};
      import { guardOutput } from ${JSON.stringify(join(root, "src/secrets/guard.ts"))};
      guardOutput();
      guardOutput();
      new Redacted("canary-value-1234", "canary");
      process.stdout.write("text canary-value-1234\\n");
      process.stdout.write(Buffer.from("bytes canary-value-1234 é\\n"));
      process.stdout.write(Buffer.from([0xff, 0xfe, ...Buffer.from("canary-value-1234"), 0x0a]));
      console.error("console %o", { token: "canary-value-1234" });
      const fail = process.argv[2];
      const error = Object.assign(new Error("failed for canary-value-1234"), { body: "canary-value-1234", cause: new Error("canary-value-1234") });
      if (fail === "throw") setImmediate(() => { throw error; });
      else Promise.reject(error);
    `;
    space.write("guarded.mts", program);
    for (const way of ["throw", "reject"]) {
      const { code, stdout, stderr } = await execute(
        process.execPath,
        ["--import", import.meta.resolve("tsx"), join(space.folder, "guarded.mts"), way],
        space.folder,
      );
      expect(stdout + stderr).not.toContain("canary-value-1234");
      expect(stdout).toContain("text [secret canary]\nbytes [secret canary] é\n");
      expect(stderr).toContain("console { token: '[secret canary]' }");
      expect(stderr).toContain("failed for [secret canary]");
      expect(code).toBe(70);
    }
  });
});
