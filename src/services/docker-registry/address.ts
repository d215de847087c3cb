import { readHostAddress } from "../../transport/addresses.js";

/** Where a registry is, and who gives tokens for it besides the registry's own host. */
export interface RegistryAddress {
  readonly url: URL;
  /** Services that the registry is documented to send credentials to. */
  readonly tokenServices: readonly URL[];
}

/** The registry that `[http(s)://]host[:port]` means, as Docker understands it. Absent, or by any of its names: Docker Hub. */
export function registryAddress(address?: string): RegistryAddress {
  if (address === undefined) return dockerHub;
  const url = readHostAddress(address, "url");
  if (hubNames.has(url.hostname)) return dockerHub;
  // A path belongs to names of images: the API is at the root of the host.
  return { url: new URL(url.origin), tokenServices: tokenServices.get(url.hostname) ?? [] };
}

/** Tells whether a registry is Docker Hub. */
export function isDockerHub(url: URL): boolean {
  return url.hostname === dockerHub.url.hostname;
}

/** Docker Hub has its API at another host than its web site, and its token service at a third. */
const dockerHub: RegistryAddress = {
  url: new URL("https://registry-1.docker.io"),
  tokenServices: [new URL("https://auth.docker.io")],
};

const hubNames: ReadonlySet<string> = new Set([
  "docker.io",
  "index.docker.io",
  "registry-1.docker.io",
  "hub.docker.com",
  "registry.hub.docker.com",
]);

/** GitLab.com: `Bearer realm="https://gitlab.com/jwt/auth"`, as quoted in deitch/docker_registry2#14. */
const tokenServices: ReadonlyMap<string, readonly URL[]> = new Map([["registry.gitlab.com", [new URL("https://gitlab.com")]]]);
