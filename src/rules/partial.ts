import type { Finding } from "../model/finding.js";

/** What is left of a declared project without the connections whose settings are not valid. */
export interface Rest {
  readonly project: unknown;
  /** The IDs of the connections left out. */
  readonly leftOut: ReadonlySet<string>;
  /** The path in the declared project that a path in the rest stands for. */
  readonly original: (path: readonly PropertyKey[]) => readonly PropertyKey[];
}

interface RawProject {
  readonly connections?: readonly { readonly id?: unknown }[];
  readonly subProjects?: readonly RawProject[];
}

/**
 * Leaves out invalid connections, so that the rules can look at the others and all findings come at once.
 * `undefined` if something else than connections is invalid.
 */
export function withoutInvalid(data: unknown, findings: readonly Finding[]): Rest | undefined {
  const invalid = new Set<string>();
  for (const { path = [] } of findings) {
    const at = path.lastIndexOf("connections");
    if (at < 0 || typeof path[at + 1] !== "number") return undefined;
    invalid.add(path.slice(0, at + 2).join("/"));
  }
  const leftOut = new Set<string>();
  const kept = new Map<string, readonly number[]>();
  const prune = (project: RawProject, path: string): unknown => {
    const indices = [...(project.connections ?? []).keys()].filter((index) => !invalid.has(`${path}/connections/${index}`));
    kept.set(path, indices);
    for (const [index, { id }] of (project.connections ?? []).entries()) {
      if (!indices.includes(index) && typeof id === "string") leftOut.add(id);
    }
    return {
      ...project,
      connections: indices.map((index) => project.connections?.[index]),
      subProjects: (project.subProjects ?? []).map((each, index) => prune(each, `${path}/subProjects/${index}`)),
    };
  };
  const project = prune(data as RawProject, "project");
  const original = (path: readonly PropertyKey[]): readonly PropertyKey[] => {
    const at = path.lastIndexOf("connections");
    const index = path[at + 1];
    if (at < 0 || typeof index !== "number") return path;
    const before = kept.get(path.slice(0, at).join("/"))?.[index] ?? index;
    return [...path.slice(0, at + 1), before, ...path.slice(at + 2)];
  };
  return { project, leftOut, original };
}
