import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { root, Workspace } from "./support/workspace.js";

const project = (inner = "", attributes = ""): string => `<project${attributes}>${inner}</project>\n`;
const extension = (id: string, type: string, params: Readonly<Record<string, string>>): string =>
  `<extension id="${id}" type="${type}"><parameters>${Object.entries(params)
    .map(([name, value]) => `<param name="${name}" value="${value}"/>`)
    .join("")}</parameters></extension>`;
const docker = (id: string, more: Readonly<Record<string, string>> = {}): string =>
  extension(id, "OAuthProvider", { displayName: id, providerType: "Docker", repositoryUrl: "https://r.example.com", ...more });
const extensions = (...inner: string[]): string => `<project-extensions>${inner.join("")}</project-extensions>`;
const token = "credentialsJSON:00000000-0000-4000-8000-000000000001";

const shop = project(
  extensions(
    docker("D", { "secure:userPass": token, userName: "bob", "x.y": "1" }),
    docker("E", { "secure:userPass": "zxx00" }),
    extension("U", "OAuthProvider", { providerType: "Nobody" }),
    extension("R", "ReportTab", { title: "Report" }),
  ),
);
const web = project(extensions(docker("W")), ' parent-id="Shop"');
const tree = { ".teamcity/Shop/project-config.xml": shop, ".teamcity/Shop_Web/project-config.xml": web };

describe.each([
  "aws-three-kinds",
  "azure-pat-cdata-no-uuid",
  "docker-minimal",
  "ecr-scrambled-secret",
  "github-issue-tracker",
  "space-four-connections",
])("%s", (sample) => {
  it("is imported, and compiles to the bytes it came from", async () => {
    const space = new Workspace();
    cpSync(join(root, "test/samples", sample, ".teamcity"), join(space.folder, ".teamcity"), { recursive: true });
    const [file = ""] = space.list().filter((each) => each.endsWith(".xml"));
    const original = space.read(file);
    expect(await space.run("import", ".")).toMatchObject({ code: 0, stderr: "" });
    expect((await space.run("check")).code).toBe(0);
    const { code, stdout } = await space.run("compile");
    expect(stdout).toContain("1 file, 1 unchanged.");
    expect(code).toBe(0);
    expect(space.read(file)).toBe(original);
  });
});

describe("the report", () => {
  it("tells what was found, written, and is to be done next", async () => {
    const space = new Workspace(tree);
    expect(await space.run("import", ".")).toEqual({
      code: 0,
      stderr: "",
      stdout: `2 projects, 3 connections: 3 dockerRegistry
connections of other types, kept as features: 1 Nobody
other features, kept as they are: 1 ReportTab
parameters without a setting, kept in params: D (x.y)
secrets: 1 token, 1 kept where stored, 0 to be named

written  settings.ts

Next:
  npx plugboard check
  npx plugboard compile --out .teamcity --check
`,
    });
    expect(await space.run("compile", "--out", ".teamcity", "--check")).toMatchObject({
      code: 0,
      stdout: "3 connections in 2 projects: 2 files, 2 unchanged.\n",
    });
  });

  it("is the same as JSON", async () => {
    const { code, stdout } = await new Workspace(tree).run("import", ".teamcity", "--out", "new/folder", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      findings: [],
      form: "xml",
      projects: 2,
      connections: { docker: 3 },
      rawConnections: { Nobody: 1 },
      features: { ReportTab: 1 },
      params: [{ projectId: "Shop", connectionId: "D", names: ["x.y"] }],
      secrets: { tokens: 1, stored: 1, named: 0 },
      placeholders: 0,
      files: [{ path: "new/folder/settings.ts", status: "written" }],
      next: [
        "npx plugboard check new/folder/settings.ts",
        "npx plugboard compile new/folder/settings.ts --out .teamcity --check",
      ],
    });
  });

  it("is silent with --quiet", async () => {
    expect(await new Workspace(tree).run("import", ".", "--quiet")).toEqual({ code: 0, stdout: "", stderr: "" });
  });
});

describe("Kotlin", () => {
  const kotlin = (...features: string[]): string => `import jetbrains.buildServer.configs.kotlin.*
import jetbrains.buildServer.configs.kotlin.projectFeatures.*

version = "2024.12"

project {
    description = "Everything for the shop"
    features {
        ${features.join("\n        ")}
    }
}
`;
  const registry = `dockerRegistry {
            id = "D"
            name = "Registry"
            userName = "bob"
            password = "${token}"
        }`;

  it("becomes settings under the ID that is given, or made from the folder's name", async () => {
    const space = new Workspace({ "my-shop/.teamcity/settings.kts": kotlin(registry) });
    const named = await space.run("import", "my-shop", "--project", "Shop", "--out", "a");
    expect(named).toEqual({
      code: 0,
      stderr: "",
      stdout: `1 project, 1 connection: 1 dockerRegistry
secrets: 1 token, 0 kept where stored, 0 to be named

written  a/settings.ts

Next:
  npx plugboard check a/settings.ts
  npx plugboard compile a/settings.ts --to kotlin --out build/teamcity
`,
    });
    expect(space.read("a/settings.ts")).toBe(`import { project, token } from "plugboard";

export default project("Shop", { description: "Everything for the shop" }, ({ dockerRegistry }) => {
  dockerRegistry("D", {
    displayName: "Registry",
    userName: "bob",
    password: token("${token}"),
  });
});
`);
    const derived = await space.run("import", "my-shop/.teamcity/settings.kts", "--out", "b");
    expect(derived.stdout).toContain(
      "note PB315 the files do not tell the top project's ID: MyShop is made from the folder's name",
    );
    expect(space.read("b/settings.ts")).toBe(space.read("a/settings.ts").replace('"Shop"', '"MyShop"'));
  });

  it("leaves a placeholder where a value is calculated, which the check then names", async () => {
    const space = new Workspace({ ".teamcity/settings.kts": kotlin(registry.replace('"bob"', "nameOf(1)")) });
    const { code, stdout } = await space.run("import", ".", "--project", "Shop");
    expect(code).toBe(0);
    expect(stdout).toContain(".teamcity/settings.kts:12:24 warning PB308");
    expect(stdout).toContain("not understood: 1 value, marked by placeholders");
    expect(await space.run("check")).toMatchObject({ code: 1, stdout: expect.stringContaining("PB213") });
  });

  it("that is broken is refused with its place", async () => {
    const space = new Workspace({ ".teamcity/settings.kts": kotlin(registry).slice(0, -10) });
    const { code, stdout } = await space.run("import", ".", "--project", "Shop");
    expect(code).toBe(1);
    expect(stdout).toMatch(/\.teamcity\/settings\.kts:\d+:\d+ \w+ PB312/);
    expect(space.list()).toEqual([".teamcity/settings.kts", "package.json"]);
  });

  it("of that time has one top project, and refuses another ID", async () => {
    const space = new Workspace();
    cpSync(join(root, "test/kotlin-samples/before-portable-2017"), join(space.folder, ".teamcity"), { recursive: true });
    expect((await space.run("import", ".", "--project", "Depot", "--out", "a")).code).toBe(0);
    const { code, stdout } = await space.run("import", ".", "--project", "Nope", "--out", "b");
    expect(code).toBe(1);
    expect(stdout).toContain('error PB310 project "Nope" is not the top project of these settings: "Depot" is');
    expect(space.list()).not.toContain("b/settings.ts");
  });

  it("keeps the early names of Slack's limits", async () => {
    const limits = ["adHocMaxNotificationsPerBuild", "adHocAllowedDomainNames"];
    const slack = `slackConnection {
            id = "S"
            displayName = "Slack"
            botToken = "${token}"
            clientId = "1.2"
            clientSecret = "${token}"
            ${limits.map((each) => `${each} = "7"`).join("\n            ")}
        }`;
    const space = new Workspace({ ".teamcity/settings.kts": kotlin(slack) });
    const { code, stdout } = await space.run("import", ".", "--project", "Shop", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      findings: [],
      params: [{ projectId: "Shop", connectionId: "S", names: limits.toSorted() }],
    });
  });

  it("of the time before the portable DSL tells its IDs", async () => {
    const space = new Workspace();
    cpSync(join(root, "test/kotlin-samples/before-portable-2017"), join(space.folder, ".teamcity"), { recursive: true });
    const { code, stdout } = await space.run("import", ".");
    expect(code).toBe(0);
    expect(stdout).not.toContain("PB315 the files do not tell");
    expect(space.read("settings.ts")).toMatch(/project\(\s*"Depot"/);
  });
});

describe("what a path leads to", () => {
  const files = {
    "repo/.teamcity/Shop/project-config.xml": shop,
    "repo/.teamcity/Shop/buildTypes/Shop_Build.xml": "<not even xml",
    "repo/src/project-config.xml": "<project><name>no</name></project>",
    "data/config/projects/_Root/project-config.xml": project("<name>&lt;Root project&gt;</name>"),
    "data/config/projects/Shop/project-config.xml": shop,
    "data/config/projects/Shop/project-config.xml.1": "an older one",
    "by-hand/.teamcity/project-config.xml": shop,
    "model/settings.json": JSON.stringify({ version: 1, project: { id: "Modelled" } }),
  };

  it.each([
    ["repo", "Shop"],
    ["repo/.teamcity", "Shop"],
    ["repo/.teamcity/Shop", "Shop"],
    ["repo/.teamcity/Shop/project-config.xml", "Shop"],
    ["data", "_Root"],
    ["data/config", "_Root"],
    ["data/config/projects", "_Root"],
    ["by-hand", "ByHand"],
    ["by-hand/.teamcity/project-config.xml", "ByHand"],
    ["model", "Modelled"],
    ["model/settings.json", "Modelled"],
  ])("%s: project %s", async (path, id) => {
    const space = new Workspace(files);
    const { code, stdout } = await space.run("import", path, "--out", "out");
    expect(stdout).toContain("written  out/settings.ts");
    expect(code).toBe(0);
    expect(space.read("out/settings.ts")).toMatch(new RegExp(`project\\(\\s*"${id}"`));
    expect(stdout.includes("note PB315")).toBe(path.startsWith("by-hand"));
  });

  it("a project of a tree can be chosen, and one without an ID be named", async () => {
    const space = new Workspace(files);
    await space.run("import", "data", "--project", "Shop", "--out", "a");
    expect(space.read("a/settings.ts")).toMatch(/project\(\s*"Shop"/);
    expect((await space.run("import", "by-hand", "--project", "Mine", "--out", "b")).stdout).not.toContain("PB315");
    expect(space.read("b/settings.ts")).toMatch(/project\(\s*"Mine"/);
    expect((await space.run("import", "repo", "--project", "Mine", "--out", "c")).stdout).toContain(
      'error PB310 project "Mine" is not among those found: Shop',
    );
  });

  it.each([
    ["nothing", "PB100", "it does not exist"],
    ["repo/src/Main.java", "PB310", "neither TeamCity settings nor a model"],
    ["repo/.teamcity/Shop/buildTypes", "PB310", "neither TeamCity settings nor a model"],
    ["repo/.teamcity/Shop/buildTypes/Shop_Build.xml", "PB310", "hint: Give a folder with .teamcity in it"],
  ])("%s: %s", async (path, code, words) => {
    const space = new Workspace({ ...files, "repo/src/Main.java": "class Main {}" });
    const { code: exit, stdout } = await space.run("import", path);
    expect(exit).toBe(1);
    expect(stdout).toContain(`${path} error ${code}`);
    expect(stdout).toContain(words);
    expect(space.list()).not.toContain("settings.ts");
  });

  it("XML beside Kotlin, and a file outside of a project folder, are left alone", async () => {
    const space = new Workspace({
      "a/.teamcity/settings.kts": 'version = "2024.12"\nproject {\n}\n',
      "a/.teamcity/Shop/project-config.xml": shop,
      "b/.teamcity/project-config.xml": shop,
      "b/.teamcity/Shop/project-config.xml": shop,
    });
    const first = await space.run("import", "a", "--project", "Shop", "--out", "from-a");
    expect(first.stdout).toContain("a/.teamcity/Shop note PB315 XML beside Kotlin settings is left alone");
    const second = await space.run("import", "b", "--out", "from-b");
    expect(second.stdout).toContain("b/.teamcity/project-config.xml note PB315");
    expect([first.code, second.code]).toEqual([0, 0]);
  });

  it.each([[[]], [["a", "b"]], [["a", "--nope"]], [["model", "--project", "X"]], [["repo", "--project", "a b"]]])(
    "wrong usage: %j",
    async (args) => {
      expect(await new Workspace(files).run("import", ...args)).toMatchObject({ code: 2, stdout: "" });
    },
  );
});

describe("nothing is written", () => {
  it("where a file exists", async () => {
    const space = new Workspace({ ...tree, "settings.ts": "mine" });
    const { code, stdout } = await space.run("import", ".");
    expect(code).toBe(1);
    expect(stdout).toContain("settings.ts error PB301 the file exists and is not overwritten");
    expect(space.read("settings.ts")).toBe("mine");
    expect(space.list()).toHaveLength(4);
  });

  it("where a link stands, though it leads nowhere", async () => {
    const space = new Workspace(tree);
    symlinkSync(join(space.folder, "elsewhere.ts"), join(space.folder, "settings.ts"));
    expect(await space.run("import", ".")).toMatchObject({ code: 1, stdout: expect.stringContaining("PB301") });
    expect(space.list()).not.toContain("elsewhere.ts");
  });

  it("where one file of the tree is broken; the finding names it", async () => {
    const space = new Workspace({ ...tree, ".teamcity/Shop_Web/project-config.xml": "<project>\n<name>" });
    const { code, stdout } = await space.run("import", ".");
    expect(code).toBe(1);
    expect(stdout).toContain(".teamcity/Shop_Web/project-config.xml:2:7 error PB302");
    expect(space.list()).not.toContain("settings.ts");
  });

  it("where a model is not one", async () => {
    const space = new Workspace({ "settings.json": '{"version":1,"project":{"id":"A","connections":[{"kind":"docker"}]}}' });
    const { code, stdout } = await space.run("import", ".");
    expect(code).toBe(1);
    expect(stdout).toContain("settings.json error PB110");
    expect(space.list()).not.toContain("settings.ts");
  });
});

describe("bytes that are not UTF-8", () => {
  it.each([
    ["utf16le", "\ufeff", "the file is not in UTF-8 but in UTF-16"],
    ["latin1", "", "the file is not in UTF-8"],
  ] as const)("are refused: %s", async (encoding, mark, words) => {
    const space = new Workspace({ ".teamcity/Shop/x": "" });
    writeFileSync(
      join(space.folder, ".teamcity/Shop/project-config.xml"),
      Buffer.from(`${mark}<project><name>Caf\u00e9</name></project>`, encoding),
    );
    expect(await space.run("import", ".")).toMatchObject({
      code: 1,
      stdout: expect.stringContaining(`.teamcity/Shop/project-config.xml error PB302 ${words}`),
    });
  });

  it("are read if all that is odd is a byte-order mark", async () => {
    const space = new Workspace({ ".teamcity/Shop/project-config.xml": `\ufeff${shop}` });
    expect((await space.run("import", ".")).code).toBe(0);
    expect((await space.run("compile", "--check")).stdout).toContain("1 file, 1 unchanged.");
  });
});

describe("a path that is hostile", () => {
  it("has links that lead out of it: they are not followed", async () => {
    const space = new Workspace({ ...tree, "secret/Stolen/project-config.xml": project() });
    mkdirSync(join(space.folder, "repo/.teamcity/Shop"), { recursive: true });
    space.write("repo/.teamcity/Mine/project-config.xml", project());
    symlinkSync(
      join(space.folder, ".teamcity/Shop/project-config.xml"),
      join(space.folder, "repo/.teamcity/Shop/project-config.xml"),
    );
    symlinkSync(join(space.folder, "secret/Stolen"), join(space.folder, "repo/.teamcity/Stolen"));
    const { code, stdout } = await space.run("import", "repo", "--json");
    expect(code).toBe(0);
    const report = JSON.parse(stdout);
    expect(report.projects).toBe(1);
    expect(report.findings.map(({ code, file }: { code: string; file: string }) => [code, file])).toEqual([
      ["PB315", "repo/.teamcity/Shop/project-config.xml"],
      ["PB315", "repo/.teamcity/Stolen/project-config.xml"],
    ]);
  });

  it("is a link itself: where it leads is what the user named", async () => {
    const space = new Workspace(tree);
    symlinkSync(join(space.folder, ".teamcity"), join(space.folder, "link"));
    expect((await space.run("import", "link")).code).toBe(0);
  });

  it("has a .teamcity that leads out of the repository", async () => {
    const space = new Workspace(tree);
    mkdirSync(join(space.folder, "repo"));
    symlinkSync(join(space.folder, ".teamcity"), join(space.folder, "repo/.teamcity"));
    const { code, stdout } = await space.run("import", "repo");
    expect(code).toBe(1);
    expect(stdout).toContain("a symbolic link that leads out of the folder is not followed");
  });

  it("has a document type: nothing that it names is opened, and nothing expanded", async () => {
    const asked: unknown[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url);
      response.end("<!ENTITY c 'c4n4ry'>");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x.dtd`;
    const space = new Workspace({ "canary.txt": "c4n4ry" });
    const canary = `file://${join(space.folder, "canary.txt")}`;
    const type = `<!DOCTYPE project SYSTEM "${address}" [<!ENTITY c SYSTEM "${canary}"><!ENTITY d SYSTEM "${address}"><!ENTITY e "c4n4ry">]>`;
    space.write("repo/.teamcity/Shop/project-config.xml", `${type}<project/>`);
    expect((await space.run("import", "repo", "--out", "a")).code).toBe(0);
    for (const entity of ["c", "d", "e"]) {
      space.write("repo/.teamcity/Shop/project-config.xml", `${type}<project><name>&${entity};</name></project>`);
      const { code, stdout } = await space.run("import", "repo", "--out", "b");
      expect(code).toBe(1);
      expect(stdout).toContain("PB302 the file is not well-formed: named entity isn't defined");
      expect(stdout).not.toContain("c4n4ry");
    }
    expect(asked).toEqual([]);
  });

  it("has a file that is too large", async () => {
    const space = new Workspace({ ".teamcity/Shop/project-config.xml": " ".repeat(4 * 2 ** 20 + 1) });
    expect(await space.run("import", ".")).toMatchObject({ code: 1, stdout: expect.stringContaining("larger than 4 MiB") });
  });
});

describe("a secret in plain text", () => {
  const canary = `ghp_c4n4ry${"x".repeat(30)}`;
  const places: Readonly<Record<string, string>> = {
    "a secure parameter": project(extensions(docker("D", { "secure:userPass": canary }))),
    "a setting": project(extensions(docker("D", { userName: canary }))),
    "an address": project(extensions(docker("D", { repositoryUrl: `https://bob:${canary}@r.example.com` }))),
    "an unknown parameter": project(extensions(docker("D", { other: canary }))),
    "the provider type": project(extensions(extension("D", "OAuthProvider", { providerType: canary }))),
    "a raw feature": project(extensions(extension("D", "X", { a: canary }))),
    "an ID": project(extensions(docker(canary))),
    "a type": project(extensions(extension("D", canary, {}))),
    "a parameter's name": project(extensions(docker("D", { [canary]: "1" }))),
    "a project's name": project(`<name>${canary}</name>`),
    "a description": project(`<description>${canary}</description>`),
    "a project's parameter": project(`<parameters><param name="a" value="${canary}"/></parameters>`),
    "the name of a project's parameter": project(`<parameters><param name="${canary}" value="1"/></parameters>`),
    "a comment": project(`<!-- ${canary} -->`),
    "an unknown element": project(`<other a="${canary}">${canary}</other>`),
    "the parent": project("", ` parent-id="${canary}"`),
    "the uuid": project("", ` uuid="${canary}"`),
  };

  it.each(Object.entries(places))("as %s is reported and goes nowhere", async (_name, text) => {
    for (const more of [[], ["--json"]]) {
      const space = new Workspace({ ".teamcity/Shop/project-config.xml": text });
      const { code, stdout, stderr } = await space.run("import", ".", ...more);
      expect(code).toBe(0);
      expect(stdout).toContain("PB309");
      expect(stdout + stderr + space.read("settings.ts")).not.toContain("c4n4ry");
      expect((await space.run("compile")).code).toBe(0);
      expect(space.read(".teamcity/Shop/project-config.xml")).toBe(text);
    }
  });

  it.each([
    ["an end tag", `<project></${canary}>`],
    ["an element without an end", `<project><${canary}></project>`],
    ["an attribute", `<project ${canary}="1" ${canary}="1"/>`],
    ["an entity", `<project>&${canary};</project>`],
    ["the root element", `<${canary}/>`],
    ["the first line", canary],
  ])("in a broken file as %s is not repeated", async (_name, text) => {
    for (const more of [[], ["--json"]]) {
      const space = new Workspace({ ".teamcity/Shop/project-config.xml": text });
      const { code, stdout, stderr } = await space.run("import", ".", ...more);
      expect(code).toBe(1);
      expect(stdout).toContain("PB302");
      expect(stdout + stderr).not.toContain("c4n4ry");
    }
  });

  const inKotlin: Readonly<Record<string, string>> = {
    "a secure parameter": `features { dockerRegistry { id = "D"; name = "D"; password = "${canary}" } }`,
    "a setting": `features { dockerRegistry { id = "D"; name = "D"; userName = "${canary}" } }`,
    "a stored parameter": `features { dockerRegistry { id = "D"; name = "D"; param("secure:x", "${canary}") } }`,
    "a parameter that is called so": `features { dockerRegistry { id = "D"; name = "D"; param("x.password", "${canary}") } }`,
    "a raw feature": `features { feature { id = "D"; type = "X"; param("a", "${canary}") } }`,
    "a project's parameter": `params { param("a", "${canary}") }`,
    "a password": `params { password("a", "c4n4ry") }`,
    "a constant": `features { dockerRegistry { id = "D"; name = "D"; password = PASSWORD } }\n}\nval PASSWORD = "${canary}"\nfun f() {`,
  };

  it.each(Object.entries(inKotlin))("in Kotlin as %s is reported and goes nowhere", async (_name, body) => {
    for (const more of [[], ["--json"]]) {
      const space = new Workspace({ ".teamcity/settings.kts": `version = "2024.12"\nproject {\n${body}\n}\n` });
      const { code, stdout, stderr } = await space.run("import", ".", "--project", "Shop", ...more);
      expect(stdout).toContain("PB309");
      expect(code).toBe(0);
      expect(stdout + stderr + space.read("settings.ts")).not.toContain("c4n4ry");
    }
  });

  it.each([`description = "${canary}"`, `name = "${canary}"`, `features { feature { id = "${canary}"; type = "X" } }`])(
    "in Kotlin where nothing can stand for it goes nowhere: %s",
    async (body) => {
      for (const more of [[], ["--json"]]) {
        const space = new Workspace({ ".teamcity/settings.kts": `version = "2024.12"\nproject {\n${body}\n}\n` });
        const { stdout, stderr } = await space.run("import", ".", "--project", "Shop", ...more);
        expect(stdout).toContain("PB309");
        expect(stdout + stderr + (space.list().includes("settings.ts") ? space.read("settings.ts") : "")).not.toContain("c4n4ry");
      }
    },
  );

  it("in a model is refused", async () => {
    const model = (more: object) => JSON.stringify({ version: 1, project: { id: "Shop", ...more } });
    for (const more of [{ description: canary }, { parameters: { a: canary } }, { [canary]: 1 }]) {
      const space = new Workspace({ "settings.json": model(more) });
      const { code, stdout, stderr } = await space.run("import", "settings.json");
      expect(code).toBe(1);
      expect(stdout).toContain("error PB309");
      expect(stdout + stderr).not.toContain("c4n4ry");
      expect(space.list()).not.toContain("settings.ts");
    }
  });

  it("by its parameter's name, or scrambled, in a model is refused too", async () => {
    const docker = { id: "D", kind: "docker", settings: { displayName: "D", params: { "secure:more": "hunter2" } } };
    const project = {
      id: "Shop",
      parameters: { "api.token": "hunter3", "vault.token": "%vault:x%", old: "zxx00ff" },
      connections: [docker],
      subProjects: [{ id: "Web", features: [{ id: "F", type: "T", params: { userPassword: "hunter4", a: "b" } }] }],
    };
    const space = new Workspace({ "model.json": JSON.stringify({ version: 1, project }) });
    const { code, stdout } = await space.run("import", "model.json", "--json");
    expect(code).toBe(1);
    expect(JSON.parse(stdout).findings.map(({ code, file, message }: Record<string, string>) => [code, file, message])).toEqual([
      ["PB309", "model.json", '`api.token` of "Shop" is a secret in plain text'],
      ["PB309", "model.json", '`old` of "Shop" is a scrambled secret'],
      ["PB309", "model.json", '`secure:more` of "D" is a secret in plain text'],
      ["PB309", "model.json", '`userPassword` of "F" is a secret in plain text'],
    ]);
    expect(stdout).not.toMatch(/hunter|zxx00/);
    expect(space.list()).not.toContain("settings.ts");
  });
});

describe("the steps that come next", () => {
  const lone = `<?xml version="1.0" encoding="UTF-8"?>
<project>
  <name>Shop</name>
  <parameters />
</project>
`;

  it("move a file to where TeamCity keeps it, and quote what a shell would take apart", async () => {
    const space = new Workspace({ "my repo/.teamcity/project-config.xml": lone });
    const { code, stdout } = await space.run("import", "my repo", "--project", "Shop", "--out", "new settings", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout).next).toEqual([
      "mkdir -p 'my repo/.teamcity/Shop' && mv 'my repo/.teamcity/project-config.xml' 'my repo/.teamcity/Shop'",
      "npx plugboard check 'new settings/settings.ts'",
      "npx plugboard compile 'new settings/settings.ts' --out 'my repo/.teamcity' --check",
    ]);
  });

  it("are none where the output folder is a file", async () => {
    const space = new Workspace({ ".teamcity/Shop/project-config.xml": lone, file: "" });
    const { code, stdout } = await space.run("import", ".", "--out", "file");
    expect(code).toBe(1);
    expect(stdout).toContain("PB301 the output cannot be written: a part of its path is a file");
  });
});
