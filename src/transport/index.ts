import { createHttp, type HttpScope } from "./client.js";
import type { Environment, Exchange, Http, Reach } from "./http.js";
import type { ProxySetting } from "./proxies.js";
import { createWays } from "./ways.js";

export type { HttpScope } from "./client.js";
export { matchesHost, matchHost } from "./hosts.js";

export interface TransportOptions {
  readonly environment: Environment;
  /** Proxy for all hosts, or by host pattern; `none` for none. Default: the variables of the environment. */
  readonly proxy?: ProxySetting;
  /** Paths of PEM files by host pattern. */
  readonly ca?: Readonly<Record<string, string>>;
  /** Milliseconds that one request may take, with all attempts. Default: 10,000. */
  readonly requestTimeout?: number;
  /** The most bytes of one answer, decompressed. Default: 4 MiB. */
  readonly bodyLimit?: number;
  /** Hears of every request, for a debug log. */
  readonly onExchange?: (exchange: Exchange) => void;
}

export interface Transport {
  http(scope: HttpScope): Http;
  /** What was seen on the last connection to an origin (`https://host:port`); `undefined` before there was one. */
  reach(origin: string): Reach | undefined;
  /** Ends all connections. What is under way fails. */
  close(): Promise<void>;
}

/** Loads what requests need, for whoever has to wait for something else anyway. Without it, the first request does. */
export async function warmUp(): Promise<void> {
  await import("undici");
  // The platform loads its own with the first of these.
  new Headers();
}

/** The one way to the network, with connections that are kept for the run. */
export function createTransport(options: TransportOptions): Transport {
  const { requestTimeout = 10_000, bodyLimit = 4 * 2 ** 20, onExchange } = options;
  const ways = createWays({ ...options, requestTimeout, bodyLimit });
  return {
    http(scope) {
      const tell = (exchange: Exchange) => {
        onExchange?.(exchange);
        scope.onExchange?.(exchange);
      };
      return createHttp({ ...scope, onExchange: tell }, ways, { requestTimeout, bodyLimit });
    },
    reach: ways.reach,
    close: ways.close,
  };
}
