import { spawn, spawnSync } from "node:child_process";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { onTestFinished } from "vitest";
import { listen } from "./internet.js";
import { Workspace } from "./workspace.js";

/** A server with an engine of KV version 2 at `secret/` and one of version 1 at `old/`, for one test. */
export interface VaultServer {
  readonly address: string;
  /** A token that may do everything, and one that may read below `secret/data/allowed/` alone. */
  readonly root: string;
  readonly limited: string;
  seal(): Promise<void>;
}

/** The program of a real server, if there is one on this machine. */
export const vaultProgram = ["bao", "vault"].find((each) => spawnSync("sh", ["-c", 'command -v "$0"', each]).status === 0);

/** Starts the real server in its development mode. */
export async function startRealVault(program: string): Promise<VaultServer> {
  const space = new Workspace();
  const probe = createServer();
  const port = await listen(probe);
  await new Promise((resolve) => probe.close(resolve));
  const address = `http://127.0.0.1:${port}`;
  const args = ["server", "-dev", "-dev-root-token-id=root", `-dev-listen-address=127.0.0.1:${port}`];
  const server = spawn(program, args, {
    env: { PATH: process.env.PATH, HOME: space.folder },
    stdio: ["ignore", "pipe", "ignore"],
  });
  onTestFinished(() => void server.kill("SIGKILL"));
  await new Promise<void>((resolve, reject) => {
    server.once("close", () => reject(new Error(`${program} ended`)));
    let said = "";
    server.stdout.on("data", (text) => {
      said += text;
      // It is the last line of what it says when it is ready.
      if (said.includes("Development mode should NOT be used")) resolve();
    });
  });
  const ask = async (path: string, body: unknown) => {
    const options = { method: "POST", headers: { "x-vault-token": "root" }, body: JSON.stringify(body) };
    const answer = await fetch(`${address}/v1/${path}`, options);
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? {} : ((await answer.json()) as { auth?: { client_token: string } });
  };
  await ask("sys/mounts/old", { type: "kv", options: { version: "1" } });
  await ask("sys/policies/acl/limited", { policy: 'path "secret/data/allowed/*" { capabilities = ["read"] }' });
  const { auth } = await ask("auth/token/create", { policies: ["limited"] });
  return { address, root: "root", limited: auth?.client_token ?? "", seal: async () => void (await ask("sys/seal", {})) };
}

interface Entry {
  readonly version: number;
  readonly data: unknown;
}

/** Simulated: answers as Vault 1.21 gives them, written down from a real one; see also its API documentation, "KV - Version 2". */
export async function startSimulatedVault(): Promise<VaultServer> {
  const entries = new Map<string, Entry>();
  let sealed = false;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const say = (status: number, body: unknown): void => {
      response.writeHead(status, { "content-type": "application/json" }).end(status === 204 ? undefined : JSON.stringify(body));
    };
    const { pathname, searchParams } = new URL(request.url as string, "http://vault");
    const token = request.headers["x-vault-token"];
    const path = decodeURIComponent(pathname.slice("/v1/".length));
    if (sealed) return say(503, { errors: ["Vault is sealed"] });
    if (token !== "root" && token !== "limited")
      return say(403, { errors: ["2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n"] });
    if (token === "limited" && !(path.startsWith("secret/data/allowed/") && request.method === "GET"))
      return say(403, { errors: ["1 error occurred:\n\t* permission denied\n\n"] });
    const [, mount, kind, name = ""] = /^(secret|old)\/(data|metadata)\/(.*)$/.exec(path) ?? [];
    const [, engine] = /^sys\/internal\/ui\/mounts\/(secret|old)$/.exec(path) ?? [];
    if (engine !== undefined) return say(200, { data: { type: "kv", options: { version: engine === "old" ? "1" : "2" } } });
    if (path.startsWith("sys/internal/")) return say(403, { errors: ["preflight capability check returned 403"] });
    if (mount === undefined) return say(404, { errors: [`no handler for route "${path}". route entry not found.`] });
    if (mount === "old") return say(request.method === "GET" ? 404 : 204, { errors: [] });
    if (kind === "metadata" && searchParams.get("list") === "true") {
      const folder = name === "" || name.endsWith("/") ? name : `${name}/`;
      const below = [...entries.keys()].filter((each) => each.startsWith(folder)).map((each) => each.slice(folder.length));
      const keys = [...new Set(below.map((each) => each.replace(/\/.*$/, "/")))].sort();
      return keys.length === 0 ? say(404, { errors: [] }) : say(200, { data: { keys } });
    }
    const found = entries.get(name);
    if (request.method === "GET") {
      if (found === undefined) return say(404, { errors: [] });
      return say(found.data === null ? 404 : 200, { data: { data: found.data, metadata: { version: found.version } } });
    }
    if (request.method === "DELETE") {
      if (found !== undefined) entries.set(name, { version: found.version, data: null });
      return say(204, undefined);
    }
    let text = "";
    for await (const chunk of request) text += chunk;
    const { options, data } = JSON.parse(text);
    const version = found?.version ?? 0;
    if (options !== undefined && options.cas !== version)
      return say(400, { errors: ["check-and-set parameter did not match the current version"] });
    entries.set(name, { version: version + 1, data });
    return say(200, { data: { version: version + 1 } });
  }

  const port = await listen(createServer((request, response) => void answer(request, response)));
  return {
    address: `http://127.0.0.1:${port}`,
    root: "root",
    limited: "limited",
    async seal() {
      sealed = true;
    },
  };
}
