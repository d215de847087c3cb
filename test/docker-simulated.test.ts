import type { RequestListener } from "node:http";
import { describe, expect, it } from "vitest";
import { adapter } from "../src/connections/docker/adapter.js";
import { createSessions } from "../src/tester/sessions.js";
import type { TransportOptions } from "../src/transport/index.js";
import { testAdapter } from "./support/adapter.js";
import { given, INPUT, LOGIN, right, SERVER, wrong } from "./support/docker-login.js";
import { password, user } from "./support/docker-registry.js";
import { startInternet } from "./support/internet.js";
import { type Answer, type Answers, play } from "./support/play.js";

const v2 = { "docker-distribution-api-version": "registry/2.0" };
const askFor = (challenge: string): Answer => ({
  status: 401,
  headers: { ...v2, "www-authenticate": challenge },
  body: { errors: [{ code: "UNAUTHORIZED", message: "authentication required" }] },
});
const basicOf = (name: string, word: string) => `Basic ${Buffer.from(`${name}:${word}`).toString("base64")}`;
const tokenOf = (claims: unknown) => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.AA`;

describe("Docker Hub, simulated after docs.docker.com, Registry authentication", () => {
  const challenge = 'Bearer realm="https://auth.docker.io/token",service="registry.docker.io"';
  const start = () =>
    play({
      "registry-1.docker.io/v2/": (header) => (header?.startsWith("Bearer ") ? { status: 200, headers: v2 } : askFor(challenge)),
      "auth.docker.io/token": (header) => {
        if (header === undefined) return { status: 200, body: { token: tokenOf({ sub: "" }) } };
        return header === basicOf(user, password)
          ? { status: 200, body: { token: tokenOf({ sub: "6f4a" }) } }
          : { status: 401, body: { details: "incorrect username or password" } };
      },
    });

  it.each([
    undefined,
    "docker.io",
    "https://docker.io",
    "https://index.docker.io/v1/",
    "hub.docker.com",
    "registry.hub.docker.com",
  ])("is what %j means", async (url) => {
    const { asked, transport } = await start();
    const settings = url === undefined ? given : { url, ...given };
    const result = await testAdapter({ kind: "docker", settings, secrets: right, transport });
    expect(result.outcome).toBe("ok");
    expect(asked).toEqual(["registry-1.docker.io/v2/ -", "auth.docker.io/token Basic", "registry-1.docker.io/v2/ Bearer"]);
  });

  it("can be used anonymously", async () => {
    const { transport } = await start();
    expect((await testAdapter({ kind: "docker", settings: {}, transport })).outcome).toBe("ok");
  });

  it("refuses a wrong password, and it may be the second factor (docker/hub-feedback#1981)", async () => {
    const { transport } = await start();
    const result = await testAdapter({ kind: "docker", settings: given, secrets: wrong, transport });
    expect(result.check(LOGIN)).toMatchObject({ outcome: "wrong-credentials", hint: expect.stringContaining("access token") });
  });
});

describe("registries of vendors, simulated", () => {
  const run = (url: string, transport: Partial<TransportOptions>, secrets: Readonly<Record<string, string>> = right) =>
    testAdapter({ kind: "docker", settings: { url, ...given }, secrets, transport });

  it("GitHub: the token says nothing, and a wrong password is 403 (docker/login-action#26: denied)", async () => {
    const { asked, transport } = await play({
      "ghcr.io/v2/": (header) =>
        header?.startsWith("Bearer ")
          ? { status: 200, headers: v2 }
          : askFor('Bearer realm="https://ghcr.io/token",service="ghcr.io",scope="repository:user/image:pull"'),
      "ghcr.io/token": (header) =>
        header === basicOf(user, password)
          ? { status: 200, body: { token: "opaque" } }
          : { status: 403, body: { errors: [{ code: "DENIED", message: "denied" }] } },
    });
    expect((await run("ghcr.io/acme", transport)).outcome).toBe("ok");
    expect(asked.slice(-1)).toEqual(["ghcr.io/token Basic"]);
    expect((await run("ghcr.io", transport, wrong)).check(LOGIN)).toMatchObject({
      outcome: "wrong-credentials",
      evidence: { status: 403 },
    });
  });

  it("GitLab.com: the service is at another host, which is known (deitch/docker_registry2#14)", async () => {
    const { transport } = await play({
      "registry.gitlab.com/v2/": (header) =>
        header === "Bearer opaque"
          ? { status: 200, headers: v2 }
          : askFor('Bearer realm="https://gitlab.com/jwt/auth",service="container_registry"'),
      "gitlab.com/jwt/auth": (header) =>
        header === basicOf(user, password) ? { status: 200, body: { token: "opaque" } } : { status: 403, body: "denied" },
    });
    expect((await run("registry.gitlab.com", transport)).outcome).toBe("ok");
    expect((await run("registry.gitlab.com", transport, wrong)).check(LOGIN).outcome).toBe("wrong-credentials");
  });

  it("Artifactory: the token is in both fields, one of them empty (containerd/containerd#6339)", async () => {
    const realm = "https://art.example.com:443/artifactory/api/docker/docker-hub/v2/token";
    const { transport } = await play({
      "art.example.com/v2/": (header) =>
        header === "Bearer opaque"
          ? { status: 200, headers: v2 }
          : askFor(`Bearer realm="${realm}",service="art.example.com:443"`),
      "art.example.com/artifactory/api/docker/docker-hub/v2/token": (header) =>
        header === basicOf(user, password)
          ? { status: 200, body: { token: "", access_token: "opaque" } }
          : { status: 401, body: { statusCode: 401, details: "BAD_CREDENTIAL" } },
    });
    expect((await run("art.example.com", transport)).outcome).toBe("ok");
    expect((await run("art.example.com", transport, wrong)).check(LOGIN).outcome).toBe("wrong-credentials");
  });

  it("one that lets everybody read and asks for a token once it sees a login", async () => {
    const { transport } = await play({
      "hub.example.com/v2/": (header) =>
        header === undefined || header === "Bearer opaque"
          ? { status: 200, headers: v2 }
          : askFor('Bearer realm="https://hub.example.com/token"'),
      "hub.example.com/token": (header) =>
        header === basicOf(user, password) ? { status: 200, body: { token: "opaque" } } : { status: 401 },
    });
    expect((await run("hub.example.com", transport)).outcome).toBe("ok");
    expect((await run("hub.example.com", transport, wrong)).check(LOGIN).outcome).toBe("wrong-credentials");
  });

  it("one that drops its headers behind a proxy", async () => {
    const { transport } = await play({
      "hub.example.com/v2/": (header) =>
        header === undefined
          ? { status: 401, headers: { "www-authenticate": "Basic realm=x" }, body: "" }
          : { status: header === basicOf(user, password) ? 200 : 401, body: {} },
    });
    expect((await run("hub.example.com", transport)).outcome).toBe("ok");
  });

  it("one that knows the user and does not let it in", async () => {
    const { transport } = await play({
      "hub.example.com/v2/": (header) => (header === undefined ? askFor("Basic realm=x") : { status: 403, headers: v2 }),
    });
    expect((await run("hub.example.com", transport)).check(LOGIN).outcome).toBe("missing-permission");
  });
});

describe("what answers is no registry, simulated", () => {
  const page = "<html>Sign in</html>";
  it.each<[string, Answer, string]>([
    ["a page", { status: 200, body: page }, "wrong-server"],
    ["JSON of something else", { status: 200, body: {} }, "wrong-server"],
    ["a page that is not there, as registries of the first version answer", { status: 404, body: page }, "wrong-server"],
    ["another login", { status: 401, headers: { "www-authenticate": "Negotiate" }, body: page }, "wrong-server"],
    ["no way to log in", { status: 401, body: page }, "wrong-server"],
    ["a redirect to a sign-in page", { status: 302, headers: { location: "https://sso.example.com/" } }, "wrong-server"],
    ["a wall", { status: 403, body: page }, "missing-permission"],
    ["a limit", { status: 429, body: { errors: [{ code: "TOOMANYREQUESTS" }] } }, "rate-limited"],
    ["a failure", { status: 500, body: page }, "provider-error"],
  ])("%s", async (_, answer, outcome) => {
    const { asked, transport } = await play({ "hub.example.com/v2/": answer });
    const result = await testAdapter({
      kind: "docker",
      settings: { url: "hub.example.com", ...given },
      secrets: right,
      transport,
    });
    expect(result.summary).toEqual([`${INPUT}: ok`, `${SERVER}: ${outcome}`, `${LOGIN}: -`]);
    expect(new Set(asked)).toEqual(new Set(["hub.example.com/v2/ -"]));
  });

  it("a page behind a login of its own", async () => {
    const { transport } = await play({
      "hub.example.com/v2/": (header) =>
        header === undefined
          ? { status: 401, headers: { "www-authenticate": 'Basic realm="intranet"' }, body: page }
          : { status: 200, body: page },
    });
    const result = await testAdapter({
      kind: "docker",
      settings: { url: "hub.example.com", ...given },
      secrets: right,
      transport,
    });
    expect(result.check(LOGIN).outcome).toBe("wrong-server");
  });
});

describe("a token service that is out of order, simulated", () => {
  const bearer = (realm: string) => `Bearer realm="${realm}",service="s"`;
  it.each<[string, string, Answer, string]>([
    ["no address", "Bearer service=s", { status: 200 }, "provider-error"],
    ["an address that is none", bearer("/token"), { status: 200 }, "provider-error"],
    ["no encryption", bearer("http://hub.example.com/token"), { status: 200, body: { token: "opaque" } }, "provider-error"],
    ["another scheme", bearer("file:///etc/passwd"), { status: 200 }, "provider-error"],
    ["an address with a password", bearer("https://a:b@hub.example.com/token"), { status: 200 }, "provider-error"],
    ["not there", bearer("https://hub.example.com/token"), { status: 404 }, "provider-error"],
    ["no token", bearer("https://hub.example.com/token"), { status: 200, body: {} }, "provider-error"],
    ["an empty token", bearer("https://hub.example.com/token"), { status: 200, body: { access_token: "" } }, "provider-error"],
    ["a list", bearer("https://hub.example.com/token"), { status: 200, body: [] }, "provider-error"],
    ["a number for a token", bearer("https://hub.example.com/token"), { status: 200, body: { token: 7 } }, "provider-error"],
    ["a token of two lines", bearer("https://hub.example.com/token"), { status: 200, body: { token: "a\nb" } }, "provider-error"],
    ["a page", bearer("https://hub.example.com/token"), { status: 200, body: "<html>" }, "wrong-server"],
    ["a redirect", bearer("https://hub.example.com/token"), { status: 302, headers: { location: "/x" } }, "wrong-server"],
    ["a failure", bearer("https://hub.example.com/token"), { status: 503 }, "provider-error"],
    ["a limit", bearer("https://hub.example.com/token"), { status: 429 }, "rate-limited"],
  ])("%s", async (_, challenge, answer, outcome) => {
    const { transport } = await play({
      "hub.example.com/v2/": askFor(challenge),
      "hub.example.com/token": answer,
    });
    const result = await testAdapter({
      kind: "docker",
      settings: { url: "hub.example.com", ...given },
      secrets: right,
      transport,
    });
    expect(result.summary).toEqual([`${INPUT}: ok`, `${SERVER}: ok`, `${LOGIN}: ${outcome}`]);
  });
});

describe("tokens, simulated after distribution, docs/spec/auth", () => {
  const challenge = 'Bearer realm="https://hub.example.com/token"';
  const test = async (answers: Answers, secrets = right) => {
    const { transport } = await play(answers);
    return testAdapter({ kind: "docker", settings: { url: "hub.example.com", ...given }, secrets, transport });
  };

  it.each([
    ["token", { token: "opaque" }],
    ["access_token", { access_token: "opaque" }],
    ["access_token beside null", { token: null, access_token: "opaque" }],
    ["token rather than access_token", { token: "opaque", access_token: "another" }],
  ])("are taken from %s", async (_, body) => {
    const result = await test({
      "hub.example.com/v2/": (header) => (header === "Bearer opaque" ? { status: 200, headers: v2 } : askFor(challenge)),
      "hub.example.com/token": (header) => (header === basicOf(user, password) ? { status: 200, body } : { status: 401 }),
    });
    expect(result.check(LOGIN).outcome).toBe("ok");
  });

  it.each([
    ["nobody", tokenOf({ sub: "" })],
    ["a word for nobody", tokenOf({ sub: "anonymous" })],
    ["another user", tokenOf({ sub: `${user}2` })],
    ["a number", tokenOf({ sub: 7 })],
    ["a list", tokenOf({ sub: [user] })],
    ["the user in another claim", tokenOf({ name: user })],
    ["null", tokenOf(null)],
    ["what is not JSON", "a.b.c"],
  ])("for %s prove nothing if everybody is given one", async (_, token) => {
    const answers = {
      "hub.example.com/v2/": (header?: string) =>
        header === `Bearer ${token}` ? { status: 200, headers: v2 } : askFor(challenge),
      "hub.example.com/token": { status: 200, body: { token } },
    };
    expect((await test(answers, wrong)).check(LOGIN).outcome).toBe("unverifiable");
  });

  it("for a user of the name of nobody prove nothing", async () => {
    const body = { token: tokenOf({ sub: "anonymous" }) };
    const { transport } = await play({
      "hub.example.com/v2/": (header?: string) =>
        header?.startsWith("Bearer") ? { status: 200, headers: v2 } : askFor(challenge),
      "hub.example.com/token": { status: 200, body },
    });
    const settings = { url: "hub.example.com", ...given, userName: "anonymous" };
    const result = await testAdapter({ kind: "docker", settings, secrets: right, transport });
    expect(result.check(LOGIN).outcome).toBe("unverifiable");
  });
});

describe("odd spellings of WWW-Authenticate, simulated after RFC 9110, section 11.6.1", () => {
  const realm = "https://hub.example.com/token";
  it.each([
    ["capitals", `BEARER REALM="${realm}"`, "/token"],
    ["blanks", `Bearer   realm = "${realm}" ,  service = "s"`, "/token"],
    ["empty elements", `, ,Bearer realm="${realm}",,`, "/token"],
    ["escapes", `Bearer realm="${realm.replace("token", "\\to\\ken")}"`, "/token"],
    ["other ways before it", `Negotiate, Basic realm="a", Bearer realm="${realm}"`, "/token"],
    ["other ways after it", `Bearer realm="${realm}", Basic realm="a"`, "/token"],
    ["another way in quotes", `Basic realm="a, Bearer realm=${realm}"`, "/v2/"],
    ["no parameters", "basic", "/v2/"],
  ])("%s", async (_, challenge, path) => {
    const { asked, transport } = await play({
      "hub.example.com/v2/": (header) =>
        header === "Bearer opaque" || header === basicOf(user, password) ? { status: 200, headers: v2 } : askFor(challenge),
      "hub.example.com/token": (header) =>
        header === basicOf(user, password) ? { status: 200, body: { token: "opaque" } } : { status: 401 },
    });
    const settings = { url: "hub.example.com", ...given };
    expect((await testAdapter({ kind: "docker", settings, secrets: right, transport })).outcome).toBe("ok");
    expect(asked[1]).toBe(`hub.example.com${path} Basic`);
  });

  it("an address without quotes, which cannot be read", async () => {
    const { asked, transport } = await play({ "hub.example.com/v2/": askFor(`Bearer realm=${realm}`) });
    const settings = { url: "hub.example.com", ...given };
    const result = await testAdapter({ kind: "docker", settings, secrets: right, transport });
    expect(result.check(LOGIN)).toMatchObject({
      outcome: "provider-error",
      message: expect.stringContaining("no usable address"),
    });
    expect(asked).toEqual(["hub.example.com/v2/ -"]);
  });
});

describe("without any request", () => {
  it.each([
    ["a user without a password", { userName: user }, {}],
    ["a password without a user", { password: { $secret: "p" } }, {}],
    ["an empty password", { userName: user, password: { $secret: "p" } }, { p: "" }],
    ["a user with a colon", { userName: "a:b", password: { $secret: "p" } }, {}],
  ])("%s", async (_, settings, secrets) => {
    const { asked, transport } = await play({ "hub.example.com/v2/": { status: 200, headers: v2 } });
    const result = await testAdapter({ kind: "docker", settings: { url: "hub.example.com", ...settings }, secrets, transport });
    expect(result.summary).toEqual([`${INPUT}: invalid-input`, `${SERVER}: -`, `${LOGIN}: -`]);
    expect(asked).toEqual([]);
  });
});

it("connections with one user share one login", async () => {
  const { asked, transport } = await play({
    "hub.example.com/v2/": (header) => (header === undefined ? askFor("Basic realm=x") : { status: 200, headers: v2 }),
  });
  const sessions = createSessions();
  for (const url of ["hub.example.com", "https://hub.example.com/"]) {
    const result = await testAdapter({ kind: "docker", settings: { url, ...given }, secrets: right, transport, sessions });
    expect(result.outcome).toBe("ok");
  }
  expect(asked.filter((each) => each.endsWith("Basic"))).toHaveLength(1);
});

describe("the addresses that credentials go to", () => {
  it.each([
    ["registry.example.com:5000/acme/app", ["https://registry.example.com:5000/"]],
    ["http://registry.example.com", ["http://registry.example.com/"]],
    ["docker.io", ["https://registry-1.docker.io/", "https://auth.docker.io/"]],
    ["https://registry.gitlab.com", ["https://registry.gitlab.com/", "https://gitlab.com/"]],
  ])("%s", (url, expected) => {
    expect(adapter.endpoints({ displayName: "tested", url }, {}, false).map(String)).toEqual(expected);
  });
});

describe("what a stranger comes to, simulated after distribution, docs/spec/auth", () => {
  const settings = { url: "hub.example.com", ...given };
  const byToken = (stranger: Answer): Answers => ({
    "hub.example.com/v2/": (header) =>
      header === "Bearer opaque" ? { status: 200, headers: v2 } : askFor('Bearer realm="https://hub.example.com/token"'),
    "hub.example.com/token": (header) =>
      header === basicOf(user, password) ? { status: 200, body: { token: "opaque" } } : stranger,
  });
  const openTo = (stranger: Answer): Answers => ({
    "hub.example.com/v2/": (header) =>
      header === undefined || header === basicOf(user, password) ? { status: 200, headers: v2 } : stranger,
  });

  describe.each([
    ["a token service", byToken],
    ["a registry that is open", openTo],
  ])("%s", (_, answers) => {
    it.each<[string, Answer, string]>([
      ["a refusal", { status: 401 }, "ok"],
      ["a limit", { status: 429, headers: { "retry-after": "3600" } }, "ok-limited"],
      ["a failure", { status: 500 }, "ok-limited"],
      ["a redirect", { status: 302, headers: { location: "https://login.example.com/" } }, "ok-limited"],
      ["what is not there", { status: 404 }, "ok-limited"],
    ])("%s leaves the user let in", async (_, stranger, outcome) => {
      const { transport } = await play(answers(stranger));
      const result = await testAdapter({ kind: "docker", settings, secrets: right, transport });
      expect(result.check(LOGIN)).toMatchObject({
        outcome,
        message: expect.stringContaining(`"${user}" in`),
        evidence: { status: 200, facts: { user } },
      });
    });
  });

  it("no answer leaves the user let in", async () => {
    const stuck: RequestListener = (request, response) => {
      const { authorization } = request.headers;
      if (request.url === "/v2/" && authorization !== "Bearer opaque")
        response.writeHead(401, { ...v2, "www-authenticate": 'Bearer realm="https://hub.example.com/token"' }).end();
      else if (request.url === "/v2/") response.writeHead(200, v2).end("{}");
      else if (authorization === basicOf(user, password)) response.end('{"token":"opaque"}');
    };
    const internet = await startInternet({ "hub.example.com": stuck });
    const result = await testAdapter({
      kind: "docker",
      settings,
      secrets: right,
      transport: { ...internet.config, requestTimeout: 500 },
    });
    expect(result.check(LOGIN)).toMatchObject({ outcome: "ok-limited", message: expect.stringContaining("timeout") });
  });

  it("none is sent to Docker Hub, which is known to look at passwords", async () => {
    const { asked, transport } = await play({
      "registry-1.docker.io/v2/": (header) =>
        header === undefined ? askFor('Bearer realm="https://auth.docker.io/token"') : { status: 200, headers: v2 },
      "auth.docker.io/token": { status: 200, body: { token: "opaque" } },
    });
    expect((await testAdapter({ kind: "docker", settings: given, secrets: right, transport })).outcome).toBe("ok");
    expect(asked.filter((each) => each.startsWith("auth."))).toEqual(["auth.docker.io/token Basic"]);
  });
});

describe("a registry that refuses the token it was given, simulated after distribution, docs/spec/auth", () => {
  const realm = 'Bearer realm="https://hub.example.com/token"';
  const test = async (refusal: Answer, settings: object) => {
    const { transport } = await play({
      "hub.example.com/v2/": (header) => (header === undefined ? askFor(realm) : refusal),
      "hub.example.com/token": { status: 200, body: { token: "opaque" } },
    });
    const all = { url: "hub.example.com", ...settings };
    return (await testAdapter({ kind: "docker", settings: all, secrets: right, transport })).check(LOGIN);
  };

  it("for want of a scope", async () => {
    const wanted = "registry:catalog:*";
    expect(await test(askFor(`${realm},scope="${wanted}",error="insufficient_scope"`), given)).toMatchObject({
      outcome: "missing-permission",
      evidence: { status: 401, code: "insufficient_scope", missing: [wanted] },
    });
  });

  it.each([
    ["another error", askFor(`${realm},error="invalid_request"`), { code: "invalid_request" }],
    ["no error", askFor(realm), {}],
    ["no challenge", { status: 401 }, {}],
  ])("with %s, which does not accuse the password", async (_, refusal, evidence) => {
    expect(await test(refusal, given)).toMatchObject({ outcome: "provider-error", evidence: { status: 401, ...evidence } });
  });

  it.each([
    ["for want of a scope", askFor(`${realm},error="insufficient_scope"`), "missing-permission"],
    ["without an error", askFor(realm), "missing-permission"],
    ["as an invalid one", askFor(`${realm},error="invalid_token"`), "provider-error"],
  ])("anonymously, %s", async (_, refusal, outcome) => {
    expect((await test(refusal, {})).outcome).toBe(outcome);
  });
});

describe("a login of some other server, simulated", () => {
  it.each<[string, Answer, string]>([
    ["a list", { status: 200, body: ["x"] }, "wrong-server"],
    ["null", { status: 200, body: "null" }, "wrong-server"],
    ["an object that says something", { status: 200, body: { jobs: [] } }, "wrong-server"],
    ["an empty object for any password", { status: 200, body: {} }, "unverifiable"],
  ])("%s", async (_, answer, outcome) => {
    const { transport } = await play({
      "hub.example.com/v2/": (header) =>
        header === undefined ? { status: 401, headers: { "www-authenticate": 'Basic realm="Jenkins"' }, body: "x" } : answer,
    });
    const settings = { url: "hub.example.com", ...given };
    const result = await testAdapter({ kind: "docker", settings, secrets: wrong, transport });
    expect(result.check(SERVER).message).not.toContain("a registry");
    expect(result.check(LOGIN).outcome).toBe(outcome);
  });
});
