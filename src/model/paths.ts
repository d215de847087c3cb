/** A path into the model, taken apart. The three parts, one after the other, are the path. */
export interface ModelPath {
  /** Leads to a project: `["project", "subProjects", 1]`. Empty if the path does not start at the model's root. */
  readonly project: readonly PropertyKey[];
  /** Leads from there to the connection or feature, if the path goes into one: `["connections", 0]`. */
  readonly holder: readonly PropertyKey[];
  /** Leads on from there: `["settings", "region"]`. */
  readonly rest: readonly PropertyKey[];
}

/** Takes a path into the model apart. It goes by the model's layout: a parameter may be named `connections` too. */
export function splitPath(path: readonly PropertyKey[]): ModelPath {
  if (path[0] !== "project") return { project: [], holder: [], rest: path };
  const isIndex = (at: number): boolean => typeof path[at] === "number";
  let end = 1;
  while (path[end] === "subProjects" && isIndex(end + 1)) end += 2;
  const held = (path[end] === "connections" || path[end] === "features") && isIndex(end + 1) ? end + 2 : end;
  return { project: path.slice(0, end), holder: path.slice(end, held), rest: path.slice(held) };
}
