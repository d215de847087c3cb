import { setMaxListeners } from "node:events";
import type { SecureContext } from "node:tls";
import type { Dispatcher } from "undici";
import { createAuthorities } from "./authorities.js";
import { createConnector, refuse } from "./connect.js";
import type { Environment, Reach } from "./http.js";
import { createProxies, type ProxyServer, type ProxySetting } from "./proxies.js";

export interface WaysOptions {
  readonly environment: Environment;
  readonly proxy?: ProxySetting;
  readonly ca?: Readonly<Record<string, string>>;
  readonly requestTimeout: number;
  readonly bodyLimit: number;
}

/** How a server is reached. */
export interface Way {
  readonly dispatcher: Dispatcher;
  readonly proxy: ProxyServer | undefined;
}

/** The ways to all servers. Those with the same proxy and the same authorities share one dispatcher. */
export interface Ways {
  to(url: URL): Promise<Way>;
  /** What was seen on the last connection to an origin. */
  reach(origin: string): Reach | undefined;
  close(): Promise<void>;
}

export function createWays({ environment, proxy, ca, requestTimeout, bodyLimit }: WaysOptions): Ways {
  const proxyFor = createProxies(proxy, environment);
  const contextFor = createAuthorities(ca, environment);
  const open: (Way & { readonly context: SecureContext | undefined })[] = [];
  const seen = new Map<string, Reach>();
  const closing = new AbortController();
  // Every connection that is being made listens.
  setMaxListeners(0, closing.signal);

  const find = async (url: URL): Promise<Way> => {
    const undici = await import("undici");
    const proxy = proxyFor(url);
    const context = url.protocol === "https:" ? contextFor(url.hostname) : undefined;
    const known = open.find((each) => each.proxy === proxy && each.context === context);
    if (known !== undefined) return known;
    const agent = new undici.Agent({
      connect: createConnector({
        proxy,
        context,
        proxyContext: proxy?.url.protocol === "https:" ? contextFor(proxy.url.hostname) : undefined,
        timeout: requestTimeout,
        closed: closing.signal,
        onReach: (reach) => seen.set(reach.origin, reach),
      }),
      // The deadline of each request rules.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxResponseSize: bodyLimit,
    });
    const way = { dispatcher: proxy === undefined ? agent : agent.compose(askProxy(proxy)), proxy, context };
    open.push(way);
    return way;
  };
  const found = new Map<string, Promise<Way>>();

  return {
    to(url) {
      const known = found.get(url.origin);
      if (known !== undefined) return known;
      const way = find(url);
      found.set(url.origin, way);
      return way;
    },
    reach: (origin) => seen.get(origin),
    async close() {
      closing.abort();
      await Promise.all(open.map(({ dispatcher }) => dispatcher.destroy()));
    },
  };
}

/** Sends requests without TLS as a proxy takes them, with the whole address, and looks for the one answer that is its own. */
function askProxy(proxy: ProxyServer): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) => {
    const origin = new URL(options.origin ?? "");
    if (origin.protocol !== "http:") return dispatch(options, handler);
    return dispatch(addressed(options, origin, proxy), {
      onRequestStart: (...given) => handler.onRequestStart?.(...given),
      onResponseStart(controller, status, ...given) {
        if (status !== 407) handler.onResponseStart?.(controller, status, ...given);
        else controller.abort(refuse(proxy, status, origin.host));
      },
      onResponseData: (...given) => handler.onResponseData?.(...given),
      onResponseEnd: (...given) => handler.onResponseEnd?.(...given),
      onResponseError: (...given) => handler.onResponseError?.(...given),
    });
  };
}

function addressed(options: Dispatcher.DispatchOptions, origin: URL, { authorization }: ProxyServer): Dispatcher.DispatchOptions {
  const headers = { ...(options.headers as Record<string, string>) };
  if (authorization !== undefined) headers["proxy-authorization"] = authorization.reveal();
  return { ...options, path: origin.origin + options.path, headers };
}
