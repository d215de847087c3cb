import type { RequestListener } from "node:http";
import { text } from "node:stream/consumers";
import type { AuthTestResponse, OauthV2AccessResponse } from "@slack/web-api";
import { describe, expect, it } from "vitest";
import { testAdapter } from "./support/adapter.js";
import { startInternet } from "./support/internet.js";

const TOKEN = "xoxb-made-up-token";

const scopes = ["channels:read", "chat:write", "im:read", "im:write", "users:read", "team:read", "groups:read"];

const good: AuthTestResponse = { ok: true, team: "Octo", team_id: "T1", user: "teamcity", user_id: "U1", bot_id: "B1" };

interface Reply<Body> {
  readonly status?: number;
  /** Besides the usual ones; an empty one takes a usual one away. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Body | string;
}

interface PlayedSlack {
  readonly token?: Reply<AuthTestResponse>;
  readonly client?: Reply<OauthV2AccessResponse>;
}

async function testSlack({ token = {}, client = {} }: PlayedSlack = {}, botToken = TOKEN, clientSecret = "client-secret") {
  const requests: { readonly path: string; readonly token?: string; readonly form: URLSearchParams }[] = [];
  const listener: RequestListener = async (request, answer) => {
    const path = request.url as string;
    const { authorization } = request.headers;
    requests.push({
      path,
      ...(authorization === undefined ? {} : { token: authorization }),
      form: new URLSearchParams(await text(request)),
    });
    const usual: Reply<AuthTestResponse | OauthV2AccessResponse> =
      path === "/api/auth.test"
        ? { body: good, ...token, headers: { "x-oauth-scopes": scopes.join(","), ...token.headers } }
        : { body: { ok: false, error: "invalid_code" }, ...client };
    const { status = 200, headers, body } = usual;
    const all = { "content-type": "application/json; charset=utf-8", ...headers };
    answer.writeHead(status, Object.fromEntries(Object.entries(all).filter(([, value]) => value !== "")));
    answer.end(typeof body === "string" ? body : JSON.stringify(body));
  };
  const internet = await startInternet({ "slack.com": listener });
  const result = await testAdapter({
    kind: "slack",
    settings: { botToken: { $secret: "bot" }, clientId: "1.2", clientSecret: { $secret: "client-secret" } },
    secrets: { bot: botToken, "client-secret": clientSecret },
    transport: internet.config,
  });
  return { ...result, requests };
}

describe("Slack, simulated after the types of Slack's own client and its reference of auth.test and oauth.v2.access", () => {
  it("is ok if all fits", async () => {
    const { summary, check, requests } = await testSlack();
    expect(summary).toEqual(["bot token: ok", "kind of token: ok", "scopes of the bot: ok", "client ID and secret: ok"]);
    expect(check("bot token").evidence).toEqual({
      request: "POST https://slack.com/api/auth.test",
      status: 200,
      facts: { team: "Octo", user: "teamcity" },
    });
    expect(requests.map(({ path, token }) => ({ path, token }))).toEqual([
      { path: "/api/auth.test", token: `Bearer ${TOKEN}` },
      { path: "/api/oauth.v2.access", token: undefined },
    ]);
    expect(Object.fromEntries(requests[1]?.form ?? [])).toEqual({
      client_id: "1.2",
      client_secret: "client-secret",
      code: expect.stringMatching(/^plugboard-probe-[\da-f-]{36}$/),
    });
  });

  it.each([
    ["invalid_auth", "wrong-secret"],
    ["not_authed", "wrong-secret"],
    ["token_revoked", "revoked"],
    ["account_inactive", "revoked"],
    ["token_expired", "expired"],
    ["org_login_required", "missing-permission"],
    ["ekm_access_denied", "missing-permission"],
    ["team_access_not_granted", "missing-permission"],
    ["ratelimited", "rate-limited"],
    ["fatal_error", "provider-error"],
  ])("says %s of the token", async (error, outcome) => {
    const { check, summary, requests } = await testSlack({ token: { body: { ok: false, error } } });
    expect(check("bot token")).toMatchObject({ outcome, evidence: { code: error } });
    expect(summary.slice(1)).toEqual(["kind of token: -", "scopes of the bot: -", "client ID and secret: ok"]);
    expect(requests).toHaveLength(2);
  });

  it("says which scope a method needs", async () => {
    const body = { ok: false, error: "missing_scope", needed: "team:read, users:read,", provided: "chat:write" };
    const { check } = await testSlack({ token: { body } });
    expect(check("bot token")).toMatchObject({
      outcome: "missing-permission",
      evidence: { missing: ["team:read", "users:read"] },
    });
  });

  it("lists too few scopes", async () => {
    const { check } = await testSlack({
      token: { headers: { "x-oauth-scopes": "chat:write, im:read,im:write,users:read,incoming-webhook" } },
    });
    expect(check("scopes of the bot")).toMatchObject({
      outcome: "missing-permission",
      message: "the bot lacks channels:read, team:read, groups:read",
      evidence: { missing: ["channels:read", "team:read", "groups:read"] },
    });
  });

  it("lists no scopes", async () => {
    const { check } = await testSlack({ token: { headers: { "x-oauth-scopes": "" } } });
    expect(check("scopes of the bot").outcome).toBe("unverifiable");
  });

  it("lists more scopes than are needed", async () => {
    const { outcome } = await testSlack({ token: { headers: { "x-oauth-scopes": [...scopes, "files:write"].join(",") } } });
    expect(outcome).toBe("ok");
  });

  it.each([
    ["a user", "xoxp-made-up", { ...good, bot_id: undefined }],
    ["a bot, with the prefix of another kind", "xoxe.xoxb-made-up", good],
  ])("knows the token as one of %s", async (_, token, body) => {
    const { check, summary } = await testSlack({ token: { body } }, token);
    expect(check("kind of token").outcome).toBe("identity-mismatch");
    expect(summary).toContain("scopes of the bot: ok");
  });

  it("names nobody, which proves nothing", async () => {
    const { check } = await testSlack({ token: { body: { ok: true } } });
    expect(check("bot token").outcome).toBe("provider-error");
  });

  it.each([
    ["invalid_client_id", "wrong-id"],
    ["bad_client_secret", "wrong-secret"],
    ["invalid_grant_type", "provider-error"],
  ])("says %s of client ID and secret", async (error, outcome) => {
    const { check } = await testSlack({ client: { body: { ok: false, error } } });
    expect(check("client ID and secret")).toMatchObject({ outcome, evidence: { code: error } });
  });

  it("accepts a code that cannot be good", async () => {
    const { check, checks } = await testSlack({ client: { body: { ok: true, access_token: "xoxb-given" } } });
    expect(check("client ID and secret").outcome).toBe("provider-error");
    expect(JSON.stringify(checks)).not.toContain("xoxb-given");
  });

  it.each([
    ["ok that is a text", { ...good, ok: "true" }, ", at ok"],
    ["ok that is a text for no", { ...good, ok: "false" }, ", at ok"],
    ["ok that is a number", { ...good, ok: 1 }, ", at ok"],
    ["no ok", { ...good, ok: undefined }, ", at error"],
    ["nothing but a refusal", { ok: false }, ", at error"],
    ["an error that is a number", { ok: false, error: 5 }, ", at error"],
    ["an error that is a list", { ok: false, error: ["invalid_auth"] }, ", at error"],
    ["an error that is an object", { ok: false, error: { word: "invalid_auth" } }, ", at error"],
    ["a list", [], ", at error"],
    ["null", null, ""],
    ["a text", "invalid_auth", ""],
    ["a number", 5, ""],
    ["metadata that is null", { ...good, response_metadata: null }, ""],
  ])("answers with %s", async (_, odd, place) => {
    const body = JSON.stringify(odd);
    const { checks } = await testSlack({ token: { body }, client: { body } });
    expect(checks.map((each) => each.outcome)).toEqual(["provider-error", undefined, undefined, "provider-error"]);
    for (const at of [0, 3]) expect(checks[at]?.message).toBe(`the answer is not as Slack describes it${place}`);
  });

  it.each([
    ["team", { team: 5 }],
    ["user", { user: null }],
    ["user", { user: "" }],
    ["bot_id", { bot_id: 7 }],
    ["response_metadata", { response_metadata: [] }],
  ])("tells of the token with an odd %s", async (field, odd) => {
    const { check, summary } = await testSlack({ token: { body: JSON.stringify({ ...good, ...odd }) } });
    expect(check("bot token")).toMatchObject({
      outcome: "provider-error",
      message: `the answer is not as Slack describes it, at ${field}`,
    });
    expect(summary.slice(1)).toEqual(["kind of token: -", "scopes of the bot: -", "client ID and secret: ok"]);
  });

  it("says a word that nobody knows, which is named", async () => {
    const body = { ok: false, error: "made_up_word" };
    const { check } = await testSlack({ token: { body }, client: { body } });
    for (const title of ["bot token", "client ID and secret"]) {
      expect(check(title)).toMatchObject({
        outcome: "provider-error",
        message: "Slack answered with an unexpected word: made_up_word",
        evidence: { code: "made_up_word" },
      });
    }
  });

  it("says a sentence where a word belongs, which is not repeated", async () => {
    const body = { ok: false, error: `the token ${TOKEN} is bad` };
    const { check, checks } = await testSlack({ token: { body } });
    expect(check("bot token").outcome).toBe("wrong-server");
    expect(JSON.stringify(checks)).not.toMatch(/is bad|xoxb-/);
  });

  it("says which scope is needed in a form that nobody knows", async () => {
    const body = JSON.stringify({ ok: false, error: "missing_scope", needed: 5 });
    const { check } = await testSlack({ token: { body } });
    expect(check("bot token").outcome).toBe("missing-permission");
    expect(check("bot token").evidence).not.toHaveProperty("missing");
  });

  it.each([
    ["a page", { body: "<!DOCTYPE html><title>made up</title>" }, "wrong-server"],
    ["a page with an error", { status: 404, body: "<!DOCTYPE html><title>made up</title>" }, "wrong-server"],
    ["a redirect", { status: 302, headers: { location: "https://login.example.com/" }, body: "" }, "wrong-server"],
    ["429 with a time to wait", { status: 429, headers: { "retry-after": "30" }, body: "" }, "rate-limited"],
    ["429 without", { status: 429, body: "" }, "rate-limited"],
    ["503", { status: 503, body: "" }, "provider-error"],
  ])("answers with %s, once", async (_, reply, outcome) => {
    const { checks, requests } = await testSlack({ token: reply, client: reply });
    expect(checks.map((each) => each.outcome)).toEqual([outcome, undefined, undefined, outcome]);
    expect(requests).toHaveLength(2);
    expect(JSON.stringify(checks)).not.toMatch(/made up|xoxb-/);
  });

  it("tells how long to wait", async () => {
    const { check } = await testSlack({ token: { status: 429, headers: { "retry-after": "30" }, body: "" } });
    expect(check("bot token").evidence?.retryAfter).toBe(30);
  });

  it("does not answer", async () => {
    const internet = await startInternet({ "slack.com": (request) => request.socket.destroy() });
    const { check } = await testAdapter({
      kind: "slack",
      settings: { botToken: { $secret: "bot" }, clientId: "1.2", clientSecret: { $secret: "client-secret" } },
      transport: internet.config,
    });
    expect(check("bot token").outcome).toBe("reset");
    expect(check("client ID and secret").outcome).toBe("reset");
  });
});

describe("words of Slack that every object has as well, simulated", () => {
  it.each(["constructor", "__proto__"])("%s", async (error) => {
    const reply = { body: { ok: false, error } };
    const { checks } = await testSlack({ token: reply, client: reply });
    expect(checks.map((each) => each.outcome)).toEqual(["provider-error", undefined, undefined, "provider-error"]);
  });
});

describe("a client secret that can be none", () => {
  it.each([
    ["is empty", ""],
    ["is blank", "  "],
    ["ends in a line break", "made-up\n"],
    ["has a letter that no secret has", "müde"],
  ])("and is not sent: it %s", async (_, secret) => {
    const { check, requests } = await testSlack({}, TOKEN, secret);
    expect(check("client ID and secret").outcome).toBe("invalid-input");
    expect(requests.map(({ path }) => path)).toEqual(["/api/auth.test"]);
  });
});
