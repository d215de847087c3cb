import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { bin, execute, Workspace } from "./support/workspace.js";

const canary = "c4n4ry-of-the-outside";

const settings = (name: string, before = ""): string => `import { project } from "plugboard";
${before}
export default project("A", ({ dockerRegistry }) => {
  dockerRegistry("D", { displayName: String(${name}) });
});
`;

/** Whether there is a process that has not ended, by its ID. */
function isRunning(pid: string): boolean {
  return existsSync(`/proc/${pid}/stat`) && !/\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
}

/** Runs settings with a canary in the environment and beside the root; nothing of it may come out. */
async function outcome(files: Readonly<Record<string, string>>, ...args: string[]) {
  const space = new Workspace(Object.fromEntries(Object.entries(files).map(([path, text]) => [`root/${path}`, text])));
  space.write("root/package.json", "{}");
  space.write("outside.txt", canary);
  space.write("outside.json", JSON.stringify(canary));
  space.write("outside.ts", `export default ${JSON.stringify(canary)};`);
  const folder = join(space.folder, "root");
  const env = { ...process.env, CANARY: canary };
  const result = await execute(process.execPath, [bin, "compile", "--to", "json", "--out", "out", ...args], folder, env);
  const output = space
    .list()
    .filter((each) => each.startsWith("root/out/"))
    .map((each) => space.read(each));
  return { ...result, everything: [result.stdout, result.stderr, ...output].join("\n"), written: output.length > 0 };
}

describe("limits, each with its code and its flag", () => {
  it.each([
    ["an endless loop", "for (;;) {}", "PB151", ["--time-limit", "1"]],
    ["an endless loop of native calls", 'for (;;) "x".repeat(1e7);', "PB151", ["--time-limit", "1"]],
    ["a regular expression that blows up", '/^(a+)+$/.test("a".repeat(40) + "b");', "PB151", ["--time-limit", "1"]],
    ["a loop that catches everything", "for (;;) try { for (;;) {} } catch {}", "PB151", ["--time-limit", "1"]],
    [
      "a sort that never ends",
      "Array.from({ length: 1e6 }, (_, i) => i).sort(() => { for (;;); });",
      "PB151",
      ["--time-limit", "1"],
    ],
    ["a recursion without end", "const f = (): number => f() + 1; f();", "PB152", []],
    ["a deep literal", `eval("[".repeat(50000) + "]".repeat(50000));`, "PB152", []],
    [
      "a recursion within a smaller stack",
      "const f = (n: number): number => n === 0 ? 0 : f(n - 1) + 1; f(400);",
      "PB152",
      ["--stack-limit", "16"],
    ],
    ["an array of 2 GB", "new Array(2 ** 31 - 1).fill(0);", "PB150", []],
    ["a giant text", 'let s = "x".repeat(1e6); const all = []; for (;;) all.push((s += s));', "PB150", ["--memory-limit", "64"]],
    ["many buffers", "const all = []; for (;;) all.push(new Uint8Array(1e7));", "PB150", ["--memory-limit", "64"]],
  ])("%s", async (_name, code, expected, args) => {
    const { code: exit, stdout, stderr } = await outcome({ "settings.ts": settings('"x"', code) }, ...args);
    expect(stdout).toContain(`error ${expected} `);
    expect(stderr).toBe("");
    expect(exit).toBe(1);
  });

  it("a bundle that is too large", async () => {
    const { stdout } = await outcome(
      { "settings.ts": settings('"x"', `export const data = ${JSON.stringify("x".repeat(300_000))};`) },
      "--bundle-limit",
      "0.2",
    );
    expect(stdout).toContain("error PB153 ");
  });

  it("a million connections", async () => {
    const many = `import { project } from "plugboard";
export default project("A", ({ dockerRegistry }) => {
  for (let i = 0; i < 1e6; i++) dockerRegistry("D" + i, { displayName: "d" });
});`;
    expect((await outcome({ "settings.ts": many }, "--output-limit", "16")).stdout).toMatch(/error PB15[04] /);
  });

  it.each([
    ["--time-limit", "0"],
    ["--memory-limit", "lots"],
    ["--stack-limit", "129"],
    ["--bundle-limit", "-1"],
    ["--output-limit", "1e3"],
  ])("%s %s is wrong usage", async (...args) => {
    expect((await outcome({ "settings.ts": settings('"x"') }, ...args)).code).toBe(2);
  });
});

describe("nothing of the outside comes in", () => {
  const attempts: readonly (readonly [name: string, files: Readonly<Record<string, string>>])[] = [
    ...[
      "process.env.CANARY",
      "globalThis.process?.env?.CANARY",
      'require("node:fs").readFileSync("../outside.txt", "utf8")',
      'globalThis.require?.("node:process").env.CANARY',
      "(() => {}).constructor('return process')().env.CANARY",
      "(async () => {}).constructor('return process')().env.CANARY",
      "new Function('return this')().process.env.CANARY",
      "eval('process').env.CANARY",
      "Object.getPrototypeOf(globalThis).constructor.constructor('return process')().env.CANARY",
      "Reflect.ownKeys(globalThis).join() + (globalThis as any).std?.getenv('CANARY')",
      "(globalThis as any).os?.getenv?.('CANARY')",
      "import.meta.url",
      "(import.meta as any).resolve('../outside.ts')",
      "fetch('file:///proc/self/environ')",
      "new (globalThis as any).XMLHttpRequest()",
      "new (globalThis as any).WebSocket('ws://127.0.0.1:1')",
      "new Worker('../outside.ts')",
      "WebAssembly.Memory",
      "console.log(1)",
      "performance.now()",
      "crypto.randomUUID()",
      "Date.now()",
      "new Date()",
      "Date()",
      "Math.random()",
      "new Date(0).constructor.now()",
      "__dirname",
      "Deno.env",
      "Bun.env",
      "navigator.userAgent",
    ].map((expression): [string, Record<string, string>] => [expression, { "settings.ts": settings(expression) }]),
    ...[
      'import value from "../outside.ts";',
      'import value from "../outside.json";',
      'import value from "../outside.txt";',
      'import value from "file:///etc/passwd";',
      'import value from "/etc/hostname";',
      'import value from "data:text/javascript,export default 1";',
      'import value from "http://127.0.0.1:1/x.js";',
      'import value from "node:os";',
      'import value from "fs";',
      'const value = require("../outside.json");',
      'const value = require(`../${"outside"}.json`);',
      'const value = await import("../outside.ts");',
      'import value from "./a/../../outside.ts";',
    ].map((line): [string, Record<string, string>] => [line, { "settings.ts": settings("value", line) }]),
    [
      "a tsconfig path that leads out",
      {
        "settings.ts": settings("value", 'import value from "@/outside.ts";'),
        "tsconfig.json": '{ "compilerOptions": { "paths": { "@/*": ["../*"] } } }',
      },
    ],
    [
      "a tsconfig that extends one outside",
      { "settings.ts": settings("1"), "tsconfig.json": '{ "extends": "../outside.json" }' },
    ],
    [
      "a tsconfig that extends an absolute path",
      { "settings.ts": settings("1"), "tsconfig.json": '{ "extends": ["/etc/passwd"] }' },
    ],
    [
      "a package whose entry leads out",
      {
        "settings.ts": settings("value", 'import value from "evil";'),
        "node_modules/evil/package.json": '{ "name": "evil", "main": "../../../outside.ts" }',
      },
    ],
    [
      "a file of a package that leads out",
      {
        "settings.ts": settings("value", 'import value from "evil";'),
        "node_modules/evil/package.json": '{ "name": "evil", "main": "index.js" }',
        "node_modules/evil/index.js": 'export { default } from "../../../outside.ts";',
      },
    ],
  ];

  it.each(attempts)("%s", async (_name, files) => {
    const { code, everything, written, stdout } = await outcome(files);
    expect(everything).not.toContain(canary);
    expect(everything).not.toMatch(/root:x:0:0/);
    // What is simply not there is undefined, as in any other engine; all else is refused.
    if (/\?\.|import\.meta/.test(files["settings.ts"] ?? "") && code === 0) return;
    expect(stdout).toMatch(/ error PB1\d\d /);
    expect(written).toBe(false);
    expect(code).toBe(1);
  });

  it.each(["settings.ts", "plugboard.config.ts"])("links and pipes in place of what %s imports", async (importer) => {
    const space = new Workspace({ "outside.ts": `export default "${canary}";` });
    const folder = join(space.folder, "root");
    mkdirSync(join(folder, "folder"), { recursive: true });
    const lines = [
      'import value from "./link.ts";',
      'import value from "./folder/deep/outside.ts";',
      'import value from "./pipe.ts";',
    ];
    symlinkSync("../outside.ts", join(folder, "link.ts"));
    symlinkSync("../..", join(folder, "folder/deep"));
    symlinkSync("/dev/zero", join(folder, "pipe.ts"));
    for (const line of lines) {
      space.write("root/package.json", "{}");
      space.write("root/settings.ts", settings('"x"'));
      const text =
        importer === "settings.ts"
          ? settings("value", line)
          : `import { config } from "plugboard";\n${line}\nexport default config({ extraRegions: [value] });`;
      space.write(`root/${importer}`, text);
      const { stdout, code } = await execute(process.execPath, [bin, "check"], folder);
      expect(stdout).toContain("PB155");
      expect(stdout).not.toContain(canary);
      expect(code).toBe(1);
    }
  });

  it("a fifo does not hang it", async () => {
    const space = new Workspace({ "settings.ts": settings("value", 'import value from "./pipe.ts";') });
    try {
      execFileSync("mkfifo", [join(space.folder, "pipe.ts")]);
    } catch {
      return; // no fifos on this system
    }
    expect((await space.run("check", "--time-limit", "2")).code).toBe(1);
  });

  it("settings are not read from above the root either", async () => {
    const space = new Workspace({ "outside.ts": settings('"x"'), "root/x": "" });
    const { stdout, code } = await execute(
      process.execPath,
      [bin, "check", "../outside.ts", "--root", "."],
      join(space.folder, "root"),
    );
    expect(stdout).toContain("PB155");
    expect(code).toBe(1);
  });
});

describe("ways around the root that the bundler would take", () => {
  /** A root with a canary beside it; `args` are links to make in the root. */
  async function attempt(
    files: Readonly<Record<string, string>>,
    links: readonly (readonly [to: string, at: string])[] = [],
    ...args: string[]
  ) {
    const space = new Workspace({
      "outside.json": JSON.stringify(canary),
      "outside.txt": `SECRET=${canary}`,
      "outside.map": "{}",
    });
    space.write("root/package.json", "{}");
    for (const [path, text] of Object.entries(files)) space.write(`root/${path}`, text);
    for (const [to, at] of links) {
      mkdirSync(dirname(join(space.folder, "root", at)), { recursive: true });
      symlinkSync(to, join(space.folder, "root", at));
    }
    const { stdout, stderr, code } = await execute(process.execPath, [bin, "check", ...args], join(space.folder, "root"));
    expect(stdout + stderr).not.toContain(canary);
    expect(stderr).toBe("");
    expect(code).toBe(1);
    return stdout;
  }
  const thrown = (value: string): string => `const x = "outside"; throw new Error(JSON.stringify(${value}));`;
  const map = (source: string): string =>
    `throw new Error("x");\n//# sourceMappingURL=data:application/json,${JSON.stringify({ version: 3, sources: [source], names: [], mappings: "AAAA" })}`;

  it("imports by a pattern", async () => {
    expect(await attempt({ "settings.ts": thrown("require(`../${x}.json`)") })).toContain("PB155");
    const inside = { "settings.ts": thrown("require(`./d/${x}.json`)") };
    expect(await attempt(inside, [["../../outside.json", "d/outside.json"]])).toContain("PB155");
  });

  it("source maps that the files name", async () => {
    const settings = 'import "./dep.js";\nexport default 1;';
    expect(await attempt({ "settings.ts": settings, "dep.js": map("link.ts") }, [["../outside.txt", "link.ts"]])).toContain(
      "dep.js:1",
    );
    expect(
      await attempt({ "settings.ts": settings, "dep.js": 'throw new Error("x");\n//# sourceMappingURL=../outside.map' }),
    ).toContain("dep.js:1");
    expect(await attempt({ "settings.ts": settings, "dep.js": map("link.ts") }, [["/dev/zero", "link.ts"]])).toContain(
      "dep.js:1",
    );
    expect(
      await attempt({
        "settings.ts": settings,
        "dep.js": 'throw new Error("x");\n//# sourceMappingURL=../../../../../../../../dev/zero',
      }),
    ).toContain("dep.js:1");
  });

  it("what a tsconfig extends", async () => {
    const settings = "export default 1;";
    expect(
      await attempt({
        "settings.ts": settings,
        "ok.json": "{}",
        "tsconfig.json": '{ // "extends": "./ok.json"\n "extends": "../outside.json" }',
      }),
    ).toContain("PB155");
    expect(await attempt({ "settings.ts": settings, "tsconfig.json": '{"\\u0065xtends":"/etc/passwd"}' })).toContain("PB155");
    expect(await attempt({ "settings.ts": settings, "tsconfig.json": '{"extends":"above"}' })).toContain("PB104");
    expect(await attempt({ "settings.ts": settings, "tsconfig.json": "[" })).toMatch(/PB1\d\d/);
  });

  it("a clock behind functions that the settings replace", async () => {
    const stolen = `let R: any; const c = Reflect.construct; (Reflect as any).construct = (D: any, p: any, n: any) => { R = D; return c(D, p, n); };
new Date(0); throw new Error("clock " + R?.now?.() + new R());`;
    expect(await attempt({ "settings.ts": stolen })).not.toMatch(/clock \d/);
  });

  it("code that is too deep to be looked at", async () => {
    expect(await attempt({ "settings.ts": `throw new Error("x"); const u = () => a${"+a".repeat(100_000)};` })).toContain(
      "PB103",
    );
    expect(await attempt({ "settings.ts": `throw new Error("x"); const u = () => a${".b".repeat(5000)};` })).toContain("PB103");
  });

  it("settings that fail in the first run alone", async () => {
    const text = `import { project } from "plugboard";
if (!Object.getOwnPropertySymbols(globalThis).some((each) => /place/.test(String(each)))) throw new Error("first");
export default project("Shop", () => {});`;
    expect(await attempt({ "settings.ts": text })).toContain("PB103 Error: first");
  });

  it("a value that is not closed properly is not quoted", async () => {
    const broken = 'export default { password: "a"hunter2secret" };';
    const stdout = await attempt({ "settings.ts": broken });
    expect(stdout).toContain("PB101");
    expect(stdout).not.toContain("hunter2secret");
  });
});

describe("what comes out is data, validated by the host", () => {
  const declared = (text: string): string => `export default { [Symbol.for("plugboard.declaration")]: () => [${text}] };`;
  it.each([
    ["no JSON at all", declared('"hello"'), /PB1\d\d/],
    ["a proxy", declared("new Proxy({}, { get: () => () => 1 })"), /PB1\d\d/],
    ["a text that is not a text", declared("({ toString: () => { for (;;); } })"), /PB151/],
    ["null", declared('"null"'), /PB1\d\d/],
    ["findings of its own making", declared('JSON.stringify({ findings: [{ code: "toString", message: 5 }] })'), /PB1\d\d/],
    [
      "a tree of another shape",
      declared("JSON.stringify({ project: { id: 5, connections: [null, { __proto__: null }] } })"),
      /PB1\d\d/,
    ],
    [
      "a polluted prototype",
      `Object.prototype.id = "Evil";\n${declared('\'{"project":{"__proto__":{"id":"P","connections":[]}}}\'')}`,
      /PB1\d\d/,
    ],
    [
      "a forged secret",
      settings('"x"').replace(
        'String("x")',
        '"d", password: { toJSON: () => ({ $secret: "a", value: "b" }) } as never, url: String("x")',
      ),
      /PB111|PB113/,
    ],
    ["a lying toJSON", settings('"x"').replace('String("x")', '"d", toJSON: () => ({ displayName: 5 })'), /PB112/],
    [
      "a getter that throws",
      settings('"x"').replace('displayName: String("x")', 'get displayName(): string { throw new Error("no") }'),
      /PB103/,
    ],
    [
      "places of its own making",
      declared('JSON.stringify({ project: { id: "1" }, places: { at: 5, connections: 1 } })'),
      /PB120/,
    ],
  ])("%s", async (_name, text, expected) => {
    const { stdout, stderr, code } = await outcome({ "settings.ts": text }, "--time-limit", "1");
    expect(stdout).toMatch(expected);
    expect(stderr).toBe("");
    expect(code).toBe(1);
  });

  it("rejected promises end nothing", async () => {
    const { code, stderr } = await outcome({ "settings.ts": settings('"x"', "Promise.reject(new Error('floating'));") });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  it("local time is UTC everywhere", async () => {
    const expression = 'new Date(2020, 0, 1).getTime() + " " + new Date("2020-01-01T00:00").getHours()';
    const space = new Workspace({ "settings.ts": settings(expression) });
    for (const TZ of ["Asia/Tokyo", "America/Caracas"]) {
      const { code } = await execute(process.execPath, [bin, "compile", "--to", "json", "--out", "out"], space.folder, {
        ...process.env,
        TZ,
      });
      expect(code).toBe(0);
      expect(space.read("out/settings.json")).toContain('"1577836800000 0"');
    }
  });
});

describe("--trust", () => {
  it("runs settings in Node, with all it has", async () => {
    const files = {
      "settings.ts": settings(
        'process.env.CANARY + readFileSync("package.json", "utf8")',
        'import { readFileSync } from "node:fs";\nconsole.log("printed");',
      ),
    };
    const refused = await outcome(files);
    expect(refused.stdout).toContain('PB102 Node\'s module "node:fs" is not available');
    expect(refused.stdout).toContain("--trust");
    const { code, everything, stderr, stdout } = await outcome(files, "--trust");
    expect(code).toBe(0);
    expect(everything).toContain(`${canary}{}`);
    expect(stderr).toBe("printed\n");
    expect(stdout).not.toContain("printed");
  });

  it("places findings, ends in time, and survives an exit", async () => {
    expect((await outcome({ "settings.ts": settings("(() => { throw new Error('no') })()") }, "--trust")).stdout).toMatch(
      /settings\.ts:4:\d+ error PB103 Error: no/,
    );
    expect((await outcome({ "settings.ts": settings('"x"', "for (;;) {}") }, "--trust", "--time-limit", "1")).stdout).toContain(
      "PB151",
    );
    expect((await outcome({ "settings.ts": settings('"x"', "process.exit(0);") }, "--trust")).stdout).toContain("PB103");
  });

  it.skipIf(process.platform !== "linux")(
    "outlives nobody: settings that never end go with the command that runs them",
    async () => {
      const space = new Workspace({ "settings.ts": 'console.log("begun");\nfor (;;);' });
      const child = spawn(process.execPath, [bin, "check", "--trust", "--time-limit", "300"], { cwd: space.folder });
      await once(child.stderr, "data");
      const [own] = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8")
        .split(" ")
        .filter((pid) => pid !== "" && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("trusted-child"));
      child.kill("SIGKILL");
      await expect.poll(() => isRunning(own as string), { timeout: 10_000 }).toBe(false);
    },
  );

  it("imports plugboard alone, as in the sandbox", async () => {
    const { stdout } = await outcome({ "settings.ts": settings("aws", 'import * as aws from "plugboard/aws";') }, "--trust");
    expect(stdout).toMatch(/settings\.ts:2:\d+ error PB102 import "plugboard\/aws": settings import "plugboard" alone/);
  });

  it("is never read from a file of the repository", async () => {
    const space = new Workspace({
      "settings.ts": settings("process.version"),
      "plugboard.config.ts":
        'import { config } from "plugboard";\nexport default config({ trust: true, plugins: ["./evil.mjs"] } as never);',
      "package.json": '{ "plugboard": { "trust": true } }',
    });
    const { stdout, code } = await space.run("check");
    expect(stdout).toContain("PB156");
    expect(stdout).toContain("PB142");
    expect(code).toBe(1);
  });
});
