/** What each part of the editor is given, and what it gives. */
import type { Types } from "../../features.js";
import type { Style } from "../print.js";
import type { Source, Ts } from "../source.js";

export interface Context {
  readonly ts: Ts;
  /** The file as far as it is edited. Nodes are its own: they are of no use after the next edit. */
  readonly source: Source;
  /** The layout that the file had at first. */
  readonly style: Style;
  readonly types: Types;
  /** Kinds of types that come from plug-ins. */
  readonly plugIns: ReadonlySet<string>;
}

/** A text to be put in the place of another. Those of one edit do not overlap; those of one place go in their order. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}
