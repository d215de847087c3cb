import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { project, secret, token } from "plugboard";
import {
  FindingsError,
  type SettingsByKind,
  type TestResult,
  testConnection,
  testConnections,
  UnknownName,
} from "plugboard/test";
import { compile } from "plugboard/testing";
import { afterEach, beforeEach, describe, expect, expectTypeOf, it, vi } from "vitest";
import type { Settings } from "../src/model/schema.js";
import { listen } from "./support/internet.js";
import { probeProject, probeType } from "./support/probe.js";
import { execute, root, Workspace } from "./support/workspace.js";

const answering = probeType(async ({ url, token: given }: never, { http, check }) => {
  await check({ stage: "server", title: "answers" }, async () => {
    const { text } = await http.request(url, { headers: { authorization: (given as { reveal(): string }).reveal() } });
    return { outcome: "ok", message: `it said ${text}` };
  });
});

/** A server that repeats what it is given, and the settings of probes that lead to it. */
async function startEcho(...probes: readonly Parameters<typeof probeProject>[0][number][]) {
  const asked: string[] = [];
  const port = await listen(
    createServer(({ headers }, answer) => {
      asked.push(headers.authorization as string);
      answer.end(headers.authorization);
    }),
  );
  const url = `http://127.0.0.1:${port}`;
  const settings: Settings = {
    $schema: "urn:plugboard:settings:1",
    version: 1,
    project: probeProject(probes.map((each) => ({ url, ...each }))),
  };
  return { settings, asked, url };
}

const one = { id: "One", token: { $secret: "one" } };
const two = { id: "Two", in: "Top_Below", token: { $secret: "two" } };

describe("testConnections", () => {
  it("reports every connection, as it ends and at the end, without the values", async () => {
    const { settings, asked } = await startEcho(one, two);
    const heard: TestResult[] = [];
    const report = await testConnections(settings, {
      types: [answering],
      secrets: { one: "value of one", two: "value of two" },
      onResult: (each) => heard.push(each),
    });
    expect(report.passed).toBe(true);
    expect(report.results).toEqual(heard);
    expect(report.summary).toMatchObject({ passed: 2, failed: 0, notRun: 0, notEnded: 0 });
    expect([...asked].sort()).toEqual(["value of one", "value of two"]);
    expect(heard.map((each) => each.checks.at(-1)?.message).sort()).toEqual(["it said [secret one]", "it said [secret two]"]);
  });

  it("takes values from a function and from stores", async () => {
    const { settings, asked } = await startEcho(one);
    await testConnections(settings, { types: [answering], secrets: async (name) => `computed ${name}` });
    const environment = { PLUGBOARD_SECRET_ONE: "from the environment" };
    await testConnections(settings, { types: [answering], environment, secrets: { stores: [{ type: "env" }], folder: "." } });
    expect(asked).toEqual(["computed one", "from the environment"]);
    const { passed, results } = await testConnections(settings, { types: [answering] });
    expect(passed).toBe(false);
    expect(results[0]?.checks).toMatchObject([
      { outcome: "invalid-input", message: "there is no value for one; looked up in what the caller gave" },
    ]);
  });

  it.each([
    ["undefined", undefined],
    ["null", null],
    ["an empty text", ""],
  ])("has no value where %s is given", async (_, value) => {
    const { settings, asked } = await startEcho(one);
    for (const secrets of [() => value, async () => value, { one: value }]) {
      const { results } = await testConnections(settings, { types: [answering], secrets: secrets as never });
      expect(results).toMatchObject([
        { outcome: "invalid-input", checks: [{ message: expect.stringMatching(/^there is no value/) }] },
      ]);
    }
    expect(asked).toEqual([]);
  });

  it.each([
    ["a number", 421_337],
    ["an object", { value: 421_337 }],
  ])("fails where %s is given, which is not shown", async (_, value) => {
    const { settings, asked } = await startEcho(one, two);
    const secrets = (name: string) => (name === "one" ? value : "value of two");
    const { results } = await testConnections(settings, { types: [answering], secrets: secrets as never });
    expect(results.find((each) => each.connectionId === "One")).toMatchObject({
      status: "failed",
      checks: [{ message: expect.stringContaining("TypeError: the value of one is no text") }],
    });
    expect(results.find((each) => each.connectionId === "Two")?.status).toBe("passed");
    expect(JSON.stringify(results)).not.toContain("421337");
    expect(asked).toEqual(["value of two"]);
  });

  it("tells that what gives the values failed, and not how", async () => {
    const { settings } = await startEcho(one);
    for (const secrets of [
      () => {
        throw new Error("made-up reason");
      },
      () => Promise.reject(new Error("made-up reason")),
    ]) {
      const { results } = await testConnections(settings, { types: [answering], secrets });
      expect(results).toMatchObject([
        {
          outcome: "invalid-input",
          checks: [{ message: expect.stringMatching(/^what gives the values of secrets failed: Error/) }],
        },
      ]);
      expect(JSON.stringify(results)).not.toContain("made-up reason");
    }
  });

  it("fails where a name of JavaScript has no value", async () => {
    const { settings } = await startEcho({ ...one, token: { $secret: "constructor" } });
    const { results } = await testConnections(settings, { types: [answering], secrets: {} });
    expect(results).toMatchObject([{ outcome: "invalid-input" }]);
  });

  it("tests what the options name", async () => {
    const { settings } = await startEcho(one, two);
    const tested = async (options: object): Promise<string[]> =>
      (await testConnections(settings, { types: [answering], secrets: (name) => name, ...options })).results
        .map((each) => each.connectionId)
        .sort();
    expect(await tested({ connections: ["Two"] })).toEqual(["Two"]);
    expect(await tested({ projects: ["Top"] })).toEqual(["One", "Two"]);
    expect(await tested({ projects: ["Top_Below"] })).toEqual(["Two"]);
    expect(await tested({ kinds: ["docker"] })).toEqual([]);
    expect(await tested({ connections: [] })).toEqual([]);
    for (const [wrong, message] of [
      [{ connections: ["Twoo"] }, 'there is no connection "Twoo": did you mean Two?'],
      [{ kinds: ["prob"] }, 'there is no kind "prob": did you mean probe?'],
      [{ projects: ["Tip"] }, 'there is no project "Tip": did you mean Top?'],
    ] as const) {
      const asked = testConnections(settings, { types: [answering], ...wrong });
      await expect(asked).rejects.toBeInstanceOf(UnknownName);
      await expect(asked).rejects.toThrow(message);
    }
  });

  it("with a base, tests what differs and sends no secret where it did not go", async () => {
    const { settings: base, asked } = await startEcho(one, two);
    const { settings: elsewhere } = await startEcho({ ...one, id: "New" });
    const settings = {
      ...base,
      project: { ...base.project, connections: [...base.project.connections, ...elsewhere.project.connections] },
    };
    const { results, passed } = await testConnections(settings, { types: [answering], base, secrets: (name) => name });
    expect(results).toMatchObject([
      { connectionId: "New", status: "notRun", reason: expect.stringContaining("for the first time") },
    ]);
    expect(passed).toBe(true);
    expect(asked).toEqual([]);
  });

  it("can be given up, and leaves nothing on the signal", async () => {
    const { settings } = await startEcho(one);
    const given = new AbortController();
    given.abort();
    const { passed, results } = await testConnections(settings, {
      types: [answering],
      signal: given.signal,
      secrets: (name) => name,
    });
    expect(passed).toBe(false);
    expect(results).toMatchObject([{ status: "notEnded" }]);
  });

  it("given up by a timer, does not say that the time of a test was up", async () => {
    const { settings } = await startEcho(one);
    const { results } = await testConnections(settings, {
      types: [answering],
      signal: AbortSignal.timeout(100),
      secrets: () => new Promise<never>(() => {}),
    });
    expect(results).toMatchObject([{ status: "notEnded", reason: "the run was given up" }]);
    expect(JSON.stringify(results)).not.toContain("time");
  });

  it("tests no settings of a version that it does not know", async () => {
    const { settings } = await startEcho(one);
    const newer = { ...settings, version: 2 } as never;
    await expect(testConnections(newer, { types: [answering] })).rejects.toMatchObject({ findings: [{ code: "PB140" }] });
    await expect(testConnections(settings, { types: [answering], base: newer })).rejects.toBeInstanceOf(FindingsError);
  });

  it("tests no settings that have errors", async () => {
    const { settings } = await startEcho(one, { ...one });
    const tested = testConnections(settings, { types: [answering] });
    await expect(tested).rejects.toBeInstanceOf(FindingsError);
    await expect(tested).rejects.toMatchObject({ findings: [{ code: "PB202" }] });
  });

  it("takes what a settings file compiles to", async () => {
    const { model } = compile(
      project("Shop", ({ npmRegistry }) => {
        npmRegistry("Npm", { displayName: "n", token: token("credentialsJSON:00000000-0000-4000-8000-000000000001") });
      }),
    );
    const { results } = await testConnections(model as Settings);
    expect(results).toMatchObject([{ projectId: "Shop", connectionId: "Npm", kind: "npm", status: "notRun" }]);
  });
});

describe("time", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
  afterEach(() => void vi.useRealTimers());

  const patient = probeType(async (_, { check, signal }) => {
    await check({ stage: "server", title: "answers" }, async () => {
      await vi.advanceTimersByTimeAsync(24 * 3600 * 1000);
      return { outcome: "ok", message: signal.aborted ? "too late" : "in time" };
    });
  });

  it.each([2 ** 31 - 1, 2 ** 31, 1e15, Number.POSITIVE_INFINITY])("of %d milliseconds is no time of one", async (timeout) => {
    const { settings } = await startEcho(one);
    const { results } = await testConnections(settings, { types: [patient], timeout, secrets: (name) => name });
    expect(results).toMatchObject([{ outcome: "ok", checks: [{ title: "secrets" }, { message: "in time" }] }]);
  });

  it("is up once for an adapter that does not load, however many connections have it", async () => {
    const { settings } = await startEcho(one, two);
    const endless = { ...answering, adapter: () => new Promise<never>(() => {}) };
    const tested = testConnections(settings, { types: [endless], secrets: (name) => name });
    await vi.advanceTimersByTimeAsync(31_000);
    const failed = {
      status: "failed",
      outcome: "internal-error",
      checks: [{ message: expect.stringContaining("TimeoutError") }],
    };
    expect((await tested).results).toMatchObject([failed, failed]);
  });
});

describe("testConnection", () => {
  it("tests one connection from its settings", async () => {
    const result = await testConnection(
      "npm",
      { url: "https://nowhere.invalid", token: secret("npm") },
      { secrets: { npm: "npm_abc123" } },
    );
    expect(result).toMatchObject({ kind: "npm", connectionId: "Connection", status: "failed", outcome: "dns" });
    const address = { projectId: "Shop", connectionId: "Npm" };
    expect(await testConnection("npm", { token: secret("npm") }, { address })).toMatchObject({
      ...address,
      outcome: "invalid-input",
    });
  });

  it("holds settings to their kind, before anything is sent", async () => {
    // @ts-expect-error a token is a secret, no text
    await expect(testConnection("npm", { token: "npm_abc123" })).rejects.toMatchObject({ findings: [{ code: "PB113" }] });
    // @ts-expect-error there is no such kind
    await expect(testConnection("nmp", {})).rejects.toBeInstanceOf(FindingsError);
    expectTypeOf<keyof SettingsByKind>().toExtend<string>();
    expectTypeOf<SettingsByKind["npm"]["url"]>().toEqualTypeOf<string | undefined>();
  });
});

it("the documentation's example runs", async () => {
  const asked: (string | undefined)[] = [];
  const port = await listen(
    createServer(({ url, headers }, answer) => {
      if (url === "/-/whoami") asked.push(headers.authorization);
      if (headers.authorization === undefined) answer.statusCode = 401;
      answer.setHeader("content-type", "application/json").end(url === "/-/whoami" ? '{"username":"teamcity"}' : "{}");
    }),
  );
  const [, example = ""] = /^```ts\n(.*?)^```$/ms.exec(readFileSync(join(root, "docs/connection-tests.md"), "utf8")) ?? [];
  const space = new Workspace({ "example.mjs": example.replace("https://npm.example.com", `http://127.0.0.1:${port}`) });
  mkdirSync(join(space.folder, "node_modules"));
  symlinkSync(root, join(space.folder, "node_modules/plugboard"), "junction");
  const { stdout, stderr } = await execute(process.execPath, ["example.mjs"], space.folder);
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^PaymentsNpm passed \S+\ntrue \{/);
  expect(asked).toContain("Bearer npm_of_a_test");
});

it("forgets the values of secrets once all runs have ended", async () => {
  const value = "remembered-no-longer";
  const { settings } = await startEcho(one);
  const heard: string[] = [];
  await testConnections(settings, {
    types: [answering],
    secrets: () => value,
    onResult: ({ checks }) => heard.push(checks.at(-1)?.message ?? ""),
  });
  expect(heard).toEqual(["it said [secret one]"]);
  const echo = probeType(
    async (_, { check }) => void (await check({ stage: "server", title: "a" }, () => ({ outcome: "ok", message: value }))),
  );
  const { results } = await testConnections(settings, { types: [echo], secrets: () => "another-value" });
  expect(results[0]?.checks.at(-1)?.message).toBe(value);
});

it("changes nothing of the process", async () => {
  const before = [
    process.stdout.write,
    process.stderr.write,
    process.listenerCount("SIGINT"),
    process.listenerCount("uncaughtException"),
  ];
  await testConnection("npm", { url: "https://nowhere.invalid", token: secret("npm") }, { secrets: { npm: "npm_abc123" } });
  expect([
    process.stdout.write,
    process.stderr.write,
    process.listenerCount("SIGINT"),
    process.listenerCount("uncaughtException"),
  ]).toEqual(before);
});
