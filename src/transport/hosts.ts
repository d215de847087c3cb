import { isIPv6 } from "node:net";
import { domainToASCII } from "node:url";

/** The value of the first pattern that means a host. */
export function matchHost<Value>(host: string, patterns: Readonly<Record<string, Value>> = {}): Value | undefined {
  return Object.entries(patterns).find(([pattern]) => matchesHost(host, pattern))?.[1];
}

/**
 * Tells whether a pattern means a host: its name or IP address, `*.example.com` for every name below `example.com` but not for
 * that itself, or `*` for all. Ports are no part of it, nor are case, a dot at the end and the brackets of an IPv6 address.
 */
export function matchesHost(host: string, pattern: string): boolean {
  if (pattern === "*" || pattern === host) return true;
  if (pattern.startsWith("*.")) return normalizeHost(host).endsWith(`.${normalizeHost(pattern.slice(2))}`);
  return normalizeHost(host) === normalizeHost(pattern);
}

/** The one way to write a host: small letters, ASCII, the shortest form of an IPv6 address, without brackets. */
export function normalizeHost(host: string): string {
  const bare = host.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
  if (isIPv6(bare)) return new URL(`http://[${bare}]`).hostname.slice(1, -1);
  return domainToASCII(bare) || bare.toLowerCase();
}
