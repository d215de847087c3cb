import { connect } from "node:net";
import type { buildConnector } from "undici";
import { createHttp } from "./client.js";
import type { Transport } from "./index.js";

/** Where every connection leads: to a port of loopback that speaks plain HTTP, or to an error, by the code that Node gives it. */
export type Destination = { readonly port: number } | { readonly error: string };

/** A transport for rehearsals: whatever is asked for, no connection leaves the machine. TLS is left out. */
export async function createPlayedTransport(destination: Destination): Promise<Transport> {
  const { Agent } = await import("undici");
  const agent = new Agent({ connect: (_: buildConnector.Options, done: buildConnector.Callback) => lead(destination, done) });
  const ways = {
    to: async () => ({ dispatcher: agent, proxy: undefined }),
    reach: () => undefined,
    close: () => agent.destroy(),
  };
  return {
    http: (scope) => createHttp(scope, ways, { requestTimeout: 10_000, bodyLimit: 2 ** 20 }),
    reach: ways.reach,
    close: ways.close,
  };
}

function lead(destination: Destination, done: buildConnector.Callback): void {
  if ("error" in destination) {
    done(Object.assign(new Error("played"), { code: destination.error }), null);
    return;
  }
  const socket = connect(destination.port, "127.0.0.1");
  socket.once("connect", () => done(null, socket)).once("error", (error) => done(error, null));
}
