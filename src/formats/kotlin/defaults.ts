import type { ConnectionType } from "../../contract/define.js";

/** What the Kotlin class of a type stores besides the parameters given. */
export function classDefaults(type: ConnectionType, stored: ReadonlyMap<string, string>): Map<string, string> {
  const all = new Map(stored);
  const added = new Map<string, string>();
  for (const param of Object.values(type.params)) {
    if (!("kotlinDefault" in param) || all.has(param.stored)) continue;
    const value = typeof param.kotlinDefault === "function" ? param.kotlinDefault(all) : param.kotlinDefault;
    if (value === undefined) continue;
    all.set(param.stored, value);
    added.set(param.stored, value);
  }
  return added;
}
