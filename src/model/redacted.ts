import { inspect } from "node:util";

/**
 * A secret value. However it is printed, it gives its name: only `reveal` gives the value, and it is called where the
 * value leaves for the service that it belongs to.
 *
 * Every value that becomes a `Redacted` is known to the scrubber from then on, in whichever form it is written.
 */
export class Redacted {
  readonly #value: string;
  /** What stands for the value in all that is printed: the name of the secret, or what it was made from. */
  readonly name: string;

  constructor(value: string, name: string) {
    this.#value = value;
    this.name = name;
    known.set(value, name);
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

const known = new Map<string, string>();

/** Every secret value in use, with its name: for the scrubber, which keeps them out of all that leaves the process. */
export function knownSecrets(): ReadonlyMap<string, string> {
  return known;
}
