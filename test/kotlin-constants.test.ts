import { describe, expect, test } from "vitest";
import { evaluated, placeholders, read, readBody } from "./support/kotlin-reading.js";

describe("constants", () => {
  test.each([
    ['"a\\t\\b\\n\\r\\\'\\"\\\\\\$b\\u00e9"', "a\t\b\n\r'\"\\$bé"],
    ['"costs $ 5 and $5"', "costs $ 5 and $5"],
    ['"${\'$\'}x ${"$"}y"', "$x $y"],
    ['"""raw \\n "quoted" ${\'$\'}x"""', 'raw \\n "quoted" $x'],
    ['"""ends in a quote""""', 'ends in a quote"'],
    ['"""""a""""" + """""""" + """"${A}"""" /* """ /* " */ */ + """"""" // """"', '""a""' + '""' + '"a"' + '"'],
    ['"""\n        a\n          b\n\n        c\n    """.trimIndent()', "a\n  b\n\nc"],
    ['"""\n    |a\n      |b\n    c\n  """.trimMargin()', "a\nb\n    c"],
    ['"""\n    # a\n""".trimMargin("# ")', "a"],
    ['("a" + ("b")) + \'c\' + 1 + true', "abc1true"],
    ["(1 + 2).toString()", "3"],
    ["1_000.toString()", "1000"],
    ['"${-3}"', "-3"],
    ['"$A ${A}B $`A`"', "a aB a"],
    ['"$é"', "accent"],
    ["C.X + C.`in`", "xy"],
    ['"in ${DslContext.projectId}"', "in Shop"],
    ['AbsoluteId("Other").toString() + RelativeId("Web")', "OtherShop_Web"],
    ['"héllo 😀 $A ${A}"', "héllo 😀 a a"],
  ])("%s", async (expression, value) => {
    const constants = `val A = "a"\nval é = "accent"\nobject C { const val X = "x"; val \`in\` = "y" }`;
    expect(await evaluated(expression, constants)).toBe(value);
  });

  test("carriage returns in a file are line feeds in a text, and a byte-order mark is nothing", async () => {
    expect((await read({ "settings.kts": '\uFEFFproject {\r\n name = """a\r\nb"""\r\n}\r\n' })).project?.name).toBe("a\nb");
  });

  test("a name means what is nearest, then what is imported, then what the package has", async () => {
    const constants = 'package p\nval a = "package"\nval b = "package"\nval c = "package"';
    const own = 'import p.a\nimport p.*\nimport q.b\nimport p.c as d\nval a = "file"';
    const files = { "p/C.kt": constants, "q/C.kt": 'package q\nval b = "imported"' };
    const name = async (expression: string): Promise<string | undefined> =>
      (await read({ ...files, "settings.kts": `${own}\nproject {\nval x = "near"\nname = ${expression}\n}` })).project?.name;
    expect(await name("x")).toBe("near");
    expect(await name("a")).toBe("package");
    expect(await name("b")).toBe("imported");
    expect(await name("c")).toBe("package");
    expect(await name("d + p.b")).toBe("packagepackage");
  });

  test.each([
    ["missing", "`missing`, which is not a constant of these files"],
    ["System.getenv()", "a call of `getenv`"],
    ['if (true) "a" else "b"', "an `if`"],
    ['listOf("a")[0]', "calculated"],
    ["0x1F", "a number that is not plain"],
    ["2147483647 + 1", "calculated"],
    ['"\\q"', "a text that is not understood"],
    ['"a".repeat(3)', "a call of `repeat`"],
    ["a", "`a`, which is not a constant of these files"],
    ["lazily", "a property that is calculated"],
    ["variable", "a property that is calculated"],
    ["null", "`null`, which is not a constant of these files"],
  ])("%s is none", async (expression, what) => {
    const constants = 'val a = b\nval b = a\nval lazily by lazy { "x" }\nvar variable = "x"';
    expect(await evaluated(expression, constants)).toBe(`PB308 settings.kts:6 \`name\` is ${what}`);
  });
});

describe("Kotlin that the grammar alone does not take", () => {
  test.each([
    ['object A { val x = "p" }\nobject B { val x = "q" }', "B.x", "q"],
    ['class C { companion object { const val Y = "y" } }\nval v = "v"', "v", "v"],
    ["enum class E { A, B; fun x() = 1 }\nval v = 1", "v", "1"],
    ["val v = 1;;", "v", "1"],
    ['@file:Suppress("unused")\nval v = "}"; val w = """ } """', "v + w", "} } "],
  ])("%s", async (before, expression, expected) => {
    const { project, findings } = await readBody(`description = ${expression}`, before);
    expect(findings).toEqual([]);
    expect(project?.description).toBe(expected);
  });

  test("what it does not take at all is a warning, and leaves a placeholder", async () => {
    const { project, findings } = await read({
      "settings.kts": 'project { features { dockerRegistry { id = "D"; name = "d" } } }',
      "x/X.kt": "val \u65e5 = 1",
    });
    expect(findings).toEqual(["PB312 x/X.kt:1 a syntax error"]);
    expect(project?.connections.map((each) => each.id)).toEqual(["D"]);
    expect(project?.features).toEqual(placeholders("x/X.kt:1"));
  });
});
