/** How far a permission reaches, as GitHub lists it for an app and for an installation. */
export type Level = "read" | "write" | "admin";

const levels: readonly string[] = ["read", "write", "admin"] satisfies Level[];

/** Tells whether a level includes another: who may write may read. */
export function covers(granted: string | undefined, wanted: string): boolean {
  return granted !== undefined && levels.indexOf(granted) >= levels.indexOf(wanted);
}
