import type { Adapter } from "../../src/contract/adapter.js";
import type { ConnectionType } from "../../src/contract/define.js";
import { defineConnection } from "../../src/contract/define.js";
import { reference, sealed, text as textParam } from "../../src/contract/params.js";
import type { TestResult, TestSummary } from "../../src/contract/results.js";
import { Redacted } from "../../src/model/redacted.js";
import { connectionOf, connectionSettings, type ProjectNode, secret, text } from "../../src/model/schema.js";
import { indexTree } from "../../src/rules/tree.js";
import { type TestOptions, testTree } from "../../src/tester/index.js";

const settings = connectionSettings({
  url: text.describe("Where it leads.").optional(),
  token: secret.describe("A token.").optional(),
  other: connectionOf("probe").describe("Another probe, whose credentials it takes.").optional(),
});

type ProbeSettings = Parameters<Adapter<{ readonly url?: string }>["endpoints"]>[0];

/** A connection type whose test is whatever the caller wants to see. */
export function probeType(
  test: Adapter<never>["test"],
  endpoints = ({ url }: ProbeSettings) => (url ? [new URL(url)] : []),
): ConnectionType {
  return defineConnection({
    kind: "probe",
    functionName: "probeConnection",
    title: "Probe",
    kotlinClass: "ProbeConnection",
    providerType: "Probe",
    settings,
    params: {
      displayName: textParam("displayName"),
      url: textParam("url"),
      token: sealed("secure:token"),
      other: reference("probe", "other"),
    },
    adapter: async () => ({ adapter: { endpoints, test } as never }),
    guide: async () => ({ guide: { summary: "", uses: [], rights: [], steps: [] } }),
  });
}

/** Settings of a probe in the form of the model. */
export type Probe = Readonly<Record<string, unknown>> & { readonly id: string; readonly in?: string };

/** A project with probes, those with `in` in a sub-project of that ID. */
export function probeProject(probes: readonly Probe[]): ProjectNode {
  const node = (id: string, own: readonly Probe[], subProjects: readonly ProjectNode[] = []): ProjectNode => ({
    id,
    connections: own.map(({ id: connectionId, in: _in, ...rest }) => ({
      id: connectionId,
      kind: "probe",
      settings: { displayName: connectionId, ...rest },
    })),
    features: [],
    subProjects,
  });
  const below = [...new Set(probes.flatMap((each) => each.in ?? []))];
  const subProjects = below.map((id) =>
    node(
      id,
      probes.filter((each) => each.in === id),
    ),
  );
  return node(
    "Top",
    probes.filter((each) => each.in === undefined),
    subProjects,
  );
}

export interface ProbeRun {
  readonly results: readonly TestResult[];
  readonly summary: TestSummary;
  /** The names of secrets that were looked up, in order. */
  readonly lookedUp: readonly string[];
  result(id: string): TestResult;
}

/** Runs the engine over probes. A secret's value is its name, except `missing`, which has none. */
export async function runProbes(
  type: ConnectionType,
  probes: readonly Probe[],
  options: Partial<TestOptions> = {},
): Promise<ProbeRun> {
  const tree = indexTree(probeProject(probes), new Map([[type.kind, type]]));
  const results: TestResult[] = [];
  const lookedUp: string[] = [];
  const summary = await testTree(tree, tree.connections, {
    environment: {},
    secrets: () => ({
      places: "the test",
      async get(name) {
        lookedUp.push(name);
        return name === "missing" ? undefined : new Redacted(name, name);
      },
    }),
    ...options,
    onResult(result) {
      results.push(result);
      options.onResult?.(result);
    },
  });
  return {
    results,
    summary,
    lookedUp,
    result(id) {
      const found = results.find((each) => each.connectionId === id);
      if (found === undefined) throw new Error(`there is no result for ${id}`);
      return found;
    },
  };
}

export const good = { outcome: "ok", message: "it is" } as const;

/** A type whose test passes. */
export const passing = probeType(async (_, { check }) => void (await check({ stage: "server", title: "answers" }, () => good)));

export const summaryOf = ({ checks }: TestResult) =>
  checks.map(({ stage, title, status, outcome }) => `${stage} ${title}: ${outcome ?? status}`);
