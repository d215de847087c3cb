import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, statSync, symlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parseXml, XmlElement } from "@rgrove/parse-xml";
import { describe, expect, it } from "vitest";
import { mixed, SECRET, start, test } from "./support/test-command.js";
import { bin, execute } from "./support/workspace.js";

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
