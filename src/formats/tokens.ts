import { createHash } from "node:crypto";

/** The namespace of Plugboard's secret tokens. It never changes: tokens in committed files depend on it. */
export const TOKEN_NAMESPACE = "5f0bb1c2-7c5e-4d0e-9f3d-6a4f1c8e2b70";

/** What a token stands for. */
export interface TokenSubject {
  /** External ID of the project that declares the connection. */
  readonly projectId: string;
  readonly secretName: string;
  /** The stored parameter's name, such as `secure:awsSecretAccessKey`. */
  readonly part: string;
  /** For the secret of a managed pair: rotation gives another access key ID and with it another token. */
  readonly accessKeyId?: string;
}

/**
 * The token that stands for a secret in what TeamCity reads: `credentialsJSON:` and a UUID of version 5 (RFC 9562) over
 * the UTF-8 text `projectId NUL secretName NUL part`, for a managed pair followed by `NUL accessKeyId`. It is the same
 * on every machine and needs no server. Vectors: `docs/secret-tokens.json`.
 */
export function secretToken({ projectId, secretName, part, accessKeyId }: TokenSubject): string {
  const name = [projectId, secretName, part, ...(accessKeyId === undefined ? [] : [accessKeyId])].join("\0");
  return `credentialsJSON:${uuid5(TOKEN_NAMESPACE, name)}`;
}

function uuid5(namespace: string, name: string): string {
  const hash = createHash("sha1")
    .update(Buffer.from(namespace.replaceAll("-", ""), "hex"))
    .update(name, "utf8")
    .digest();
  hash[6] = ((hash[6] as number) & 0x0f) | 0x50;
  hash[8] = ((hash[8] as number) & 0x3f) | 0x80;
  const hex = hash.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}
