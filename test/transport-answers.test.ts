import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { secondsToWait } from "../src/transport/retry.js";
import { failureOf, openTransport, serve, serveRaw } from "./support/transport.js";

describe("the time that a server asks to wait, in Retry-After (RFC 9110, 10.2.3)", () => {
  const date = "Sat, 21 Nov 2026 12:00:00 GMT";

  it.each<[string, number | undefined]>([
    ["0", 0],
    ["120", 120],
    ["0.1", 1],
    ["1.5", 2],
    ["31536000", 31_536_000],
    ["31536001", undefined],
    ["99999999999999999999", undefined],
    ["1e3", undefined],
    ["Infinity", undefined],
    ["120s", undefined],
    ["soon", undefined],
    ["-1", undefined],
    ["+5", undefined],
    ["5.", undefined],
    ["5, 5", undefined],
    ["later 5", undefined],
    ["2026-11-21T12:00:30Z", undefined],
    ["", undefined],
    ["Sat, 21 Nov 2026 12:00:30 GMT", 30],
    ["Saturday, 21-Nov-26 12:00:30 GMT", 30],
    [date, 0],
    ["Sat, 21 Nov 2026 11:00:00 GMT", 0],
    ["Thu, 01 Jan 1970 00:00:00 GMT", 0],
    ["Fri, 21 Nov 2036 12:00:00 GMT", undefined],
  ])("%j is %j seconds", (after, seconds) => {
    expect(secondsToWait(new Headers({ "retry-after": after, date }))).toBe(seconds);
  });

  it.each(["31536001", "99999999999999999999", "1e3", ""])("is not waited for and not told if it is none: %j", async (after) => {
    const { http, exchanges } = openTransport();
    const url = await serve((_, answer) => answer.writeHead(429, { "retry-after": after }).end());
    const { outcome, message, details } = await failureOf(http.request(url));
    expect({ outcome, message }).toEqual({
      outcome: "rate-limited",
      message: `${new URL(url).host} limits the rate of requests`,
    });
    expect(details).not.toHaveProperty("retryAfter");
    expect(exchanges).toMatchObject([{ attempts: 1 }]);
  });

  it("is over if it is a date of the past", async () => {
    const { http, exchanges } = openTransport();
    const left = [{ "retry-after": "Thu, 01 Jan 1970 00:00:00 GMT" }];
    const url = await serve((_, answer) => {
      const headers = left.shift();
      answer.writeHead(headers === undefined ? 200 : 429, headers).end();
    });
    expect((await http.request(url)).status).toBe(200);
    expect(exchanges).toMatchObject([{ attempts: 2, retried: "429" }]);
  });
});

describe("an answer that is cut off", () => {
  it.each([
    ["before its length", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{"],
    ["within a chunk", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"],
    ["before the last chunk", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n"],
    ["with a status of a refusal", "HTTP/1.1 401 Unauthorized\r\ncontent-length: 10\r\n\r\n{"],
  ])("%s is no answer", async (_, bytes) => {
    const { http, exchanges } = openTransport();
    const port = await serveRaw((socket) => socket.once("data", () => socket.end(bytes)));
    const url = `http://127.0.0.1:${port}`;
    for (const method of ["GET", "POST"]) {
      const failure = await failureOf(http.request(url, { method }));
      expect(failure).toMatchObject({
        outcome: "reset",
        message: `127.0.0.1:${port} closes the connection in the middle of its answer`,
      });
      // It has spoken HTTP, so that the scheme of the address is not to blame.
      expect(failure.details).not.toHaveProperty("hint");
    }
    expect(exchanges).toMatchObject([{ attempts: 2, failure: "reset" }, { attempts: 1 }]);
  });

  it("with more than it has announced ends where it was to end", async () => {
    const { http } = openTransport();
    const bytes = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}<html>";
    const port = await serveRaw((socket) => socket.once("data", () => socket.end(bytes)));
    expect((await http.request(`http://127.0.0.1:${port}`)).text).toBe("{}");
  });
});

describe("an answer with Content-Encoding", () => {
  const plain = Buffer.from('{"name":"made-up"}');

  /** A server that sends a body under an encoding, whatever it is. */
  const send = (encoding: string, body: Uint8Array): Promise<string> =>
    serve((_, answer) => answer.writeHead(200, { "content-encoding": encoding }).end(body));

  it.each([
    ["GZIP", gzipSync(plain)],
    ["x-gzip", gzipSync(plain)],
    ["Deflate", deflateSync(plain)],
    ["BR", brotliCompressSync(plain)],
    ["identity", plain],
    ["", plain],
    ["utf-8", plain],
  ])("%j is read", async (encoding, body) => {
    const { http } = openTransport();
    const url = await send(encoding, body);
    expect((await http.request(url)).json()).toEqual({ name: "made-up" });
    expect(await (await http.fetch(url)).json()).toEqual({ name: "made-up" });
  });

  it("of several kinds is not what was asked for, and no JSON", async () => {
    const { http } = openTransport();
    const answer = await http.request(await send("gzip, br", brotliCompressSync(gzipSync(plain))));
    expect(() => answer.json()).toThrow(expect.objectContaining({ outcome: "wrong-server" }));
  });

  it("of no bytes is empty", async () => {
    const { http } = openTransport();
    expect((await http.request(await send("gzip", Buffer.alloc(0)))).text).toBe("");
  });

  it.each([
    ["gzip", "is not", plain],
    ["gzip", "is cut off", gzipSync(plain).subarray(0, 20)],
    ["gzip", "goes on after its end", Buffer.concat([gzipSync(plain), plain])],
    ["deflate", "is not", plain],
    ["br", "is not", plain],
    ["br", "is cut off", brotliCompressSync(plain).subarray(0, 8)],
  ])("%s that %s breaks the rules", async (encoding, _, body) => {
    const { http, exchanges } = openTransport();
    const url = await send(encoding, body);
    for (const ask of [() => http.request(url), () => http.fetch(url)]) {
      expect(await failureOf(ask())).toMatchObject({
        outcome: "provider-error",
        message: expect.stringMatching(/breaks the rules of HTTP: (Z_\w+_ERROR|ERR__ERROR_\w+)$/),
      });
    }
    expect(exchanges).toMatchObject([{ attempts: 1 }, { attempts: 1 }]);
  });
});
