import type { Finding } from "../model/finding.js";
import { splitPath } from "../model/paths.js";

/** What is left of a declared project without the connections whose settings are not valid. */
export interface Rest {
  readonly project: unknown;
  /** The IDs of the connections left out. */
  readonly leftOut: ReadonlySet<string>;
  /** The path in the declared project that a path in the rest stands for. */
  readonly original: (path: readonly PropertyKey[]) => readonly PropertyKey[];
}

/** A project whose own parts are valid. Its connections may be anything. */
interface RawProject {
  readonly connections?: readonly unknown[];
  readonly subProjects?: readonly RawProject[];
}

/**
 * Leaves out invalid connections, so that the rules can look at the others and all findings come at once.
 * `undefined` if something else than connections is invalid.
 */
export function withoutInvalid(data: unknown, findings: readonly Finding[]): Rest | undefined {
  const invalid = new Set<string>();
  for (const { path = [] } of findings) {
    const { project, holder } = splitPath(path);
    if (holder[0] !== "connections") return undefined;
    invalid.add([...project, ...holder].join("/"));
  }
  const leftOut = new Set<string>();
  const kept = new Map<string, readonly number[]>();
  const prune = (project: RawProject, path: string): unknown => {
    const { connections = [], subProjects = [] } = project;
    const indices: number[] = [];
    for (const [index, connection] of connections.entries()) {
      const id = (connection as { readonly id?: unknown } | null)?.id;
      if (!invalid.has(`${path}/connections/${index}`)) indices.push(index);
      else if (typeof id === "string") leftOut.add(id);
    }
    kept.set(path, indices);
    return {
      ...project,
      connections: indices.map((index) => connections[index]),
      subProjects: subProjects.map((each, index) => prune(each, `${path}/subProjects/${index}`)),
    };
  };
  const project = prune(data as RawProject, "project");
  const original = (path: readonly PropertyKey[]): readonly PropertyKey[] => {
    const { project, holder, rest } = splitPath(path);
    const [list, index] = holder;
    if (list !== "connections" || typeof index !== "number") return path;
    return [...project, list, kept.get(project.join("/"))?.[index] ?? index, ...rest];
  };
  return { project, leftOut, original };
}
