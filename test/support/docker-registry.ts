import { spawn } from "node:child_process";
import { randomUUID, sign, X509Certificate } from "node:crypto";
import type { RequestListener } from "node:http";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { Authority, type Identity } from "./internet.js";
import { Workspace } from "./workspace.js";

/** The one user of the registries here. */
export const user = "ci";
export const password = "s3cret";

/** `ci:s3cret`. The registry takes bcrypt only. */
const HTPASSWD = "ci:$2y$04$EnY0S6GbHNWq6cTYInfmZeKYbRFj0porl9INUNkmo2aGA1kQwgffe\n";

const SERVICE = "registry.test";
const ISSUER = "test-issuer";

export interface RegistryOptions {
  /** Default: nobody has to log in. */
  readonly auth?: "htpasswd" | { readonly realm: string; readonly issuer: TokenIssuer };
  /** Default: plain http. */
  readonly tls?: Identity;
}

/** Starts the reference implementation of a Docker registry. It ends with the test. Returns its port on loopback. */
export async function startRegistry({ auth, tls }: RegistryOptions = {}): Promise<number> {
  const space = new Workspace({ htpasswd: HTPASSWD });
  // JSON is YAML.
  const config = {
    version: 0.1,
    log: { level: "info" },
    storage: { filesystem: { rootdirectory: join(space.folder, "data") } },
    http: { addr: "127.0.0.1:0", ...(tls && { tls: writeIdentity(space, tls) }) },
    ...(auth === "htpasswd" && { auth: { htpasswd: { realm: "test", path: join(space.folder, "htpasswd") } } }),
    ...(typeof auth === "object" && {
      auth: { token: { realm: auth.realm, service: SERVICE, issuer: ISSUER, rootcertbundle: join(space.folder, "issuer.pem") } },
    }),
  };
  if (typeof auth === "object") space.write("issuer.pem", auth.issuer.authority.cert);
  space.write("config.yml", JSON.stringify(config));

  const server = spawn("docker-registry", ["serve", "config.yml"], { cwd: space.folder, stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise<void>((resolve) => server.on("close", () => resolve()));
  onTestFinished(async () => {
    server.kill();
    await ended;
  });
  return new Promise((resolve, reject) => {
    let said = "";
    server.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      const port = /listening on 127\.0\.0\.1:(\d+)/.exec(said)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
    server.on("error", reject);
    server.on("close", () => reject(new Error(`the registry has ended: ${said}`)));
  });
}

function writeIdentity(space: Workspace, { key, cert }: Identity) {
  space.write("tls.key", key);
  space.write("tls.pem", cert);
  return { certificate: join(space.folder, "tls.pem"), key: join(space.folder, "tls.key") };
}

/** A token service: it answers `GET /token` as the specification of the registry's token authentication says. */
export interface TokenIssuer {
  readonly authority: Authority;
  readonly handler: RequestListener;
  /** What it was asked, in order: address and user of each request. */
  readonly asked: { readonly url: string; readonly user: string | undefined }[];
}

export interface IssuerOptions {
  /** Default: those of `ci` only. */
  readonly accepts?: (credentials: string | undefined) => boolean;
  /** The field that the token is in. Default: `token`. */
  readonly field?: "token" | "access_token";
  /** The subject that tokens name. Default: the user. */
  readonly subject?: string;
}

export async function createIssuer({ accepts, field = "token", subject }: IssuerOptions = {}): Promise<TokenIssuer> {
  const authority = await Authority.create();
  const { key, cert } = await authority.issue(["issuer.test"]);
  const x5c = [new X509Certificate(cert).raw.toString("base64")];
  const asked: { url: string; user: string | undefined }[] = [];
  const isGood = accepts ?? ((credentials) => credentials === `${user}:${password}`);

  const handler: RequestListener = (request, response) => {
    const { authorization } = request.headers;
    const credentials = authorization && Buffer.from(authorization.slice("Basic ".length), "base64").toString();
    const name = credentials?.split(":")[0];
    asked.push({ url: request.url as string, user: name });
    if (!isGood(credentials)) {
      response.writeHead(401, { "content-type": "application/json" }).end('{"details":"incorrect username or password"}');
      return;
    }
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: ISSUER,
      sub: subject ?? name ?? "",
      aud: new URL(request.url as string, "http://issuer").searchParams.get("service"),
      jti: randomUUID(),
      iat: now,
      nbf: now - 10,
      exp: now + 300,
      access: [],
    };
    const unsigned = [{ typ: "JWT", alg: "ES256", x5c }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
      .join(".");
    const signature = sign("sha256", Buffer.from(unsigned), { key, dsaEncoding: "ieee-p1363" }).toString("base64url");
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ [field]: `${unsigned}.${signature}`, expires_in: 300 }));
  };
  return { authority, handler, asked };
}
