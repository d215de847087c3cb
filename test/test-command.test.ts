import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { createServer as createSocketServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Redacted } from "../src/model/redacted.js";
import { createIdentity, recipientsOf } from "../src/secrets/age-identity.js";
import { admitRecipients, createAgeStore } from "../src/secrets/age-store.js";
import { listen } from "./support/internet.js";
import { writeProbes } from "./support/probe-plugin.js";
import { hasTerminals, Terminal } from "./support/terminal.js";
import { blocks, mixed, service, start, steady, test } from "./support/test-command.js";
import { bin, execute, Workspace } from "./support/workspace.js";

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
