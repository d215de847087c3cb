import { describe, expect, test } from "vitest";
import { evaluated, read, readBody } from "./support/kotlin-reading.js";
import { startCount } from "./support/processor-time.js";

describe("input that is broken or hostile", () => {
  test("what stands around a syntax error is read", async () => {
    const { project, findings } = await readBody(`features {
      dockerRegistry { id = "a"; name = "a" }
      dockerRegistry { id = "b"; name = = "b" }
      dockerRegistry { id = "c"; name = "c" }
    }`);
    expect(findings[0]).toBe("PB312 settings.kts:5 a syntax error");
    expect(project?.connections.map((each) => each.id)).toEqual(expect.arrayContaining(["a", "c"]));
  });

  test("nothing to import", async () => {
    expect(await read({})).toEqual({ project: undefined, findings: ["PB310 : no settings.kts declares a project"] });
    expect(await read({ "pom.xml": "<project/>", "settings.kts": 'version = "2023.11"' })).toEqual({
      project: undefined,
      findings: ["PB310 : no settings.kts declares a project"],
    });
    const found = await read({ "settings.kts": "project(_Self.Project)" });
    expect(found.findings).toEqual([
      "PB308 settings.kts:1 there is a call of `project`, which may declare projects",
      "PB310 : no settings.kts declares a project",
    ]);
  });

  test("several top projects, and parents in a circle", async () => {
    const script = (id: string, parent: string): string => `project { uuid = "u"; id = "${id}"; parentId = "${parent}" }`;
    const two = { "A/settings.kts": script("A", "_Root"), "B/settings.kts": script("B", "_Root") };
    expect((await read(two)).findings).toEqual(["PB310 : the folder holds several top projects: A, B"]);
    expect((await read(two, "B")).project?.id).toBe("B");
    const twice = await read({ "settings.kts": "project {}\nproject {}" });
    expect(twice.findings).toEqual(["PB310 : the folder holds several top projects: Shop, Shop"]);
    const circle = { "A/settings.kts": script("A", "B"), "B/settings.kts": script("B", "A") };
    expect((await read(circle)).findings).toEqual(["PB310 : the projects' parents form a circle"]);
  });

  const nested = (open: string, inner: string, close: string, times: number): string =>
    `project { name = ${open.repeat(times)}${inner}${close.repeat(times)} }`;
  const doubled = Array.from({ length: 40 }, (_, index) => `val a${index + 1} = "$a${index}$a${index}"`).join("\n");
  test.each([
    ["parentheses", nested("(", '"x"', ")", 20_000), "PB308"],
    // Whether they are too deep, or take too long before, depends on the machine.
    ["more parentheses", nested("(", '"x"', ")", 100_000), /^PB(308|312)$/],
    ["templates in templates", nested('"${', '"x"', '}"', 5_000), "PB308"],
    ["braces", "{".repeat(100_000), "PB312"],
    ["open parentheses", "(".repeat(100_000), "PB312"],
    ["lambdas", `project {${"features {".repeat(20_000)}${"}".repeat(20_001)}`, "PB315"],
    ["backslashes", "\\".repeat(400_000), "PB312"],
    ["dollars", "$".repeat(400_000), "PB312"],
    ["comments in comments", "/*".repeat(200_000), "PB312"],
    ["text that doubles", `val a0 = "0123456789"\n${doubled}\nproject { name = a40 }`, "PB308"],
    [
      "a chain of constants",
      `${Array.from({ length: 10_000 }, (_, i) => `val a${i} = a${i + 1}`).join("\n")}\nproject { name = a0 }`,
      "PB308",
    ],
    [
      "one text many times",
      `val a = "${"x".repeat(60_000)}"\nproject { features { feature { id = "f"; type = "t"\n${Array.from({ length: 10_000 }, (_, i) => `param("p${i}", "$a.")`).join("\n")}\n} } }`,
      "PB308",
    ],
    ["100 MB", " ".repeat(100 * 2 ** 20), "PB312"],
    [
      "unbalanced braces and quotes",
      '{""\n""{}\n   }\n    }\n\n  {\n        x y z"\n            a = "1"\n  b = "2"\n }\n })\n',
      "PB312",
    ],
  ])("%s end soon in a finding", async (_, text, code) => {
    await read({ "settings.kts": "project {}" });
    const count = startCount();
    const { findings } = await read({ "settings.kts": text });
    expect(count()).toBeLessThan(4000);
    expect(findings.map((each) => each.slice(0, 5))).toContainEqual(expect.stringMatching(code));
  });

  test("a file that is too large says so, and a long sum is no nesting", async () => {
    expect((await read({ "settings.kts": "x".repeat(2 ** 19 + 1) })).findings[0]).toBe(
      "PB312 settings.kts: the file is larger than 512 KiB",
    );
    expect(await evaluated(`"a"${' + "b"'.repeat(20_000)}`)).toHaveLength(20_001);
  });
});

describe("Kotlin that says more than its length", () => {
  test("a text of 150,000 escapes", async () => {
    const { project } = await readBody(`description = "${"\\n".repeat(60_000)}"`);
    expect(project?.description).toHaveLength(60_000);
  });

  test("an object that is named 20,000 times", async () => {
    const object = `object F : ProjectFeature({ id = "F"; type = "t"\n${'param("a", "b")\n'.repeat(5000)}})`;
    const { findings } = await readBody(`features {\n${"feature(F)\n".repeat(20_000)}}`, object);
    expect(findings.some((each) => each.endsWith("there is more than an import reads"))).toBe(true);
  });

  test("long chains of names", async () => {
    const chain = `a${".a".repeat(450)}`;
    const { project } = await readBody(`features { feature { id = "F"; type = "t"; ${`param("a", ${chain});`.repeat(50)} } }`);
    expect(project?.features[0]?.params).toEqual({ a: "NOT-IMPORTED settings.kts:3" });
  });

  test("a secret that is a parameter reference is a placeholder", async () => {
    const { project, findings } = await readBody(`features { dockerRegistry { id = "D"; name = "d"; password = "%pass%" } }`);
    expect(findings).toEqual(['PB308 settings.kts:3 `secure:userPass` of "D" is a parameter reference, which no secret can be']);
    expect(project?.connections[0]?.settings).toMatchObject({ password: { $secret: "NOT-IMPORTED/settings.kts/3" } });
  });
});
