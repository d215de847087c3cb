import type { Finding } from "../model/finding.js";
import { splitPath } from "../model/paths.js";

/** What is left of a declared project without what is not valid. */
export interface Rest {
  readonly project: unknown;
  /** The IDs of the connections and features left out. */
  readonly leftOut: ReadonlySet<string>;
  /** The path in the declared project that a path in the rest stands for. */
  readonly original: (path: readonly PropertyKey[]) => readonly PropertyKey[];
}

/** A project with an ID and lists. What is in its lists, sub-projects aside, and in its options may be anything. */
interface RawProject {
  readonly connections?: readonly unknown[];
  readonly features?: readonly unknown[];
  readonly subProjects?: readonly RawProject[];
}

const LISTS = ["connections", "features"] as const;

/** What a project cannot do without. */
const NEEDED: ReadonlySet<PropertyKey> = new Set(["id", ...LISTS, "subProjects"]);

/**
 * Leaves out invalid connections, features and options of projects, so that the rules can look at the others and all
 * findings come at once. `undefined` if a project's ID or one of its lists is invalid.
 */
export function withoutInvalid(data: unknown, findings: readonly Finding[]): Rest | undefined {
  const held = new Set<string>();
  const options = new Map<string, Set<PropertyKey>>();
  for (const { path = [] } of findings) {
    const { project, holder, rest } = splitPath(path);
    const [option] = rest;
    const key = project.join("/");
    if (holder.length > 0) held.add([key, ...holder].join("/"));
    else if (project.length === 0 || option === undefined || NEEDED.has(option)) return undefined;
    else options.set(key, (options.get(key) ?? new Set()).add(option));
  }
  const leftOut = new Set<string>();
  const kept = new Map<string, readonly number[]>();
  const prune = (project: RawProject, path: string): unknown => {
    const rest = (list: (typeof LISTS)[number]): unknown[] => {
      const all = project[list] ?? [];
      const indices: number[] = [];
      for (const [index, each] of all.entries()) {
        const id = (each as { readonly id?: unknown } | null)?.id;
        if (!held.has(`${path}/${list}/${index}`)) indices.push(index);
        else if (typeof id === "string") leftOut.add(id);
      }
      kept.set(`${path}/${list}`, indices);
      return indices.map((index) => all[index]);
    };
    const invalid = options.get(path);
    return {
      ...Object.fromEntries(Object.entries(project).filter(([name]) => !invalid?.has(name))),
      connections: rest("connections"),
      features: rest("features"),
      subProjects: (project.subProjects ?? []).map((each, index) => prune(each, `${path}/subProjects/${index}`)),
    };
  };
  const project = prune(data as RawProject, "project");
  const original = (path: readonly PropertyKey[]): readonly PropertyKey[] => {
    const { project, holder, rest } = splitPath(path);
    const [list, index] = holder;
    if (list === undefined || typeof index !== "number") return path;
    return [...project, list, kept.get([...project, list].join("/"))?.[index] ?? index, ...rest];
  };
  return { project, leftOut, original };
}
