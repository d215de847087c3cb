import { createHash } from "node:crypto";
import type { Server } from "node:http";
import { join } from "node:path";
import { runServer } from "verdaccio";
import { listen } from "./internet.js";
import { Workspace } from "./workspace.js";

const user = "builder";
const password = "s3cret";

export interface VerdaccioOptions {
  /** Default: the tokens of old, which are 80 characters of their own making. */
  readonly tokens?: "jwt";
  /** Who may read packages that are in no scope. Those of `@acme` are for users only. Default: everybody. */
  readonly access?: "$all" | "$authenticated";
}

/** A real npm registry, and a token of its user `builder`. */
export interface Verdaccio {
  readonly url: string;
  readonly port: number;
  readonly token: string;
}

/** Starts Verdaccio without a registry behind it. It ends with the test. */
export async function startVerdaccio({ tokens, access = "$all" }: VerdaccioOptions = {}): Promise<Verdaccio> {
  const hash = createHash("sha1").update(password).digest("base64");
  const space = new Workspace({ htpasswd: `${user}:{SHA}${hash}:made by test\n` });
  const server = (await runServer({
    self_path: join(space.folder, "config.yaml"),
    configPath: join(space.folder, "config.yaml"),
    storage: join(space.folder, "storage"),
    auth: { htpasswd: { file: join(space.folder, "htpasswd"), max_users: -1 } },
    uplinks: {},
    packages: { "@acme/*": { access: "$authenticated" }, "**": { access } },
    ...(tokens === "jwt" && { security: { api: { legacy: false, jwt: { sign: { expiresIn: "60d" } } } } }),
    middlewares: { audit: { enabled: false } },
    web: { enable: false },
    log: { type: "stdout", format: "json", level: "fatal" },
  } as never)) as Server;
  const port = await listen(server);
  const url = `http://127.0.0.1:${port}`;
  return { url, port, token: await logIn(url) };
}

async function logIn(url: string): Promise<string> {
  const answer = await fetch(new URL(`-/user/org.couchdb.user:${user}`, url), {
    method: "PUT",
    headers: { "content-type": "application/json", authorization: `Basic ${btoa(`${user}:${password}`)}` },
    body: JSON.stringify({ name: user, password }),
  });
  return ((await answer.json()) as { token: string }).token;
}
