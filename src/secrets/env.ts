import { Redacted } from "../model/redacted.js";
import type { Environment } from "../transport/http.js";
import type { Store } from "./store.js";

/** Variables of the environment. An empty one counts as absent: that is how CI servers pass what is not there. */
export function createEnvStore(environment: Environment): Store {
  const read = (name: string): string => environment[variableOf(name)] ?? "";
  return {
    type: "env",
    label: "the environment",
    async get(name) {
      const value = read(name);
      return value === "" ? undefined : new Redacted(value, name);
    },
    // The variable of a name does not tell the name.
    list: async (asked) => asked.filter((name) => read(name) !== ""),
  };
}

/** The variable that holds a secret. Two names may have one variable: they have one value then. */
export function variableOf(name: string): string {
  return `PLUGBOARD_SECRET_${name.toUpperCase().replace(/[^A-Z0-9]/g, "_")}`;
}
