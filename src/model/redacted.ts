import { inspect } from "node:util";

/**
 * A secret value. However it is printed, it gives its name: only `reveal` gives the value, and it is called where the
 * value leaves for the service that it belongs to.
 *
 * Every value that becomes a `Redacted` is known to the scrubber from then on, in whichever form it is written, until the end
 * of the run.
 */
export class Redacted {
  readonly #value: string;
  /** What stands for the value in all that is printed: the name of the secret, or what it was made from. */
  readonly name: string;

  constructor(value: string, name: string) {
    this.#value = value;
    this.name = name;
    rememberSecret(value, name);
  }

  /** The value itself. */
  reveal(): string {
    return this.#value;
  }

  /** A secret made of this one, such as a header that carries it. */
  derive(make: (value: string) => string, name = this.name): Redacted {
    return new Redacted(make(this.#value), name);
  }

  toString(): string {
    return `[secret ${this.name}]`;
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

let known = new Map<string, string>();
let runs = 0;

/** Makes the scrubber know a value that nobody needs as a `Redacted`, such as another writing of one. */
export function rememberSecret(value: string, name: string): void {
  // Values come from services and plug-ins as well, which may give anything. It is not repeated: it may be a secret.
  if (typeof value !== "string") throw new TypeError(`the value of ${name} is no text`);
  known.set(value, name);
}

/**
 * Every secret value in use, with its name: for the scrubber, which keeps them out of all that leaves the process. It is
 * another map once they are forgotten.
 */
export function knownSecrets(): ReadonlyMap<string, string> {
  return known;
}

/**
 * Tells that a run begins, and gives what tells its end. Once no run is under way any more, all values are forgotten. The
 * command line tells of none: it prints after its run, and its process ends.
 */
export function beginRun(): () => void {
  runs++;
  let hasEnded = false;
  return () => {
    if (hasEnded) return;
    hasEnded = true;
    runs--;
    if (runs === 0) known = new Map();
  };
}
