import { describe, expect, it } from "vitest";
import { adapter } from "../src/connections/npm/adapter.js";
import type { TransportOptions } from "../src/transport/index.js";
import { testAdapter } from "./support/adapter.js";
import { startInternet } from "./support/internet.js";
import { type Answer, type Answers, forwardTo, play } from "./support/play.js";
import { startVerdaccio } from "./support/verdaccio.js";

const publicRegistry = `https://registry.${"npmjs.org"}`;

const INPUT = "scope and token can be sent";
const SERVER = "the registry answers";
const TOKEN = "the registry accepts the token";
const ANONYMOUS = "packages can be read anonymously";

const token = { $secret: "npm/token" };

const run = (settings: Readonly<Record<string, unknown>>, value = "", transport: Partial<TransportOptions> = {}) =>
  testAdapter({ kind: "npm", settings, secrets: { "npm/token": value }, transport });

describe.each([{}, { tokens: "jwt" } as const])("a real Verdaccio, %o", (options) => {
  it("names the user of a good token, whose scope opens", async () => {
    const { url, token: good } = await startVerdaccio(options);
    const result = await run({ url, scope: "@acme", token }, good);
    expect(result.summary).toEqual([`${INPUT}: ok`, `${SERVER}: ok`, `${TOKEN}: ok`]);
    expect(result.check(TOKEN)).toMatchObject({
      message: expect.stringMatching(/"builder".*@acme/),
      evidence: { request: `GET ${url}/-/whoami`, status: 200, facts: { user: "builder" } },
    });
    expect(result.check(TOKEN).hint).toBeUndefined();
    expect(JSON.stringify(result.checks)).not.toContain(good);
  });

  it.each([
    ["made up", () => "not-a-token"],
    ["tampered with", (good: string) => `${good.slice(0, -8)}AAAAAAA${good.slice(-1)}`],
  ])("answers 200 to a token that is %s, which is refused all the same", async (_, make) => {
    const { url, token: good } = await startVerdaccio(options);
    const open = await run({ url, token }, make(good));
    const closed = await run({ url, scope: "acme", token }, make(good));
    expect(open.check(TOKEN)).toMatchObject({
      outcome: "wrong-secret",
      evidence: { request: `GET ${url}/-/whoami`, status: 200 },
    });
    expect(closed.check(TOKEN)).toMatchObject({ outcome: "wrong-secret", evidence: { status: 401 } });
  });

  it("is read anonymously, but for a closed scope", async () => {
    const { url } = await startVerdaccio(options);
    expect((await run({ url })).summary).toEqual([`${INPUT}: ok`, `${SERVER}: ok`, `${ANONYMOUS}: ok`]);
    expect((await run({ url, scope: "@other" })).outcome).toBe("ok-limited");
    expect((await run({ url, scope: "@acme" })).check(ANONYMOUS)).toMatchObject({
      outcome: "missing-permission",
      evidence: { status: 401, missing: ["read @acme"] },
    });
  });
});

describe("a real Verdaccio", () => {
  it("may be closed as a whole", async () => {
    const { url, token: good } = await startVerdaccio({ access: "$authenticated" });
    expect((await run({ url, token }, good)).outcome).toBe("ok");
    expect((await run({ url, token }, "not-a-token")).outcome).toBe("wrong-secret");
    expect((await run({ url })).outcome).toBe("missing-permission");
  });

  it("is reached over TLS, through a proxy, below a path", async () => {
    const { port, token: good } = await startVerdaccio();
    const internet = await startInternet({ "npm.example.com": forwardTo(port, "/repository/npm") });
    for (const url of ["npm.example.com/repository/npm", "https://npm.example.com/repository/npm/"])
      expect((await run({ url, scope: "acme", token }, good, internet.config)).outcome).toBe("ok");
    const untrusted = await run({ url: "npm.example.com", token }, good, { proxy: internet.proxy });
    expect(untrusted.summary).toEqual([`${INPUT}: ok`, `${SERVER}: tls-untrusted`, `${TOKEN}: -`]);
  });
});

describe("registries of vendors, simulated", () => {
  const good = "npm_good";
  const only = (allowed: object, otherwise: object) => (header?: string) => ({
    status: 200,
    ...(header === `Bearer ${good}` ? allowed : otherwise),
  });
  const missing = { status: 404, body: { error: "Not found" } };

  it("npm's public one names the user, and tells how long tokens live (npm/cli#8855)", async () => {
    const host = new URL(adapter.endpoints({ displayName: "npm" }, {}, false)[0] as URL).host;
    const { asked, transport } = await play({
      [`${host}/-/ping`]: { status: 200 },
      [`${host}/-/whoami`]: only({ body: { username: "bot" } }, { status: 401 }),
      [`${host}/*`]: missing,
    });
    const result = await run({ token, scope: "acme" }, good, transport);
    expect(result.check(TOKEN)).toMatchObject({ outcome: "ok", hint: expect.stringContaining("90 days") });
    expect(asked).toEqual([
      `${host}/-/ping -`,
      `${host}/-/whoami Bearer`,
      expect.stringMatching(/\/@acme%2fplugboard-probe-[\w-]{36} Bearer$/),
      `${host}/-/whoami -`,
    ]);
    expect((await run({ token }, "npm_bad", transport)).check(TOKEN).outcome).toBe("wrong-secret");
    expect((await run({}, "", transport)).outcome).toBe("ok");
  });

  it("GitHub has neither ping nor whoami (npm/cli#4751, #2758) and refuses who has no token (npm.pkg.github.com: 401)", async () => {
    const closed = { status: 401, body: { error: "unauthenticated: User cannot be authenticated with the token provided." } };
    const { transport } = await play({
      "npm.pkg.github.com/-/*": missing,
      "npm.pkg.github.com/*": (header) =>
        header === "Bearer ghp_scopeless"
          ? { status: 403, body: { error: "permission_denied: The token provided does not match expected scopes." } }
          : header === `Bearer ${good}`
            ? missing
            : closed,
    });
    const url = "https://npm.pkg.github.com";
    const right = await run({ url, scope: "@acme", token }, good, transport);
    expect(right.check(TOKEN)).toMatchObject({ outcome: "ok", evidence: { status: 404 } });
    expect(right.check(SERVER).message).toContain("404");
    expect((await run({ url, scope: "@acme", token }, "ghp_bad", transport)).check(TOKEN).outcome).toBe("wrong-secret");
    expect((await run({ url, scope: "@acme", token }, "ghp_scopeless", transport)).check(TOKEN)).toMatchObject({
      outcome: "missing-permission",
      evidence: { missing: ["read @acme"] },
    });
  });

  it("GitLab has no whoami (release-it#592) and forwards what it does not have (gitlab-org/gitlab!25531)", async () => {
    const path = "gitlab.example.com/api/v4/projects/7/packages/npm";
    const { asked, transport } = await play({
      [`${path}/-/*`]: { status: 404, body: { error: "404 Not Found" } },
      [`${path}/*`]: (header) =>
        header === undefined || header === `Bearer ${good}`
          ? { status: 302, headers: { location: `${publicRegistry}/@acme/any` } }
          : { status: 401, body: { message: "401 Unauthorized" } },
    });
    expect((await run({ url: `https://${path}/`, scope: "@acme", token }, good, transport)).check(TOKEN)).toMatchObject({
      outcome: "unverifiable",
      evidence: { status: 302 },
    });
    expect((await run({ url: `https://${path}/`, token }, "glpat-bad", transport)).check(TOKEN).outcome).toBe("wrong-secret");
    expect(asked.every((each) => each.startsWith("gitlab.example.com/"))).toBe(true);
  });

  it("one names the user, who may not read the scope", async () => {
    const { transport } = await play({
      "npm.example.com/-/ping": { status: 200 },
      "npm.example.com/-/whoami": only({ body: { username: "bot" } }, { status: 401 }),
      "npm.example.com/*": { status: 403 },
    });
    expect((await run({ url: "npm.example.com", scope: "@acme", token }, good, transport)).check(TOKEN)).toMatchObject({
      outcome: "missing-permission",
      evidence: { facts: { user: "bot" }, missing: ["read @acme"] },
    });
  });

  it("one names the same user to whoever comes, which proves nothing", async () => {
    const { transport } = await play({
      "npm.example.com/-/ping": { status: 200, body: "pong" },
      "npm.example.com/-/whoami": { status: 200, body: { username: "anonymous" } },
      "npm.example.com/*": missing,
    });
    expect((await run({ url: "npm.example.com", token }, good, transport)).outcome).not.toBe("ok");
  });

  it("one tells nothing", async () => {
    const { transport } = await play({ "npm.example.com/*": missing });
    const result = await run({ url: "npm.example.com", token }, good, transport);
    expect(result.summary).toEqual([`${INPUT}: ok`, `${SERVER}: ok`, `${TOKEN}: unverifiable`]);
  });
});

describe("what answers is no registry, simulated", () => {
  const page = "<html>Sign in</html>";
  it.each<[string, Answers, string, string]>([
    ["a page for everything", { "npm.example.com/*": { status: 200, body: page } }, SERVER, "wrong-server"],
    ["pages that are not there", { "npm.example.com/*": { status: 404, body: page } }, TOKEN, "wrong-server"],
    [
      "a page after the ping",
      { "npm.example.com/-/ping": { status: 200 }, "npm.example.com/*": { status: 200, body: page } },
      TOKEN,
      "wrong-server",
    ],
    ["JSON for everything", { "npm.example.com/*": { status: 200 } }, TOKEN, "wrong-server"],
    [
      "a redirect to a sign-in page",
      { "npm.example.com/*": { status: 302, headers: { location: "https://sso.example.com/" } } },
      SERVER,
      "wrong-server",
    ],
    ["a limit", { "npm.example.com/*": { status: 429 } }, SERVER, "rate-limited"],
    ["a failure", { "npm.example.com/*": { status: 500 } }, TOKEN, "provider-error"],
  ])("%s", async (_, answers, title, outcome) => {
    const { transport } = await play(answers);
    expect((await run({ url: "npm.example.com", token }, "npm_any", transport)).check(title).outcome).toBe(outcome);
  });

  it.each([
    ["pages", { status: 404, body: page }],
    ["JSON for everything", { status: 200 }],
  ])("%s, asked anonymously", async (_, answer) => {
    const { transport } = await play({ "npm.example.com/*": answer });
    expect((await run({ url: "npm.example.com" }, "", transport)).check(ANONYMOUS).outcome).toBe("wrong-server");
  });
});

describe("without any request", () => {
  it.each([
    ["an empty token", { token }, ""],
    ["a token of two lines", { token }, "npm_a\nb"],
    ["a scope with a slash", { scope: "@acme/app", token }, "npm_a"],
    ["a scope without a name", { scope: "@", token }, "npm_a"],
    ["a scope that leads elsewhere", { scope: "..", token }, "npm_a"],
  ])("%s", async (_, settings, value) => {
    const { asked, transport } = await play({ "npm.example.com/*": { status: 200 } });
    const result = await run({ url: "npm.example.com", ...settings }, value, transport);
    expect(result.summary).toEqual([`${INPUT}: invalid-input`, `${SERVER}: -`, `${TOKEN}: -`]);
    expect(asked).toEqual([]);
  });
});

describe("answers that prove nothing, simulated", () => {
  const missing = { status: 404, body: { error: "no such package" } };
  const closed = { status: 401, body: { error: "unauthorized" } };
  const elsewhere = (location: string) => ({ status: 302, headers: { location } });
  const page = "<html>Sign in</html>";
  const pings = { "npm.example.com/-/ping": { status: 200 } };

  it.each<[string, Answer]>([
    ["a redirect to a sign-in page", elsewhere("https://login.example.com/_signin")],
    ["a redirect to a page of its own", elsewhere("/_signin")],
    ["a host named like npm's", elsewhere(`${publicRegistry}.example.com/`)],
    ["a page", { status: 203, body: page }],
    ["a page that is not there", { status: 404, body: page }],
    ["a text that is not there", { status: 404, body: '"no such package"' }],
    ["nothing", { status: 204, body: "" }],
    ["a complaint", { status: 400, body: { error: "malformed token" } }],
    ["a method that is not allowed", { status: 405 }],
    ["what is gone", { status: 410 }],
    ["what is withheld", { status: 451 }],
  ])("a registry that is closed without the token answers to it with %s", async (_, answer) => {
    const { transport } = await play({
      "npm.example.com/-/*": missing,
      "npm.example.com/*": (header) => (header === undefined ? closed : answer),
    });
    expect((await run({ url: "npm.example.com", token }, "npm_bad", transport)).check(TOKEN)).toMatchObject({
      outcome: "wrong-server",
      message: expect.stringContaining(String(answer.status)),
      evidence: { status: answer.status },
    });
  });

  it.each<[string, Answer, string]>([
    ["a page", { status: 200, body: page }, "unverifiable"],
    ["nothing", { status: 200, body: "" }, "unverifiable"],
    ["a list", { status: 200, body: [] }, "unverifiable"],
    ["a number for a name", { status: 200, body: { username: 5 } }, "unverifiable"],
    ["the name that everybody has", { status: 200, body: { username: "anonymous" } }, "unverifiable"],
    ["an object without a name, as Verdaccio does", { status: 200, body: {} }, "wrong-secret"],
    ["an empty name", { status: 200, body: { username: "" } }, "wrong-secret"],
  ])("whoami answers with %s, and packages are open to everybody", async (_, who, outcome) => {
    const { transport } = await play({
      ...pings,
      "npm.example.com/-/whoami": who,
      "npm.example.com/*": missing,
    });
    expect((await run({ url: "npm.example.com", token }, "npm_any", transport)).check(TOKEN).outcome).toBe(outcome);
  });

  it.each<[string, Answer, string]>([
    ["packages are there", missing, "ok"],
    ["packages lead to a sign-in page", elsewhere("https://login.example.com/"), "ok-limited"],
    ["packages are a page", { status: 200, body: page }, "ok-limited"],
  ])("a user is named, and %s", async (_, answer, outcome) => {
    const { transport } = await play({
      ...pings,
      "npm.example.com/-/whoami": (header) => (header === undefined ? closed : { status: 200, body: { username: "bot" } }),
      "npm.example.com/*": answer,
    });
    expect((await run({ url: "npm.example.com", token }, "npm_good", transport)).check(TOKEN)).toMatchObject({
      outcome,
      evidence: { facts: { user: "bot" } },
    });
  });

  it.each<[string, Answers, string]>([
    ["a ping, and a package that is missing", { ...pings, "npm.example.com/*": missing }, "ok"],
    ["a ping, and a sign-in page", { ...pings, "npm.example.com/*": elsewhere("https://login.example.com/") }, "wrong-server"],
    ["a ping, and a number", { ...pings, "npm.example.com/*": { status: 404, body: "404" } }, "wrong-server"],
    ["any interface that has neither", { "npm.example.com/*": { status: 404, body: { message: "Not Found" } } }, "unverifiable"],
    [
      "a GitLab that forwards before it looks at rights (gitlab-org/gitlab!25531)",
      { "npm.example.com/-/*": missing, "npm.example.com/*": elsewhere(`${publicRegistry}/any`) },
      "ok-limited",
    ],
  ])("without a token: %s", async (_, answers, outcome) => {
    const { transport } = await play(answers);
    expect((await run({ url: "npm.example.com" }, "", transport)).check(ANONYMOUS).outcome).toBe(outcome);
  });
});
