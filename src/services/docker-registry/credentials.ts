import { randomUUID } from "node:crypto";
import { Redacted } from "../../model/redacted.js";

/** Who logs in to a registry. */
export interface Credentials {
  readonly user: string;
  readonly password: Redacted;
}

/** The value of `Authorization`. */
export function makeAuthorization({ user, password }: Credentials): Redacted {
  return password.derive((value) => `Basic ${Buffer.from(`${user}:${value}`).toString("base64")}`);
}

/**
 * Nobody's credentials. The user is made up as well, so that no account is locked for wrong passwords. They are the same in the
 * whole process, which remembers every `Redacted`.
 */
export const nobody: Credentials = {
  user: `plugboard-probe-${randomUUID()}`,
  password: new Redacted(randomUUID(), "made-up password"),
};
