import { describe, expect, it } from "vitest";
import type { Edit } from "../src/formats/typescript/edit.js";
import { docker, edit, file, inProject, role, set } from "./support/edited.js";

describe("refused, with the place", () => {
  const inBody = (body: string, head = ""): string =>
    `import { project, secret } from "plugboard";\n${head}export default project("P", ({ dockerRegistry, awsConnection, subProject }) => {\n${body}\n});\n`;
  const d = inProject("P", "D");
  const name = set(d, "displayName", "new");

  it.each<[string, string, Edit, RegExp, number, number]>([
    [
      "a spread",
      inBody('dockerRegistry("D", { ...base, displayName: "d" });', "const base = {};\n"),
      name,
      /something computed/,
      4,
      23,
    ],
    [
      "settings in a variable",
      inBody('dockerRegistry("D", base);', 'const base = { displayName: "d" };\n'),
      name,
      /not written out/,
      4,
      21,
    ],
    ["settings from a function", inBody('dockerRegistry("D", make());'), name, /not written out/, 3, 21],
    ["a computed name", inBody('dockerRegistry("D", { ["displayName"]: "d" });'), name, /something computed/, 3, 23],
    ["a calculated value", inBody('dockerRegistry("D", { displayName: "d" + 1 });'), name, /`displayName` is computed/, 3, 36],
    ["a template", inBody('dockerRegistry("D", { displayName: `${d}` });'), name, /`displayName` is computed/, 3, 36],
    [
      "a parameter",
      'import { input, project, settings } from "plugboard";\nexport default settings({ n: input.text() }, ({ n }) => project("P", ({ dockerRegistry }) => {\n  dockerRegistry("D", { displayName: n });\n}));\n',
      name,
      /`displayName` is computed/,
      3,
      38,
    ],
    ["a method", inBody('dockerRegistry("D", { displayName() {} });'), name, /computed/, 3, 23],
    ["a computed ID", inBody('dockerRegistry(`D${1}`, { displayName: "d" });'), name, /this one is computed/, 3, 1],
    ["an ID that is not there", inBody('dockerRegistry("E", { displayName: "d" });'), name, /declares no connection "D"/, 2, 16],
    ["a project that is not there", inBody(""), set(inProject("Q", "D"), "displayName", "n"), /no project .* "Q"/, 0, 0],
    ["a loop", inBody('for (const id of ["D"]) {\n  dockerRegistry("D", { displayName: id });\n}'), name, /in a loop/, 4, 3],
    [
      "a callback",
      inBody('["D"].forEach(() => {\n  dockerRegistry("D", { displayName: "d" });\n});'),
      name,
      /in a function/,
      4,
      3,
    ],
    ["a condition", inBody('if (true) {\n  dockerRegistry("D", { displayName: "d" });\n}'), name, /under a condition/, 4, 3],
    [
      "a project in a loop",
      inBody('for (const x of [1]) subProject("Q", ({ dockerRegistry }) => { dockerRegistry("D", { displayName: "d" }); });'),
      set(inProject("Q", "D"), "displayName", "n"),
      /in a loop/,
      3,
      22,
    ],
    [
      "an ID twice",
      inBody('dockerRegistry("D", { displayName: "d" });\ndockerRegistry("D", { displayName: "d" });'),
      name,
      /twice/,
      4,
      1,
    ],
    [
      "a connection inside of something else",
      inBody('use(dockerRegistry("D", { displayName: "d" }));'),
      { action: "remove", ...d },
      /part of something else/,
      3,
      5,
    ],
    [
      "an ID that is taken",
      inBody('dockerRegistry("D", { displayName: "d" });'),
      { action: "add", projectId: "P", connection: docker("D") },
      /has a connection "D" already/,
      2,
      16,
    ],
    [
      "a reference to nothing",
      inBody('dockerRegistry("D", { displayName: "d" });'),
      { action: "add", projectId: "P", connection: role("R", "Gone") },
      /"Gone", which is referred to/,
      2,
      16,
    ],
    [
      "a reference to what comes later",
      inBody(
        'awsConnection("A", { displayName: "a", region: "r", credentials: { type: "iamRole", principal: x, roleArn: "r" } });\nawsConnection("B", {});',
      ),
      set(inProject("P", "A"), "credentials.principal", { $connection: "B" }),
      /"B" is declared further down/,
      4,
      1,
    ],
    [
      "a body without braces",
      'import { project } from "plugboard";\nexport default project("P", (scope) => fill(scope));\n',
      { action: "add", projectId: "P", connection: docker("D") },
      /braces/,
      2,
      40,
    ],
    [
      "a name that means something else",
      'import { project } from "plugboard";\nconst secret = 1;\nexport default project("P", ({ dockerRegistry }) => {\n  dockerRegistry("D", { displayName: "d" });\n});\n',
      set(d, "password", { $secret: "p" }),
      /name secret/,
      2,
      7,
    ],
    [
      "a scope's name that means something else",
      inBody("const slackConnection = 1;"),
      { action: "add", projectId: "P", connection: { id: "S", kind: "slack", settings: { displayName: "s" } } },
      /name slackConnection/,
      3,
      7,
    ],
  ])("%s", async (_name, text, change, message, line, column) => {
    const { text: after, findings } = await edit(text, change);
    expect(after).toBeUndefined();
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      code: "PB314",
      severity: "error",
      place: line === 0 ? { file } : { file, line, column },
    });
    expect(findings[0]?.message).toMatch(message);
  });

  it("a file that does not parse", async () => {
    expect((await edit("const a = ;\n", name)).findings).toEqual([
      { code: "PB101", severity: "error", message: "the file does not parse", place: { file, line: 1, column: 11 } },
    ]);
  });

  it("a value is not in the message", async () => {
    const { findings } = await edit(
      inBody('dockerRegistry("D", { displayName: "d", password: `hunter${2}` });'),
      set(d, "password", { $secret: "p" }),
    );
    expect(JSON.stringify(findings)).not.toContain("hunter");
    expect(findings[0]?.code).toBe("PB314");
  });
});
