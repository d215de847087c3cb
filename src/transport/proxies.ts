import { BlockList, isIP } from "node:net";
import { Redacted } from "../model/redacted.js";
import { shown } from "../model/text.js";
import { matchesHost, matchHost, normalizeHost } from "./hosts.js";
import { type Environment, TransportFailure } from "./http.js";

export interface ProxyServer {
  /** `http://proxy.example.com:3128`: without user and password. */
  readonly url: URL;
  /** The header `proxy-authorization`. */
  readonly authorization?: Redacted;
}

/** What tells the proxies: an address for all hosts or by host pattern, `none` for none. */
export type ProxySetting = string | Readonly<Record<string, string>>;

/**
 * Finds the proxy for an address. What the configuration says holds for its hosts whatever the environment says; for others,
 * the variables count as curl reads them: small letters first, `NO_PROXY` for everything that it lists and nothing else.
 */
export function createProxies(
  setting: ProxySetting | undefined,
  environment: Environment,
): (target: URL) => ProxyServer | undefined {
  const parsed = new Map<string, ProxyServer>();

  function parse(text: string, source: string): ProxyServer {
    const proxy = parsed.get(text) ?? parseProxy(text, source);
    parsed.set(text, proxy);
    return proxy;
  }

  return ({ protocol, hostname }) => {
    const configured = typeof setting === "string" ? setting : matchHost(hostname, setting);
    if (configured !== undefined) return configured === "none" ? undefined : parse(configured, "`proxy` of the configuration");
    const name = protocol === "https:" ? "https_proxy" : "http_proxy";
    const text = variable(environment, name);
    if (text === undefined || isExcluded(hostname, variable(environment, "no_proxy") ?? "")) return undefined;
    return parse(text, name.toUpperCase());
  };
}

function variable(environment: Environment, name: string): string | undefined {
  return environment[name] || environment[name.toUpperCase()] || undefined;
}

function parseProxy(text: string, source: string): ProxyServer {
  const address = text.includes("://") ? text : `http://${text}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    // The text itself may hold a password.
    throw new TransportFailure("invalid-input", `${source} is not the address of an HTTP proxy`, {
      hint: "Write it as http://proxy.example.com:3128.",
    });
  }
  const [user, password] = [url.username, url.password].map(decode) as [string, string];
  [url.username, url.password, url.pathname, url.search, url.hash] = ["", "", "", "", ""];
  if (user === "" && password === "") return { url };
  const name = `password of the proxy ${shown(url.host)}`;
  // Without a password, the user name is often a token.
  const secret = new Redacted(password || user, name);
  return { url, authorization: secret.derive(() => `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`) };
}

/** A part of an address without percent-encoding; as it is if that is broken, as curl does. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Tells whether a list such as `localhost,.example.com,10.0.0.0/8` excludes a host. A name means itself and all names below it,
 * with or without a dot before it; `*` means all.
 */
function isExcluded(hostname: string, list: string): boolean {
  const host = normalizeHost(hostname);
  return list
    .split(/[\s,]+/)
    .filter((each) => each !== "")
    .some((each) => {
      if (each.includes("/")) return isInNetwork(host, each);
      const name = each.replace(/^\*?\./, "");
      return matchesHost(host, name) || matchesHost(host, `*.${name}`);
    });
}

function isInNetwork(host: string, network: string): boolean {
  const [address = "", bits = ""] = network.split("/");
  const version = isIP(address);
  if (version === 0 || version !== isIP(host) || !/^\d+$/.test(bits) || Number(bits) > (version === 4 ? 32 : 128)) return false;
  const family = version === 4 ? "ipv4" : "ipv6";
  const block = new BlockList();
  block.addSubnet(address, Number(bits), family);
  return block.check(host, family);
}
