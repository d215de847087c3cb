import { createServer, type RequestListener, request as send } from "node:http";
import type { TransportOptions } from "../../src/transport/index.js";
import { listen, startInternet } from "./internet.js";

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text as it is, or what is written as JSON. Default: `{}`. */
  readonly body?: unknown;
}

/** Answers by host and path, or by how the path begins: `registry.example.com/v2/*`. Given the header `authorization`. */
export type Answers = Readonly<Record<string, Answer | ((authorization?: string) => Answer)>>;

/** Plays servers over TLS under their names. `asked` has address and scheme of the login of every request, in order. */
export async function play(
  answers: Answers,
): Promise<{ readonly asked: readonly string[]; readonly transport: Partial<TransportOptions> }> {
  const asked: string[] = [];
  const handler: RequestListener = (request, response) => {
    const { host, authorization } = request.headers;
    const at = `${host}${new URL(request.url as string, "https://any").pathname}`;
    asked.push(`${at} ${authorization?.split(" ")[0] ?? "-"}`);
    const key = Object.keys(answers).find((each) => (each.endsWith("*") ? at.startsWith(each.slice(0, -1)) : at === each));
    const found = answers[key ?? ""] ?? { status: 404, body: "<html>Not found</html>" };
    const { status, headers, body = {} } = typeof found === "function" ? found(authorization) : found;
    response.writeHead(status, headers).end(typeof body === "string" ? body : JSON.stringify(body));
  };
  const hosts = new Set(Object.keys(answers).map((key) => key.split("/")[0] as string));
  const internet = await startInternet(Object.fromEntries([...hosts].map((host) => [host, handler])));
  return { asked, transport: internet.config };
}

/** Leads every request to a server on loopback, as a reverse proxy does that ends TLS. `prefix` is taken off its path. */
export function forwardTo(port: number, prefix = ""): RequestListener {
  return (request, response) => {
    const { method, url = "/", headers } = request;
    const path = url.startsWith(prefix) ? url.slice(prefix.length) : url;
    const onward = send({ host: "127.0.0.1", port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode as number, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  };
}

/** Serves a handler over plain http until the test ends. Returns its origin. */
export async function serve(handler: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(createServer(handler))}`;
}
