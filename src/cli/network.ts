import { resolve } from "node:path";
import type { Config } from "../config/authoring.js";
import { createTransport, type Transport, type TransportOptions } from "../transport/index.js";

/** What a configuration says about the network. Paths in it start from its folder. */
export function networkOf({ proxy, ca }: Config, folder: string): Pick<TransportOptions, "proxy" | "ca"> {
  return {
    ...(proxy === undefined ? {} : { proxy }),
    ca: Object.fromEntries(Object.entries(ca ?? {}).map(([host, file]) => [host, resolve(folder, file)])),
  };
}

/** The way to the network that a configuration describes. */
export function openNetwork(config: Config, folder: string): Transport {
  return createTransport({ environment: process.env, ...networkOf(config, folder) });
}
