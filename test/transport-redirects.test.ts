import { describe, expect, it } from "vitest";
import { failureOf, openTransport, serve } from "./support/transport.js";

describe("a redirect", () => {
  /** A server whose paths redirect, and another that must not be asked. */
  async function redirecting() {
    const asked: string[] = [];
    const other = await serve((request, answer) => {
      asked.push(`other ${request.url}`);
      answer.end("other");
    });
    const url = await serve((request, answer) => {
      asked.push(`${request.url}`);
      const targets: Record<string, string> = {
        "/once": "/end?made=up",
        "/twice": "/once",
        "/loop": "/loop",
        "/other": `${other}/secret?code=made-up`,
        "/secure": `https://${request.headers.host}/end`,
        "/user": `http://user:made-up@${request.headers.host}/end`,
        "/broken": "http://[",
      };
      const location = targets[request.url as string];
      if (location === undefined) answer.end("end");
      else answer.writeHead(302, { location }).end();
    });
    return { url, other, asked };
  }

  it("to the same server is followed once", async () => {
    const { http, exchanges } = openTransport();
    const { url } = await redirecting();
    expect(await http.request(`${url}/once`, { headers: { accept: "text/plain" } })).toMatchObject({
      text: "end",
      url: `${url}/end?made=up`,
    });
    expect(exchanges).toMatchObject([
      { url: `${url}/once`, status: 302 },
      { url: `${url}/once`, status: 200 },
    ]);
  });

  it.each(["/twice", "/loop"])("is not followed a second time: %s", async (path) => {
    const { http, exchanges } = openTransport();
    const { url } = await redirecting();
    const failure = await failureOf(http.request(url + path));
    expect(failure).toMatchObject({ outcome: "wrong-server" });
    expect(failure.message).toContain("redirects to another path of its own");
    expect(exchanges).toHaveLength(2);
    expect((await http.fetch(url + path)).status).toBe(302);
  });

  it.each<[string, Record<string, string>, string?]>([
    ["credentials", { authorization: "Bearer made-up" }],
    ["a cookie", { cookie: "made=up" }],
    ["a header that may be one", { "x-unheard-of": "made-up" }],
    ["another method", {}, "POST"],
  ])("is not followed with %s", async (_, headers, method = "GET") => {
    const { http } = openTransport();
    const { url, asked } = await redirecting();
    expect(await failureOf(http.request(`${url}/once`, { method, headers }))).toMatchObject({ outcome: "wrong-server" });
    expect((await http.fetch(`${url}/once`, { method, headers })).headers.get("location")).toBe("/end?made=up");
    expect(asked).toEqual(["/once", "/once"]);
  });

  it.each([
    ["another server", "/other"],
    ["another scheme", "/secure"],
    ["an address with a user", "/user"],
    ["nowhere", "/broken"],
  ])("to %s is not followed", async (_, path) => {
    const { http } = openTransport();
    const { url, asked, other } = await redirecting();
    const failure = await failureOf(http.request(url + path));
    expect(failure.outcome).toBe("wrong-server");
    expect(failure.message).not.toContain("made-up");
    if (path === "/other") expect(failure.message).toBe(`${new URL(url).host} redirects to ${other}`);
    expect((await http.fetch(url + path)).status).toBe(302);
    expect(await failureOf(http.fetch(url + path, { redirect: "error" }))).toMatchObject({ outcome: "wrong-server" });
    expect(asked).toEqual([path, path, path]);
  });

  it("is the caller's if it asks for it", async () => {
    const { http } = openTransport();
    const { url } = await redirecting();
    expect((await http.request(`${url}/once`, { accept: [302] })).headers.get("location")).toBe("/end?made=up");
    expect((await http.fetch(`${url}/once`, { redirect: "manual" })).status).toBe(302);
  });
});
