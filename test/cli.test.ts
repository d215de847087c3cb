import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bin, execute, root, Workspace } from "./support/workspace.js";

const settings = `import { project, secret, token } from "plugboard";
export default project("Shop", ({ dockerRegistry, awsConnection, subProject }) => {
  dockerRegistry("Docker", { displayName: "Docker", userName: "tc", password: secret("docker/password") });
  const main = awsConnection("ShopAws", { displayName: "AWS", region: "eu-west-1", allowInSubProjects: true,
    credentials: { type: "accessKeys", accessKeyId: "AKIAEXAMPLE000000000", secretAccessKey: token("credentialsJSON:00000000-0000-4000-8000-000000000001") } });
  subProject("Shop_Deploy", ({ awsConnection }) => {
    awsConnection("ShopDeploy", { displayName: "Deploy", region: "eu-west-1",
      credentials: { type: "iamRole", principal: main, roleArn: "arn:aws:iam::123456789012:role/deploy" } });
  });
});
`;
const warned = settings.replace('userName: "tc"', 'url: "no url"');

describe("compile", () => {
  it("writes XML below .teamcity of the root, once, and tells the external ID", async () => {
    const space = new Workspace({ "settings.ts": settings });
    const first = await space.run("compile");
    expect(first).toEqual({
      code: 0,
      stderr: "",
      stdout: `ShopDeploy  external ID: Shop_Deploy-ShopDeploy

written  .teamcity/Shop/project-config.xml
written  .teamcity/Shop_Deploy/project-config.xml
3 connections in 2 projects: 2 files, 0 unchanged.
`,
    });
    const before = statSync(join(space.folder, ".teamcity/Shop/project-config.xml"));
    const second = await space.run("compile", "settings.ts");
    expect(second.stdout).toContain("3 connections in 2 projects: 2 files, 2 unchanged.");
    expect(statSync(join(space.folder, ".teamcity/Shop/project-config.xml"))).toMatchObject({
      ino: before.ino,
      mtimeMs: before.mtimeMs,
    });
    expect(space.list().filter((each) => each.includes("tmp"))).toEqual([]);
  });

  it("leaves files that are not its own", async () => {
    const space = new Workspace({
      "settings.ts": settings,
      ".teamcity/pom.xml": "<x/>",
      ".teamcity/Old/project-config.xml": "<project/>",
    });
    await space.run("compile", "--to", "xml,json");
    expect(space.list()).toEqual([
      ".teamcity/Old/project-config.xml",
      ".teamcity/Shop/project-config.xml",
      ".teamcity/Shop_Deploy/project-config.xml",
      ".teamcity/pom.xml",
      ".teamcity/settings.json",
      "package.json",
      "settings.ts",
    ]);
    expect(space.read(".teamcity/pom.xml")).toBe("<x/>");
  });

  it("--check writes nothing and fails where the output differs", async () => {
    const space = new Workspace({ "settings.ts": settings });
    const missing = await space.run("compile", "--check", "--to", "json");
    expect(missing).toMatchObject({ code: 1, stdout: expect.stringContaining(".teamcity/settings.json error PB305") });
    expect(space.list()).toEqual(["package.json", "settings.ts"]);
    await space.run("compile");
    expect((await space.run("compile", "--check")).code).toBe(0);
    space.write("settings.ts", settings.replace('"Deploy"', '"New name"'));
    const { code, stdout } = await space.run("compile", "--check");
    expect(code).toBe(1);
    expect(stdout).toContain(".teamcity/Shop_Deploy/project-config.xml error PB305");
    expect(stdout).not.toContain("Shop/project-config.xml error");
  });

  it("prints one JSON object with --json", async () => {
    const space = new Workspace({ "settings.ts": settings });
    const { stdout } = await space.run("compile", "--json");
    expect(JSON.parse(stdout)).toEqual({
      findings: [],
      files: [
        { path: ".teamcity/Shop/project-config.xml", status: "written" },
        { path: ".teamcity/Shop_Deploy/project-config.xml", status: "written" },
      ],
      derived: [{ projectId: "Shop_Deploy", connectionId: "ShopDeploy", label: "external ID", value: "Shop_Deploy-ShopDeploy" }],
    });
    space.write("settings.ts", "export default 1;");
    const bad = await space.run("compile", "--reporter", "json");
    expect(bad.code).toBe(1);
    expect(JSON.parse(bad.stdout).findings).toMatchObject([{ code: "PB104", severity: "error", file: "settings.ts" }]);
    const none = await space.run("compile", "nope.ts", "--reporter=json");
    expect(JSON.parse(none.stdout).findings).toMatchObject([{ code: "PB100", file: "nope.ts" }]);
  });

  it("does not write through a link that leads out of the folder", async () => {
    const space = new Workspace({ "settings.ts": settings });
    mkdirSync(join(space.folder, "elsewhere"));
    mkdirSync(join(space.folder, "out"));
    symlinkSync(join(space.folder, "elsewhere"), join(space.folder, "out/Shop"));
    const { code, stdout } = await space.run("compile", "--out", "out");
    expect(code).toBe(1);
    expect(stdout).toContain("PB301 the output cannot be written: a folder on its way is a symbolic link");
    expect(readdirSync(join(space.folder, "elsewhere"))).toEqual([]);
  });

  it("keeps what stands in an existing file, and reports connections it does not know", async () => {
    const space = new Workspace({ "settings.ts": settings });
    await space.run("compile");
    const file = ".teamcity/Shop/project-config.xml";
    const extra = `    <extension id="A" type="OAuthProvider">\n      <parameters>\n        <param name="providerType" value="Google" />\n      </parameters>\n    </extension>\n`;
    space.write(
      file,
      space
        .read(file)
        .replace("  <project-extensions>\n", `  <project-extensions>\n${extra}`)
        .replace("<cleanup />", "<cleanup>\n    <x />\n  </cleanup>"),
    );
    const kept = await space.run("compile");
    expect(kept).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`${file} warning PB306 connection "A" is in the file`),
    });
    expect(space.read(file)).toContain(extra);
    space.write(
      "plugboard.config.ts",
      'import { config } from "plugboard";\nexport default config({ ownership: { Shop: "remove" } });',
    );
    expect((await space.run("compile")).stdout).not.toContain("PB306");
    expect(space.read(file)).not.toContain('id="A"');
    expect(space.read(file)).toContain("<x />");
  });
});

describe("check", () => {
  it("says that there is nothing to say", async () => {
    const space = new Workspace({ "settings.ts": settings });
    expect(await space.run("check")).toEqual({ code: 0, stdout: "No findings.\n", stderr: "" });
    expect(await space.run("check", "--quiet")).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(JSON.parse((await space.run("check", "--json")).stdout)).toEqual({ findings: [], ok: true });
  });

  it("--max-warnings fails on more, --quiet shows errors only", async () => {
    const space = new Workspace({ "settings.ts": warned });
    expect((await space.run("check")).code).toBe(0);
    expect((await space.run("check", "--max-warnings", "1")).code).toBe(0);
    expect((await space.run("check", "--max-warnings", "0")).code).toBe(1);
    expect((await space.run("check", "--quiet")).stdout).toBe("");
  });

  it("reads the configuration beside the settings, or the one named", async () => {
    const config = (rules: string) =>
      `import { config } from "plugboard";\nexport default config({ rules: ${rules}, extraRegions: ["eu-west-9"] });`;
    const space = new Workspace({
      "settings.ts": warned.replaceAll("eu-west-1", "eu-west-9"),
      "plugboard.config.ts": config('{ PB130: "error" }'),
    });
    expect(await space.run("check")).toMatchObject({ code: 1, stdout: expect.stringContaining("error PB130") });
    space.write("other.ts", config('{ PB130: "off" }'));
    expect(await space.run("check", "--config", "other.ts")).toMatchObject({ code: 0, stdout: "No findings.\n" });
    space.write("other.ts", config('{ PB130: "loud" }'));
    expect((await space.run("check", "--config", "other.ts")).stdout).toContain("other.ts error PB142 `config.rules.PB130`");
    space.write("other.ts", "export default { ownership: 1 };");
    expect((await space.run("check", "--config", "other.ts")).code).toBe(1);
    expect((await space.run("check", "--config", "nope.ts")).stdout).toContain("nope.ts error PB100");
  });

  it("does not let the configuration hide what keeps files from being written", async () => {
    const space = new Workspace({
      "settings.ts": settings.replace(
        'accessKeyId: "AKIAEXAMPLE000000000", secretAccessKey: token("credentialsJSON:00000000-0000-4000-8000-000000000001")',
        'accessKey: secret("aws")',
      ),
      "plugboard.config.ts": 'import { config } from "plugboard";\nexport default config({ rules: { PB304: "off" } });',
    });
    expect(await space.run("compile")).toMatchObject({ code: 1, stdout: expect.stringContaining("error PB304") });
  });

  it("takes types and rules from the caller's plug-ins only", async () => {
    const plugin = `
import { connectionSettings, defineConnection, defineRule, param } from "${join(root, "dist/contract.js")}";
export const types = [defineConnection({ kind: "gitea", functionName: "giteaConnection", title: "Gitea", kotlinClass: "G", providerType: "Gitea",
  settings: connectionSettings({}), params: { displayName: param.text("displayName") }, guide: async () => ({ guide: { summary: "", uses: [], rights: [], steps: [] } }) })];
export const rules = [defineRule({ code: "ACME1", severity: "note", title: "t", help: "h", *check({ top }) { yield { message: "looked", path: top.path }; } })];
`;
    const space = new Workspace({
      "plugin.mjs": plugin,
      "settings.ts": `import { project } from "plugboard";\nexport default project("A", ({ connection }) => {\n  connection({ kind: "gitea" }, "G", { displayName: "g" });\n});`,
    });
    expect((await space.run("check")).stdout).toContain("settings.ts:3:3 error PB115");
    const { code, stdout } = await space.run("check", "--plugin", "plugin.mjs");
    expect(code).toBe(0);
    expect(stdout).toContain("note ACME1 looked");
    expect((await space.run("check", "--plugin", "nope.mjs")).code).toBe(2);
  });

  it.each([
    ["types = {}", "types that are no list"],
    ["types = [1]", "types that defineConnection did not make"],
    ["types = [null]", "types that defineConnection did not make"],
    ["rules = [{}]", "rules that are no functions"],
  ])("takes a plug-in with %s for wrong usage", async (exported, message) => {
    const space = new Workspace({ "plugin.mjs": `export const ${exported};`, "settings.ts": "" });
    const { code, stderr } = await space.run("check", "--plugin", "plugin.mjs");
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});

describe("init", () => {
  it("writes a settings repository that checks and compiles", async () => {
    const space = new Workspace();
    const { code, stdout } = await space.run("init", "acme-payments");
    expect(code).toBe(0);
    expect(stdout).toContain("written   acme-payments/settings.ts");
    expect(space.list()).toEqual([
      "acme-payments/.github/workflows/plugboard.yml",
      "acme-payments/package.json",
      "acme-payments/plugboard.config.ts",
      "acme-payments/settings.ts",
      "acme-payments/tsconfig.json",
      "package.json",
    ]);
    expect(await space.run("check", "acme-payments/settings.ts")).toMatchObject({ code: 0, stdout: "No findings.\n" });
    expect(space.read("acme-payments/settings.ts")).toContain('project("AcmePayments"');
  });

  it("changes no file that exists", async () => {
    const space = new Workspace({ "settings.ts": "mine" });
    const { stdout } = await space.run("init", "--ci", "gitlab", "--project", "Shop");
    expect(stdout).toContain("unchanged settings.ts");
    expect(space.read("settings.ts")).toBe("mine");
    expect(space.read("package.json")).toBe("{}");
    expect(space.list()).toContain(".gitlab-ci.yml");
  });

  it.each([
    ["--project", "a b"],
    ["--ci", "jenkins"],
    ["a", "b"],
  ])("refuses %s %s", async (...args) => {
    expect((await new Workspace().run("init", ...args)).code).toBe(2);
  });
});

describe("the command line", () => {
  it("tells version and help", async () => {
    const space = new Workspace();
    expect((await space.run("--version")).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await space.run("--help")).stdout).toContain("plugboard COMMAND --help");
    for (const command of ["init", "compile", "check"]) {
      expect(await space.run(command, "--help")).toMatchObject({
        code: 0,
        stdout: expect.stringContaining(`plugboard ${command}`),
        stderr: "",
      });
    }
  });

  it.each([
    [[], "Usage:"],
    [["complie"], 'command "complie" is not known'],
    [["compile", "--nope"], "--nope"],
    [["compile", "--to", "yaml"], '"yaml"'],
    [["compile", "--schema-version", "1"], "2021.1"],
    [["compile", "a.ts", "b.ts"], '"b.ts"'],
    [["check", "a.ts", "--settings", "b.ts"], "given twice"],
    [["check", "--input", "novalue"], "NAME=VALUE"],
    [["check", "--max-warnings", "few"], "--max-warnings"],
    [["check", "--reporter", "sarif"], "pretty or json"],
  ])("wrong usage ends in 2 and names the culprit: %j", async (args, words) => {
    const { code, stdout, stderr } = await new Workspace().run(...args);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain(words);
  });

  it("ends quietly when nobody reads any more", async () => {
    const body = Array.from(
      { length: 3000 },
      (_, index) => `  npmRegistry("N${index}", { displayName: "n", url: "no url" });`,
    ).join("\n");
    const space = new Workspace({
      "settings.ts": `import { project } from "plugboard";\nexport default project("A", ({ npmRegistry }) => {\n${body}\n});`,
    });
    const child = spawn(process.execPath, [bin, "check"], { cwd: space.folder, stdio: ["ignore", "pipe", "pipe"] });
    let stderr = "";
    child.stderr.on("data", (data) => {
      stderr += data;
    });
    child.stdout.once("data", () => child.stdout.destroy());
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect(stderr).toBe("");
    expect(code).toBe(0);
  });

  it("text from settings cannot steer the terminal", async () => {
    const space = new Workspace({ "settings.ts": "throw new Error('\\x1b[2J\\x1b]0;owned\\x07\\u202e');" });
    const { stdout } = await space.run("check");
    expect(stdout).toContain("PB103");
    for (const character of ["\x1b", "\x07", "\u202e"]) expect(stdout).not.toContain(character);
  });

  it("prints the same bytes wherever and whenever it runs", async () => {
    const spaces = [new Workspace({ "settings.ts": settings }), new Workspace({ "deep/er/settings.ts": settings })];
    const outputs = [];
    for (const [index, space] of spaces.entries()) {
      const env = { ...process.env, TZ: index === 0 ? "Asia/Tokyo" : "America/Caracas", LANG: index === 0 ? "tr_TR.UTF-8" : "C" };
      const file = index === 0 ? "settings.ts" : "deep/er/settings.ts";
      expect(
        (await execute(process.execPath, [bin, "compile", file, "--to", "xml,json", "--out", "out"], space.folder, env)).code,
      ).toBe(0);
      outputs.push(
        space
          .list()
          .filter((each) => each.startsWith("out/"))
          .map((each) => [each, space.read(each)]),
      );
    }
    expect(outputs[0]).toEqual(outputs[1]);
  });
});

it.skipIf(!existsSync("/dev/full"))("output that the disk has no room for is told, and is no success", async () => {
  const { folder } = new Workspace({
    "settings.ts": 'import { project } from "plugboard";\nexport default project("A", () => {});\n',
  });
  const full = await execute("sh", ["-c", `"${process.execPath}" "${bin}" check > /dev/full`], folder);
  expect(full.code).toBe(1);
  expect(full.stderr.trim().split("\n")).toHaveLength(1);
});
