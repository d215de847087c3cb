/** What an evaluation may use. Each limit has a code and a flag of its own. */
export interface Limits {
  /** Memory of the engine, in bytes. */
  readonly memory: number;
  /** Wall time of a run, in milliseconds. */
  readonly time: number;
  /** Stack of the engine, in bytes; more than 128 KiB would let the engine's own stack overflow. */
  readonly stack: number;
  /** Length of the bundled script, in UTF-16 code units. */
  readonly bundle: number;
  /** Length of the declared settings as JSON, in UTF-16 code units. */
  readonly output: number;
}

const MIB = 1024 * 1024;

export const defaultLimits: Limits = {
  memory: 1024 * MIB,
  time: 30_000,
  stack: 128 * 1024,
  bundle: 64 * MIB,
  output: 64 * MIB,
};
