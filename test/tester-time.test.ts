import { createServer } from "node:http";
import { describe, expect, it } from "vitest";
import type { TestContext } from "../src/contract/adapter.js";
import type { TestResult } from "../src/contract/results.js";
import { listen } from "./support/internet.js";
import { good, passing, probeType, runProbes, summaryOf } from "./support/probe.js";

/** A test that goes on until it is let go. */
class Gates {
  readonly started: string[] = [];
  readonly #open = new Map<string, () => void>();
  most = 0;

  readonly type = probeType(async (_, { address, check }) => {
    await check({ stage: "server", title: "gate" }, async () => {
      this.started.push(address.connectionId);
      await new Promise<void>((resolve) => this.#open.set(address.connectionId, resolve));
      return good;
    });
  });

  get running(): string[] {
    return [...this.#open.keys()];
  }

  /** Ends a test, and waits until what it has made room for is started. */
  async end(id: string): Promise<void> {
    this.#open.get(id)?.();
    this.#open.delete(id);
    await settle();
  }
}

/** Lets everything happen that can happen without time passing. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

describe("the order of tests", () => {
  const many = (host: string, count: number) =>
    Array.from({ length: count }, (_, index) => ({ id: `${host}${index}`, url: `https://${host}.example.com` }));

  it("a host that does not answer keeps nobody else waiting", async () => {
    const gates = new Gates();
    const run = runProbes(gates.type, [...many("slow", 1000), ...many("b", 2), ...many("c", 2)], { parallel: 8, perHost: 4 });
    await settle();
    expect(gates.running).toEqual(["slow0", "b0", "c0", "slow1", "b1", "c1", "slow2", "slow3"]);
    await gates.end("b0");
    await gates.end("c1");
    expect(gates.running.filter((each) => each.startsWith("slow"))).toHaveLength(4);
    await gates.end("b1");
    await gates.end("c0");
    expect(gates.running).toEqual(["slow0", "slow1", "slow2", "slow3"]);
    while (gates.running.length > 0) await Promise.all(gates.running.map((each) => gates.end(each)));
    expect((await run).summary.passed).toBe(1004);
  });

  it("the next is one of the host with the fewest running tests", async () => {
    const gates = new Gates();
    const run = runProbes(gates.type, [...many("a", 6), ...many("b", 6)], { parallel: 4, perHost: 16 });
    await settle();
    expect(gates.running).toEqual(["a0", "b0", "a1", "b1"]);
    await gates.end("a0");
    await gates.end("a1");
    expect(gates.running).toEqual(["b0", "b1", "a2", "a3"]);
    while (gates.running.length > 0) for (const each of gates.running) await gates.end(each);
    expect((await run).summary.passed).toBe(12);
  });

  it("an explicit bound for all is that of a host too", async () => {
    for (const [options, expected] of [
      [{}, 16],
      [{ parallel: 24 }, 24],
      [{ parallel: 24, perHost: 3 }, 3],
      [{ perHost: 100 }, 64],
    ] as const) {
      const gates = new Gates();
      const run = runProbes(gates.type, many("a", 80), options);
      await settle();
      expect(gates.running).toHaveLength(expected);
      while (gates.running.length > 0) await Promise.all(gates.running.map((each) => gates.end(each)));
      await run;
    }
  });
});

describe("time", () => {
  /** A check that listens to nothing and never ends. */
  const hanging = (...also: string[]) =>
    probeType(async (_, { check }) => {
      const first = await check({ stage: "server", title: "answers" }, () => new Promise<never>(() => {}));
      for (const title of also) await check({ stage: "authentication", title, after: first }, () => good);
      await check({ stage: "server", title: "another" }, () => good);
    });

  it("ends a test that hangs, and says in which check", async () => {
    const { results } = await runProbes(hanging("token"), [{ id: "A" }], { timeout: 50 });
    expect(results).toMatchObject([{ status: "failed", outcome: "timeout" }]);
    expect(results.map(summaryOf)).toEqual([
      ["server answers: timeout", "authentication token: notRun", "server another: notRun"],
    ]);
  });

  it("ends a test that hangs outside of its checks", async () => {
    const outside = probeType(() => new Promise(() => {}));
    expect((await runProbes(outside, [{ id: "A" }], { timeout: 50 })).results.map(summaryOf)).toEqual([
      ["input the test itself: timeout"],
    ]);
  });

  it("does not pass if time runs out between two checks", async () => {
    const type = probeType(async (_, { check, signal }) => {
      await check({ stage: "server", title: "answers" }, () => good);
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      await check({ stage: "callback", title: "webhook" }, () => good);
    });
    const { results } = await runProbes(type, [{ id: "A" }], { timeout: 50 });
    expect(results).toMatchObject([{ status: "failed", outcome: "timeout" }]);
    expect(results.map(summaryOf)).toEqual([
      ["server answers: ok", "callback webhook: notRun", "input the test itself: timeout"],
    ]);
  });

  it.each(["the time is up", "the run is given up"])("what a test has created is taken away even if %s", async (end) => {
    const giveUp = new AbortController();
    const asked: string[] = [];
    const port = await listen(
      createServer(({ method, url }, answer) => {
        asked.push(`${method} ${url}`);
        if (method === "DELETE") answer.end();
        else if (end === "the run is given up") giveUp.abort();
      }),
    );
    const url = `http://127.0.0.1:${port}`;
    const type = probeType(async (_, { http, check, cleanUp }) => {
      await check({ stage: "permissions", title: "token" }, async () => {
        try {
          await http.request(`${url}/use`);
        } finally {
          await cleanUp(async (http) => void (await http.request(`${url}/token`, { method: "DELETE" })));
        }
        return good;
      });
    });
    await runProbes(type, [{ id: "A", url }], { timeout: end === "the time is up" ? 3000 : 20_000, signal: giveUp.signal });
    expect(asked).toEqual(["GET /use", "DELETE /token"]);
  });

  it("ends when no value of a secret comes in time, or the run is given up", async () => {
    const secrets = (asksPeople: boolean) => () => ({ places: "a vault", get: () => new Promise<never>(() => {}), asksPeople });
    const probes = [{ id: "A", token: { $secret: "a" } }];
    const giveUp = new AbortController();
    const asking = runProbes(passing, probes, { secrets: secrets(true), timeout: 1, signal: giveUp.signal });
    const late = await runProbes(passing, probes, { secrets: secrets(false), timeout: 50 });
    expect(late.results[0]).toMatchObject({
      outcome: "timeout",
      checks: [{ title: "secrets", message: "a vault did not give a in time" }],
    });
    giveUp.abort();
    expect((await asking).results).toMatchObject([{ status: "notEnded", checks: [] }]);
  });

  it("a listener that throws ends the run, and nothing of it goes on", async () => {
    const ended: string[] = [];
    const type = probeType(async (_, { address, check, signal }) => {
      if (address.connectionId !== "Fast")
        await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
      ended.push(address.connectionId);
      await check({ stage: "server", title: "answers" }, () => good);
    });
    let heard = 0;
    const onResult = (): void => {
      heard += 1;
      throw new Error("the disk is full");
    };
    const probes = ["Slow", "Fast", "Waiting"].map((id) => ({ id, url: `https://${id}.example.com` }));
    await expect(runProbes(type, probes, { parallel: 2, onResult })).rejects.toThrow("the disk is full");
    await settle();
    expect(ended).toEqual(["Fast", "Slow"]);
    expect(heard).toBe(1);
  });

  it.each([{ parallel: 0 }, { perHost: 0 }, { timeout: 0 }, { parallel: Number.NaN }])("%j is refused", async (options) => {
    await expect(runProbes(passing, [{ id: "A" }], options)).rejects.toThrow(/must be at least 1/);
  });

  it("bounds without bound cost nothing", async () => {
    const { summary } = await runProbes(passing, [{ id: "A" }, { id: "B" }], { parallel: 1e9, perHost: 1e9 });
    expect(summary.passed).toBe(2);
  });

  it("a run that is given up keeps what is known, and ends at once", async () => {
    const giveUp = new AbortController();
    const type = probeType(async (_, { address, check }) => {
      await check({ stage: "server", title: "answers" }, () => good);
      if (address.connectionId === "Fast") return;
      giveUp.abort();
      await check({ stage: "authentication", title: "token" }, () => new Promise<never>(() => {}));
    });
    const probes = ["Fast", "Slow", "Waiting"].map((id) => ({ id }));
    const { results, summary } = await runProbes(type, probes, { parallel: 1, signal: giveUp.signal });
    expect(results.map(({ connectionId, status, reason }) => [connectionId, status, reason])).toEqual([
      ["Fast", "passed", undefined],
      ["Slow", "notEnded", "the run was given up"],
      ["Waiting", "notEnded", "the run was given up before"],
    ]);
    expect(summaryOf(results[1] as TestResult)).toEqual(["server answers: ok", "authentication token: notRun"]);
    expect(summary).toMatchObject({ passed: 1, notEnded: 2 });
  });
});

it("a store that is given up while it looks for a value is no error in the test", async () => {
  const giveUp = new AbortController();
  const secrets = {
    places: "a vault",
    get: async () => {
      giveUp.abort();
      throw giveUp.signal.reason;
    },
  };
  const { results } = await runProbes(passing, [{ id: "A", token: { $secret: "a" } }], {
    secrets: () => secrets,
    signal: giveUp.signal,
  });
  expect(results).toMatchObject([{ status: "notEnded", checks: [] }]);
});

describe("sessions", () => {
  const sharing = (open: () => Promise<string>) =>
    probeType(async ({ token }: never, { session, check }: TestContext) => {
      await check({ stage: "authentication", title: "session" }, async () => {
        const name = await session(["server", token], open);
        return { outcome: "ok", message: name };
      });
    });

  it("are opened once per credential, whoever is first", async () => {
    let opened = 0;
    const type = sharing(async () => `session ${++opened}`);
    const { results } = await runProbes(
      type,
      [1, 2, 3, 4].map((id) => ({ id: `A${id}`, token: { $secret: id === 4 ? "other" : "one" } })),
    );
    expect(results.map((each) => each.checks.at(-1)?.message).sort()).toEqual([
      "session 1",
      "session 1",
      "session 1",
      "session 2",
    ]);
  });

  it("share their failure", async () => {
    let opened = 0;
    const type = sharing(async () => {
      opened += 1;
      throw Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
    });
    const { results } = await runProbes(
      type,
      ["A", "B"].map((id) => ({ id, token: { $secret: "one" } })),
    );
    expect(results.map((each) => each.outcome)).toEqual(["refused", "refused"]);
    expect(opened).toBe(1);
  });

  it("do not end with the test that opened them", async () => {
    let open = (_name: string): void => {};
    const waiting = new Promise<string>((resolve) => {
      open = resolve;
    });
    const type = probeType(async ({ token }: never, { address, session, check }) => {
      const first = address.connectionId === "First";
      await check({ stage: "authentication", title: "session" }, async () => {
        if (first)
          return {
            outcome: "ok",
            message: await session(["server", token], () => waiting),
          };
        const shared = session(["server", token], async () => "another");
        open("the shared one");
        return { outcome: "ok", message: await shared };
      });
    });
    const probes = ["First", "Second"].map((id) => ({ id, token: { $secret: "one" } }));
    const { result } = await runProbes(type, probes, { parallel: 1, timeout: 100 });
    expect(result("First").outcome).toBe("timeout");
    expect(result("Second").checks.at(-1)?.message).toBe("the shared one");
  });
});
