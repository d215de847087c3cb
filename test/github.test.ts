import { describe, expect, it } from "vitest";
import { adapter as enterprise } from "../src/connections/github-enterprise/adapter.js";
import { type AdapterTest, testAdapter } from "./support/adapter.js";
import { type PlayedGithub, playGithub } from "./support/github.js";
import { startInternet } from "./support/internet.js";

const credentials = { clientId: "Iv1.example", clientSecret: { $secret: "client-secret" } };

async function testGithub(played: PlayedGithub = {}, options: Partial<AdapterTest> = {}) {
  const github = playGithub(played);
  const internet = await startInternet({ "github.com": github.listener });
  const result = await testAdapter({ kind: "github", settings: credentials, transport: internet.config, ...options });
  return { ...result, github };
}

describe("an OAuth app on GitHub.com, simulated after GitHub's docs, Troubleshooting OAuth app access token request errors", () => {
  const exchange = "/login/oauth/access_token";

  it("has the right ID and secret; what users may do shows only when they sign in", async () => {
    const { summary, check, outcome, github } = await testGithub();
    expect(summary).toEqual(["client ID and secret: ok", "rights of users: unverifiable"]);
    expect(check("client ID and secret").evidence).toEqual({
      request: "POST https://github.com/login/oauth/access_token",
      status: 200,
      code: "bad_verification_code",
    });
    expect(outcome).toBe("unverifiable");
    expect(github.codes).toEqual([expect.stringMatching(/^plugboard-probe-[\da-f-]{36}$/)]);
  });

  it.each([
    ["secret", { clientSecret: "another" }, {}],
    ["ID", {}, { settings: { ...credentials, clientId: "Iv1.other" } }],
  ])("has a wrong %s", async (_, played, options) => {
    const { summary, check } = await testGithub(played, options);
    expect(summary).toEqual(["client ID and secret: wrong-credentials", "rights of users: -"]);
    expect(check("client ID and secret").evidence).toMatchObject({ status: 200, code: "incorrect_client_credentials" });
  });

  it("has a callback URL for another server", async () => {
    const { summary, check } = await testGithub(
      { callbacks: ["https://old.example.com/oauth/github/accessToken.html"] },
      { serverUrls: ["https://teamcity.example.com"] },
    );
    expect(summary).toEqual(["client ID and secret: ok", "callback URL: callback-mismatch", "rights of users: unverifiable"]);
    const request = "POST https://github.com/login/oauth/access_token";
    expect(check("client ID and secret").evidence).toEqual({ request, status: 200, code: "bad_verification_code" });
    expect(check("callback URL").evidence).toEqual({ request, status: 200, code: "redirect_uri_mismatch" });
  });

  it.each([
    ["an unknown word", { status: 200, body: { error: "made_up" } }, "provider-error", "made_up"],
    ["a sentence instead of a word", { status: 200, body: { error: "client-secret is wrong" } }, "provider-error", undefined],
    ["no error", { status: 200, body: { access_token: "made-up" } }, "provider-error", undefined],
    ["404 without more", { status: 404, body: { error: "Not Found" } }, "wrong-id", undefined],
    ["422", { status: 422, body: {} }, "provider-error", undefined],
    ["a page", { status: 200, headers: { "content-type": "text/html" }, body: "<html>" }, "wrong-server", undefined],
    ["404 with a page", { status: 404, headers: { "content-type": "text/html" }, body: "<html>" }, "wrong-server", undefined],
    ["a redirect", { status: 302, headers: { location: "https://github.com/login" }, body: "" }, "wrong-server", undefined],
    ["429", { status: 429, headers: { "retry-after": "60" }, body: "" }, "rate-limited", undefined],
    ["502", { status: 502, body: "" }, "provider-error", undefined],
  ])("gets %s", async (_, reply, outcome, code) => {
    const { check, checks } = await testGithub({ instead: { [exchange]: reply } });
    const { evidence, ...rest } = check("client ID and secret");
    expect(rest.outcome).toBe(outcome);
    expect(evidence?.code).toBe(code);
    expect(JSON.stringify(checks)).not.toMatch(/client-secret|made-up|html>/);
  });

  it("asks for callback URLs in vain if the service fails meanwhile", async () => {
    const github = playGithub();
    let requests = 0;
    const internet = await startInternet({
      "github.com": (request, answer) => (++requests === 1 ? github.listener(request, answer) : answer.writeHead(500).end()),
    });
    const { summary } = await testAdapter({
      kind: "github",
      settings: credentials,
      transport: internet.config,
      serverUrls: ["https://teamcity.example.com"],
    });
    expect(requests).toBe(2);
    expect(summary).toEqual(["client ID and secret: ok", "rights of users: unverifiable"]);
  });

  it("has not passed if the time is up while it is asked for callback URLs", async () => {
    const github = playGithub();
    const time = new AbortController();
    let requests = 0;
    const internet = await startInternet({
      "github.com": (request, answer) =>
        ++requests === 1 ? github.listener(request, answer) : time.abort(new DOMException("", "TimeoutError")),
    });
    const { outcome, check } = await testAdapter({
      kind: "github",
      settings: credentials,
      transport: internet.config,
      serverUrls: ["https://teamcity.example.com"],
      signal: time.signal,
    });
    expect(outcome).toBe("timeout");
    expect(check("rights of users").status).toBe("notRun");
  });
});

describe("GitHub Enterprise, simulated after GitHub's API description of Enterprise Server", () => {
  const host = "git.example.com";

  async function testEnterprise(played: PlayedGithub = {}, options: Partial<AdapterTest> = {}) {
    const github = playGithub({ edition: "server", ...played });
    const internet = await startInternet({ [host]: github.listener });
    const settings = { ...credentials, serverUrl: `https://${host}/` };
    const result = await testAdapter({ kind: "githubEnterprise", settings, transport: internet.config, ...options });
    return { ...result, github, internet, settings };
  }

  it("is there, with the right ID and secret", async () => {
    const { summary, check, github } = await testEnterprise();
    expect(summary).toEqual(["GitHub answers: ok", "client ID and secret: ok", "rights of users: unverifiable"]);
    expect(check("GitHub answers").evidence?.facts).toEqual({ version: "3.19.2" });
    expect(github.requests).toEqual(["GET /meta", "POST /login/oauth/access_token"]);
  });

  it("is in private mode, and tells nothing to strangers", async () => {
    const { summary } = await testEnterprise({
      instead: { "/meta": { status: 401, body: { message: "Must authenticate to access this API." } } },
    });
    expect(summary[0]).toBe("GitHub answers: ok");
  });

  it("has something before it that limits the rate", async () => {
    const { summary } = await testEnterprise({
      instead: { "/meta": { status: 429, headers: { "x-github-request-id": "" }, body: "" } },
    });
    expect(summary[0]).toBe("GitHub answers: rate-limited");
  });

  it.each([
    ["page", { status: 200, headers: { "content-type": "text/html" }, body: "<html>" }],
    ["sign-in page behind a redirect", { status: 302, headers: { location: "/login" }, body: "" }],
    ["404", { status: 404, body: { message: "Not Found" } }],
    ["401 of something else", { status: 401, headers: { "x-github-request-id": "" }, body: { message: "no" } }],
    ["JSON of something else", { status: 200, headers: { "x-github-request-id": "" }, body: { version: "17.1" } }],
  ])("is something else: %s", async (_, reply) => {
    const { summary, github } = await testEnterprise({ instead: { "/meta": reply } });
    expect(summary).toEqual(["GitHub answers: wrong-server", "client ID and secret: -", "rights of users: -"]);
    expect(github.codes).toEqual([]);
  });

  it("has a certificate of an authority that is not known", async () => {
    const { internet, settings } = await testEnterprise();
    const { check } = await testAdapter({
      kind: "githubEnterprise",
      settings,
      transport: { proxy: internet.proxy },
    });
    expect(check("GitHub answers").outcome).toBe("tls-untrusted");
  });

  it("is asked for the plain callback URL only", async () => {
    const serverUrls = ["https://teamcity.example.com"];
    const plain = await testEnterprise({ callbacks: [] }, { serverUrls });
    expect(plain.summary).toContain("callback URL: callback-mismatch");
    const settings = { ...plain.settings, useUniqueRedirect: true };
    const unique = await testEnterprise({ callbacks: [] }, { serverUrls, settings });
    expect(unique.summary).toEqual(["GitHub answers: ok", "client ID and secret: ok", "rights of users: unverifiable"]);
  });
});

describe("a client secret that can be none", () => {
  const server = { serverUrl: "https://git.example.com" };

  it.each([
    ["githubEnterprise", "is empty", server, ""],
    ["githubEnterprise", "is blank", server, "  "],
    ["githubEnterprise", "ends in a line break", server, "client-secret\n"],
    ["github", "ends in a line break", {}, "client-secret\n"],
  ])("and is not sent for %s: it %s", async (kind, _, more, secret) => {
    const github = playGithub(kind === "github" ? {} : { edition: "server" });
    const internet = await startInternet({ "github.com": github.listener, "git.example.com": github.listener });
    const { check } = await testAdapter({
      kind,
      settings: { ...credentials, ...more },
      secrets: { "client-secret": secret },
      transport: internet.config,
    });
    expect(check("client ID and secret")).toMatchObject({
      outcome: "invalid-input",
      hint: "Put the bare client secret into the store, without a line break.",
    });
    expect(github.codes).toEqual([]);
  });
});

describe("the address of a GitHub Enterprise server", () => {
  it.each(["/acme/repo", "/api/v3", "/github/", "//", "/?tab=1", "/#top"])(
    "has nothing after the host, and this is not overlooked: %s",
    async (rest) => {
      const github = playGithub({ edition: "server" });
      const internet = await startInternet({ "git.example.com": github.listener });
      const settings = { ...credentials, serverUrl: `https://git.example.com${rest}` };
      const tested = await testAdapter({ kind: "githubEnterprise", settings, transport: internet.config });
      expect(tested.outcome).toBe("invalid-input");
      expect(github.requests).toEqual([]);
      expect(() => enterprise.endpoints(settings as never, {}, false)).toThrow("serverUrl has more in it");
    },
  );

  it.each(["https://git.example.com", "https://git.example.com/", "https://GIT.example.com:443/"])(
    "may be spelt in its ways: %s",
    (serverUrl) => {
      const origins = enterprise.endpoints({ serverUrl } as never, {}, false).map(({ origin }) => origin);
      expect(origins).toEqual(["https://git.example.com", "https://git.example.com"]);
    },
  );
});
