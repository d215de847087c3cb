import { generateKeyPairSync, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import type { IncomingMessage, RequestListener } from "node:http";
import { text } from "node:stream/consumers";
import addFormats from "ajv-formats";
import { type Context, type Document, OpenAPIBackend } from "openapi-backend";
import { expect, onTestFinished } from "vitest";

type Json = Readonly<Record<string, unknown>>;

interface Reply {
  readonly status: number;
  /** Besides the usual ones; an empty one takes a usual one away. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** The private key of the app that is played, as GitHub gives it: PKCS#1. */
export const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
export const appKey = privateKey.export({ type: "pkcs1", format: "pem" }) as string;

export interface PlayedGithub {
  readonly edition?: "github.com" | "server";
  /** Address of the web site. Default: `https://github.com`. */
  readonly web?: string;
  /** Overrides of the app's description. */
  readonly app?: Json;
  readonly installations?: readonly Json[];
  /** Overrides of the webhook's configuration. */
  readonly hook?: Json;
  readonly clientSecret?: string;
  /** The registered callback URLs. */
  readonly callbacks?: readonly string[];
  /** How many repositories the installation reaches. */
  readonly repositories?: number;
  /** Seconds by which GitHub's clock is ahead of ours. */
  readonly ahead?: number;
  /** Replies that stand in for the usual ones, by path. */
  readonly instead?: Readonly<Record<string, Reply>>;
}

export interface Github {
  readonly listener: RequestListener;
  /** `GET /app`, in order. */
  readonly requests: readonly string[];
  /** What the requests were authorized with. */
  readonly authorizations: readonly string[];
  /** The codes that were exchanged. */
  readonly codes: readonly string[];
  /** Tokens of installations that were made and not revoked. */
  readonly tokens: ReadonlySet<string>;
}

/**
 * Plays GitHub. Its REST API follows the official description: requests are held against it, and so is every answer given
 * here. Signatures are verified. The exchange of codes is not in the description; it follows GitHub's docs.
 */
export function playGithub(played: PlayedGithub = {}): Github {
  const { edition = "github.com", ahead = 0, instead = {} } = played;
  const requests: string[] = [];
  const authorizations: string[] = [];
  const codes: string[] = [];
  const tokens = new Set<string>();
  const broken: string[] = [];
  onTestFinished(() => expect(broken, "requests and answers that the description does not allow").toEqual([]));
  const now = () => Date.now() + ahead * 1000;

  const reply = async (request: IncomingMessage, url: URL): Promise<Reply> => {
    const body = await text(request);
    const path = edition === "server" ? url.pathname.replace(/^\/api\/v3/, "") : url.pathname;
    requests.push(`${request.method} ${path}`);
    if (request.headers.authorization !== undefined) authorizations.push(request.headers.authorization);
    const other = instead[path];
    if (other !== undefined) return other;
    if (path === "/login/oauth/access_token") return exchangeCode(new URLSearchParams(body), codes, played);
    expect(request.headers["x-github-api-version"]).toBe("2022-11-28");
    const api = await contractOf(edition);
    return api.handleRequest(
      {
        method: request.method as string,
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        headers: request.headers as Record<string, string>,
        body: body === "" ? undefined : JSON.parse(body),
      },
      { played, tokens, now: now() } satisfies World,
    );
  };

  const listener: RequestListener = async (request, answer) => {
    const { status, headers, body } = await reply(request, new URL(request.url as string, "https://github.example")).catch(
      (error: Error): Reply => {
        broken.push(error.message);
        return { status: 500 };
      },
    );
    const all = {
      date: new Date(now()).toUTCString(),
      "x-github-request-id": "0000:0001",
      "content-type": "application/json; charset=utf-8",
      ...headers,
    };
    answer.sendDate = false;
    answer.writeHead(status, Object.fromEntries(Object.entries(all).filter(([, value]) => value !== "")));
    answer.end(typeof body === "string" ? body : body === undefined ? undefined : JSON.stringify(body));
  };
  return { listener, requests, authorizations, codes, tokens };
}

const descriptions = JSON.parse(readFileSync(new URL("github-api.json", import.meta.url), "utf8")) as Record<string, Document>;

/** What the handlers of an operation are given besides the request. */
interface World {
  readonly played: PlayedGithub;
  readonly tokens: Set<string>;
  readonly now: number;
}

const contracts = new Map<string, Promise<OpenAPIBackend>>();

/** GitHub's API by its description: one for all tests, since reading the description takes longer than a test. */
function contractOf(edition: "github.com" | "server"): Promise<OpenAPIBackend> {
  const known = contracts.get(edition) ?? openContract(edition);
  contracts.set(edition, known);
  return known;
}

function openContract(edition: "github.com" | "server"): Promise<OpenAPIBackend> {
  const api = new OpenAPIBackend({
    definition: descriptions[edition] as Document,
    apiRoot: edition === "server" ? "/api/v3" : "/",
    quick: true,
    coerceTypes: true,
    ajvOpts: { strict: false },
    customizeAjv: (ajv) => addFormats.default(ajv as never) as never,
    handlers: {
      "meta/get": () => ({ status: 200, body: overviews[edition] }),
      "apps/get-authenticated": signed((_, { played }) => ({ status: 200, body: describe(played) })),
      "apps/list-installations": signed(({ request }, { played }) =>
        pageOf(played.installations ?? [installation()], request.query as Record<string, number>),
      ),
      "apps/get-webhook-config-for-app": signed((_, { played }) => ({ status: 200, body: { ...webhook, ...played.hook } })),
      "apps/create-installation-access-token": signed(({ request }, { tokens }) => {
        const token = `ghs_made-up-${tokens.size}`;
        tokens.add(token);
        const { permissions } = request.requestBody;
        return { status: 201, body: { token, expires_at: "2099-01-01T00:00:00Z", permissions } };
      }),
      "apps/list-repos-accessible-to-installation": withToken((_, { played }) => ({
        status: 200,
        body: { total_count: played.repositories ?? 3, repositories: [] },
      })),
      "apps/revoke-installation-access-token": withToken((token, { tokens }) => {
        tokens.delete(token);
        return { status: 204 };
      }),
      notFound: refuseBroken,
      notImplemented: refuseBroken,
      validationFail: refuseBroken,
      postResponseHandler: ({ response, operation }: Context) => {
        const { status, body } = response as Reply;
        const { errors } = api.validateResponse(body ?? null, operation, status);
        if (errors) throw new Error(`${operation.operationId} answers what is not described: ${JSON.stringify(errors)}`);
        return response;
      },
    },
  });
  return api.init();
}

function signed(make: (context: Context, world: World) => Reply) {
  return (context: Context, world: World): Reply => refuseSignature(context, world.now) ?? make(context, world);
}

function withToken(make: (token: string, world: World) => Reply) {
  return ({ request }: Context, world: World): Reply => {
    const token = String(request.headers.authorization).replace("Bearer ", "");
    return world.tokens.has(token) ? make(token, world) : { status: 401, body: { message: "Bad credentials" } };
  };
}

function refuseBroken({ request, validation }: Context): never {
  throw new Error(`${request.method} ${request.path} is not described: ${JSON.stringify(validation?.errors)}`);
}

const overviews = {
  "github.com": { verifiable_password_authentication: false },
  server: { verifiable_password_authentication: true, installed_version: "3.19.2" },
};

const webhook = { content_type: "json", insecure_ssl: "0", secret: "********", url: "https://teamcity.example.com/app/hooks" };

/** What GitHub says to a signature that it does not accept. Sentences after octokit/auth-app, which looks for them. */
function refuseSignature({ request }: Context, now: number): Reply | undefined {
  const [head = "", payload = "", signature = ""] = String(request.headers.authorization)
    .replace(/^bearer /i, "")
    .split(".");
  const refuse = (message: string): Reply => ({ status: 401, body: { message } });
  const { iss, iat, exp } = JSON.parse(Buffer.from(payload, "base64url").toString()) as { iss: string; iat: number; exp: number };
  const { alg } = JSON.parse(Buffer.from(head, "base64url").toString()) as { alg: string };
  const fits =
    alg === "RS256" && verify("sha256", Buffer.from(`${head}.${payload}`), publicKey, Buffer.from(signature, "base64url"));
  if (String(iss) !== APP_ID) return { status: 404, body: { message: "Integration not found" } };
  if (!fits) return refuse("A JSON web token could not be decoded");
  const seconds = now / 1000;
  if (exp > seconds + 600) return refuse("'Expiration time' claim ('exp') is too far in the future");
  if (exp < seconds)
    return refuse(
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  if (iat > seconds)
    return refuse("'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued");
  return undefined;
}

function pageOf(installations: readonly Json[], { page = 1, per_page = 30 }: Record<string, number>): Reply {
  const end = page * per_page;
  const next = `<https://api.github.com/app/installations?page=${page + 1}>; rel="next"`;
  return {
    status: 200,
    headers: end < installations.length ? { link: next } : {},
    body: installations.slice(end - per_page, end),
  };
}

/** GitHub's docs, "Troubleshooting OAuth app access token request errors": errors come with status 200. */
function exchangeCode(
  form: URLSearchParams,
  codes: string[],
  { clientSecret = "client-secret", callbacks }: PlayedGithub,
): Reply {
  codes.push(form.get("code") ?? "");
  const refuse = (error: string): Reply => ({ status: 200, body: { error, error_description: "…", error_uri: "https://docs" } });
  if (form.get("client_id") !== CLIENT_ID || form.get("client_secret") !== clientSecret)
    return refuse("incorrect_client_credentials");
  const callback = form.get("redirect_uri");
  if (callback !== null && callbacks !== undefined && !callbacks.includes(callback)) return refuse("redirect_uri_mismatch");
  return refuse("bad_verification_code");
}

const APP_ID = "123456";
const CLIENT_ID = "Iv1.example";

const permissions = {
  contents: "write",
  metadata: "read",
  pull_requests: "write",
  issues: "read",
  statuses: "write",
  checks: "write",
};

/** An installation as GitHub lists it. */
export function installation(login = "example", overrides: Json = {}, web = "https://github.com"): Json {
  return {
    id: 77,
    account: account(login, web),
    app_id: 123456,
    app_slug: "octo-teamcity",
    target_id: 7,
    target_type: "Organization",
    repository_selection: "all",
    access_tokens_url: "https://api.github.com/app/installations/77/access_tokens",
    repositories_url: "https://api.github.com/installation/repositories",
    html_url: `${web}/organizations/${login}/settings/installations/77`,
    permissions,
    events: [],
    single_file_name: null,
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:00Z",
    suspended_by: null,
    suspended_at: null,
    ...overrides,
  };
}

function describe({ web = "https://github.com", app }: PlayedGithub): Json {
  return {
    id: 123456,
    slug: "octo-teamcity",
    node_id: "A_1",
    client_id: CLIENT_ID,
    name: "Octo TeamCity",
    description: null,
    owner: account("example", web),
    external_url: "https://teamcity.example.com",
    html_url: `${web}/apps/octo-teamcity`,
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:00Z",
    permissions,
    events: [],
    installations_count: 1,
    ...app,
  };
}

/** A user or organization as GitHub describes one. */
export function account(login: string, web = "https://github.com"): Json {
  const api = `https://api.github.com/users/${login}`;
  return {
    login,
    id: 7,
    node_id: "O_7",
    avatar_url: `${web}/${login}.png`,
    gravatar_id: "",
    url: api,
    html_url: `${web}/${login}`,
    followers_url: `${api}/followers`,
    following_url: `${api}/following{/other_user}`,
    gists_url: `${api}/gists{/gist_id}`,
    starred_url: `${api}/starred{/owner}{/repo}`,
    subscriptions_url: `${api}/subscriptions`,
    organizations_url: `${api}/orgs`,
    repos_url: `${api}/repos`,
    events_url: `${api}/events{/privacy}`,
    received_events_url: `${api}/received_events`,
    type: "Organization",
    site_admin: false,
  };
}
