import { once } from "node:events";
import { createServer as createTlsServer } from "node:https";
import { createServer as createTcpServer } from "node:net";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { Octokit } from "@octokit/core";
import { LogLevel, WebClient } from "@slack/web-api";
import { describe, expect, it } from "vitest";
import { classifyError, findFailure } from "../src/transport/classify.js";
import { TransportFailure } from "../src/transport/http.js";
import { Authority, listen } from "./support/internet.js";
import { openTransport, serve, serveRaw } from "./support/transport.js";

/** What an error means that is thrown by what is done. */
async function meaningOf(done: Promise<unknown>): Promise<TransportFailure> {
  try {
    await done;
  } catch (error) {
    return classifyError(error);
  }
  throw new Error("it has not failed");
}

async function closedAddress(): Promise<string> {
  const server = createTcpServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return `http://127.0.0.1:${port}`;
}

async function untrustedAddress(): Promise<string> {
  const authority = await Authority.create();
  return `https://127.0.0.1:${await listen(createTlsServer(await authority.issue(["127.0.0.1"])))}`;
}

const fetches = {
  "their own fetch": () => globalThis.fetch,
  "the transport's": () => openTransport({ requestTimeout: 300 }).http.fetch,
};

describe.each(Object.entries(fetches))("what libraries make of a failure, with %s", (name, choose) => {
  const clients: Readonly<Record<string, (url: string) => Promise<unknown>>> = {
    octokit: (baseUrl) => new Octokit({ baseUrl, request: { fetch: choose() } }).request("GET /meta"),
    slack: (url) =>
      new WebClient("made-up", {
        slackApiUrl: `${url}/`,
        retryConfig: { retries: 0 },
        rejectRateLimitedCalls: true,
        logLevel: LogLevel.ERROR,
        timeout: name === "their own fetch" ? 300 : 0,
        fetch: choose(),
      }).auth.test(),
  };

  it.each(Object.keys(clients))("%s", async (client) => {
    const ask = clients[client] as (url: string) => Promise<unknown>;
    expect(await meaningOf(ask(await closedAddress()))).toMatchObject({ outcome: "refused", details: { code: "ECONNREFUSED" } });
    expect(await meaningOf(ask("http://plugboard.invalid"))).toMatchObject({ outcome: "dns" });
    expect(await meaningOf(ask(await untrustedAddress()))).toMatchObject({ outcome: "tls-untrusted" });
    expect(await meaningOf(ask(`http://127.0.0.1:${await serveRaw((socket) => socket.destroy())}`))).toMatchObject({
      outcome: "reset",
    });
    if (name !== "their own fetch") {
      expect(await meaningOf(ask(`http://127.0.0.1:${await serveRaw(() => {})}`))).toMatchObject({ outcome: "timeout" });
      const limited = await serve((_, answer) => answer.writeHead(429, { "retry-after": "60" }).end("{}"));
      expect(await meaningOf(ask(limited))).toMatchObject({ outcome: "rate-limited", details: { retryAfter: 60 } });
    }
  });
});

describe("what the AWS SDK makes of a failure", () => {
  const ask = (endpoint: string) =>
    new STSClient({
      endpoint,
      region: "eu-west-1",
      maxAttempts: 1,
      credentials: { accessKeyId: "made-up", secretAccessKey: "made-up" },
    }).send(new GetCallerIdentityCommand({}));

  it("with its own requests", async () => {
    expect(await meaningOf(ask(await closedAddress()))).toMatchObject({ outcome: "refused" });
    expect(await meaningOf(ask("http://plugboard.invalid"))).toMatchObject({
      outcome: "dns",
      message: "the name plugboard.invalid cannot be resolved",
    });
    expect(await meaningOf(ask(await untrustedAddress()))).toMatchObject({ outcome: "tls-untrusted" });
  });
});

describe("an error", () => {
  it("is found however deep it is wrapped", () => {
    const failure = new TransportFailure("dns", "made up");
    expect(findFailure(new Error("outer", { cause: new Error("inner", { cause: failure }) }))).toBe(failure);
    expect(findFailure(new AggregateError([new Error("other"), failure]))).toBe(failure);
    expect(findFailure(new Error("other"))).toBeUndefined();
  });

  it("is judged by its worst cause, not its outermost", () => {
    const tls = Object.assign(new Error("no"), { code: "CERT_HAS_EXPIRED" });
    const error = Object.assign(new Error("socket", { cause: tls }), { code: "ECONNRESET" });
    expect(classifyError(error)).toMatchObject({ outcome: "tls-expired", details: { code: "CERT_HAS_EXPIRED" } });
  });

  it.each([
    new Error("a bug"),
    new TypeError("fetch failed", { cause: new Error("a bug") }),
    new DOMException("given up", "AbortError"),
    new SyntaxError("Invalid regular expression"),
    Object.assign(new Error("an answer that a library takes for an error"), { status: 500, response: {} }),
    undefined,
    "text",
  ])("that is no failure of the way is thrown as it is: %s", (error) => {
    let thrown: unknown;
    try {
      classifyError(error);
    } catch (caught) {
      thrown = caught;
    }
    expect(thrown).toBe(error);
  });

  it("does not loop through causes that loop", () => {
    const error = new Error("round");
    error.cause = error;
    expect(() => classifyError(error)).toThrow("round");
  });
});
