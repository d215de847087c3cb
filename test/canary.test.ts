import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Change, serviceFailures } from "../src/contract/rehearsal.js";
import { brokenWays } from "./support/broken-ways.js";
import { type Internet, startInternet } from "./support/internet.js";
import { allRehearsals, type NamedRehearsal, sitesOf } from "./support/rehearsals.js";
import { bin, execute, type Outcome, Workspace } from "./support/workspace.js";

/** Values that must not be seen, each with characters that are written differently in addresses, JSON and XML. */
class Canaries {
  readonly values = new Map<string, string>();

  make(connection: string, name: string): string {
    const marks = name === "client" || name === "password" ? `"<&+/ä` : "";
    const value = `Canary${randomBytes(15).toString("hex")}${marks}`;
    this.values.set(`${connection} ${name}`, value);
    return value;
  }

  keep(values: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(values)) {
      for (const [index, line] of value.split("\n").entries()) if (line.length > 40) this.values.set(`${name} ${index}`, line);
    }
  }

  /** The names of the values that stand in a text, in whichever form. */
  foundIn(text: string): string[] {
    return [...this.values].filter(([, value]) => forms(value).some((form) => text.includes(form))).map(([name]) => name);
  }
}

/** The ways to write a value: as it is, in base64 at every offset, in an address, in JSON, in XML, in hexadecimal. */
function forms(value: string): string[] {
  const base64 = [0, 1, 2].map((before) => {
    const text = Buffer.from(" ".repeat(before) + value).toString("base64");
    return text.slice(before === 0 ? 0 : 4, text.length - 4);
  });
  return [
    value,
    ...base64,
    ...base64.map((each) => each.replaceAll("+", "-").replaceAll("/", "_")),
    encodeURIComponent(value),
    new URLSearchParams({ v: value }).toString().slice(2),
    JSON.stringify(value).slice(1, -1),
    value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;"),
    Buffer.from(value).toString("hex"),
  ];
}

/** Notes what every child process is given. */
const witness = `
const { appendFileSync, readFileSync } = require("node:fs");
const children = require("node:child_process");
const { spawn } = children;
// The environment is taken away while processes are started.
const { WITNESS } = process.env;
children.spawn = function (...given) {
  const child = spawn.apply(this, given);
  try {
    for (const what of ["cmdline", "environ"]) appendFileSync(WITNESS, readFileSync("/proc/" + child.pid + "/" + what));
  } catch {}
  return child;
};
`;

const reporters = ["pretty", "json=report.json", "junit=report.xml", "teamcity=report.txt", "github=report.md"];

/** All rehearsals in one project, as settings, environment and services. */
class Everything {
  readonly canaries = new Canaries();
  readonly space: Workspace;
  readonly #environment: NodeJS.ProcessEnv;

  constructor(change: (rehearsal: NamedRehearsal) => Change, way: Pick<Internet["config"], "proxy"> & { readonly ca?: object }) {
    const secrets: Record<string, string> = {};
    const connections = allRehearsals.map((rehearsal) => {
      const { settings, secrets: changed } = change(rehearsal);
      const given = { ...rehearsal.secrets((name) => this.canaries.make(rehearsal.name, name)), ...changed };
      this.canaries.keep(given);
      // One name in two rehearsals is two secrets.
      const prefix = rehearsal.name.replace(/\W+/g, "-");
      for (const [name, value] of Object.entries(given)) secrets[`${prefix}/${name}`] = value;
      return declaration(rehearsal, { displayName: rehearsal.name, ...rehearsal.settings, ...settings }, prefix);
    });
    this.space = new Workspace({
      "settings.json": JSON.stringify({ version: 1, project: { id: "Payments", connections } }),
      "plugboard.config.ts": `import { config } from "plugboard";\nexport default config(${JSON.stringify({ ...way, serverUrls: ["https://teamcity.example.com"] })});\n`,
      "witness.cjs": witness,
    });
    const environment = Object.assign(
      {},
      ...allRehearsals.map((rehearsal) => ({ ...rehearsal.environment, ...change(rehearsal).environment })),
    );
    const variables = Object.entries(secrets).map(([name, value]) => [
      `PLUGBOARD_SECRET_${name.toUpperCase().replace(/[^A-Z0-9]/g, "_")}`,
      value,
    ]);
    this.#environment = {
      ...process.env,
      ...environment,
      ...Object.fromEntries(variables),
      WITNESS: join(this.space.folder, "children"),
      NODE_OPTIONS: `--require=${join(this.space.folder, "witness.cjs")}`,
    };
  }

  run(...args: string[]): Promise<Outcome> {
    return execute(process.execPath, [bin, ...args], this.space.folder, this.#environment);
  }

  /** Fails if a canary is in what a command printed, or in any file. */
  expectSilence(...outcomes: readonly Outcome[]): void {
    for (const { stdout, stderr } of outcomes) expect(this.canaries.foundIn(stdout + stderr)).toEqual([]);
    for (const file of this.space.list()) {
      const bytes = readFileSync(join(this.space.folder, file)).toString("latin1");
      expect(this.canaries.foundIn(bytes), file).toEqual([]);
    }
  }
}

/** A rehearsal's connection in the model; its settings name secrets of its own. */
function declaration(rehearsal: NamedRehearsal, settings: object, prefix: string): object {
  const id =
    rehearsal.name === "aws: access keys"
      ? "Main"
      : rehearsal.name === "aws: IAM role"
        ? "Tested"
        : `C_${prefix.replaceAll("-", "_")}`;
  const named = JSON.parse(JSON.stringify(settings), (key, value) => (key === "$secret" ? `${prefix}/${value}` : value));
  const shared = rehearsal.type.kind === "aws" ? { allowInSubProjects: true } : {};
  return { id, kind: rehearsal.type.kind, settings: { ...named, ...shared } };
}

const answersOf = (change: (rehearsal: NamedRehearsal) => Change) =>
  Object.assign({}, ...allRehearsals.map((each) => ({ ...each.answers, ...change(each).answers })));

async function testing(everything: Everything): Promise<Outcome> {
  return everything.run("test", "--settings", "settings.json", "--debug", ...reporters.flatMap((each) => ["--reporter", each]));
}

describe("no secret is seen", () => {
  it("when every connection works, its services simulated", async () => {
    const { config } = await startInternet(sitesOf(answersOf(() => ({}))));
    const everything = new Everything(() => ({}), config);
    const outcome = await testing(everything);
    expect(outcome.stdout).toContain("passed");
    expect(everything.space.read("children")).not.toBe("");
    everything.expectSilence(outcome);
    for (const name of ["report.json", "report.xml", "report.txt", "report.md"]) expect(everything.space.read(name)).not.toBe("");
  });

  it.each(serviceFailures)("when services answer %s", async (failure) => {
    const change = ({ failures }: NamedRehearsal): Change => {
      const given = failures[failure];
      return typeof given === "string" ? {} : given;
    };
    const { config } = await startInternet(sitesOf(answersOf(change)));
    const everything = new Everything(change, config);
    everything.expectSilence(await testing(everything));
  });

  // Names are resolved by the process itself, which no test can lead elsewhere.
  const ways = Object.entries(brokenWays).filter(([name]) => name !== "dns" && name !== "refused");
  it.each(ways)("when the way is broken: %s", async (_, breakWay) => {
    const hosts = Object.keys(sitesOf(answersOf(() => ({}))));
    const { proxy = "", ca } = (await breakWay(hosts)) as { proxy?: string; ca?: object };
    const everything = new Everything(() => ({}), { proxy, ...(ca === undefined ? {} : { ca }) });
    const outcome = await testing(everything);
    expect(outcome.code).toBe(1);
    everything.expectSilence(outcome);
  });

  it("when a change is compared with its base: Git is given none", async () => {
    const everything = new Everything(() => ({}), { proxy: "none" });
    const { folder } = everything.space;
    const author = ["-c", "user.name=Tester", "-c", "user.email=tester@example.com", "-c", "commit.gpgsign=false"];
    for (const args of [
      ["init", "--quiet"],
      ["add", "settings.json", "plugboard.config.ts"],
      [...author, "commit", "--quiet", "--message=base"],
    ])
      execFileSync("git", args, { cwd: folder, stdio: "pipe" });
    const outcome = await everything.run("test", "--settings", "settings.json", "--changed", "HEAD");
    expect(outcome).toMatchObject({ code: 0, stdout: expect.stringContaining("no tests") });
    expect(everything.space.read("children")).toContain("cat-file");
    everything.expectSilence(outcome);
  });

  it("by the commands that need none", async () => {
    const everything = new Everything(() => ({}), { proxy: "none" });
    const outcomes = [];
    for (const args of [["check"], ["compile", "--to", "xml,json,kotlin", "--out", "out"], ["secrets", "list"]]) {
      outcomes.push(await everything.run(...args, "--settings", "settings.json"));
    }
    everything.expectSilence(...outcomes);
  });
});
