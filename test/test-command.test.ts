import { spawn } from "node:child_process";
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, statSync, symlinkSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { createServer as createSocketServer } from "node:net";
import { basename, dirname, join } from "node:path";
import { parseXml, XmlElement } from "@rgrove/parse-xml";
import { describe, expect, it } from "vitest";
import { Redacted } from "../src/model/redacted.js";
import { createIdentity, recipientsOf } from "../src/secrets/age-identity.js";
import { admitRecipients, createAgeStore } from "../src/secrets/age-store.js";
import { listen } from "./support/internet.js";
import { writeProbes } from "./support/probe-plugin.js";
import { hasTerminals, Terminal } from "./support/terminal.js";
import { bin, execute, type Outcome, Workspace } from "./support/workspace.js";

const SECRET = "Canary/4711&<hush>";

/** A service that knows one token, and repeats whatever it is given. */
const service: RequestListener = ({ url, headers }, answer) => {
  if (url === "/old") answer.writeHead(203);
  else if (!url?.startsWith("/open") && headers.authorization !== `Bearer ${SECRET}`) answer.writeHead(401);
  answer.end(`you gave ${headers.authorization ?? "nothing"}`);
};

async function start(probes: (address: string) => Parameters<typeof writeProbes>[1]): Promise<Workspace> {
  const space = new Workspace();
  writeProbes(space, probes(`http://127.0.0.1:${await listen(createServer(service))}`));
  return space;
}

function test(space: Workspace, args: readonly string[] = [], environment: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  const env = { ...process.env, PLUGBOARD_SECRET_RIGHT: SECRET, PLUGBOARD_SECRET_WRONG: `${SECRET}!`, ...environment };
  return execute(process.execPath, [bin, "test", "--plugin", "plugin.mjs", ...args], space.folder, env);
}

const mixed = (address: string): Parameters<typeof writeProbes>[1] => ({
  Good: [`${address}/in`, "right"],
  Bad: [`${address}/in`, "wrong"],
  Old: `${address}/old`,
  Elsewhere: "http://%host%/",
});

/** Numbers that differ from run to run. */
const steady = (text: string): string => text.replace(/\d+\.\d s/g, "0.0 s").replace(/127\.0\.0\.1:\d+/g, "HOST");

/** The blocks of a pretty report, sorted: tests end in any order. */
const blocks = (text: string): string[] =>
  steady(text)
    .split(/\n(?=settings\.ts|\n)/)
    .sort();

describe("plugboard test", () => {
  it("prints a line for what passed, a block for what did not, and where it ran", async () => {
    const { code, stdout, stderr } = await test(await start(mixed));
    expect(stderr).toBe("");
    expect(code).toBe(1);
    const place = (line: number): string => `settings.ts:${line}:3`;
    expect(blocks(stdout)).toEqual([
      expect.stringMatching(
        /^\n1 failed|^\n2 passed, 1 failed, 1 not run in 0\.0 s\nTested from \S+: this proves what is reachable from there, not from the TeamCity server or its agents\.\n$/,
      ),
      `${place(3)} passed Top › Good (probe, 0.0 s)`,
      `${place(4)} failed Top › Bad (probe, 0.0 s): wrong-secret PB412
  ✓ input          secrets: 1 value found
  ✓ name           host name resolves: 127.0.0.1 is an address itself
  ✓ tls            TLS certificate: plain http, which does not leave this machine
  ✗ server         answers: the token is refused
  – permissions    rights: not run, because a check that it builds on did not pass
  GET http://HOST/in, status 401, said you gave Bearer [secret wrong]
  hint: The ID is known and the secret does not belong to it. Put the current value into the store: \`plugboard secrets set NAME\`.`,
      `${place(5)} passed Top › Old (probe, 0.0 s): deprecated PB403 answers: it ends in <2030>`,
      `${place(6)} not run Top › Elsewhere (probe, 0.0 s): PB450 \`url\` of Elsewhere refers to a parameter, which only the TeamCity server fills in`,
    ]);
  });

  it("exits with 0 if all passed or could not be run, with 1 if it is strict", async () => {
    const space = await start(mixed);
    expect((await test(space, ["Good", "Old", "Elsewhere"])).code).toBe(0);
    expect((await test(space, ["Good", "--strict"])).code).toBe(0);
    expect((await test(space, ["Old", "--strict"])).code).toBe(1);
    expect((await test(space, ["Elsewhere", "--strict"])).code).toBe(1);
  });

  it("exits with 70 if a test itself has an error", async () => {
    const space = await start((address) => ({ Broken: `${address}/crash`, Open: `${address}/open` }));
    const { code, stdout } = await test(space);
    expect(code).toBe(70);
    expect(stdout).toContain("failed Top › Broken (probe");
    expect(stdout).toContain("internal-error PB449");
    expect(stdout).toContain("TypeError: crash is not a function");
    expect(stdout).toContain("1 passed, 1 failed");
  });

  it("prints only what failed with --quiet", async () => {
    const { stdout } = await test(await start(mixed), ["--quiet"]);
    expect(stdout).toMatch(/^settings\.ts:4:3 failed Top › Bad/);
    expect(stdout).not.toContain("Good");
    expect(stdout).not.toContain("Tested from");
  });

  it("tests what IDs, kinds and projects name", async () => {
    const space = new Workspace({
      "settings.ts": `import { project, token } from "plugboard";
const sealed = token("credentialsJSON:00000000-0000-4000-8000-000000000001");
export default project("Top", ({ npmRegistry, subProject }) => {
  npmRegistry("Npm", { displayName: "n", token: sealed });
  subProject("Top_Below", ({ dockerRegistry, npmRegistry }) => {
    dockerRegistry("Docker", { displayName: "d", userName: "u", password: sealed });
    npmRegistry("Npm", { displayName: "n", token: sealed, acknowledge: [] });
  });
  subProject("Top_Beside", ({ dockerRegistry }) => {
    dockerRegistry("Other", { displayName: "d", userName: "u", password: sealed });
  });
});
`,
    });
    const tested = async (...args: string[]): Promise<string[]> => {
      const { stdout } = await space.run("test", "--json", ...args);
      return JSON.parse(stdout)
        .results.map((each: Record<string, string>) => `${each.projectId}/${each.connectionId}`)
        .sort();
    };
    expect(await tested()).toEqual(["Top/Npm", "Top_Below/Docker", "Top_Below/Npm", "Top_Beside/Other"]);
    expect(await tested("Npm")).toEqual(["Top/Npm", "Top_Below/Npm"]);
    expect(await tested("Docker", "Other", "--kind", "docker")).toEqual(["Top_Below/Docker", "Top_Beside/Other"]);
    expect(await tested("--kind", "npm", "--kind", "docker")).toHaveLength(4);
    expect(await tested("--project", "Top_Below", "--project", "Top_Beside")).toHaveLength(3);
    expect(await tested("--project", "Top", "--kind", "aws")).toEqual([]);
  });

  it.each([
    [["Goood"], 'there is no connection "Goood": did you mean Good?'],
    [["--kind", "prob"], 'there is no kind "prob": did you mean probe?'],
    [["--project", "Topp"], 'there is no project "Topp": did you mean Top?'],
    [["--reporter", "junti"], 'reporter "junti" is not known: did you mean junit?'],
    [["--reporter", "json", "--reporter", "github=x.md"], "reporter json cannot share stdout"],
    [["--reporter", "junit="], "--reporter junit= needs a file"],
    [["--reporter", "junit=settings.ts/x.xml"], "the report cannot be written to "],
    [["--parallel", "0"], "--parallel needs at least 1"],
    [["--timeout", "soon"], '--timeout needs a number of seconds from 0.001 to 86400, found "soon"'],
    [["--changed", "main"], "--changed needs a Git repository"],
    [["--watch"], "Unknown option '--watch'"],
  ])("%j is wrong usage", async (args, message) => {
    const { code, stdout, stderr } = await test(await start(mixed), args);
    expect(stderr).toContain(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });

  it("tests nothing if the settings have errors", async () => {
    const space = await start(mixed);
    space.write("settings.ts", space.read("settings.ts").replace("Elsewhere", "Good"));
    const { code, stdout } = await test(space, [
      "--reporter",
      "pretty",
      "--reporter",
      "json=r.json",
      "--reporter",
      "junit=r.xml",
    ]);
    expect(code).toBe(1);
    expect(stdout).toContain("error PB202");
    expect(stdout).toContain("no tests in");
    expect(JSON.parse(space.read("r.json"))).toMatchObject({ findings: [{ code: "PB202", file: "settings.ts" }], results: [] });
    expect(space.read("r.xml")).toContain('<failure message="');
  });

  it("takes hosts, certificates and stores from the configuration", async () => {
    const space = await start(mixed);
    const configure = (text: string): void =>
      space.write("conf/plugboard.config.ts", `import { config } from "plugboard";\nexport default config(${text});\n`);
    const tested = (...args: string[]) => test(space, ["--config", "conf/plugboard.config.ts", ...args]);
    configure('{ hosts: ["*.example.com"] }');
    expect((await tested("Good")).stdout).toContain("`hosts` of the configuration does not allow 127.0.0.1");
    configure('{ hosts: ["127.0.0.1"], stores: [] }');
    expect((await tested("Good")).stdout).toContain("there is no value for right; looked up in no store");
    configure('{ ca: { "*": "no.pem" } }');
    const { code, stdout } = await tested("Good");
    expect(stdout).toMatch(/conf\/plugboard\.config\.ts error PB142 `ca` names ".*\/conf\/no\.pem", which does not exist/);
    expect(code).toBe(1);
    for (const [wrong, message] of [
      ['{ hosts: ["https://example.com"] }', "a host is written registry.example.com"],
      ['{ hosts: ["example.com:8080"] }', "a host is written registry.example.com"],
      ['{ hosts: ["*example.com"] }', "a host is written registry.example.com"],
      ['{ proxy: { "*": "socks5://proxy" } }', "a proxy is written http://proxy.example.com:3128, or none"],
    ] as const) {
      configure(wrong);
      const found = await tested("Good");
      expect(found.stdout).toContain("error PB142");
      expect(found.stdout).toContain(message);
    }
  });

  it("reads a model as well, whose connections have a file for their place", async () => {
    const space = await start(mixed);
    await space.run("compile", "--plugin", "plugin.mjs", "--to", "json", "--out", "out");
    const { stdout } = await test(space, ["Good", "--settings", "out/settings.json"]);
    expect(stdout).toContain("out/settings.json passed Top › Good (probe");
  });

  it("--json and --reporter go together", async () => {
    const space = await start(mixed);
    const { stdout } = await test(space, ["Good", "--json", "--reporter", "junit=r.xml"]);
    expect(JSON.parse(stdout).summary.passed).toBe(1);
    expect(space.read("r.xml")).toContain('<testsuite name="Top › Good"');
  });

  it("prints a line per request with --debug", async () => {
    const { stderr } = await test(await start(mixed), ["Good", "--debug"]);
    expect(steady(stderr)).toMatch(/^debug Top › Good: GET http:\/\/HOST\/in 200, \d+ ms\n$/);
  });

  it("ends without a word if nobody reads on", async () => {
    const space = await start((address) =>
      Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`A${index}`, [`${address}/in`, "wrong"] as const])),
    );
    const { code, stdout, stderr } = await execute(
      "/bin/sh",
      ["-c", `"${process.execPath}" "${bin}" test --plugin plugin.mjs | head -n 1`],
      space.folder,
      { ...process.env, PLUGBOARD_SECRET_WRONG: "x".repeat(20) },
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.split("\n")).toHaveLength(2);
  });
});

describe("the reports", () => {
  it("JSON has the same shape in every run", async () => {
    const { stdout } = await test(await start(mixed), ["--json"]);
    const { findings, results, summary } = JSON.parse(stdout);
    expect(findings).toEqual([]);
    expect(summary).toEqual({
      ...{ passed: 2, failed: 1, notRun: 1, notEnded: 0 },
      from: { host: expect.any(String), proxies: [] },
      duration: expect.any(Number),
    });
    const bad = results.find((each: Record<string, unknown>) => each.connectionId === "Bad");
    expect(Object.keys(bad).sort().join(" ")).toBe(
      "checks code column connectionId displayName duration file kind line outcome projectId status",
    );
    expect(bad).toMatchObject({
      status: "failed",
      outcome: "wrong-secret",
      code: "PB412",
      file: "settings.ts",
      line: 4,
      column: 3,
    });
    expect(bad.checks[3]).toEqual({
      ...{ stage: "server", title: "answers", status: "failed", outcome: "wrong-secret", code: "PB412" },
      message: "the token is refused",
      evidence: { request: expect.stringMatching(/^GET http:/), status: 401, facts: { said: "you gave Bearer [secret wrong]" } },
      duration: expect.any(Number),
    });
    expect(results.find((each: Record<string, unknown>) => each.connectionId === "Elsewhere")).toMatchObject({
      status: "notRun",
      code: "PB450",
      reason: "`url` of Elsewhere refers to a parameter, which only the TeamCity server fills in",
      checks: [],
    });
  });

  it("JUnit is XML with a suite per connection and a case per check", async () => {
    const { code, stdout } = await test(await start(mixed), ["--reporter", "junit"]);
    expect(code).toBe(1);
    const { root } = parseXml(stdout);
    const elements = (parent: XmlElement | null): XmlElement[] =>
      (parent?.children ?? []).filter((each): each is XmlElement => each instanceof XmlElement);
    const suites = new Map(elements(root).map((each) => [each.attributes.name, each]));
    expect([...suites.keys()].sort()).toEqual(["Top › Bad", "Top › Elsewhere", "Top › Good", "Top › Old"]);
    const bad = suites.get("Top › Bad") as XmlElement;
    expect(bad.attributes).toMatchObject({ tests: "5", failures: "1", errors: "0", skipped: "1" });
    expect(elements(bad).map(({ attributes, children }) => [attributes.classname, attributes.name, children.length > 0])).toEqual(
      [
        ["Top.Bad", "input: secrets", false],
        ["Top.Bad", "name: host name resolves", false],
        ["Top.Bad", "tls: TLS certificate", false],
        ["Top.Bad", "server: answers", true],
        ["Top.Bad", "permissions: rights", true],
      ],
    );
    const [failure] = elements(elements(bad)[3] as XmlElement);
    expect(failure).toMatchObject({
      name: "failure",
      attributes: { message: "the token is refused", type: "wrong-secret PB412" },
    });
    expect(failure?.text).toContain("said you gave Bearer [secret wrong]");
    expect(elements(suites.get("Top › Elsewhere") as XmlElement)[0]?.text.trim()).toBe("");
    expect(suites.get("Top › Elsewhere")?.attributes).toMatchObject({ tests: "1", skipped: "1" });
    expect(suites.get("Top › Old")?.text).toContain("deprecated: it ends in <2030>");
  });

  it("TeamCity's messages are read as TeamCity reads them", async () => {
    const { stdout } = await test(await start(mixed), ["--reporter", "teamcity"]);
    const messages = stdout
      .split("\n")
      .filter((line) => line !== "")
      .map(parseServiceMessage);
    const flow = messages.filter((each) => each.flowId === "plugboard Top/Bad");
    expect(flow.map(({ type, name }) => `${type} ${name}`)).toEqual([
      "testSuiteStarted Top › Bad",
      ...["input: secrets", "name: host name resolves", "tls: TLS certificate"].flatMap((name) => [
        `testStarted ${name}`,
        `testFinished ${name}`,
      ]),
      "testStarted server: answers",
      "testFailed server: answers",
      "testFinished server: answers",
      "testIgnored permissions: rights",
      "testSuiteFinished Top › Bad",
    ]);
    expect(flow.find(({ type }) => type === "testFailed")).toMatchObject({
      message: "wrong-secret PB412: the token is refused",
      details: expect.stringMatching(/^the token is refused\nGET http:.*said you gave Bearer \[secret wrong\]\n/),
    });
    expect(messages.find(({ type, flowId }) => type === "testIgnored" && flowId === "plugboard Top/Elsewhere")).toMatchObject({
      message: expect.stringContaining("refers to a parameter"),
    });
  });

  it("complaints are in all of them, with the severity of their code", async () => {
    const space = await start((address) => ({ Odd: `${address}/open/odd` }));
    const names = ["json", "junit", "teamcity", "pretty"];
    const { stdout } = await test(space, [
      ...["github", "github=github.md", ...names.map((each) => `${each}=${each}.txt`)].flatMap((each) => ["--reporter", each]),
    ]);
    expect(stdout).toContain("::notice file=settings.ts,line=3,col=3,title=Top › Odd X1::<odd>\n");
    expect(space.read("github.md")).toContain("| settings.ts:3 | Top › Odd | note X1 | &#60;odd&#62; |");
    expect(JSON.parse(space.read("json.txt")).results[0].checks.at(-2).complaints).toEqual([
      { code: "X1", severity: "note", message: "<odd>" },
    ]);
    expect(space.read("junit.txt")).toContain("<system-out>note X1: &lt;odd&gt;</system-out>");
    expect(space.read("teamcity.txt")).toContain("##teamcity[testStdOut name='server: answers' out='note X1: <odd>|n'");
    expect(space.read("pretty.txt")).toContain("\n  note X1 <odd>\n");
  });

  it("one that cannot be opened is told before any test, and a file is named once", async () => {
    const space = await start(mixed);
    mkdirSync(join(space.folder, "taken.xml"));
    const tested = (...names: string[]) => test(space, ["--debug", ...names.flatMap((each) => ["--reporter", each])]);
    symlinkSync("r.json", join(space.folder, "link.xml"));
    symlinkSync("circle.xml", join(space.folder, "circle.xml"));
    const files = ["taken.xml", "/proc/x/y.xml", "./r.json", "link.xml", "circle.xml"];
    for (const each of files.map((file) => `junit=${file}`)) {
      const { code, stdout, stderr } = await tested("json=r.json", each);
      expect({ code, stdout, stderr }).toEqual({
        code: 2,
        stdout: "",
        stderr: expect.stringMatching(/report.* cannot be written to/),
      });
      expect(stderr).not.toContain("debug");
    }
    expect(space.list().filter((each) => each.includes("r.json") || each.includes(".tmp"))).toEqual([]);
    const summary = { GITHUB_STEP_SUMMARY: join(space.folder, "r.json") };
    expect(await test(space, ["--reporter", "github", "--reporter", "json=r.json"], summary)).toMatchObject({ code: 2 });
    const unwritable = await test(space, ["--reporter", "github"], { GITHUB_STEP_SUMMARY: space.folder });
    expect(unwritable).toMatchObject({ code: 2, stderr: expect.stringContaining("EISDIR") });
  });

  it.skipIf(!existsSync("/dev/full"))("one that cannot be written keeps no other from being written", async () => {
    const space = await start(mixed);
    const { code, stderr } = await test(space, ["Good", "--reporter", "junit=/dev/full", "--reporter", "json=r.json"]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: "plugboard: the report cannot be written to /dev/full: ENOSPC\n" });
    expect(JSON.parse(space.read("r.json")).summary.passed).toBe(1);
    const command = `"${process.execPath}" "${bin}" test Good --plugin plugin.mjs --reporter pretty --reporter json=r.json > /dev/full`;
    const full = await execute("/bin/sh", ["-c", command], space.folder, { ...process.env, PLUGBOARD_SECRET_RIGHT: SECRET });
    expect(full).toMatchObject({ code: 1, stderr: "plugboard: stdout cannot be written to: ENOSPC\n" });
  });

  it("a reader that ends early changes neither exit code nor files", async () => {
    const space = await start(mixed);
    const command = `{ "${process.execPath}" "${bin}" test Bad Good --plugin plugin.mjs --reporter pretty --reporter json=r.json; echo $? > code; } | true`;
    const env = { ...process.env, PLUGBOARD_SECRET_RIGHT: SECRET, PLUGBOARD_SECRET_WRONG: `${SECRET}!` };
    await execute("/bin/sh", ["-c", command], space.folder, env);
    expect(space.read("code")).toBe("1\n");
    expect(JSON.parse(space.read("r.json")).summary.failed).toBe(1);
  });

  it("a link stays one, and a file keeps its mode", async () => {
    const space = await start(mixed);
    space.write("real.json", "before");
    chmodSync(join(space.folder, "real.json"), 0o640);
    symlinkSync("real.json", join(space.folder, "r.json"));
    await test(space, ["Good", "--reporter", "json=r.json"]);
    expect(JSON.parse(space.read("real.json")).summary.passed).toBe(1);
    expect(lstatSync(join(space.folder, "r.json")).isSymbolicLink()).toBe(true);
    expect(statSync(join(space.folder, "real.json")).mode & 0o777).toBe(0o640);
  });

  it.each(["test", "name", "failed"])("a password that is a word of reports breaks none: %s", async (word) => {
    const space = await start(mixed);
    const { stdout } = await test(space, ["--reporter", "junit", "--reporter", "json=r.json"], { PLUGBOARD_SECRET_WRONG: word });
    expect(parseXml(stdout).root?.name).toBe("testsuites");
    expect(JSON.parse(space.read("r.json")).summary.failed).toBe(1);
    expect(stdout).toContain("you gave Bearer [secret wrong]");
  });

  it("a plug-in that fails or prints shows no value of the environment, and none ends the tests unseen", async () => {
    const space = await start(mixed);
    const probe = space.read("plugin.mjs");
    space.write("plugin.mjs", `throw new Error("told: " + process.env.PLUGBOARD_SECRET_RIGHT);`);
    expect((await test(space)).stderr).toContain("told: [secret PLUGBOARD_SECRET_RIGHT]");
    space.write("plugin.mjs", `console.log("told: " + process.env.PLUGBOARD_SECRET_RIGHT);\n${probe}`);
    expect((await test(space, ["Good"])).stdout).toMatch(/^told: \[secret /);
    for (const end of [0, 3]) {
      space.write("plugin.mjs", probe.replace("if (url", `process.exit(${end});\n    if (url`));
      expect(await test(space, ["Good"])).toMatchObject({ code: 70, stderr: expect.stringContaining("ended before") });
    }
  });

  it("an error that a plug-in throws when nobody listens ends the tests, and the reports are complete", async () => {
    const space = await start(mixed);
    const stray = `Promise.reject(new Error("stray " + process.env.PLUGBOARD_SECRET_RIGHT)); await new Promise(() => {});`;
    space.write("plugin.mjs", space.read("plugin.mjs").replace("if (url", `if (url.endsWith("/old")) { ${stray} }\n    if (url`));
    const { code, stdout, stderr } = await test(space, ["--reporter", "pretty", "--reporter", "json=r.json"]);
    expect({ code, stderr }).toEqual({ code: 70, stderr: expect.stringContaining("Error: stray [secret right]\n    at ") });
    expect(stdout).toContain("not ended Top › Old");
    expect(JSON.parse(space.read("r.json")).results).toHaveLength(4);
  });

  it("GitHub's annotations go to stdout, and its summary to where GitHub wants it", async () => {
    const space = await start(mixed);
    space.write("summary.md", "before\n");
    const surroundings = { GITHUB_STEP_SUMMARY: join(space.folder, "summary.md"), GITHUB_WORKSPACE: space.folder };
    const { stdout } = await test(space, ["--reporter", "github"], surroundings);
    expect(stdout.split("\n").sort()).toEqual([
      "",
      expect.stringMatching(
        /^::error file=settings\.ts,line=4,col=3,title=Top › Bad failed::answers: the token is refused%0AThe ID is known/,
      ),
      "::notice file=settings.ts,line=6,col=3,title=Top › Elsewhere not run::`url` of Elsewhere refers to a parameter, which only the TeamCity server fills in",
    ]);
    const summary = space.read("summary.md");
    expect(summary).toMatch(/^before\n## Connection tests: 2 passed, 1 failed, 1 not run\n/);
    expect(summary).toContain("| settings.ts:4 | Top › Bad | wrong\\-secret PB412 | answers: the token is refused<br>");
    const unset = await test(space, ["--reporter", "github"], { GITHUB_STEP_SUMMARY: undefined });
    expect(unset.stdout).toContain("## Connection tests:");
    const below = await test(space, ["--reporter", "github"], { ...surroundings, GITHUB_WORKSPACE: dirname(space.folder) });
    expect(below.stdout).toContain(`::error file=${basename(space.folder)}/settings.ts,line=4,`);
  });

  it("GitHub's summary has a bound, and says how many it leaves out", async () => {
    const space = await start((address) =>
      Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`A${index}`, [`${address}/in`, "wrong"] as const])),
    );
    await test(space, ["--reporter", "github=summary.md"]);
    const summary = space.read("summary.md");
    expect(summary.length).toBeLessThan(62_000);
    const rows = summary.match(/^\| settings/gm)?.length ?? 0;
    expect(summary).toContain(`… and ${600 - rows} more.`);
  });

  it("go to several places at once, and no value of a secret goes anywhere", async () => {
    const space = await start(mixed);
    const names = ["json", "junit", "teamcity", "github", "pretty"];
    const { stdout, stderr } = await test(space, [
      "--debug",
      ...["pretty", "teamcity", "github", ...names.map((each) => `${each}=reports/${each}.txt`)].flatMap((each) => [
        "--reporter",
        each,
      ]),
    ]);
    expect(readdirSync(join(space.folder, "reports")).sort()).toEqual(names.map((each) => `${each}.txt`).sort());
    const all = [stdout, stderr, ...names.map((each) => space.read(`reports/${each}.txt`))];
    for (const text of all) {
      for (const form of ["Canary", "Q2FuYXJ5", encodeURIComponent(SECRET)]) expect(text).not.toContain(form);
    }
    expect(all[2]).toContain("[secret wrong]");
  });

  it("a file that is there stays as it is until the new one is complete", async () => {
    const space = await start(mixed);
    space.write("r.json", "before");
    const { code } = await test(space, ["--reporter", "json=r.json", "Nope"]);
    expect(code).toBe(2);
    expect(space.read("r.json")).toBe("before");
    expect(space.list().filter((each) => each.includes(".tmp"))).toEqual([]);
  });
});

/** Reads a service message: `|` escapes, `|0xNNNN` is a character by its number. */
function parseServiceMessage(line: string): Record<string, string> {
  const [, type = "", rest = ""] = /^##teamcity\[(\w+)((?: \w+='(?:[^'|\]]|\|.)*')*)\]$/.exec(line) ?? [];
  expect(type, line).not.toBe("");
  const named: Readonly<Record<string, string>> = { n: "\n", r: "\r" };
  const attributes = [...rest.matchAll(/ (\w+)='((?:[^'|\]]|\|.)*)'/g)].map(([, name = "", value = ""]) => [
    name,
    value.replace(/\|(?:0x([0-9a-f]{4})|(.))/g, (_, code, each) =>
      code === undefined ? (named[each] ?? each) : String.fromCharCode(Number.parseInt(code, 16)),
    ),
  ]);
  return { type, ...Object.fromEntries(attributes) };
}

describe("a server that takes connections and never says a word", () => {
  /** Runs the command against it; `onConnection` is called for each connection. */
  async function startHanging(args: readonly string[], onConnection: (count: number, child: ReturnType<typeof spawn>) => void) {
    const space = new Workspace();
    let count = 0;
    const port = await listen(createSocketServer(() => onConnection(++count, child)) as never);
    const open = await listen(createServer(service));
    writeProbes(space, {
      Open: `http://127.0.0.1:${open}/open`,
      One: `http://127.0.0.1:${port}/`,
      Two: `http://127.0.0.1:${port}/`,
    });
    const child = spawn(process.execPath, [bin, "test", "--plugin", "plugin.mjs", ...args], {
      cwd: space.folder,
      env: { ...process.env, XDG_CACHE_HOME: join(space.folder, ".cache"), NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const texts = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const)
      child[name].setEncoding("utf8").on("data", (text: string) => {
        texts[name] += text;
      });
    const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
    return { code, space, port, ...texts };
  }

  it("Ctrl-C ends it, with everything that is known", async () => {
    const { code, stdout, space } = await startHanging(
      ["--reporter", "pretty", "--reporter", "json=r.json", "--parallel", "2", "--per-host", "1"],
      (count, child) => count === 1 && void child.kill("SIGINT"),
    );
    expect(code).toBe(130);
    expect(stdout).toContain("not ended Top › One");
    expect(stdout).toContain("the run was given up");
    const { results, summary } = JSON.parse(space.read("r.json"));
    expect(summary.passed + summary.notEnded).toBe(3);
    expect(results).toHaveLength(3);
    expect(results.find((each: Record<string, unknown>) => each.connectionId === "Two")).toMatchObject({
      status: "notEnded",
      reason: "the run was given up before",
    });
  });

  it.each(["SIGTERM", "SIGHUP"] as const)("%s does the same", async (name) => {
    const { code, stdout } = await startHanging([], (count, child) => count === 1 && void child.kill(name));
    expect(code).toBe(130);
    expect(stdout).toMatch(/[12] not ended|[23] not ended/);
  });

  it.skipIf(!hasTerminals)("SIGTERM takes the question for a passphrase back", async () => {
    const space = new Workspace();
    writeProbes(space, { One: ["http://127.0.0.1:1/", "one"], Two: ["http://127.0.0.1:1/", "two"] });
    const identity = await createIdentity(join(space.folder, "identity.txt"), new Redacted("a passphrase", "passphrase"));
    const file = join(space.folder, "plugboard.secrets.json");
    await admitRecipients(file, await recipientsOf([identity]), async () => [identity]);
    const store = createAgeStore(file, { identities: async () => [identity], signal: new AbortController().signal });
    for (const name of ["one", "two"]) await store.set?.(name, new Redacted(`value of ${name}`, name));
    const env = { ...process.env, PLUGBOARD_AGE_IDENTITY_FILE: join(space.folder, "identity.txt"), NO_COLOR: "1" };
    const command = `echo "pid $$."; exec "${process.execPath}" "${bin}" test --plugin plugin.mjs`;
    const terminal = new Terminal(command, space.folder, env);
    await terminal.sees("Passphrase of ");
    process.kill(Number(/pid (\d+)\./.exec(terminal.output)?.[1]), "SIGTERM");
    expect(await terminal.ended).toBe(130);
    expect(terminal.output).toContain("2 not ended");
    expect(terminal.output).not.toContain("PB449");
  });

  it("after a second of silence a line says what is waited for; then time is up", async () => {
    const { code, stdout, stderr, port } = await startHanging(["One", "--timeout", "6"], () => {});
    expect(code).toBe(1);
    expect(stdout).toContain("timeout PB433");
    expect(stderr).toBe(`plugboard: 0 of 1 tested, waiting for 127.0.0.1:${port}\n`);
  });
});
