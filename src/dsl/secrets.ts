import type { Acknowledgement, Connection, Secret, SecretForm } from "../model/values.js";
import { AuthoringError, createHandle } from "./authoring.js";

/**
 * A secret by its name. The value is kept in a secret store and never appears in settings.
 * @param name - Letters, digits and `. _ / -`, for example `"aws/teamcity-payments"`.
 * @param options - `expires`: the day the value stops working, written `2027-03-01`.
 */
export function secret(name: string, options: { readonly expires?: string } = {}): Secret {
  return form({ $secret: name, ...options });
}

/** A token that already exists on the TeamCity server: `credentialsJSON:` and a UUID. */
export function token(value: `credentialsJSON:${string}`): Secret {
  return form({ $token: value });
}

/** A scrambled value in an existing file. Compiling into the folder that holds the file keeps its bytes. */
export function storedSecret(): Secret {
  return form({ $stored: true });
}

/** A connection that this tree does not declare, by its kind and connection ID. That it exists cannot be verified. */
export function connectionRef<const Kind extends string>(kind: Kind, connectionId: string): Connection<Kind> {
  return createHandle(kind, connectionId, true);
}

/**
 * Accepts one finding where it is placed: in `acknowledge: […]` of a connection's settings or a project's options.
 * An acknowledgement that accepts nothing is itself a finding.
 */
export function acknowledge(code: string, reason: string): Acknowledgement {
  return { code, reason };
}

class SecretValue {
  /** Asked for by template literals and `+`, which would write `[object Object]`. */
  toString(): never {
    throw new AuthoringError(
      "PB113",
      "a secret cannot be part of a text",
      "Give it to the setting as it is: settings never hold a secret's value.",
    );
  }
}

function form(value: SecretForm): Secret {
  return Object.freeze(Object.assign(new SecretValue(), value)) as unknown as Secret;
}
