import { existsSync } from "node:fs";
import { dirname } from "node:path";
import type { Config } from "../config/authoring.js";
import type { ConnectionAddress } from "../contract/define.js";
import type { Types } from "../formats/features.js";
import { type Finding, finding, hasErrors, type Place } from "../model/finding.js";
import { quote } from "../model/text.js";
import { indexTree, type Tree } from "../rules/tree.js";
import type { Base } from "./base.js";
import type { Evaluation } from "./evaluation.js";
import { networkOf } from "./network.js";
import { type CommonOptions, configFolder } from "./options.js";
import { loadProject } from "./project.js";

/** What is to be tested, with all that the tests need to know. */
export interface Prepared {
  /** Absent if the settings have errors. */
  readonly tree?: Tree;
  readonly findings: readonly Finding[];
  readonly types: Types;
  readonly config: Config;
  readonly network: ReturnType<typeof networkOf>;
  readonly folders: { readonly folder: string; readonly configFolder: string };
  readonly base: Base | undefined;
  /** Finds out where each connection is declared. The evaluator ends with that: tests may take long. */
  readonly locate: (tree: Tree) => Promise<Locate>;
}

/** Loads the settings. With a base, configuration and encrypted secrets are those of the base. */
export async function prepareTests(options: CommonOptions, evaluation: Evaluation, base: Base | undefined): Promise<Prepared> {
  const trusted = base?.options ?? options;
  const loaded = await loadProject(
    { ...options, config: trusted.config },
    base === undefined ? evaluation : { ...evaluation, config: base.config },
  );
  const folders = { folder: dirname(trusted.file), configFolder: configFolder(trusted) };
  const network = networkOf(loaded.config, folders.configFolder);
  const missing = Object.values(network.ca ?? {}).find((each) => !existsSync(each));
  const findings = [...loaded.findings, ...(missing === undefined ? [] : [missingAuthority(missing, trusted.config)])];
  return {
    ...(loaded.settings === undefined || hasErrors(findings) ? {} : { tree: indexTree(loaded.settings.project, loaded.types) }),
    ...{ findings, network, folders, base, config: loaded.config, types: loaded.types },
    locate: (tree) => locateConnections(tree, options, evaluation).finally(() => evaluation.evaluator.close()),
  };
}

function missingAuthority(file: string, config = ""): Finding {
  const hint = "Paths in `ca` start from the folder of the configuration.";
  return finding("PB142", `\`ca\` names ${quote(file)}, which does not exist`, { place: { file: config }, hint });
}

/** The place where a connection is declared. */
export type Locate = (address: ConnectionAddress) => Place | undefined;

async function locateConnections(
  tree: Tree,
  { file }: CommonOptions,
  { settings, evaluator, source }: Evaluation,
): Promise<Locate> {
  const paths = tree.connections.map(({ path }) => path);
  const located = "model" in (await settings) ? [] : await evaluator.locate(source, paths);
  const places = new Map(
    tree.connections.map(({ node, project }, index) => [`${project.node.id} ${node.id}`, located[index] ?? { file }]),
  );
  return ({ projectId, connectionId }) => places.get(`${projectId} ${connectionId}`);
}
