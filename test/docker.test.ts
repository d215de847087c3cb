import type { RequestListener } from "node:http";
import { describe, expect, it } from "vitest";
import { testAdapter } from "./support/adapter.js";
import { given, INPUT, LOGIN, right, SERVER, wrong } from "./support/docker-login.js";
import { createIssuer, startRegistry, user } from "./support/docker-registry.js";
import { Authority, startInternet } from "./support/internet.js";
import { forwardTo, serve } from "./support/play.js";
import { requireProgram } from "./support/servers.js";
import { Workspace } from "./support/workspace.js";

const there = requireProgram("docker-registry", "apt-get install docker-registry");

describe.runIf(there)("a real registry with passwords", () => {
  it("lets the right user in", async () => {
    const url = `http://127.0.0.1:${await startRegistry({ auth: "htpasswd" })}`;
    const result = await testAdapter({ kind: "docker", settings: { url, ...given }, secrets: right });
    expect(result.summary).toEqual([`${INPUT}: ok`, `${SERVER}: ok`, `${LOGIN}: ok`]);
    expect(result.check(SERVER).evidence).toMatchObject({ status: 401, facts: { apiVersion: "registry/2.0" } });
    expect(result.check(SERVER).message).toContain("plain http");
    expect(result.check(LOGIN).evidence).toMatchObject({ request: `GET ${url}/v2/`, status: 200, facts: { user } });
  });

  it("refuses a wrong password and a wrong user alike", async () => {
    const url = `http://127.0.0.1:${await startRegistry({ auth: "htpasswd" })}`;
    const badPassword = await testAdapter({ kind: "docker", settings: { url, ...given }, secrets: wrong });
    const badUser = await testAdapter({ kind: "docker", settings: { url, ...given, userName: "co" }, secrets: right });
    expect(badPassword.check(LOGIN)).toMatchObject({ outcome: "wrong-credentials", evidence: { status: 401 } });
    expect(badUser.check(LOGIN)).toMatchObject({ outcome: "wrong-credentials", evidence: { status: 401 } });
    expect(JSON.stringify(badPassword.checks)).not.toContain("hunter2");
  });

  it("cannot be used anonymously", async () => {
    const url = `http://127.0.0.1:${await startRegistry({ auth: "htpasswd" })}`;
    const result = await testAdapter({ kind: "docker", settings: { url } });
    expect(result.check(LOGIN)).toMatchObject({ outcome: "missing-permission", hint: "Give userName and password." });
  });

  it("is reached over TLS of its own, with a certificate of a private authority", async () => {
    const authority = await Authority.create();
    const port = await startRegistry({ auth: "htpasswd", tls: await authority.issue(["127.0.0.1"]) });
    const space = new Workspace({ "ca.pem": authority.cert });
    const settings = { url: `127.0.0.1:${port}`, ...given };
    const trusted = await testAdapter({
      kind: "docker",
      settings,
      secrets: right,
      transport: { ca: { "127.0.0.1": `${space.folder}/ca.pem` } },
    });
    expect(trusted.outcome).toBe("ok");
    expect(trusted.check(SERVER).message).not.toContain("plain http");
    const unknown = await testAdapter({ kind: "docker", settings, secrets: right });
    expect(unknown.summary).toEqual([`${INPUT}: ok`, `${SERVER}: tls-untrusted`, `${LOGIN}: -`]);
  });

  it("is reached by its name, through a proxy, behind a reverse proxy that ends TLS", async () => {
    const port = await startRegistry({ auth: "htpasswd" });
    const internet = await startInternet({ "registry.example.com": forwardTo(port) });
    const result = await testAdapter({
      kind: "docker",
      settings: { url: "registry.example.com", ...given },
      secrets: right,
      transport: internet.config,
    });
    expect(result.outcome).toBe("ok");
  });
});

describe.runIf(there)("a real registry that lets everybody in", () => {
  it("can be used anonymously", async () => {
    const result = await testAdapter({ kind: "docker", settings: { url: `http://127.0.0.1:${await startRegistry()}` } });
    expect(result.outcome).toBe("ok");
  });

  it("proves nothing about a password", async () => {
    const settings = { url: `http://127.0.0.1:${await startRegistry()}`, ...given };
    const result = await testAdapter({ kind: "docker", settings, secrets: wrong });
    expect(result.check(LOGIN)).toMatchObject({ outcome: "unverifiable", message: expect.stringContaining("whoever comes") });
  });
});

describe.runIf(there)("a real registry with a token service", () => {
  /** The registry at registry.example.com, the service at the host of `realm`. */
  async function startPair(realm: string, options: Parameters<typeof createIssuer>[0] = {}) {
    const issuer = await createIssuer(options);
    const registry = forwardTo(await startRegistry({ auth: { realm, issuer } }));
    const host = new URL(realm).hostname;
    const both: RequestListener = (request, response) =>
      request.url?.startsWith("/token") ? issuer.handler(request, response) : registry(request, response);
    const internet = await startInternet(
      host === "registry.example.com" ? { [host]: both } : { "registry.example.com": registry, [host]: issuer.handler },
    );
    const run = (settings: object, secrets: Readonly<Record<string, string>> = right) =>
      testAdapter({
        kind: "docker",
        settings: { url: "https://registry.example.com", ...settings },
        secrets,
        transport: internet.config,
      });
    return { issuer, internet, run };
  }

  it("lets the right user in, by one login", async () => {
    const { issuer, run } = await startPair("https://registry.example.com/token");
    const result = await run(given);
    expect(result.outcome).toBe("ok");
    expect(issuer.asked).toEqual([{ url: `/token?service=registry.test&account=${user}`, user }]);
    expect(result.check(LOGIN).evidence).toMatchObject({ request: "GET https://registry.example.com/v2/", status: 200 });
  });

  it("takes the token from access_token as well", async () => {
    const { run } = await startPair("https://registry.example.com/token", { field: "access_token" });
    expect((await run(given)).outcome).toBe("ok");
  });

  it("keeps the query that the address of the service has", async () => {
    const { issuer, run } = await startPair("https://registry.example.com/token?tenant=a%20b");
    expect((await run(given)).outcome).toBe("ok");
    expect(issuer.asked[0]?.url).toBe(`/token?tenant=a+b&service=registry.test&account=${user}`);
  });

  it("refuses a wrong password", async () => {
    const { run } = await startPair("https://registry.example.com/token");
    const result = await run(given, wrong);
    expect(result.check(LOGIN)).toMatchObject({
      outcome: "wrong-credentials",
      evidence: { request: "GET https://registry.example.com", status: 401 },
    });
  });

  it("has its service at another host", async () => {
    const { internet, run } = await startPair("https://auth.example.com/token");
    expect((await run(given)).outcome).toBe("ok");
    expect(internet.asked).toContain("auth.example.com:443");
  });

  it("is used anonymously if the service gives tokens to everybody", async () => {
    const { run } = await startPair("https://registry.example.com/token", { accepts: () => true });
    expect((await run({})).outcome).toBe("ok");
  });

  it("is not used anonymously if the service gives none", async () => {
    const { run } = await startPair("https://registry.example.com/token");
    expect((await run({})).check(LOGIN).outcome).toBe("missing-permission");
  });

  it.each(["", "anonymous"])("is asked twice if tokens do not tell whom they are for: %j", async (subject) => {
    const { issuer, run } = await startPair("https://registry.example.com/token", { subject });
    expect((await run(given)).outcome).toBe("ok");
    expect(issuer.asked.map((each) => each.user)).toEqual([user, expect.stringMatching(/^plugboard-probe-/)]);
  });

  it.each(["", "anonymous"])("proves nothing if the service takes every password, with tokens for %j", async (subject) => {
    const { run } = await startPair("https://registry.example.com/token", { accepts: () => true, subject });
    expect((await run(given, wrong)).check(LOGIN)).toMatchObject({ outcome: "unverifiable", evidence: { status: 200 } });
  });

  it("is told from a wrong password where it does not trust its own service", async () => {
    const realm = "https://registry.example.com/token";
    const registry = forwardTo(await startRegistry({ auth: { realm, issuer: await createIssuer() } }));
    const stranger = await createIssuer();
    const internet = await startInternet({
      "registry.example.com": (request, response) =>
        (request.url?.startsWith("/token") ? stranger.handler : registry)(request, response),
    });
    const settings = { url: "registry.example.com", ...given };
    const result = await testAdapter({ kind: "docker", settings, secrets: right, transport: internet.config });
    expect(result.check(LOGIN)).toMatchObject({ outcome: "provider-error", evidence: { status: 401, code: "invalid_token" } });
  });

  it("sends no password to a service without encryption", async () => {
    const issuer = await createIssuer();
    const realm = `${await serve(issuer.handler)}/token`;
    const internet = await startInternet({
      "registry.example.com": forwardTo(await startRegistry({ auth: { realm, issuer } })),
    });
    const settings = { url: "registry.example.com", ...given };
    const result = await testAdapter({ kind: "docker", settings, secrets: right, transport: internet.config });
    expect(result.check(LOGIN)).toMatchObject({
      outcome: "provider-error",
      message: expect.stringContaining(new URL(realm).origin),
      hint: expect.stringContaining("https"),
    });
    expect(issuer.asked).toEqual([]);
  });

  it("may have a service without encryption at its own host, if it has none itself", async () => {
    const issuer = await createIssuer();
    const realm = `${await serve(issuer.handler)}/token`;
    const url = `http://127.0.0.1:${await startRegistry({ auth: { realm, issuer } })}`;
    const result = await testAdapter({ kind: "docker", settings: { url, ...given }, secrets: right });
    expect(result.outcome).toBe("ok");
  });

  it("may not have it at another host", async () => {
    const issuer = await createIssuer();
    const realm = `${(await serve(issuer.handler)).replace("127.0.0.1", "localhost")}/token`;
    const url = `http://127.0.0.1:${await startRegistry({ auth: { realm, issuer } })}`;
    const result = await testAdapter({ kind: "docker", settings: { url, ...given }, secrets: right });
    expect(result.check(LOGIN).outcome).toBe("provider-error");
    expect(issuer.asked).toEqual([]);
  });
});
