import { DECLARATION, type Declaration } from "../model/values.js";

/** What becomes of connections in existing files that the settings do not declare. */
export type Ownership = "leave" | "report" | "remove";

/** The configuration of a settings repository: data, evaluated like settings. */
export interface Config {
  /** The server that the settings are for. Default: nothing is assumed. */
  readonly target?: { readonly edition?: "cloud" | "onPremises"; readonly version?: string };
  /** Severity of findings by code: `{ PB204: "error", PB209: "off" }`. Other errors than those of the rules, PB2xx, stay errors. */
  readonly rules?: Readonly<Record<string, "error" | "warning" | "note" | "off">>;
  /** What becomes of connections in existing files that the settings do not declare. Default: `report`. Per project by its ID. */
  readonly ownership?: Ownership | { readonly [projectId: string]: Ownership };
  /** AWS regions accepted besides those that this release knows. */
  readonly extraRegions?: readonly string[];
}

/** Declares the configuration; the default export of `plugboard.config.ts`. */
export function config(value: Config): Declaration {
  return { [DECLARATION]: () => JSON.stringify({ config: value }) };
}
