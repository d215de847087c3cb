import { getEventListeners, once } from "node:events";
import { createServer as createHttpServer, type IncomingMessage, type RequestListener } from "node:http";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { listen } from "./support/internet.js";
import { failureOf, openTransport, serve, serveRaw } from "./support/transport.js";

const json: RequestListener = (_, answer) => answer.setHeader("content-type", "application/json").end('{"name":"made-up"}');

describe("a request", () => {
  it("gives the whole answer", async () => {
    const { http, exchanges } = openTransport();
    const url = await serve(json);
    const answer = await http.request(`${url}/user?token=hidden`);
    expect(answer).toMatchObject({
      request: `GET ${url}/user`,
      url: `${url}/user?token=hidden`,
      status: 200,
      text: '{"name":"made-up"}',
    });
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(answer.json()).toEqual({ name: "made-up" });
    expect(exchanges).toEqual([{ method: "GET", url: `${url}/user`, status: 200, attempts: 1, duration: expect.any(Number) }]);
  });

  it("sends method, headers and body, and tells who asks", async () => {
    const { http } = openTransport();
    const seen: { method: unknown; headers: IncomingMessage["headers"]; body: string }[] = [];
    const url = await serve(async (request, answer) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      seen.push({ method: request.method, headers: request.headers, body });
      answer.end();
    });
    await http.request(url, { headers: { "private-token": "made-up" }, body: new URLSearchParams({ a: "b c" }) });
    await http.request(url, { method: "PUT", headers: { "user-agent": "another" }, body: "text" });
    expect(seen).toMatchObject([
      {
        method: "POST",
        body: "a=b+c",
        headers: {
          "private-token": "made-up",
          "content-type": "application/x-www-form-urlencoded;charset=UTF-8",
          "user-agent": expect.stringMatching(/^plugboard\/\d/),
        },
      },
      { method: "PUT", body: "text", headers: { "user-agent": "another" } },
    ]);
  });

  it("says what came where JSON was expected", async () => {
    const { http } = openTransport();
    const page = await serve((_, answer) => answer.setHeader("content-type", "text/html; charset=utf-8").end("<html>"));
    const answer = await http.request(page);
    expect(() => answer.json()).toThrow(/answers 200 with text\/html instead of JSON$/);
    expect(() => answer.json()).toThrow(expect.objectContaining({ outcome: "wrong-server" }));
    const broken = await http.request(await serve((_, answer) => answer.end("{")));
    expect(() => broken.json()).toThrow(/answers 200 with something that is not JSON$/);
  });

  it("leaves statuses below 500 to the caller, and others that it accepts", async () => {
    const { http } = openTransport();
    const url = await serve((request, answer) => answer.writeHead(Number(request.url?.slice(1))).end());
    for (const status of [400, 401, 403, 404, 422]) expect((await http.request(`${url}/${status}`)).status).toBe(status);
    const failure = await failureOf(http.request(`${url}/500`));
    expect(failure).toMatchObject({ outcome: "provider-error", details: { exchange: { status: 500, attempts: 1 } } });
    expect(failure.message).toBe(`${new URL(url).host} answers 500`);
    expect((await http.request(`${url}/500`, { accept: [500] })).status).toBe(500);
    expect((await http.request(`${url}/429`, { accept: [429] })).status).toBe(429);
  });

  it.each([
    ["ftp://files.example.com/", "an address with ftp: cannot be asked"],
    ["not an address", "the address is not a URL"],
    ["https://user:made-up-password@example.com/", "the address of example.com holds a user name or a password"],
    ["http://127.0.0.1:1/", "port 1 of 127.0.0.1 is one of other protocols"],
  ])("is not sent to %s", async (url, message) => {
    const { http } = openTransport();
    for (const request of [http.request(url), http.fetch(url)]) {
      const failure = await failureOf(request);
      expect(failure).toMatchObject({ outcome: "invalid-input", message });
      expect(JSON.stringify(failure)).not.toContain("made-up-password");
    }
  });

  it("is not sent with a header that cannot be, and does not quote it", async () => {
    const { http, exchanges } = openTransport();
    const failure = await failureOf(http.request("http://127.0.0.1:9/", { headers: { authorization: "Bearer made\nup" } }));
    expect(failure).toMatchObject({ outcome: "invalid-input", message: expect.not.stringContaining("made") });
    expect(exchanges).toEqual([]);
  });

  it("to port 0, which is none, goes to no other", async () => {
    const { http } = openTransport();
    for (const scheme of ["http", "https"]) {
      const { outcome, message } = await failureOf(http.request(`${scheme}://127.0.0.1:0/`));
      expect({ outcome, message }).toEqual({ outcome: "refused", message: expect.stringContaining("127.0.0.1:0") });
    }
  });

  it("is not sent to a host that the scope does not allow", async () => {
    let asked = 0;
    const url = await serve((_, answer) => {
      asked++;
      answer.end();
    });
    const { http, exchanges } = openTransport({}, { allows: (host) => host === "registry.example.com" });
    const failure = await failureOf(http.request(url));
    expect(failure).toMatchObject({ outcome: "invalid-input", message: "127.0.0.1 may not be reached by this test" });
    expect([asked, exchanges]).toEqual([0, []]);
  });
});

describe("fetch for libraries", () => {
  it("takes what fetch takes", async () => {
    const { http } = openTransport();
    const url = await serve(async (request, answer) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      answer.writeHead(201, { "set-cookie": ["a=1", "b=2"] }).end(`${request.method} ${request.headers["x-made-up"]} ${body}`);
    });
    const request = new Request(url, { method: "POST", headers: { "x-made-up": "yes" }, body: "text" });
    for (const response of [
      await http.fetch(request),
      await http.fetch(new URL(url), { method: "POST", headers: [["x-made-up", "yes"]], body: new TextEncoder().encode("text") }),
    ]) {
      expect(response).toBeInstanceOf(Response);
      expect([response.status, response.url, await response.text()]).toEqual([201, `${url}/`, "POST yes text"]);
      expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    }
  });

  it("gives every status but those that limit the rate", async () => {
    const { http } = openTransport();
    const url = await serve((request, answer) => answer.writeHead(Number(request.url?.slice(1))).end());
    for (const status of [204, 304, 404, 407, 500, 503]) expect((await http.fetch(`${url}/${status}`)).status).toBe(status);
    expect(await failureOf(http.fetch(`${url}/429`))).toMatchObject({ outcome: "rate-limited" });
  });

  it("takes an answer whatever its reason phrase", async () => {
    const { http } = openTransport();
    const port = await serveRaw((socket) => void socket.end("HTTP/1.1 200 承認\r\ncontent-length: 7\r\n\r\nmade-up"));
    expect(await (await http.fetch(`http://127.0.0.1:${port}`)).text()).toBe("made-up");
  });

  it("ends by the library's own signal, with its reason", async () => {
    const { http } = openTransport();
    const port = await serveRaw(() => {});
    const reason = new Error("the library gave up");
    const controller = new AbortController();
    const request = http.fetch(`http://127.0.0.1:${port}`, { signal: controller.signal });
    controller.abort(reason);
    await expect(request).rejects.toBe(reason);
    const late = http.fetch(`http://127.0.0.1:${port}`, { signal: AbortSignal.timeout(50) });
    expect(await failureOf(late)).toMatchObject({ outcome: "timeout" });
  });
});

describe("the deadline", () => {
  it.each([
    ["nothing comes", "did not answer in time", () => {}],
    [
      "the body does not end",
      "did not end its answer in time",
      (socket) => void socket.write("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"),
    ],
    [
      "the headers do not end",
      "did not answer in time",
      (socket) => {
        socket.write("HTTP/1.1 200 OK\r\n");
        const drip = setInterval(() => socket.write("x-slow: 1\r\n"), 20);
        socket.on("close", () => clearInterval(drip));
      },
    ],
  ] as const satisfies readonly (readonly [string, string, Parameters<typeof serveRaw>[0]])[])(
    "ends a request where %s",
    async (_, message, behave) => {
      const { http, exchanges } = openTransport({ requestTimeout: 150 });
      const port = await serveRaw(behave);
      expect(await failureOf(http.request(`http://127.0.0.1:${port}/`))).toMatchObject({
        outcome: "timeout",
        message: `127.0.0.1:${port} ${message}`,
      });
      expect(exchanges).toMatchObject([{ attempts: 1, failure: "timeout" }]);
    },
  );

  it("of a scope is a timeout", async () => {
    const { http } = openTransport({}, { signal: AbortSignal.timeout(100) });
    const port = await serveRaw(() => {});
    expect(await failureOf(http.request(`http://127.0.0.1:${port}`))).toMatchObject({ outcome: "timeout" });
    expect(await failureOf(http.request(`http://127.0.0.1:${port}`))).toMatchObject({ outcome: "timeout" });
  });

  it("is not the same as giving up, whose reason is thrown", async () => {
    const controller = new AbortController();
    const { http, exchanges } = openTransport({}, { signal: controller.signal });
    const reason = new Error("interrupted");
    const port = await serveRaw(() => controller.abort(reason));
    await expect(http.request(`http://127.0.0.1:${port}`)).rejects.toBe(reason);
    await expect(http.request(`http://127.0.0.1:${port}`)).rejects.toBe(reason);
    expect(exchanges.map(({ failure }) => failure)).toEqual([undefined, undefined]);
  });

  it("lets go of the signals of a scope once a request has ended", async () => {
    const { signal } = new AbortController();
    const { http } = openTransport({}, { signal });
    await http.request(await serve(json));
    await failureOf(http.request("http://127.0.0.1:1"));
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("holds for the pause before another attempt", async () => {
    const controller = new AbortController();
    const { http } = openTransport({}, { signal: controller.signal });
    const url = await serve((_, answer) => {
      answer.writeHead(503, { "retry-after": "4" }).end();
      answer.on("close", () => setImmediate(() => controller.abort(new Error("interrupted"))));
    });
    await expect(http.request(url)).rejects.toThrow("interrupted");
  });
});

describe("an answer", () => {
  it("may not be larger than the limit, which ends the connection", async () => {
    const { http } = openTransport();
    let ended: Promise<unknown> | undefined;
    const url = await serve((_, answer) => {
      ended = once(answer, "close");
      const fill = () => {
        while (answer.write(Buffer.alloc(2 ** 16, "x"))) if (answer.destroyed) return;
      };
      answer.on("drain", fill);
      fill();
    });
    const failure = await failureOf(http.request(url));
    expect(failure).toMatchObject({
      outcome: "provider-error",
      message: `the answer of ${new URL(url).host} is larger than any that a test needs`,
    });
    await ended;
  });

  it("counts as it is without compression", async () => {
    const { http } = openTransport();
    const [large, small] = [gzipSync(Buffer.alloc(64 * 2 ** 20)), gzipSync("made-up")];
    const url = await serve((request, answer) =>
      answer.setHeader("content-encoding", "gzip").end(request.url === "/large" ? large : small),
    );
    expect((await http.request(url)).text).toBe("made-up");
    expect(await failureOf(http.request(`${url}/large`))).toMatchObject({ outcome: "provider-error" });
  });

  it("may be as large as the limit", async () => {
    const { http } = openTransport({ bodyLimit: 10 });
    const url = await serve((request, answer) => answer.end("x".repeat(Number(request.url?.slice(1)))));
    expect((await http.request(`${url}/10`)).text).toHaveLength(10);
    expect(await failureOf(http.request(`${url}/11`))).toMatchObject({ outcome: "provider-error" });
  });

  it.each([
    ["headers without end", "provider-error", `HTTP/1.1 200 OK\r\n${"x-large: 1\r\n".repeat(5000)}`],
    ["broken compression", "provider-error", "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\nnone"],
    ["another protocol", "wrong-server", "SSH-2.0-OpenSSH_9.2\r\n"],
    ["an unheard-of status", "provider-error", "HTTP/1.1 999 What\r\ncontent-length: 0\r\n\r\n"],
  ])("with %s is a %s", async (_, outcome, text) => {
    const { http } = openTransport();
    const port = await serveRaw((socket) => void socket.end(text));
    expect(await failureOf(http.request(`http://127.0.0.1:${port}`))).toMatchObject({ outcome });
    expect(await failureOf(http.fetch(`http://127.0.0.1:${port}`))).toMatchObject({ outcome });
  });
});

describe("an answer with a status", () => {
  it("for proxies is a provider-error", async () => {
    const { http } = openTransport();
    const url = await serve((_, answer) => answer.writeHead(407).end());
    expect(await failureOf(http.request(url))).toMatchObject({ outcome: "provider-error" });
  });

  it("beyond all others is read to its end, so that the connection can be used again", async () => {
    const { http } = openTransport();
    const sockets = new Set<unknown>();
    const url = await serve((request, answer) => {
      sockets.add(request.socket);
      answer.writeHead(999).end("x".repeat(2 ** 20));
    });
    for (const _ of Array(5)) expect(await failureOf(http.request(url))).toMatchObject({ outcome: "provider-error" });
    expect(sockets.size).toBeLessThan(5);
  });
});

describe("another attempt", () => {
  /** Answers with each of the statuses in turn, then with 200. */
  function inTurn(...answers: readonly (readonly [status: number, headers?: Record<string, string>])[]): Promise<string> {
    const left = [...answers];
    return serve((request, answer) => {
      request.resume();
      const [status, headers] = left.shift() ?? [200];
      answer.writeHead(status, headers).end();
    });
  }

  const soon = () => {
    const now = Math.floor(Date.now() / 1000) * 1000;
    return { date: new Date(now).toUTCString(), "retry-after": new Date(now + 1000).toUTCString() };
  };
  const renewed = (seconds: number) => ({
    date: new Date().toUTCString(),
    "x-ratelimit-remaining": "0",
    "x-ratelimit-reset": String(Math.floor(Date.now() / 1000) + seconds),
  });

  it.each<[string, string, [number, Record<string, string>?]]>([
    ["GET", "503 with seconds", [503, { "retry-after": "0" }]],
    ["POST", "503 with a date", [503, soon()]],
    ["POST", "429 with seconds", [429, { "retry-after": "0" }]],
    ["GET", "429 with a date", [429, soon()]],
    ["POST", "403 with a time to wait", [403, { "retry-after": "0" }]],
    ["GET", "403 with a budget that is renewed at once", [403, renewed(0)]],
    ["GET", "502", [502]],
    ["HEAD", "504", [504]],
  ])("is made of %s after %s", async (method, _, answer) => {
    const { http, exchanges } = openTransport();
    const url = await inTurn(answer);
    expect((await http.request(url, { method, ...(method === "POST" ? { body: "text" } : {}) })).status).toBe(200);
    expect(exchanges).toMatchObject([{ status: 200, attempts: 2, retried: String(answer[0]) }]);
  });

  it("is made once only, with the same body", async () => {
    const { http, exchanges } = openTransport();
    const bodies: string[] = [];
    const url = await serve(async (request, answer) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      bodies.push(body);
      answer.writeHead(503, { "retry-after": "0" }).end();
    });
    expect(await failureOf(http.request(url, { body: "text" }))).toMatchObject({ outcome: "provider-error" });
    expect(bodies).toEqual(["text", "text"]);
    expect((await http.fetch(url, { method: "POST", body: "more" })).status).toBe(503);
    expect(bodies).toEqual(["text", "text", "more", "more"]);
    expect(exchanges.map(({ attempts }) => attempts)).toEqual([2, 2]);
  });

  it.each<[string, string, [number, Record<string, string>?], string, number | undefined]>([
    ["POST", "502", [502], "provider-error", undefined],
    ["GET", "500", [500], "provider-error", undefined],
    ["GET", "503 without a time", [503], "provider-error", undefined],
    ["GET", "503 with a long time", [503, { "retry-after": "6" }], "provider-error", 6],
    ["GET", "429 without a time", [429], "rate-limited", undefined],
    ["GET", "429 with a time that is none", [429, { "retry-after": "soon" }], "rate-limited", undefined],
    ["GET", "429 with a long time", [429, { "retry-after": "3600" }], "rate-limited", 3600],
    ["GET", "403 with a budget that is renewed later", [403, renewed(600)], "rate-limited", 600],
    [
      "GET",
      "403 with the seconds until then",
      [403, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "60" }],
      "rate-limited",
      60,
    ],
  ])("is not made of %s after %s", async (method, _, answer, outcome, retryAfter) => {
    const { http, exchanges } = openTransport();
    const url = await inTurn(answer);
    const failure = await failureOf(http.request(url, { method }));
    expect(failure).toMatchObject({ outcome, details: { exchange: { status: answer[0], attempts: 1 } } });
    if (retryAfter === undefined) expect(failure.details.retryAfter).toBeUndefined();
    else expect(Math.abs((failure.details.retryAfter as number) - retryAfter)).toBeLessThanOrEqual(1);
    expect(exchanges).toHaveLength(1);
  });

  it("is not made if the time to wait is longer than what is left", async () => {
    const { http } = openTransport({ requestTimeout: 2000 });
    const url = await inTurn([429, { "retry-after": "3" }]);
    const failure = await failureOf(http.request(url));
    expect(failure).toMatchObject({ outcome: "rate-limited", details: { retryAfter: 3 } });
    expect(failure.message).toBe(`${new URL(url).host} limits the rate of requests and asks to wait for 3 s`);
  });

  it("is not made after a status that the caller accepts", async () => {
    const { http, exchanges } = openTransport();
    expect((await http.request(await inTurn([502]), { accept: [502] })).status).toBe(502);
    expect(exchanges).toMatchObject([{ attempts: 1 }]);
  });

  it("is made of GET when the connection dies, and not of POST", async () => {
    const { http, exchanges } = openTransport();
    let requests = 0;
    const url = await serve((request, answer) => {
      request.resume();
      if (++requests % 2 === 0) request.socket.destroy();
      else answer.end();
    });
    await http.request(url);
    expect((await http.request(url)).status).toBe(200);
    expect(await failureOf(http.request(url, { method: "POST" }))).toMatchObject({ outcome: "reset" });
    expect(exchanges).toMatchObject([
      { attempts: 1 },
      { attempts: 2, retried: "UND_ERR_SOCKET", status: 200 },
      { attempts: 1, failure: "reset" },
    ]);
  });

  it("is made once when a server closes at once", async () => {
    const { http } = openTransport();
    let connections = 0;
    const port = await serveRaw((socket) => {
      connections++;
      socket.destroy();
    });
    const failure = await failureOf(http.request(`http://127.0.0.1:${port}`));
    expect(failure).toMatchObject({ outcome: "reset", details: { exchange: { attempts: 2 } } });
    expect(failure.details.hint).toContain("https://");
    expect(connections).toBe(2);
  });
});

describe("connections", () => {
  it("are as many as the caller needs, kept, and gone in the end", async () => {
    const { http, transport } = openTransport();
    let [now, most] = [0, 0];
    const open = new Set<Promise<unknown>>();
    const waiting: (() => void)[] = [];
    const server = createHttpServer((_, answer) => {
      most = Math.max(most, ++now);
      waiting.push(() => {
        now--;
        answer.end();
      });
      if (waiting.length === 64) for (const each of waiting.splice(0)) each();
    });
    server.on("connection", (socket) => open.add(once(socket, "close")));
    const url = `http://127.0.0.1:${await listen(server)}`;
    for (let round = 0; round < 10; round++) await Promise.all(Array.from({ length: 64 }, () => http.request(url)));
    expect(most).toBe(64);
    expect(open.size).toBe(64);
    await transport.close();
    await Promise.all(open);
  });

  it("is one for requests that follow each other", async () => {
    const { http } = openTransport();
    let opened = 0;
    const server = createHttpServer((_, answer) => answer.end("{}")).on("connection", () => opened++);
    const url = `http://127.0.0.1:${await listen(server)}`;
    for (let round = 0; round < 20; round++) await http.request(url);
    expect(opened).toBe(1);
  });

  it("cannot be made any more once it is closed", async () => {
    const { http, transport } = openTransport();
    const url = await serve(json);
    await transport.close();
    await expect(http.request(url)).rejects.toThrow();
  });

  it("that are still being made end as well", async () => {
    const { http, transport } = openTransport();
    const ended = new Promise((resolve) => {
      serveRaw((socket) => {
        socket.on("close", resolve).resume();
        void transport.close();
      }).then((port) => http.request(`https://127.0.0.1:${port}`).catch(() => {}));
    });
    await ended;
  });

  it("tell what was seen of the server", async () => {
    const { http, transport } = openTransport();
    const url = await serve(json);
    expect(transport.reach(url)).toBeUndefined();
    await http.request(url);
    expect(transport.reach(url)).toEqual({ origin: url, address: new URL(url).host });
  });
});

describe("an answer against the rules of HTTP", () => {
  it.each([
    ["has the status 000", "HTTP/1.1 000 Odd\r\ncontent-length: 0\r\n\r\n", "wrong-server"],
    ["begins with 100 Continue, which nobody asked for", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", "wrong-server"],
    ["changes the protocol unasked", "HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n", "wrong-server"],
    ["has a chunk of no size", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n", "provider-error"],
    ["has a header that is none", "HTTP/1.1 200 OK\r\n: none\r\n\r\n", "provider-error"],
    ["is of another protocol", "SSH-2.0-OpenSSH_9.2\r\n", "wrong-server"],
    ["is of no known version", "HTTP/9.9 200 OK\r\n\r\n", "wrong-server"],
  ])("%s", async (_, bytes, outcome) => {
    const { http } = openTransport();
    const url = `http://127.0.0.1:${await serveRaw((socket) => socket.once("data", () => socket.end(bytes)))}`;
    expect(await failureOf(http.request(url))).toMatchObject({ outcome });
  });
});
