import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { connectionTypes } from "../src/connections/index.js";
import { config, project, secret } from "../src/index.js";
import { DeclaredReader, readDeclaration } from "../src/model/declared.js";
import { createProjectParser, parseProject } from "../src/model/parse.js";
import { DECLARATION } from "../src/model/values.js";
import { root, Workspace } from "./support/workspace.js";

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
    ["a project that brings its own sub-projects", [{ project: { id: "P", subProjects: [{ id: "Q" }] } }]],
  ])("is refused if it is %s", (_, lines) => {
    expect(read(...lines)).toBeUndefined();
  });

  it("has no sub-projects but those of the scope", () => {
    const options = { name: "All", subProjects: [{ id: "Forged" }] };
    const { project: declared } = readDeclaration(project("Shop", options, ({ subProject }) => subProject("Shop_Web", () => {})));
    expect(declared).toMatchObject({ name: "All", subProjects: [{ id: "Shop_Web" }] });
    expect(read({ project: { id: "P" }, places: { subProjects: 5 } })?.places).toEqual({ subProjects: [] });
  });

  it("keeps findings of the right shape, however many there are", () => {
    const findings = Array.from({ length: 200_000 }, () => ({ code: "PB107", message: "x" }));
    expect(read({ findings: [null, 5, { code: 5, message: "x" }, { code: "PB107" }, ...findings] })?.findings).toHaveLength(
      200_000,
    );
  });

  it("is made by the authoring functions", () => {
    expect(() => readDeclaration({ [DECLARATION]: () => ["5"] })).toThrow("is not made by project(…), settings(…) or config(…)");
    expect(readDeclaration(config(undefined as never))).toEqual({ findings: [] });
  });
});

describe("looking at projects before the tree is complete", () => {
  it("can take any number of findings", () => {
    const names = Array.from({ length: 200_000 }, (_, index) => [`name${index}`, 1]);
    const connection = { id: "C", kind: "npm", settings: { displayName: "npm", ...Object.fromEntries(names) } };
    expect(parseProject({ id: "P", connections: [connection] }, connectionTypes).findings).toHaveLength(200_000);
  });

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
    return space.run("check", ...args);
  };

  it("are not to blame for a plug-in that fails", async () => {
    const plugin = `import { connectionSettings, defineConnection } from "${join(root, "dist/contract.js")}";
const fail = () => { throw Object.assign(new Error("boom"), { request: { token: "hunter2" } }); };
export const types = [defineConnection({
  kind: "acme", functionName: "acme", title: "Acme", kotlinClass: "Acme", providerType: "Acme", params: { displayName: { form: "text", stored: "displayName" } },
  settings: connectionSettings({}).refine(fail), guide: async () => ({}),
})];`;
    const text = `import { project } from "plugboard";
export default project("Shop", ({ connection }) => { connection({ kind: "acme" }, "A", { displayName: "a" }); });`;
    const space = new Workspace({ "settings.ts": text, "plugin.mjs": plugin });
    const { code, stderr } = await space.run("check", "--plugin", "plugin.mjs");
    expect(stderr).toMatch(/^plugboard: an error in Plugboard itself.*\nError: boom\n/);
    expect(stderr).not.toContain("hunter2");
    expect(code).toBe(70);
  });

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
    const endless = `export default { *[Symbol.for("plugboard.declaration")]() { for (;;) yield "x".repeat(1_000_000); } };`;
    for (const more of [[], ["--trust"]])
      expect((await check(endless, "--output-limit", "4", "--time-limit", "60", ...more)).stdout).toContain("error PB154");
  });

  it("are held to the time limit also while the host is busy with them", async () => {
    const text = `const connections = Array.from({ length: 20_000 }, (_, n) => ({ id: "C" + n, kind: "npm", settings: { displayName: "x" } }));
const line = (n) => JSON.stringify({ project: { id: "P" + n, connections }, ...(n === 0 ? {} : { within: 0 }) });
export default { *[Symbol.for("plugboard.declaration")]() {
  for (let n = 0; n < 10; n += 1) yield line(n);
  for (let n = 0; n < 50_000_000; n += 1);
} };`;
    expect((await check(text, "--time-limit", "1")).stdout).toContain("error PB151");
  });
});
