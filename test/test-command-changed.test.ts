import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
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
    this.space.write(
      "settings.ts",
      `import { connectionRef, project, secret } from "plugboard";\n${text(this.known, this.other)}`,
    );
  }

  git(...args: string[]): void {
    const identity = ["-c", "user.name=Tester", "-c", "user.email=tester@example.com", "-c", "commit.gpgsign=false"];
    execFileSync("git", [...identity, ...args], { cwd: this.space.folder, stdio: "pipe" });
  }

  commit(): void {
    this.git("add", "--all");
    this.git("commit", "--quiet", "--message=more");
  }

  get known(): string {
    return `http://127.0.0.1:${this.#ports[0]}`;
  }

  get other(): string {
    return `http://127.0.0.1:${this.#ports[1]}`;
  }

  test(...args: string[]) {
    return this.testIn(".", ...args);
  }

  /** Runs the test in a folder of the repository, having gone there by this path. */
  async testIn(folder: string, ...args: string[]) {
    const cwd = join(this.space.folder, folder);
    const { code, stdout, stderr } = await execute(process.execPath, [bin, "test", "--json", ...args], cwd, {
      ...process.env,
      PWD: cwd,
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
/** Settings that import something and declare connections. */
const importing = (imports: string, connections: string): string =>
  `${imports}\nimport { project, secret } from "plugboard";\nexport default project("Top", ({ npmRegistry }) => {\n${connections}});\nvoid secret;\n`;
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
    expect(results).toEqual({ Open: expect.stringMatching(/^this change asks http:\S+ for the first time$/) });
    expect(repository.asked).toEqual([]);
  });

  it("who asks an address anonymously sends it nothing of the machine", async () => {
    const docker = (url: string): string => `  dockerRegistry("Open", { displayName: "d", url: ${JSON.stringify(url)} });\n`;
    const aws = (endpoint: string): string =>
      `  awsConnection("Aws", { displayName: "a", region: "eu-west-1", stsEndpoint: ${JSON.stringify(endpoint)}, credentials: { type: "defaultProviderChain" } });\n`;
    const repository = await Repository.create((known) => top(docker(known)));
    repository.settings((known) => top(docker(known), aws(known)));
    const { results } = await repository.test("--changed", "main");
    expect(results).toEqual({ Aws: expect.stringContaining("sends credentials of the machine that runs the test to") });
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

  it("settings in a folder, with local imports, are found as they were", async () => {
    const repository = await Repository.create(registries);
    const { space } = repository;
    space.write("common/names.ts", 'export const id = "One";');
    space.write(
      "teamcity/settings.ts",
      importing('import { id } from "../common/names";', 'npmRegistry(id, { displayName: "npm" });'),
    );
    repository.commit();
    const tested = () => repository.test("--changed", "HEAD", "--settings", "teamcity/settings.ts");
    expect(await tested()).toEqual({ code: 0, stderr: "", results: {}, findings: [] });
    space.write("common/names.ts", 'export const id = "Other";');
    expect(Object.keys((await tested()).results)).toEqual(["Other"]);
  });

  it.each(["node_modules/registries", "packages/registries"])(
    "a package is the change's to choose, and no part of the base: %s",
    async (place) => {
      const repository = await Repository.create(registries);
      const { space } = repository;
      space.write(`${place}/package.json`, '{ "name": "registries", "main": "index.js" }');
      space.write(`${place}/index.js`, 'export const scope = "@one";');
      if (!place.startsWith("node_modules")) {
        mkdirSync(join(space.folder, "node_modules"));
        symlinkSync(`../${place}`, join(space.folder, "node_modules/registries"));
      }
      space.write("settings.ts", importing('import { scope } from "registries";', 'npmRegistry("One", { displayName: scope });'));
      repository.commit();
      const { code, findings, results } = await repository.test("--changed", "HEAD");
      expect({ code, results }).toEqual({ code: 1, results: {} });
      expect(findings).toMatchObject([
        { code: "PB102", file: "HEAD:settings.ts", hint: expect.stringContaining("settings import local files only") },
      ]);
    },
  );

  describe("a change cannot choose what the base is", () => {
    /** The repository with its settings in a folder, as a change finds it. */
    async function inFolder(): Promise<Repository> {
      const repository = await Repository.create(() => top());
      const { space, known } = repository;
      space.write("teamcity/settings.ts", importing("", npm("One", known, "one")));
      repository.commit();
      return repository;
    }

    it("by a folder that looks like a repository to Git", async () => {
      const repository = await inFolder();
      const { space, other } = repository;
      space.write("teamcity/settings.ts", importing("", npm("One", other, "one")));
      repository.commit();
      const evil = execFileSync("git", ["rev-parse", "HEAD"], { cwd: space.folder, encoding: "utf8" });
      space.write("teamcity/HEAD", "ref: refs/heads/main\n");
      space.write("teamcity/config", `[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = ..\n`);
      space.write("teamcity/objects/info/alternates", "../../.git/objects\n");
      space.write("teamcity/refs/heads/main", evil);
      space.write("teamcity/refs/heads/base", evil);
      repository.git("branch", "base", "HEAD~1");
      const { results } = await repository.test("--changed", "base", "--settings", "teamcity/settings.ts");
      expect(results).toEqual({ One: expect.stringContaining("sends the secret one") });
      expect(repository.asked).toEqual([]);
    });

    it("by turning the settings' folder into a submodule", async () => {
      const repository = await inFolder();
      const { space, other } = repository;
      rmSync(join(space.folder, "teamcity"), { recursive: true });
      space.write("teamcity/settings.ts", importing("", npm("One", other, "one")));
      mkdirSync(join(space.folder, ".git/modules"));
      execFileSync("git", ["init", "--quiet", "--initial-branch=main", "--separate-git-dir=../.git/modules/teamcity"], {
        cwd: join(space.folder, "teamcity"),
      });
      const { code, stderr } = await repository.test("--changed", "main", "--settings", "teamcity/settings.ts");
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: expect.stringContaining("leads to a Git folder elsewhere, as in a submodule, which the change chooses"),
      });
      expect(repository.asked).toEqual([]);
    });

    it.each(["from the top", "from inside"])("by putting a link in the place of the settings' folder: %s", async (where) => {
      const repository = await inFolder();
      const { space, other } = repository;
      space.write("fixtures/settings.ts", importing("", npm("One", other, "one")));
      repository.commit();
      rmSync(join(space.folder, "teamcity"), { recursive: true });
      symlinkSync("fixtures", join(space.folder, "teamcity"));
      const { results } =
        where === "from the top"
          ? await repository.test("--changed", "HEAD", "--settings", "teamcity/settings.ts")
          : await repository.testIn("teamcity", "--changed", "HEAD");
      expect(results).toEqual({ One: expect.stringContaining("sends the secret one") });
      expect(repository.asked).toEqual([]);
    });

    it("nor bring a plug-in", async () => {
      const repository = await inFolder();
      repository.space.write("plugin.mjs", 'import { writeFileSync } from "node:fs"; writeFileSync("ran", "");');
      const { code, stderr } = await repository.test("--changed", "HEAD", "--plugin", "plugin.mjs");
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("it would be code of the change") });
      expect(existsSync(join(repository.space.folder, "ran"))).toBe(false);
    });
  });

  it("nothing is fetched that a partial clone lacks", async () => {
    const repository = await Repository.create(registries);
    const { space } = repository;
    const objects = join(space.folder, ".git/objects");
    const blob = execFileSync("git", ["rev-parse", "HEAD:settings.ts"], { cwd: space.folder, encoding: "utf8" }).trim();
    rmSync(join(objects, blob.slice(0, 2), blob.slice(2)), { force: true });
    repository.git("config", "core.repositoryformatversion", "1");
    repository.git("config", "extensions.partialClone", "origin");
    repository.git("config", "remote.origin.promisor", "true");
    repository.git("config", "remote.origin.url", `ext::touch ${space.folder}/touched`);
    repository.git("config", "protocol.ext.allow", "always");
    const { code, stderr } = await repository.test("--changed", "HEAD");
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("is it fetched with all its files?") });
    expect(existsSync(join(space.folder, "touched"))).toBe(false);
  });

  it("does not go with --trust", async () => {
    const repository = await Repository.create(registries);
    expect(await repository.test("--changed", "HEAD", "--trust")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--trust does not go with --changed"),
    });
  });
});
