import { describe, expect, it } from "vitest";
import { codes } from "../src/model/codes.js";
import { FindingsError, finding } from "../src/model/finding.js";
import { indexTree } from "../src/rules/tree.js";
import { TransportFailure } from "../src/transport/http.js";
import { good, passing, probeProject, probeType, runProbes, summaryOf } from "./support/probe.js";

describe("a test", () => {
  it("runs its checks in order, and those that build on a failed one are not run", async () => {
    const type = probeType(async (_, { check }) => {
      const first = await check({ stage: "server", title: "answers" }, () => ({ ...good, value: 1 }));
      const second = await check({ stage: "authentication", title: "token", after: first }, (value) => ({
        outcome: "wrong-secret",
        message: `the token is refused ${value} time`,
        evidence: { status: 401, code: "no" },
        complaints: [{ code: "X1", message: "besides" }],
      }));
      await check({ stage: "permissions", title: "rights", after: second }, () => good);
      await check({ stage: "deprecation", title: "not old" }, () => ({ outcome: "deprecated", message: "its end is announced" }));
    });
    const { results, summary } = await runProbes(type, [{ id: "A" }]);
    expect(summary).toMatchObject({ passed: 0, failed: 1, notRun: 0, notEnded: 0 });
    expect(results).toMatchObject([
      { projectId: "Top", connectionId: "A", kind: "probe", displayName: "A", status: "failed", outcome: "wrong-secret" },
    ]);
    expect(results[0]?.checks).toMatchObject([
      { stage: "server", status: "passed", outcome: "ok" },
      {
        status: "failed",
        message: "the token is refused 1 time",
        evidence: { status: 401, code: "no" },
        complaints: [{ code: "X1" }],
      },
      { title: "rights", status: "notRun", message: "not run, because a check that it builds on did not pass" },
      { stage: "deprecation", status: "passed", outcome: "deprecated" },
    ]);
  });

  it("passes with a reservation, which is a failure where it is strict", async () => {
    const type = probeType(async (_, { check }) => {
      const limited = await check({ stage: "server", title: "a" }, () => ({
        outcome: "unverifiable",
        message: "nobody can tell",
      }));
      await check({ stage: "server", title: "b", after: limited }, () => good);
    });
    const { results } = await runProbes(type, [{ id: "A" }]);
    expect(results).toMatchObject([{ status: "passed", outcome: "unverifiable" }]);
    const strict = await runProbes(type, [{ id: "A" }], { strict: true });
    expect(strict.results).toMatchObject([
      { status: "failed", outcome: "unverifiable", checks: [{ status: "failed" }, { status: "passed" }] },
    ]);
  });

  it("runs a check only if there is what it builds on", async () => {
    const type = probeType(async (_, { check }) => {
      const failing = await check({ stage: "input", title: "a" }, () => ({ outcome: "invalid-input", message: "no" }));
      const empty = await check<string, unknown>({ stage: "server", title: "b" }, () => ({
        outcome: "unverifiable",
        message: "?",
      }));
      const full = await check({ stage: "server", title: "c" }, () => ({ ...good, value: "c" }));
      await check({ stage: "identity", title: "takes nothing", after: empty }, () => good);
      await check({ stage: "identity", title: "takes what is not there", after: empty }, (value) => ({
        ...good,
        message: value,
      }));
      await check({ stage: "identity", title: "takes the last", after: [empty, full] }, (value) => ({ ...good, message: value }));
      await check({ stage: "identity", title: "one failed", after: [failing, full] }, () => good);
    });
    const { results } = await runProbes(type, [{ id: "A" }]);
    expect(results[0]?.checks.slice(3).map(({ title, message }) => [title, message])).toEqual([
      ["takes nothing", "it is"],
      ["takes what is not there", "not run, because a check that it builds on has found nothing to build on"],
      ["takes the last", "c"],
      ["one failed", "not run, because a check that it builds on did not pass"],
    ]);
  });

  it("gets the values of its secrets, and those of the connections it builds on", async () => {
    const seen: unknown[] = [];
    const type = probeType(async ({ token, other }: never, { related, check }) => {
      const base = other === undefined ? undefined : await related(other);
      seen.push([
        String(token),
        (token as { reveal(): string } | undefined)?.reveal(),
        base?.address.connectionId,
        String(base?.settings.token),
      ]);
      await check({ stage: "server", title: "a" }, () => good);
    });
    const { lookedUp } = await runProbes(type, [
      { id: "Base", token: { $secret: "base" } },
      { id: "Mine", token: { $secret: "mine" }, other: { $connection: "Base" } },
    ]);
    expect(seen).toEqual([
      ["[secret base]", "base", undefined, "undefined"],
      ["[secret mine]", "mine", "Base", "[secret base]"],
    ]);
    expect(lookedUp).toEqual(["base", "base", "mine"]);
  });

  it("fails before anything is sent if a secret has no value", async () => {
    let ran = 0;
    const type = probeType(async () => {
      ran += 1;
    });
    const { results } = await runProbes(type, [
      { id: "Base", token: { $secret: "missing" } },
      { id: "Mine", token: { $secret: "mine" }, other: { $connection: "Base" } },
    ]);
    expect(ran).toBe(0);
    expect(results.map((each) => each.outcome)).toEqual(["invalid-input", "invalid-input"]);
    expect(results[1]?.checks).toMatchObject([
      {
        stage: "input",
        title: "secrets",
        message: "there is no value for missing; looked up in the test",
        hint: "Put it into a store: plugboard secrets set missing.",
      },
    ]);
  });

  it("tells what is wrong with a store", async () => {
    const secrets = {
      places: "a vault",
      get: async () => {
        throw new FindingsError([finding("PB100", "the vault is sealed", { hint: "Unseal it." })]);
      },
    };
    const { results } = await runProbes(passing, [{ id: "A", token: { $secret: "a" } }], { secrets: () => secrets });
    expect(results[0]?.checks).toMatchObject([{ outcome: "invalid-input", message: "the vault is sealed", hint: "Unseal it." }]);
  });

  it("tells what a store's error means where the store does not say", async () => {
    const get = () => Promise.reject(new FindingsError([finding("PB702", "the vault did not answer")]));
    const { results } = await runProbes(passing, [{ id: "A", token: { $secret: "a" } }], {
      secrets: () => ({ places: "a vault", get }),
    });
    expect(results[0]?.checks).toMatchObject([{ message: "the vault did not answer", hint: codes.PB702.help }]);
  });

  it("that crashes is an error of its own, whose message quotes nothing", async () => {
    class ProviderError extends Error {
      override readonly name = "ProviderError";
    }
    const inCheck = probeType(async (_, { check }) => {
      await check({ stage: "server", title: "a" }, () => {
        throw new ProviderError("GET /?token=hidden");
      });
    });
    const { results } = await runProbes(inCheck, [{ id: "A" }]);
    expect(results).toMatchObject([{ status: "failed", outcome: "internal-error" }]);
    expect(results[0]?.checks[0]?.message).toMatch(/^the check failed: ProviderError, at .*tester\.test\.ts/);
    expect(JSON.stringify(results)).not.toContain("hidden");
    const outside = await runProbes(
      probeType(async () => {
        throw new TypeError("x is not a function");
      }),
      [{ id: "A" }],
    );
    expect(outside.results[0]?.checks).toMatchObject([
      { title: "the test itself", outcome: "internal-error", message: expect.stringContaining("TypeError: x is not a function") },
    ]);
  });

  it("that has looked at nothing is an error of its own", async () => {
    const { results } = await runProbes(
      probeType(async () => {}),
      [{ id: "A", token: { $secret: "a" } }],
    );
    expect(results.map(summaryOf)).toEqual([["input secrets: ok", "input the test itself: internal-error"]]);
  });

  it("without an address that can be asked fails alone, before anything is looked up", async () => {
    const elsewhere = probeType(
      async (_, { check }) => void (await check({ stage: "server", title: "answers" }, () => good)),
      ({ url = "" }) => {
        if (!URL.canParse(url))
          throw new TransportFailure("invalid-input", "the variable HERE is no address", { hint: "Set it." });
        return [new URL(url)];
      },
    );
    const token = { $secret: "a" };
    const { result, lookedUp } = await runProbes(elsewhere, [
      { id: "None", url: "not a url", token },
      { id: "Scheme", url: "localhost:4566", token },
      { id: "Good", url: "https://one.example.com" },
    ]);
    expect(result("None").checks).toMatchObject([
      { stage: "input", outcome: "invalid-input", message: "the variable HERE is no address", hint: "Set it." },
    ]);
    expect(result("Scheme").checks).toMatchObject([
      { stage: "input", outcome: "invalid-input", message: "an address with localhost: cannot be asked" },
    ]);
    expect(result("Good").status).toBe("passed");
    expect(lookedUp).toEqual([]);
  });

  it("gives complaints the severity of their code", async () => {
    const type = probeType(async (_, { check }) => {
      const complaints = [
        { code: "X1", message: "a note" },
        { code: "X1", severity: "error", message: "an error" },
        { code: "X2", message: "without an entry" },
      ] as const;
      await check({ stage: "server", title: "answers" }, () => ({ ...good, complaints }));
    });
    const codes = { X1: { severity: "note", title: "X", help: "x" } } as const;
    const { results } = await runProbes({ ...type, codes }, [{ id: "A" }]);
    expect(results[0]?.checks[0]?.complaints?.map((each) => each.severity)).toEqual(["note", "error", "warning"]);
  });

  it("of a type whose adapter cannot be loaded fails alone", async () => {
    const broken = { ...passing, adapter: () => import("./no-such-adapter.js" as string) };
    const { results } = await runProbes(broken, [{ id: "A" }, { id: "B" }]);
    expect(results.map((each) => each.outcome)).toEqual(["internal-error", "internal-error"]);
  });
});

describe("what is not run", () => {
  it("tells why, and no secret of it is looked up", async () => {
    const { results, lookedUp, summary } = await runProbes(
      passing,
      [
        { id: "Token", token: { $token: "credentialsJSON:00000000-0000-4000-8000-000000000001" } },
        { id: "Stored", token: { $stored: true } },
        { id: "Param", url: "https://%host%/", token: { $secret: "a" } },
        { id: "Percent", displayName: "%name%", token: { $secret: "good" } },
        { id: "Builds", other: { $connection: "Stored" }, token: { $secret: "a" } },
        { id: "External", other: { $connection: "Elsewhere", external: true }, token: { $secret: "a" } },
        { id: "Over", url: "https://one.example.com", params: { url: "https://two.example.com" }, token: { $secret: "a" } },
        { id: "Adds", params: { url: "https://elsewhere.test" }, token: { $secret: "a" } },
        { id: "Host", url: "https://other.test", token: { $secret: "a" } },
        { id: "Deep", url: "https://a.b.example.com", token: { $secret: "deep" } },
      ],
      { hosts: ["*.example.com"] },
    );
    expect(Object.fromEntries(results.map(({ connectionId, reason, status }) => [connectionId, reason ?? status]))).toEqual({
      Token: "`token` of Token is a token, whose value only the TeamCity server knows",
      Stored: "`token` of Stored is a stored secret, whose value only the TeamCity server knows",
      Param: "`url` of Param refers to a parameter, which only the TeamCity server fills in",
      Percent: "passed",
      Builds: "`token` of Stored is a stored secret, whose value only the TeamCity server knows",
      External: "`other` refers to Elsewhere, which this tree does not declare",
      Over: "`params` of Over writes over what the settings say: url",
      Adds: "`params` of Adds writes over what the settings say: url",
      Host: "`hosts` of the configuration does not allow other.test",
      Deep: "passed",
    });
    expect([...lookedUp].sort()).toEqual(["deep", "good"]);
    expect(summary).toMatchObject({ passed: 2, notRun: 8 });
  });

  it.each(["sts:443", "not a url", "http://", "foo://bar", "  "])("fails where an address is none: %j", async (url) => {
    const { result } = await runProbes(passing, [{ id: "A", url }, { id: "B" }]);
    expect(result("A")).toMatchObject({ status: "failed", outcome: "invalid-input", checks: [{ title: "address" }] });
    expect(result("B").status).toBe("passed");
  });

  it("fails where a check gives what is no data", async () => {
    const facts: Record<string, unknown> = {};
    facts.self = facts;
    const type = probeType(
      async (_, { check }) =>
        void (await check({ stage: "server", title: "a" }, () => ({ ...good, evidence: { facts } }) as never)),
    );
    const { results } = await runProbes(type, [{ id: "A" }]);
    expect(results).toMatchObject([{ status: "failed", outcome: "internal-error" }]);
  });

  it("says so of a type without a test", async () => {
    const { adapter: _, ...untested } = passing;
    expect((await runProbes(untested, [{ id: "A" }])).results).toMatchObject([
      { status: "notRun", reason: "there is no test for Probe yet" },
    ]);
  });
});

describe("how many results there will be", () => {
  it("is told before the first test: what is refused counts, what is as in the base does not", async () => {
    const told: unknown[] = [];
    const type = probeType(async (_, { check }) => {
      told.push("a test");
      await check({ stage: "server", title: "answers" }, () => good);
    });
    const same = { id: "Same", url: "https://same.example.com" };
    const base = indexTree(probeProject([same]), new Map([[type.kind, type]]));
    const others = [
      { ...same, id: "New" },
      { id: "Refused", url: "https://other.example.com" },
    ];
    const { results } = await runProbes(type, [same, ...others], { base, onPlan: (total) => told.push(total) });
    expect(told).toEqual([2, "a test"]);
    expect(results.map(({ connectionId, status }) => `${connectionId} ${status}`)).toEqual(["Refused notRun", "New passed"]);
  });
});

describe("an outcome that does not exist", () => {
  it.each(["made-up", "constructor", "__proto__", ["ok"], undefined])("fails the check that gave it: %j", async (outcome) => {
    const type = probeType(async (_, { check }) => {
      const odd = await check({ stage: "server", title: "odd" }, () => ({ outcome: outcome as never, message: "it is" }));
      await check({ stage: "identity", title: "builds on it", after: odd }, () => good);
      await check({ stage: "server", title: "another" }, () => good);
    });
    const { results } = await runProbes(type, [{ id: "A" }]);
    expect(results).toMatchObject([{ status: "failed", outcome: "internal-error" }]);
    expect(results.map(summaryOf)).toEqual([
      ["server odd: internal-error", "identity builds on it: notRun", "server another: ok"],
    ]);
  });
});
