import { createHash } from "node:crypto";
import { writeParams } from "../contract/walk.js";
import { compareNames, shown } from "../model/text.js";
import type { DeclaredConnection, Tree } from "../rules/tree.js";
import { createPlanner, type Plan, type PlanOptions } from "./plan.js";

/** What settings looked like before a change, as far as it bears on what may be tested. */
export interface Baseline {
  /** Tells whether the change adds a connection or alters it, or one that it gets credentials from. */
  isChanged(plan: Plan): boolean;
  /** Tells why a connection must not be tested: the change sends a credential where none of before sends it. */
  refuse(plan: Plan): string | undefined;
}

/** Looks at all connections of a tree from before a change. */
export async function createBaseline(tree: Tree, options: PlanOptions): Promise<Baseline> {
  const plan = createPlanner(tree, options);
  const digests = new Map<string, string>();
  const pairs = new Set<string>();
  for (const connection of tree.connections) {
    const planned = await plan(connection);
    digests.set(keyOf(connection), digestOf(planned));
    for (const each of pairsOf(planned)) pairs.add(each.key);
  }
  return {
    isChanged: (planned) => digests.get(keyOf(planned.connection)) !== digestOf(planned),
    refuse(planned) {
      const added = pairsOf(planned).find(({ key }) => !pairs.has(key));
      if (added === undefined) return undefined;
      const { sent, origin } = added;
      return sent === undefined
        ? `this change asks ${origin} for the first time`
        : `this change sends ${sent} to ${origin} for the first time`;
    },
  };
}

interface Pair {
  readonly key: string;
  /** What is sent, in words; nothing where a service is asked anonymously. */
  readonly sent: string | undefined;
  readonly origin: string;
}

/** Every credential of a connection with every address that it may be sent to. */
function pairsOf({ credentials, ambient, origins }: Plan): Pair[] {
  const own = credentials.map((name) => ({ of: ["secret", name], sent: `the secret ${shown(name)}` }));
  const machines = ambient ? [{ of: ["machine"], sent: "credentials of the machine that runs the test" }] : [];
  const nobodys = own.length === 0 && !ambient ? [{ of: ["nobody"], sent: undefined }] : [];
  return [...own, ...machines, ...nobodys].flatMap(({ of, sent }) =>
    origins.map(({ origin }) => ({ key: JSON.stringify([of, origin]), sent, origin })),
  );
}

function keyOf({ node, project }: DeclaredConnection): string {
  return JSON.stringify([project.node.id, node.id]);
}

/** What a test of a connection depends on: what TeamCity stores of it and of those it builds on, and where they lead. */
function digestOf({ connection, related, origins }: Plan): string {
  const stored = [connection, ...related].map(({ type, node, project }) => [
    ...[project.node.id, node.id, type.kind],
    Object.entries(writeParams(type, node.settings)).sort(compareNames),
  ]);
  return createHash("sha256")
    .update(JSON.stringify([stored, origins.map(({ origin }) => origin)]))
    .digest("base64");
}
