import type { Acknowledgement, Connection, Secret, SecretForm } from "../model/values.js";
import { createHandle } from "./authoring.js";

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
export function acknowledge(code: `PB${number}`, reason: string): Acknowledgement {
  return { code, reason };
}

function form(value: SecretForm): Secret {
  return Object.freeze(value) as unknown as Secret;
}
