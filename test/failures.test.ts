import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Change, hostsOf, type ServiceFailure, serviceFailures } from "../src/contract/rehearsal.js";
import type { Outcome } from "../src/model/outcomes.js";
import { passes } from "../src/tester/run.js";
import type { TransportOptions } from "../src/transport/index.js";
import { type AdapterOutcome, testAdapter } from "./support/adapter.js";
import { type BrokenWay, brokenWays } from "./support/broken-ways.js";
import { startInternet } from "./support/internet.js";
import { allRehearsals, type NamedRehearsal, sitesOf } from "./support/rehearsals.js";
import { root } from "./support/workspace.js";

/** The outcomes seen, by failure and rehearsal: the cells of the tables. */
const seen = new Map<string, Map<string, Outcome>>();

describe.each(allRehearsals)("$name, its service simulated after its documentation", (rehearsal) => {
  const record = (failure: string, outcome: Outcome): void => {
    if (!seen.has(failure)) seen.set(failure, new Map());
    seen.get(failure)?.set(rehearsal.name, outcome);
  };

  it("passes when all is well", async () => {
    const tested = await testRehearsal(rehearsal, {});
    expect(tested.outcome, print(tested)).toBe(rehearsal.best ?? "ok");
  });

  it.each(serviceFailures)("%s", async (failure) => {
    const change = rehearsal.failures[failure];
    if (typeof change === "string") return;
    const tested = await testRehearsal(rehearsal, change);
    expect(tested.outcome, print(tested)).toBe(failure);
    record(failure, tested.outcome);
  });

  it.each(Object.keys(brokenWays) as BrokenWay[])("the way to it: %s", async (way) => {
    const tested = await testRehearsal(rehearsal, {}, await brokenWays[way](hostsOf(rehearsal.answers)));
    expect(passes(tested.outcome), print(tested)).toBe(false);
    expect(tested.outcome, print(tested)).not.toBe("internal-error");
    if (way in expectedOf) expect(tested.outcome, print(tested)).toBe(expectedOf[way]);
    record(way, tested.outcome);
  });
});

/** The outcome of each broken way that means the same for every service. */
const expectedOf: Partial<Record<BrokenWay, Outcome>> = Object.fromEntries(
  (
    [
      "dns",
      "refused",
      "reset",
      "timeout",
      "tls-untrusted",
      "tls-hostname",
      "tls-expired",
      "tls-protocol",
      "proxy-auth",
      "proxy-failed",
      "rate-limited",
      "provider-error",
    ] as const
  ).map((way) => [way, way]),
);

it("the tables in the documentation are what was seen", async () => {
  await expect(page()).toMatchFileSnapshot(join(root, "docs/connection-failures.md"));
});

const canaries = ["bot", "client", "token", "password", "key"];
const canary = (name: string): string => `canary${canaries.indexOf(name)}Q7xZ`;

async function testRehearsal(
  rehearsal: NamedRehearsal,
  change: Change,
  way?: Partial<TransportOptions>,
): Promise<AdapterOutcome> {
  const transport = way ?? (await startInternet(sitesOf({ ...rehearsal.answers, ...change.answers }))).config;
  const serverUrls = change.serverUrls ?? rehearsal.serverUrls ?? [];
  const settings = Object.entries({ ...rehearsal.settings, ...change.settings }).filter(([, value]) => value !== undefined);
  const secrets = { ...rehearsal.secrets(canary), ...change.secrets };
  const tested = await testAdapter({
    kind: rehearsal.type.kind,
    settings: Object.fromEntries(settings),
    secrets,
    transport,
    serverUrls,
    environment: { ...rehearsal.environment, ...change.environment },
    related: rehearsal.related ?? {},
  });
  const printed = JSON.stringify(tested.checks);
  for (const value of Object.values(secrets)) expect(printed).not.toContain(value);
  return tested;
}

function print({ checks }: AdapterOutcome): string {
  return checks.map(({ title, outcome, message }) => `${title}: ${outcome ?? "-"}, ${message}`).join("\n");
}

function page(): string {
  const reasons: string[] = [];
  const names = allRehearsals.map(({ name }) => name);
  const head = (first: string): string => `| ${[first, ...names].join(" | ")} |\n|${"---|".repeat(names.length + 1)}`;
  const service = serviceFailures.map((failure) => {
    const cells = allRehearsals.map(({ name, failures }) =>
      cell(failure, seen.get(failure)?.get(name), failures[failure], reasons),
    );
    return `| \`${failure}\` | ${cells.join(" | ")} |`;
  });
  const ways = Object.keys(brokenWays).map(
    (way) => `| ${way} | ${names.map((name) => `\`${seen.get(way)?.get(name)}\``).join(" | ")} |`,
  );
  return `<!-- Made by test/failures.test.ts: npx vitest run test/failures.test.ts -u. Do not edit. -->

# How connections fail

What \`plugboard test\` reports when a service refuses, and when the way to it is broken. Each cell was seen in a test of the
type against a service that is played after its documentation.

## The service refuses

A tick: the service can fail in this way, and the test says so. A number: it cannot, for the reason below.

${head("outcome")}
${service.join("\n")}

${reasons.map((reason, index) => `${index + 1}. ${reason}`).join("\n")}

## The way to the service is broken

Real sockets, certificates and proxies. *page*, *redirect*, *empty object* and *not found*: something answers, and it is not the
service.

${head("what happens")}
${ways.join("\n")}
`;
}

function cell(failure: ServiceFailure, outcome: Outcome | undefined, change: Change | string, reasons: string[]): string {
  if (typeof change !== "string") return outcome === failure ? "✓" : `\`${outcome}\``;
  if (!reasons.includes(change)) reasons.push(change);
  return String(reasons.indexOf(change) + 1);
}
