import { describe, expect, it } from "vitest";
import { connectionTypes } from "../src/connections/index.js";
import { project, secret } from "../src/index.js";
import { DeclaredReader, readDeclaration } from "../src/model/declared.js";
import { createProjectParser, parseProject } from "../src/model/parse.js";
import { DECLARATION } from "../src/model/values.js";
import { bin, execute, Workspace } from "./support/workspace.js";

const tree = project("Shop", { name: "All" }, ({ subProject, npmRegistry }) => {
  npmRegistry("Npm", { displayName: "npm", token: secret("npm") });
  subProject("Shop_Web", ({ subProject, dockerRegistry }) => {
    dockerRegistry("Hub", { displayName: "Hub", url: "https://docker.io" });
    subProject("Shop_Web_Test", () => {});
  });
  subProject("Shop_Api", () => {});
});

const read = (...lines: readonly unknown[]) => {
  const reader = new DeclaredReader();
  for (const each of lines) reader.read(`${typeof each === "string" ? each : JSON.stringify(each)}\n`);
  return reader.declared;
};

describe("what settings declare", () => {
  it("comes in lines, those of projects above first, and is put together again", () => {
    const lines = [...tree[DECLARATION]({})].map((each) => JSON.parse(each));
    expect(lines.map((each) => [each.project.id, each.within])).toEqual([
      ["Shop", undefined],
      ["Shop_Web", 0],
      ["Shop_Api", 0],
      ["Shop_Web_Test", 1],
    ]);
    expect(readDeclaration(tree).project).toMatchObject({
      id: "Shop",
      name: "All",
      connections: [{ id: "Npm" }],
      subProjects: [
        { id: "Shop_Web", connections: [{ id: "Hub" }], subProjects: [{ id: "Shop_Web_Test", subProjects: [] }] },
        { id: "Shop_Api", subProjects: [] },
      ],
    });
  });

  it("may be handed out in any number of parts", () => {
    const lines = [...tree[DECLARATION]({})].map((each) => `${each}\n`);
    const whole = new DeclaredReader();
    expect(whole.read(lines.join(""))).toHaveLength(4);
    const parts = new DeclaredReader();
    expect(lines.flatMap((each) => parts.read(each))).toHaveLength(4);
    expect(parts.declared).toEqual(whole.declared);
  });

  it.each([
    ["nothing", []],
    ["no JSON", ["{"]],
    ["a text", ['"project"']],
    ["a project that is a number", [{ project: 5 }]],
    ["a sub-project without a project", [{ project: { id: "P" }, within: 0 }]],
    ["a project within itself", [{ project: { id: "P" } }, { project: { id: "Q" }, within: 1 }]],
    ["two tops", [{ project: { id: "P" } }, { project: { id: "Q" } }]],
    ["a project within a word", [{ project: { id: "P" } }, { project: { id: "Q" }, within: "length" }]],
    ["a project within a prototype", [{ project: { id: "P" } }, { project: { id: "Q" }, within: "__proto__" }]],
    ["a half", [{ project: { id: "P" } }, { project: { id: "Q" }, within: 0.5 }]],
    ["findings of another shape", [{ findings: [null, 5, { code: 5, message: "x" }, { code: "PB107" }] }]],
  ])("is refused if it is %s", (_, lines) => {
    expect(read(...lines)).toBeUndefined();
  });

  it("has no sub-projects but those in lines of their own", () => {
    const declared = read({ project: { id: "P", subProjects: [{ id: "Forged" }] }, places: { subProjects: 5 } });
    expect(declared?.project).toEqual({ id: "P", subProjects: [] });
    expect(declared?.places).toEqual({ subProjects: [] });
  });
});

describe("looking at projects before the tree is complete", () => {
  const projects = (...settings: readonly unknown[]) => ({
    id: "P",
    connections: settings.map((each, index) => ({ id: `C${index}`, kind: "npm", settings: each })),
    subProjects: [] as unknown[],
  });
  const parsedBoth = (data: ReturnType<typeof projects>) => {
    const parser = createProjectParser(connectionTypes);
    const all = data.subProjects.splice(0);
    for (const each of [data, ...all]) parser.look(each);
    data.subProjects.push(...all);
    return { early: parser.parse(data), late: parseProject(structuredClone(data), connectionTypes) };
  };

  it("changes nothing in what is found", () => {
    const valid = { ...projects({ displayName: "a" }), subProjects: [projects({ displayName: "b" }), projects()] };
    const { early, late } = parsedBoth(valid);
    expect(early).toEqual(late);
    expect(early.value?.subProjects.map((each) => each.connections.length)).toEqual([1, 0]);
    const broken = { ...projects({}), subProjects: [projects({ displayName: 5 }), null, { id: 1, subProjects: "x" }] };
    const both = parsedBoth(broken);
    expect(both.early).toEqual(both.late);
    expect(both.early.findings.map(({ path }) => path?.slice(0, 3).join("."))).toEqual([
      "project.connections.0",
      "project.subProjects.0",
      "project.subProjects.1",
      "project.subProjects.2",
      "project.subProjects.2",
    ]);
  });
});

describe("settings that come to grief while they are written down", () => {
  const areas = (last: string): string => `import { project } from "plugboard";
export default project("Shop", ({ subProject }) => {
  for (let n = 0; n < 2000; n += 1)
    subProject("Shop_" + n, ({ npmRegistry }) => {
      npmRegistry("Npm_" + n, { displayName: n < 1999 ? "x".repeat(100) : ${last} });
    });
});`;
  const check = async (text: string, ...args: readonly string[]) => {
    const space = new Workspace({ "settings.ts": text });
    return execute(process.execPath, [bin, "check", ...args], space.folder);
  };

  it("are told as if nothing had been looked at", async () => {
    const thrown = await check(areas(`{ toJSON() { throw new Error("late"); } } as never`));
    expect(thrown.stdout.match(/error PB\d+.*/g)).toEqual(["error PB103 Error: late"]);
    const wrong = await check(areas("5 as never"));
    expect(wrong.stdout.match(/error PB\d+.*/g)).toEqual(["error PB112 `displayName` is a number, expected a text"]);
    expect(wrong.stdout).toContain("Shop › Shop_1999 › Npm_1999");
  });

  it("are held to the limit over all parts", async () => {
    const long = areas(`"x".repeat(60_000)`).replace('"x".repeat(100)', '"x".repeat(1000)');
    expect((await check(long, "--output-limit", "1")).stdout).toContain("error PB154");
    expect((await check(long, "--trust", "--output-limit", "1")).stdout).toContain("error PB154");
    expect((await check(long, "--output-limit", "4")).code).toBe(0);
  });
});
