import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer as createTcpServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { type Exchange, type Http, TransportFailure } from "../../src/transport/http.js";
import { createTransport, type HttpScope, type Transport, type TransportOptions } from "../../src/transport/index.js";
import { listen } from "./internet.js";

export interface OpenTransport {
  readonly transport: Transport;
  readonly http: Http;
  /** What became of the requests, in order. */
  readonly exchanges: readonly Exchange[];
}

/** A transport that ends with the test. It sees no variable of the real environment. */
export function openTransport(options: Partial<TransportOptions> = {}, scope: Partial<HttpScope> = {}): OpenTransport {
  const exchanges: Exchange[] = [];
  const transport = createTransport({ environment: {}, onExchange: (each) => exchanges.push(each), ...options });
  onTestFinished(() => transport.close());
  return { transport, http: transport.http({ signal: new AbortController().signal, ...scope }), exchanges };
}

/** Serves without TLS until the test ends; gives the address. */
export async function serve(site: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(createHttpServer(site))}`;
}

/** A server that does with each connection what it is told; gives its port. */
export async function serveRaw(connected: (socket: Socket) => void): Promise<number> {
  return await listen(createTcpServer((socket) => connected(socket.on("error", () => {}))));
}

/** The failure that a request ends with. */
export async function failureOf(request: Promise<unknown>): Promise<TransportFailure> {
  try {
    await request;
  } catch (error) {
    if (error instanceof TransportFailure) return error;
    throw error;
  }
  throw new Error("the request has not failed");
}
