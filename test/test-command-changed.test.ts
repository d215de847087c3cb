import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { listen } from "./support/internet.js";
import { bin, execute, Workspace } from "./support/workspace.js";

/** A settings repository with two registries that it may lead to, and a note of what each was sent. */
class Repository {
  readonly space = new Workspace({ ".gitignore": ".cache\nnode_modules\n" });
  readonly asked: string[] = [];
  #ports: readonly number[] = [];

  static async create(settings: (known: string, other: string) => string): Promise<Repository> {
    const made = new Repository();
    made.#ports = await Promise.all(
      ["known", "other"].map((name) =>
        listen(
          createServer(({ headers, url }, answer) => {
            made.asked.push(`${name} ${headers.authorization ?? "nobody"} ${url}`);
            answer.setHeader("content-type", "application/json").end(JSON.stringify({ username: "somebody" }));
          }),
        ),
      ),
    );
    made.git("init", "--quiet", "--initial-branch=main");
    made.settings(settings);
    made.commit();
    return made;
  }

  settings(text: (known: string, other: string) => string): void {
    const [known, other] = this.#ports.map((each) => `http://127.0.0.1:${each}`) as [string, string];
    this.space.write("settings.ts", `import { connectionRef, project, secret } from "plugboard";\n${text(known, other)}`);
  }

  git(...args: string[]): void {
    const identity = ["-c", "user.name=Tester", "-c", "user.email=tester@example.com", "-c", "commit.gpgsign=false"];
    execFileSync("git", [...identity, ...args], { cwd: this.space.folder, stdio: "pipe" });
  }

  commit(): void {
    this.git("add", "--all");
    this.git("commit", "--quiet", "--message=more");
  }

  async test(...args: string[]) {
    const { code, stdout, stderr } = await execute(process.execPath, [bin, "test", "--json", ...args], this.space.folder, {
      ...process.env,
      PLUGBOARD_SECRET_ONE: "value-of-one",
      PLUGBOARD_SECRET_TWO: "value-of-two",
    });
    expect(readdirSync(join(this.space.folder, ".git")).filter((each) => each.startsWith("plugboard"))).toEqual([]);
    const report = stdout === "" ? { findings: [], results: [] } : JSON.parse(stdout);
    const results = Object.fromEntries(
      report.results.map((each: Record<string, string>) => [each.connectionId, each.reason ?? `run: ${each.outcome}`]),
    );
    return { code, stderr, results, findings: report.findings as Record<string, string>[] };
  }
}

const npm = (id: string, url: string, token: string): string =>
  `  npmRegistry(${JSON.stringify(id)}, { displayName: "npm", url: ${JSON.stringify(url)}, token: secret(${JSON.stringify(token)}) });\n`;
const top = (...connections: string[]): string =>
  `export default project("Top", ({ npmRegistry, awsConnection, dockerRegistry }) => {\n${connections.join("")}});\n`;
const registries = (known: string): string => top(npm("One", known, "one"), npm("Two", known, "two"));

describe("plugboard test --changed", () => {
  it("tests nothing if nothing has changed", async () => {
    const repository = await Repository.create(registries);
    repository.settings((known) => `// a comment\n${registries(known)}`);
    expect(await repository.test("--changed", "HEAD")).toEqual({ code: 0, stderr: "", results: {}, findings: [] });
    expect(repository.asked).toEqual([]);
  });

  it("tests what is altered or added, with secrets going where they went", async () => {
    const repository = await Repository.create(registries);
    repository.settings((known) =>
      top(
        npm("One", known, "one"),
        npm("Two", known, "two").replace('"npm"', '"npm", scope: "@two"'),
        npm("Three", known, "one"),
      ),
    );
    const { results } = await repository.test("--changed", "main");
    expect(Object.keys(results).sort()).toEqual(["Three", "Two"]);
    for (const each of Object.values(results)) expect(each).toMatch(/^run: /);
    expect(repository.asked.length).toBeGreaterThan(0);
    expect(repository.asked.filter((each) => each.startsWith("other"))).toEqual([]);
  });

  it("sends no known secret to an address that an edit leads to", async () => {
    const repository = await Repository.create(registries);
    repository.settings((known, other) => top(npm("One", other, "one"), npm("Two", known, "two")));
    const { code, results } = await repository.test("--changed", "main");
    expect(results).toEqual({ One: expect.stringMatching(/^this change sends the secret one to http:\S+ for the first time$/) });
    expect(code).toBe(0);
    expect(repository.asked).toEqual([]);
    expect((await repository.test("--changed", "main", "--strict")).code).toBe(1);
  });

  it("sends no known secret to an address that another secret goes to, and no new one anywhere", async () => {
    const repository = await Repository.create((known, other) => top(npm("One", known, "one"), npm("Two", other, "two")));
    repository.settings((known, other) =>
      top(npm("One", known, "one"), npm("Two", other, "two"), npm("Cross", other, "one"), npm("New", known, "three")),
    );
    const { results } = await repository.test("--changed", "main");
    expect(results).toEqual({
      Cross: expect.stringContaining("sends the secret one to"),
      New: expect.stringContaining("sends the secret three to"),
    });
    expect(repository.asked).toEqual([]);
  });

  it("an address without a secret of its own is as new as any other", async () => {
    const repository = await Repository.create(registries);
    repository.settings(
      (known, other) =>
        `${registries(known).replace(/\}\);\n$/, "")}  npmRegistry("Open", { displayName: "o", url: ${JSON.stringify(other)} });\n});\n`,
    );
    const { results } = await repository.test("--changed", "main");
    expect(results).toEqual({ Open: expect.stringContaining("sends credentials of the machine that runs the test to") });
    expect(repository.asked).toEqual([]);
  });

  it("a connection whose principal changes has changed", async () => {
    const aws = (
      endpoint: string,
      arn: string,
    ) => `  const base = awsConnection("Base", { displayName: "b", region: "eu-west-1", stsEndpoint: ${JSON.stringify(endpoint)},
    credentials: { type: "accessKeys", accessKeyId: "AKIAEXAMPLE000000000", secretAccessKey: secret("one") } });
  awsConnection("Role", { displayName: "r", region: "eu-west-1", stsEndpoint: "https://sts.eu-west-1.amazonaws.com",
    credentials: { type: "iamRole", principal: base, roleArn: ${JSON.stringify(arn)} } });
`;
    const arn = "arn:aws:iam::123456789012:role/deploy";
    const repository = await Repository.create(() => top(aws("https://sts.eu-west-1.amazonaws.com", arn)));
    repository.settings((_, other) => top(aws(other, arn)));
    const { results } = await repository.test("--changed", "main");
    expect(results).toEqual({
      Base: expect.stringContaining("sends the secret one to http://127.0.0.1"),
      Role: expect.stringContaining("sends the secret one to http://127.0.0.1"),
    });
  });

  it("the configuration is that of the base", async () => {
    const repository = await Repository.create(registries);
    const configure = (text: string): void =>
      repository.space.write("plugboard.config.ts", `import { config } from "plugboard";\nexport default config(${text});\n`);
    configure('{ hosts: ["registry.example.com"] }');
    repository.commit();
    configure('{ hosts: ["*"], stores: [] }');
    repository.settings((known) => top(npm("One", known, "one"), npm("Two", known, "two"), npm("Three", known, "one")));
    const refused = { Three: "`hosts` of the configuration does not allow 127.0.0.1" };
    expect((await repository.test("--changed", "HEAD")).results).toEqual(refused);
    expect((await repository.test("--changed", "HEAD", "--config", "plugboard.config.ts")).results).toEqual(refused);
    repository.space.write("mine.config.ts", 'import { config } from "plugboard";\nexport default config({ hosts: ["*"] });\n');
    expect(await repository.test("--changed", "HEAD", "--config", "mine.config.ts")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("the change may have written it"),
    });
    const elsewhere = new Workspace({
      "plugboard.config.ts": 'import { config } from "plugboard";\nexport default config({ hosts: ["*"] });\n',
    });
    const trusted = ["--config", join(elsewhere.folder, "plugboard.config.ts"), "--root", dirname(elsewhere.folder)];
    const { results } = await repository.test("--changed", "HEAD", ...trusted);
    expect(results).toEqual({ Three: expect.stringMatching(/^run: /) });
  });

  it("nothing is run if the base cannot be evaluated", async () => {
    const repository = await Repository.create(() => "export default 1;\n");
    repository.settings(registries);
    const { code, findings, results } = await repository.test("--changed", "main");
    expect(code).toBe(1);
    expect(findings).toMatchObject([{ code: "PB104", file: "main:settings.ts" }]);
    expect(results).toEqual({});
    expect(repository.asked).toEqual([]);
  });

  it.each([["nowhere"], ["--help"], ["main; touch x"]])("%j is no revision", async (revision) => {
    const repository = await Repository.create(registries);
    const { code, stderr } = await repository.test(`--changed=${revision}`);
    expect(code).toBe(2);
    expect(stderr).toContain("is no revision of this repository");
    expect(repository.space.list()).not.toContain("x");
  });

  it("no filter, attribute or hook has a say in what the base is", async () => {
    const repository = await Repository.create(registries);
    const { space } = repository;
    repository.git("config", "filter.evil.smudge", `sh -c 'touch "${space.folder}/touched"; sed s/One/Evil/'`);
    repository.git("config", "filter.evil.required", "true");
    repository.git("config", "core.fsmonitor", `touch ${space.folder}/touched`);
    space.write(".gitattributes", "*.ts filter=evil eol=crlf working-tree-encoding=UTF-16\n");
    space.write(".git/hooks/post-checkout", `#!/bin/sh\ntouch ${space.folder}/touched\n`);
    execFileSync("chmod", ["+x", join(space.folder, ".git/hooks/post-checkout")]);
    expect((await repository.test("--changed", "HEAD")).results).toEqual({});
    expect(existsSync(join(space.folder, "touched"))).toBe(false);
  });

  it("settings in a folder, with local imports and an npm package, are found as they were", async () => {
    const repository = await Repository.create(registries);
    const { space } = repository;
    space.write("node_modules/registries/package.json", '{ "name": "registries", "main": "index.js" }');
    space.write("node_modules/registries/index.js", 'export const scope = "@one";');
    space.write("shared/names.ts", 'export const id = "One";');
    space.write(
      "teamcity/settings.ts",
      `import { id } from "../shared/names";\nimport { scope } from "registries";\nimport { project } from "plugboard";
export default project("Top", ({ npmRegistry }) => { npmRegistry(id, { displayName: scope }); });\n`,
    );
    repository.commit();
    const tested = () => repository.test("--changed", "HEAD", "--settings", "teamcity/settings.ts");
    expect(await tested()).toEqual({ code: 0, stderr: "", results: {}, findings: [] });
    space.write("shared/names.ts", 'export const id = "Other";');
    expect(Object.keys((await tested()).results)).toEqual(["Other"]);
    space.write("package.json", '{ "dependencies": { "registries": "2.0.0" } }');
    expect(await tested()).toMatchObject({
      code: 1,
      findings: [{ code: "PB155", message: expect.stringContaining("the change alters package.json") }],
    });
  });

  it("a package of the workspace is the change's, and no base", async () => {
    const repository = await Repository.create(registries);
    const { space } = repository;
    space.write("packages/registries/package.json", '{ "name": "registries", "main": "index.js" }');
    space.write("packages/registries/index.js", 'export const scope = "@one";');
    mkdirSync(join(space.folder, "node_modules"));
    symlinkSync("../packages/registries", join(space.folder, "node_modules/registries"));
    space.write(
      "settings.ts",
      `import { scope } from "registries";\nimport { project } from "plugboard";
export default project("Top", ({ npmRegistry }) => { npmRegistry("One", { displayName: scope }); });\n`,
    );
    repository.commit();
    const { code, findings } = await repository.test("--changed", "HEAD");
    expect(code).toBe(1);
    expect(findings).toMatchObject([
      { code: "PB155", message: expect.stringContaining('"packages/registries/index.js" of the checkout') },
    ]);
  });

  it("a tsconfig that the change adds does not lead the base's imports elsewhere", async () => {
    const repository = await Repository.create(
      () => `import { url } from "addresses";\n${top(npm("One", "URL", "one").replace('"URL"', "url"))}`,
    );
    const { space } = repository;
    space.write("node_modules/addresses/index.js", 'export const url = "https://registry.example.com";');
    space.write("evil.ts", 'export const url = "https://evil.example.com";');
    space.write("tsconfig.json", '{ "compilerOptions": { "baseUrl": ".", "paths": { "addresses": ["./evil"] } } }');
    const { results } = await repository.test("--changed", "HEAD");
    expect(results).toEqual({
      One: expect.stringContaining("sends the secret one to https://evil.example.com for the first time"),
    });
  });

  it("does not go with --trust", async () => {
    const repository = await Repository.create(registries);
    expect(await repository.test("--changed", "HEAD", "--trust")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--trust does not go with --changed"),
    });
  });
});
