/**
 * Connection tests as a library: what `plugboard test` does, without its reports.
 *
 * No signal is caught and no output is patched. Results never hold the value of a secret, and no value is kept once all runs
 * have ended.
 * @module
 */

import type { ConnectionFunctions } from "../authoring.generated.js";
import type { Store as StoreConfig } from "../config/authoring.js";
import { connectionTypes } from "../connections/index.js";
import type { ConnectionAddress, ConnectionType } from "../contract/define.js";
import type { CheckContext } from "../contract/params.js";
import type { TestResult, TestSummary } from "../contract/results.js";
import { createAuthoring } from "../dsl/authoring.js";
import { type Types, typesByKind } from "../formats/features.js";
import { readDeclaration } from "../model/declared.js";
import { FindingsError, finding, hasErrors } from "../model/finding.js";
import { openModel } from "../model/parse.js";
import { beginRun, Redacted } from "../model/redacted.js";
import type { ProjectNode, Settings } from "../model/schema.js";
import type { Connection } from "../model/values.js";
import { checkProject } from "../rules/index.js";
import { type DeclaredConnection, indexTree, type Tree } from "../rules/tree.js";
import { openStores } from "../secrets/index.js";
import { chooseConnections } from "../tester/choose.js";
import { describeCrash } from "../tester/crash.js";
import { hasPassed, testTree } from "../tester/index.js";
import type { SecretSource } from "../tester/resolve.js";

export type { Evidence, Stage } from "../contract/adapter.js";
export type { CheckResult, CheckStatus, TestResult, TestStatus, TestSummary } from "../contract/results.js";
export { FindingsError } from "../model/finding.js";
export type { Outcome } from "../model/outcomes.js";
export { UnknownName } from "../tester/choose.js";

/** Where the values of secrets come from. A pair is the JSON `{"accessKeyId": …, "secretAccessKey": …}`. */
export type SecretValues =
  /** By name. */
  | Readonly<Record<string, string>>
  /** A function of the name; `undefined` if there is no such secret. */
  | ((name: string) => string | undefined | Promise<string | undefined>)
  /** The stores of `plugboard.config.ts`. Paths in them start from `folder`. */
  | { readonly stores: readonly StoreConfig[]; readonly folder: string };

/** How connections are tested. All of it may be left out. */
export interface TestConnectionOptions {
  /** Default: no secret has a value. */
  readonly secrets?: SecretValues;
  /** Connection types besides the built-in ones. */
  readonly types?: readonly ConnectionType[];
  /** Variables that bear on proxies and on AWS. Default: those of the process. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** As in `plugboard.config.ts`. Default: the variables `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` of the environment. */
  readonly proxy?: string | Readonly<Record<string, string>>;
  /** Paths of PEM files with certificates of private authorities, by host. */
  readonly ca?: Readonly<Record<string, string>>;
  /** The hosts that tests may reach. Default: every host that the settings name. */
  readonly hosts?: readonly string[];
  /** Addresses of the TeamCity server, for callback URLs. */
  readonly serverUrls?: readonly string[];
  /** Whether checks may run that create something for a moment and take it away again. Default: false. */
  readonly deep?: boolean;
  /** Whether what passes with a reservation fails. Default: false. */
  readonly strict?: boolean;
  /** Milliseconds that the test of one connection may take. Default: 30,000. */
  readonly timeout?: number;
  /** Gives the tests up: what is under way ends as `notEnded`, and the rest does not begin. */
  readonly signal?: AbortSignal;
}

/** How the connections of a tree are tested. */
export interface TestConnectionsOptions extends TestConnectionOptions {
  /** IDs of the connections to test. Default: all. */
  readonly connections?: readonly string[];
  /** Kinds of the connections to test. Default: all. */
  readonly kinds?: readonly string[];
  /** IDs of the projects whose connections are tested, with those of their sub-projects. Default: all. */
  readonly projects?: readonly string[];
  /** The settings before a change: only what differs is tested, and no secret goes where it did not go before. */
  readonly base?: Settings;
  /** The most tests that run at a time. Default: 64. */
  readonly parallel?: number;
  /** The most of them that lead to one host. Default: 16, or what `parallel` says. */
  readonly perHost?: number;
  /** Hears of each result as soon as there is one. */
  readonly onResult?: (result: TestResult) => void;
}

/** What a run of tests came to. */
export interface TestReport {
  /** Whether no test has failed, and each has ended. What was not run does not count, unless it is strict. */
  readonly passed: boolean;
  /** In the order in which the tests ended. */
  readonly results: readonly TestResult[];
  readonly summary: TestSummary;
}

/**
 * Tests the connections of a settings model against the real services.
 * @throws FindingsError if the settings have errors, UnknownName if the options name what they do not have; then nothing is tested.
 */
export async function testConnections(settings: Settings, options: TestConnectionsOptions = {}): Promise<TestReport> {
  const types = allTypes(options);
  const tree = treeOfModel(settings, types);
  return runTests(tree, chooseConnections(tree, types, options), options);
}

/** The kinds of the built-in types with the settings that their functions take. */
export type SettingsByKind = {
  [Name in keyof ConnectionFunctions as ReturnType<ConnectionFunctions[Name]> extends Connection<infer Kind>
    ? Kind
    : never]: Parameters<ConnectionFunctions[Name]>[1];
};

/**
 * Tests one connection that stands in no settings, such as one that somebody has just filled in.
 * @param kind - The kind of the connection: `"docker"`.
 * @param settings - Its settings, as in a settings file; `displayName` may be left out.
 * @param options - `address`: project and ID that it will have, where the service needs to know them.
 * @throws FindingsError if the settings have errors; then nothing is tested.
 */
export async function testConnection<const Kind extends keyof SettingsByKind>(
  kind: Kind,
  settings: Omit<SettingsByKind[Kind], "displayName"> & { readonly displayName?: string },
  options: TestConnectionOptions & { readonly address?: ConnectionAddress } = {},
): Promise<TestResult> {
  const { projectId, connectionId } = options.address ?? { projectId: "Project", connectionId: "Connection" };
  const declaration = createAuthoring<ConnectionScope>({}).project(projectId, ({ connection }) => {
    connection({ kind }, connectionId, { displayName: connectionId, ...settings });
  });
  const { project } = readDeclaration(declaration);
  const tree = checkedTree(project, allTypes(options));
  const { results } = await runTests(tree, tree.connections, options);
  return results[0] as TestResult;
}

interface ConnectionScope {
  connection(type: { readonly kind: string }, connectionId: string, settings: Readonly<Record<string, unknown>>): unknown;
}

const context: CheckContext = { target: {}, extraRegions: [] };

function allTypes({ types = [] }: TestConnectionOptions): Types {
  return typesByKind([...connectionTypes, ...types]);
}

function treeOfModel(settings: Settings, types: Types): Tree {
  const { data, findings } = openModel(settings);
  if (data === undefined || hasErrors(findings)) throw new FindingsError(findings);
  return checkedTree(data.project, types);
}

/** The tree of a project that has no errors. */
function checkedTree(data: unknown, types: Types): Tree {
  const { project, findings } = checkProject(data, types, context);
  if (project === undefined || hasErrors(findings)) throw new FindingsError(findings.filter((each) => each.severity === "error"));
  return indexTree(project as ProjectNode, types);
}

async function runTests(tree: Tree, chosen: readonly DeclaredConnection[], options: TestConnectionsOptions): Promise<TestReport> {
  const { base, environment = process.env, proxy, ca, strict = false, secrets = {}, onResult } = options;
  const signal = options.signal ?? new AbortController().signal;
  const results: TestResult[] = [];
  const endRun = beginRun();
  try {
    const summary = await testTree(tree, chosen, {
      ...options,
      environment,
      network: { ...(proxy === undefined ? {} : { proxy }), ...(ca === undefined ? {} : { ca }) },
      secrets: (transport) => sourceOf(secrets, { environment, transport, signal }),
      base: base && treeOfModel(base, allTypes(options)),
      onResult(result) {
        results.push(result);
        onResult?.(result);
      },
    });
    return { passed: hasPassed(summary, strict), results, summary };
  } finally {
    endRun();
  }
}

function sourceOf(secrets: SecretValues, more: Omit<Parameters<typeof openStores>[1], "folder">): SecretSource {
  if (isStores(secrets)) return openStores(secrets.stores, { folder: secrets.folder, ...more });
  const find =
    typeof secrets === "function" ? secrets : (name: string) => (Object.hasOwn(secrets, name) ? secrets[name] : undefined);
  return {
    places: "what the caller gave",
    async get(name) {
      const value = await ask(find, name);
      // From JavaScript anything may come; a value that is no text makes the test fail. An empty one is none.
      return value === undefined || value === null || value === "" ? undefined : new Redacted(value, name);
    },
  };
}

async function ask(find: (name: string) => string | undefined | Promise<string | undefined>, name: string) {
  try {
    return await find(name);
  } catch (error) {
    throw new FindingsError([finding("PB702", `what gives the values of secrets failed: ${describeCrash(error)}`)]);
  }
}

function isStores(secrets: SecretValues): secrets is Extract<SecretValues, { readonly stores: unknown }> {
  return typeof secrets === "object" && Array.isArray(secrets.stores);
}
