import { generateKeyPairSync } from "node:crypto";
import type { IncomingMessage, RequestListener } from "node:http";
import { describe, expect, it } from "vitest";
import { adapter } from "../src/connections/github-app/adapter.js";
import { knownSecrets } from "../src/model/redacted.js";
import { type AdapterTest, testAdapter } from "./support/adapter.js";
import { account, appKey, installation, type PlayedGithub, playGithub, publicKey } from "./support/github.js";
import { startInternet } from "./support/internet.js";

interface Options extends Partial<Omit<AdapterTest, "kind">> {
  readonly sites?: readonly string[];
  /** Looks at each request first, and tells whether it is left without an answer. */
  readonly drops?: (request: IncomingMessage) => boolean;
}

async function testApp(played: PlayedGithub = {}, { settings, secrets, sites, drops, ...options }: Options = {}) {
  const github = playGithub(played);
  const names = sites ?? ["api.github.com", "github.com"];
  const listener: RequestListener = (request, answer) => {
    if (drops?.(request) !== true) github.listener(request, answer);
  };
  const internet = await startInternet(Object.fromEntries(names.map((each) => [each, listener])));
  const result = await testAdapter({
    kind: "githubApp",
    settings: {
      appId: "123456",
      clientId: "Iv1.example",
      clientSecret: { $secret: "client-secret" },
      privateKey: { $secret: "key" },
      ownerUrl: "https://github.com/example",
      ...settings,
    },
    secrets: { key: appKey, ...secrets },
    transport: internet.config,
    ...options,
  });
  return { ...result, github };
}

const readOnly = { metadata: "read", contents: "read", pull_requests: "read" };

describe("a GitHub App, simulated after GitHub's API description", () => {
  it("is ok if all fits", async () => {
    const { outcome, summary, check, github } = await testApp();
    expect(summary).toEqual([
      "private key: ok",
      "GitHub answers: ok",
      "private key fits the app: ok",
      "app ID and client ID: ok",
      "permissions of the app: ok",
      "installation for the owner: ok",
      "client ID and secret: ok",
    ]);
    expect(outcome).toBe("ok");
    expect(github.requests).toEqual(["GET /meta", "GET /app", "GET /app/installations", "POST /login/oauth/access_token"]);
    expect(github.codes).toEqual([expect.stringMatching(/^plugboard-probe-[\da-f-]{36}$/)]);
    expect(check("private key fits the app").evidence).toEqual({
      request: "GET https://api.github.com/app",
      status: 200,
      facts: { app: "Octo TeamCity", id: 123456, owner: "https://github.com/example" },
    });
  });

  it("tells the scrubber the tokens that requests are authorized with", async () => {
    const { github } = await testApp({}, { deep: true });
    const tokens = github.authorizations.map((each) => each.replace(/^bearer /i, ""));
    expect(tokens.length).toBeGreaterThan(3);
    expect([...knownSecrets().keys()]).toEqual(expect.arrayContaining(tokens));
  });

  describe("private key", () => {
    const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
    const rsa = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey;
    const lines = appKey.trim().split("\n");
    it.each([
      ["is an EC key in its own format", ec.export({ type: "sec1", format: "pem" }), /EC key/],
      ["is an EC key in PKCS#8", ec.export({ type: "pkcs8", format: "pem" }), /not an RSA key/],
      [
        "is encrypted in PKCS#8",
        rsa.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "made up" }),
        /encrypted/,
      ],
      [
        "is encrypted in PKCS#1",
        rsa.export({ type: "pkcs1", format: "pem", cipher: "aes-256-cbc", passphrase: "made up" }),
        /encrypted/,
      ],
      ["is a certificate", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", /a certificate/],
      ["is the public key", publicKey.export({ type: "spki", format: "pem" }), /public key/],
      ["is an OpenSSH key", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----", /OpenSSH/],
      ["is cut off", lines.slice(0, -5).join("\n"), /END line/],
      ["lacks lines in the middle", lines.toSpliced(3, 2).join("\n"), /damaged/],
      ["has its line breaks written out", appKey.trim().replaceAll("\n", "\\n"), /\\n/],
      ["is no PEM", "made up", /BEGIN line/],
    ])("%s", async (_, key, message) => {
      const { summary, check, github } = await testApp({}, { secrets: { key: key.toString() } });
      expect(check("private key")).toMatchObject({ outcome: "invalid-input", message: expect.stringMatching(message) });
      expect(summary).toContain("private key fits the app: -");
      expect(summary).toContain("client ID and secret: ok");
      expect(github.requests).not.toContain("GET /app");
    });

    it("may have other line ends and blank lines around it", async () => {
      const { outcome } = await testApp({}, { secrets: { key: `\r\n${appKey.replaceAll("\n", "\r\n")}\r\n` } });
      expect(outcome).toBe("ok");
    });

    it("of another app", async () => {
      const other = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" });
      const { check, outcome, summary } = await testApp({}, { secrets: { key: other.toString() } });
      expect(check("private key fits the app")).toMatchObject({ outcome: "wrong-credentials", evidence: { status: 401 } });
      expect(summary).toContain("permissions of the app: -");
      expect(outcome).toBe("wrong-credentials");
    });
  });

  it("has another app ID", async () => {
    const { check } = await testApp({}, { settings: { appId: "654321" } });
    expect(check("private key fits the app").outcome).toBe("wrong-id");
  });

  it.each([
    [1200, "GitHub's clock is 1200 seconds ahead of ours"],
    [-1200, "GitHub's clock is 1200 seconds behind ours"],
  ])("clock of GitHub %i seconds ahead", async (ahead, message) => {
    const { check } = await testApp({ ahead });
    const { outcome, message: said } = check("private key fits the app");
    expect(outcome).toBe("clock-skew");
    // Both clocks move between the two readings.
    expect(said.replace(/\d+/, (seconds) => (Math.abs(Number(seconds) - 1200) <= 5 ? "1200" : seconds))).toBe(message);
  });

  it("clock of GitHub off, without a date in the answer that would tell by how much", async () => {
    const message = "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued";
    const { check } = await testApp({ instead: { "/app": { status: 401, body: { message }, headers: { date: "" } } } });
    expect(check("private key fits the app").outcome).toBe("clock-skew");
  });

  it("refused by address", async () => {
    const { check } = await testApp({ instead: { "/app": { status: 403, body: { message: "IP allow list" } } } });
    expect(check("private key fits the app")).toMatchObject({
      outcome: "missing-permission",
      message: expect.not.stringContaining("IP"),
    });
  });

  describe("identity", () => {
    it("client ID of another app", async () => {
      const { check } = await testApp({ app: { client_id: "Iv1.other" } });
      expect(check("app ID and client ID")).toMatchObject({
        outcome: "identity-mismatch",
        message: 'the client ID is "Iv1.example", and the app of the key has "Iv1.other"',
      });
    });

    it("app ID of another app, should a server read signatures differently", async () => {
      const { check } = await testApp({ app: { id: 9 } });
      expect(check("app ID and client ID")).toMatchObject({
        outcome: "identity-mismatch",
        message: 'the app ID is "123456", and the key belongs to the app 9',
      });
    });

    it("server that does not tell the client ID", async () => {
      const { check } = await testApp({ app: { client_id: undefined } });
      expect(check("app ID and client ID").outcome).toBe("ok-limited");
    });
  });

  describe("permissions", () => {
    it("more than are needed", async () => {
      const { outcome } = await testApp({
        app: {
          permissions: {
            ...readOnly,
            contents: "admin",
            pull_requests: "write",
            statuses: "write",
            checks: "write",
            issues: "write",
          },
        },
      });
      expect(outcome).toBe("ok");
    });

    it("only to read", async () => {
      const installations = [installation("example", { permissions: readOnly })];
      const { check, outcome, summary } = await testApp({ app: { permissions: readOnly }, installations });
      expect(check("permissions of the app")).toMatchObject({
        outcome: "ok-limited",
        message: expect.stringMatching(/^the app can be used, but not for labels, merges .*issue tracker$/),
        evidence: { missing: ["contents: write", "pull_requests: write", "statuses: write", "checks: write", "issues: read"] },
      });
      expect(summary).toContain("installation for the owner: ok");
      expect(outcome).toBe("ok-limited");
    });

    it("less than is of any use", async () => {
      const { check } = await testApp({ app: { permissions: { metadata: "read", statuses: "write" } } });
      expect(check("permissions of the app")).toMatchObject({
        outcome: "missing-permission",
        message: "the app does not ask for contents: read, pull_requests: read",
        evidence: { missing: ["contents: write", "pull_requests: write", "checks: write", "issues: read"] },
      });
    });

    it("that the account has not granted", async () => {
      const { check } = await testApp({ installations: [installation("example", { permissions: readOnly })] });
      expect(check("installation for the owner")).toMatchObject({
        outcome: "missing-permission",
        evidence: { missing: ["contents: write", "pull_requests: write", "statuses: write", "checks: write", "issues: read"] },
      });
    });
  });

  describe("installation", () => {
    it.each([
      "https://github.com/example//",
      "https://GitHub.com/Example/",
      "https://www.github.com/example",
      "http://github.com/example",
      "https://github.com:443/example",
      "https://github.com/example?tab=repositories#top",
    ])("is that of the owner however it is spelt: %s", async (ownerUrl) => {
      const { check } = await testApp({}, { settings: { ownerUrl } });
      expect(check("installation for the owner").outcome).toBe("ok");
    });

    it.each(["https://github.com/example/repository", "https://github.com/orgs/example", "https://github.com/"])(
      "is not found by what is no address of the owner: %s",
      async (ownerUrl) => {
        const { check } = await testApp({}, { settings: { ownerUrl } });
        expect(check("installation for the owner").outcome).toBe("identity-mismatch");
      },
    );

    it("is for some repositories", async () => {
      const { check } = await testApp({ installations: [installation("example", { repository_selection: "selected" })] });
      expect(check("installation for the owner")).toMatchObject({
        outcome: "ok",
        message: 'the app is installed for "https://github.com/example", for some of its repositories',
        evidence: { facts: { installation: 77 } },
      });
    });

    it("is not there", async () => {
      const { check } = await testApp({ installations: [installation("somebody")] });
      expect(check("installation for the owner")).toMatchObject({
        outcome: "not-installed",
        hint: "Install it: https://github.com/apps/octo-teamcity/installations/new.",
      });
    });

    it("is suspended", async () => {
      const suspended = { suspended_at: "2026-10-01T00:00:00Z", suspended_by: account("admin") };
      const { check } = await testApp({ installations: [installation("example", suspended)] });
      expect(check("installation for the owner").outcome).toBe("suspended");
    });

    it("is on a later page", async () => {
      const installations = [...Array.from({ length: 250 }, (_, index) => installation(`other-${index}`)), installation()];
      const { check, github } = await testApp({ installations });
      expect(check("installation for the owner").outcome).toBe("ok");
      expect(github.requests.filter((each) => each === "GET /app/installations")).toHaveLength(3);
    });

    it("is not among the first thousand", async () => {
      const installations = Array.from({ length: 1001 }, (_, index) => installation(`other-${index}`));
      const { check, github, summary } = await testApp({ installations }, { deep: true });
      expect(check("installation for the owner").outcome).toBe("unverifiable");
      expect(summary).toContain("token of the installation: -");
      expect(github.requests.filter((each) => each === "GET /app/installations")).toHaveLength(10);
    });

    it("belongs to an account that was deleted", async () => {
      const { check } = await testApp({ installations: [installation("example", { account: null })] });
      expect(check("installation for the owner").outcome).toBe("not-installed");
    });

    it("is for another account than the one that owns the app", async () => {
      const { outcome } = await testApp({ app: { owner: account("maker") } });
      expect(outcome).toBe("ok");
    });

    it("is for neither, because the settings name a wrong owner", async () => {
      const { check } = await testApp({}, { settings: { ownerUrl: "https://github.com/exampel" } });
      expect(check("installation for the owner")).toMatchObject({
        outcome: "identity-mismatch",
        message: expect.stringContaining('"https://github.com/exampel"'),
      });
    });
  });

  describe("client ID and secret", () => {
    it("secret of another app", async () => {
      const { check } = await testApp({ clientSecret: "another" });
      expect(check("client ID and secret")).toMatchObject({
        outcome: "wrong-secret",
        evidence: { status: 200, code: "incorrect_client_credentials" },
      });
    });

    it("cannot be told apart if the key does not prove the ID", async () => {
      const { check } = await testApp({ app: { client_id: "Iv1.other" }, clientSecret: "another" });
      expect(check("client ID and secret").outcome).toBe("wrong-credentials");
    });
  });

  describe("callback URL", () => {
    const serverUrls = ["https://teamcity.example.com/", "https://tc.example.com"];
    const registered = "https://teamcity.example.com/oauth/githubapp/accessToken.html";

    it("is not registered for one of the addresses", async () => {
      const { check, outcome } = await testApp({ callbacks: [registered] }, { serverUrls });
      expect(check("callback URL")).toMatchObject({
        outcome: "callback-mismatch",
        message: "GitHub does not accept https://tc.example.com/oauth/githubapp/accessToken.html as callback URL of the app",
        evidence: { code: "redirect_uri_mismatch" },
      });
      expect(outcome).toBe("callback-mismatch");
    });

    it("is not mentioned if GitHub says nothing against it, which proves nothing", async () => {
      const { summary, github } = await testApp({}, { serverUrls });
      expect(summary.filter((each) => each.startsWith("callback URL"))).toEqual([]);
      expect(github.codes).toHaveLength(3);
      expect(new Set(github.codes).size).toBe(3);
    });

    it("is not asked for if TeamCity alone knows it, nor with a wrong secret", async () => {
      const unique = await testApp({ callbacks: [] }, { serverUrls, settings: { useUniqueRedirect: true } });
      expect(unique.github.codes).toHaveLength(1);
      const refused = await testApp({ callbacks: [], clientSecret: "another" }, { serverUrls });
      expect(refused.github.codes).toHaveLength(1);
    });
  });

  describe("webhook", () => {
    const settings = { webhookSecret: { $secret: "hook" } };
    const serverUrls = ["https://teamcity.example.com/"];

    it("leads to the server, and its secret cannot be seen", async () => {
      const { check, outcome } = await testApp({}, { settings, serverUrls });
      expect(check("webhook")).toMatchObject({
        outcome: "unverifiable",
        message: 'GitHub reports to "https://teamcity.example.com/app/hooks"; it does not show the secret that it signs with',
      });
      expect(outcome).toBe("unverifiable");
    });

    it("is delivered without a look at the certificate", async () => {
      const { check } = await testApp({ hook: { insecure_ssl: "1" } }, { settings, serverUrls });
      expect(check("webhook").message).toContain("without looking at its certificate");
    });

    it.each([
      "https://elsewhere.example.com/hooks?token=made-up",
      "https://user:made-up@elsewhere.example.com/hooks",
      "https://teamcity.example.com.evil.example/hooks",
      "https://teamcity.example.com@evil.example/hooks",
      "http://teamcity.example.com/hooks",
      "https://teamcity.example.com:8443/hooks",
      "ftp://teamcity.example.com/hooks",
    ])("leads to %s", async (url) => {
      const { check } = await testApp({ hook: { url } }, { settings, serverUrls });
      expect(check("webhook")).toMatchObject({ outcome: "callback-mismatch", message: expect.not.stringContaining("made-up") });
    });

    it.each([
      ["a slash at the end", "https://teamcity.example.com/app/hooks/", "https://teamcity.example.com"],
      ["no path", "https://teamcity.example.com", "https://teamcity.example.com/"],
      ["capitals", "https://TeamCity.EXAMPLE.com/app/hooks", "https://teamcity.example.com"],
      ["capitals of the server", "https://teamcity.example.com/app/hooks", "HTTPS://TEAMCITY.example.com"],
      ["the default port", "https://teamcity.example.com:443/app/hooks", "https://teamcity.example.com"],
      ["the default port of the server", "https://teamcity.example.com/app/hooks", "https://teamcity.example.com:443/"],
      ["slashes at the end of the server's path", "https://tc.example.com/tc/app/hooks", "https://tc.example.com/tc//"],
      ["a query", "https://tc.example.com/tc?connection=1", "https://tc.example.com/tc/"],
    ])("leads to the server however it is spelt: %s", async (_, url, serverUrl) => {
      const { check } = await testApp({ hook: { url } }, { settings, serverUrls: ["https://old.example.com", serverUrl] });
      expect(check("webhook").outcome).toBe("unverifiable");
    });

    it.each([
      ["a path that only begins like the server's", "https://tc.example.com/tc2/app/hooks", "https://tc.example.com/tc"],
      ["a path of other capitals", "https://tc.example.com/TC/app/hooks", "https://tc.example.com/tc"],
      ["an address that is none", "https://tc.example.com/app/hooks", "tc.example.com"],
    ])("does not lead to the server: %s", async (_, url, serverUrl) => {
      const { check } = await testApp({ hook: { url } }, { settings, serverUrls: [serverUrl] });
      expect(check("webhook").outcome).toBe("callback-mismatch");
    });

    it.each(["made-up", "mailto:made-up@example.com"])("has an address that is none, which is not repeated: %s", async (url) => {
      const instead = { "/app/hook/config": { status: 200, body: { url } } };
      const { check } = await testApp({ instead }, { settings, serverUrls });
      expect(check("webhook")).toMatchObject({ outcome: "callback-mismatch", message: expect.not.stringContaining("made-up") });
    });

    it("has no address", async () => {
      const { check } = await testApp({ hook: { url: undefined } }, { settings });
      expect(check("webhook").outcome).toBe("callback-mismatch");
    });

    it("leads anywhere, if the addresses of the server are not known", async () => {
      const { check } = await testApp({}, { settings });
      expect(check("webhook").outcome).toBe("unverifiable");
    });
  });

  describe("deep", () => {
    it("makes a token that may do next to nothing, uses it and revokes it", async () => {
      const { check, github } = await testApp({}, { deep: true });
      expect(check("token of the installation")).toMatchObject({
        outcome: "ok",
        message: expect.stringMatching(/ 3 repositories$/),
      });
      expect(github.requests.slice(-3)).toEqual([
        "POST /app/installations/77/access_tokens",
        "GET /installation/repositories",
        "DELETE /installation/token",
      ]);
      expect(github.tokens.size).toBe(0);
    });

    it("finds no repository", async () => {
      const { check } = await testApp({ repositories: 0 }, { deep: true });
      expect(check("token of the installation").outcome).toBe("ok-limited");
    });

    it.each([403, 422])("is refused a token with %i", async (status) => {
      const instead = { "/app/installations/77/access_tokens": { status, body: { message: "no" } } };
      const { check } = await testApp({ instead }, { deep: true });
      expect(check("token of the installation").outcome).toBe("missing-permission");
    });

    it("is not let at the repositories, and revokes the token all the same", async () => {
      const instead = { "/installation/repositories": { status: 403, body: { message: "no" } } };
      const { check, github } = await testApp({ instead }, { deep: true });
      expect(check("token of the installation").outcome).toBe("missing-permission");
      expect(github.tokens.size).toBe(0);
    });

    it("revokes the token if the request with it fails", async () => {
      const instead = { "/installation/repositories": { status: 500, body: "" } };
      const { check, github } = await testApp({ instead }, { deep: true });
      expect(check("token of the installation").outcome).toBe("provider-error");
      expect(github.tokens.size).toBe(0);
    });

    it.each([
      ["when the time is up", new DOMException("", "TimeoutError"), "timeout"],
      ["when the run is given up", new DOMException("", "AbortError"), undefined],
    ])("revokes the token %s", async (_, reason, outcome) => {
      const end = new AbortController();
      const drops = ({ url }: IncomingMessage): boolean => {
        const isListing = url?.startsWith("/installation/repositories") === true;
        if (isListing) end.abort(reason);
        return isListing;
      };
      const { check, github } = await testApp({}, { deep: true, drops, signal: end.signal });
      expect(check("token of the installation").outcome).toBe(outcome);
      expect(github.requests.at(-1)).toBe("DELETE /installation/token");
      expect(github.tokens.size).toBe(0);
    });

    it.each([404, 500])("cannot revoke the token: %i", async (status) => {
      const instead = { "/installation/token": { status, body: { message: "no" } } };
      const { check } = await testApp({ instead }, { deep: true });
      expect(check("token of the installation").outcome).toBe("ok-limited");
    });

    it("tells why the request with the token failed, whatever becomes of the token", async () => {
      const instead = {
        "/installation/repositories": { status: 403, body: { message: "no" } },
        "/installation/token": { status: 500, body: "" },
      };
      const { check } = await testApp({ instead }, { deep: true });
      expect(check("token of the installation").outcome).toBe("missing-permission");
    });
  });

  describe("the service", () => {
    it("limits the rate: budget used up", async () => {
      const reset = Math.floor(Date.now() / 1000) + 90;
      const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(reset) };
      const { check } = await testApp({
        instead: { "/app": { status: 403, headers, body: { message: "API rate limit exceeded" } } },
      });
      const { outcome, evidence } = check("private key fits the app");
      expect(outcome).toBe("rate-limited");
      expect(evidence?.retryAfter).toBeGreaterThan(80);
      expect(evidence?.retryAfter).toBeLessThanOrEqual(91);
    });

    it.each([
      [{ "retry-after": "30" }, 30],
      [{}, 60],
    ])("limits the rate: secondary limit with %o", async (headers, retryAfter) => {
      const body = { message: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again." };
      const { check } = await testApp({ instead: { "/app": { status: 403, headers: headers as never, body } } });
      expect(check("private key fits the app")).toMatchObject({ outcome: "rate-limited", evidence: { retryAfter } });
    });

    it("has let out its budget for anonymous requests, which does not matter", async () => {
      const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "4000000000" };
      const { outcome } = await testApp({
        instead: { "/meta": { status: 403, headers, body: { message: "API rate limit exceeded" } } },
      });
      expect(outcome).toBe("ok");
    });

    it.each([500, 503])("fails with %i", async (status) => {
      const { check } = await testApp({ instead: { "/app": { status, body: "" } } });
      expect(check("private key fits the app").outcome).toBe("provider-error");
    });

    it("answers what its description does not allow", async () => {
      const { check } = await testApp({ instead: { "/app": { status: 200, body: { id: 123456, name: "made up" } } } });
      expect(check("private key fits the app")).toMatchObject({
        outcome: "provider-error",
        message: "the answer is not as GitHub describes it, at owner",
      });
    });

    it.each([
      ["a page instead of the app", "/app", "text/html", "<html>Sign in</html>"],
      ["a page instead of what it tells of itself", "/meta", "text/html", "<html>Sign in</html>"],
      ["nothing but null", "/app", "application/json", "null"],
      ["a list", "/app", "application/json", "[]"],
    ])("answers with %s", async (_, path, type, body) => {
      const { checks } = await testApp({ instead: { [path]: { status: 200, headers: { "content-type": type }, body } } });
      expect(checks.find(({ outcome }) => outcome !== "ok")).toMatchObject({ outcome: "wrong-server" });
    });

    it("ends the connection without an answer", async () => {
      const internet = await startInternet({ "api.github.com": (request) => request.socket.destroy() });
      const { check, summary } = await testAdapter({
        kind: "githubApp",
        settings: {
          appId: "1",
          clientId: "Iv1.example",
          clientSecret: { $secret: "client-secret" },
          privateKey: { $secret: "key" },
          ownerUrl: "https://github.com/example",
        },
        secrets: { key: appKey },
        transport: internet.config,
      });
      expect(check("GitHub answers").outcome).toBe("reset");
      expect(summary.slice(2)).toSatisfy((each: string[]) => each.every((one) => one.endsWith(": -")));
    });
  });

  describe("by the owner's address", () => {
    it.each([
      ["https://github.com/example", ["https://github.com/", "https://api.github.com/"]],
      ["https://www.github.com/example", ["https://github.com/", "https://api.github.com/"]],
      ["https://octo.ghe.com/example", ["https://octo.ghe.com/", "https://api.octo.ghe.com/"]],
      ["https://git.example.com:8443/example", ["https://git.example.com:8443/", "https://git.example.com:8443/api/v3"]],
      ["https://notghe.com/example", ["https://notghe.com/", "https://notghe.com/api/v3"]],
    ])("%s", (ownerUrl, expected) => {
      const { endpoints } = adapter;
      expect(endpoints({ ownerUrl } as Parameters<typeof endpoints>[0], {}, false).map(({ href }) => href)).toEqual(expected);
    });

    it("is asked at ghe.com", async () => {
      const web = "https://octo.ghe.com";
      const { outcome } = await testApp(
        { web, installations: [installation("example", {}, web)] },
        { settings: { ownerUrl: `${web}/example` }, sites: ["octo.ghe.com", "api.octo.ghe.com"] },
      );
      expect(outcome).toBe("ok");
    });

    it("is asked at an Enterprise Server", async () => {
      const web = "https://git.example.com";
      const { outcome, check } = await testApp(
        { web, edition: "server", installations: [installation("example", {}, web)] },
        { settings: { ownerUrl: `${web}/example` }, sites: ["git.example.com"], deep: true },
      );
      expect(outcome).toBe("ok");
      expect(check("GitHub answers").message).toBe("GitHub Enterprise Server 3.19.2 answers");
    });
  });
});

describe("an API that redirects, simulated", () => {
  const reply = { status: 301, headers: { location: "https://elsewhere.example.com/made-up" }, body: "" };

  it.each([
    ["/app", "private key fits the app"],
    ["/app/installations", "installation for the owner"],
    ["/app/installations/77/access_tokens", "token of the installation"],
  ])("at %s is not the one of GitHub, and the host that it leads to is told", async (path, title) => {
    const { check } = await testApp({ instead: { [path]: reply } }, { deep: true });
    expect(check(title)).toMatchObject({
      outcome: "wrong-server",
      message: "api.github.com redirects to https://elsewhere.example.com",
    });
  });
});

describe("a client secret that can be none", () => {
  it("is not sent, though all else is looked at", async () => {
    const { summary, github } = await testApp({}, { secrets: { "client-secret": "client-secret\n" } });
    expect(summary.slice(-2)).toEqual(["installation for the owner: ok", "client ID and secret: invalid-input"]);
    expect(github.codes).toEqual([]);
  });
});
