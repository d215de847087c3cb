import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createSecureContext, rootCertificates, type SecureContext } from "node:tls";
import { quote } from "../model/text.js";
import { matchHost } from "./hosts.js";
import { type Environment, TransportFailure } from "./http.js";

/**
 * Finds what a host's certificate is held against: the file that `ca` names for it, besides the authorities that Node brings and
 * those of `NODE_EXTRA_CA_CERTS`. `undefined` means Node's own default, which is the same without the file.
 */
export function createAuthorities(
  ca: Readonly<Record<string, string>> | undefined,
  environment: Environment,
): (hostname: string) => SecureContext | undefined {
  const contexts = new Map<string, SecureContext>();
  return (hostname) => {
    const path = matchHost(hostname, ca);
    if (path === undefined) return undefined;
    const context = contexts.get(path) ?? trust(path, environment.NODE_EXTRA_CA_CERTS);
    contexts.set(path, context);
    return context;
  };
}

function trust(path: string, extra: string | undefined): SecureContext {
  return createSecureContext({ ca: [...rootCertificates, ...readExtra(extra), ...readCertificates(path)] });
}

function readCertificates(path: string): string[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw unusable(path, `cannot be read${code === undefined ? "" : ` (${code})`}`);
  }
  const certificates = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (certificates.length === 0) throw unusable(path, "holds no certificates in PEM");
  const damaged = certificates.findIndex((each) => !isCertificate(each));
  if (damaged >= 0) throw unusable(path, `holds certificates of which number ${damaged + 1} cannot be read`);
  return certificates;
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem) !== undefined;
  } catch {
    return false;
  }
}

function unusable(path: string, reason: string): TransportFailure {
  return new TransportFailure("invalid-input", `the file ${quote(path)}, which \`ca\` of the configuration names, ${reason}`, {
    hint: "Name a file with the certificate of the authority: -----BEGIN CERTIFICATE-----.",
  });
}

/** Node itself only warns if this file is no good. */
function readExtra(path: string | undefined): string[] {
  if (!path) return [];
  try {
    return [readFileSync(path, "utf8")];
  } catch {
    return [];
  }
}
