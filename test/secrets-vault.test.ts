import { createServer } from "node:http";
import { describe, expect, it, onTestFinished } from "vitest";
import type { VaultStore } from "../src/config/authoring.js";
import type { Store } from "../src/secrets/store.js";
import { createVaultStore } from "../src/secrets/vault.js";
import { createTransport } from "../src/transport/index.js";
import { listen } from "./support/internet.js";
import { findingOf, getValue as get, setValue as set } from "./support/stores.js";
import { startRealVault, startSimulatedVault, type VaultServer, vaultProgram } from "./support/vault.js";
import { Workspace } from "./support/workspace.js";

function openStore(address: string, token: string | undefined, config: Partial<VaultStore> = {}, home = "/nonexistent"): Store {
  const environment = { HOME: home, ...(token === undefined ? {} : { VAULT_TOKEN: token }) };
  const transport = createTransport({ environment });
  onTestFinished(() => transport.close());
  const http = transport.http({ signal: AbortSignal.timeout(20_000) });
  return createVaultStore({ type: "vault", address, ...config }, environment, http);
}

async function write(server: VaultServer, path: string, fields: unknown, method = "POST"): Promise<void> {
  const body = method === "POST" ? { body: JSON.stringify({ data: fields }) } : {};
  await fetch(`${server.address}/v1/secret/data/${path}`, { method, headers: { "x-vault-token": "root" }, ...body });
}

// A server of Vault takes minutes to build and is in no package of Debian, so nothing installs it for these tests.
if (vaultProgram === undefined)
  console.warn("neither bao nor vault is on PATH: the store is tested with a simulated server only");

const servers: readonly (readonly [string, () => Promise<VaultServer>])[] = [
  ["simulated after Vault's API documentation", startSimulatedVault],
  ...(vaultProgram === undefined ? [] : [[`real ${vaultProgram}`, () => startRealVault(vaultProgram as string)] as const]),
];

describe.each(servers)("the store in Vault (%s)", (_, start) => {
  it("stores, reads and lists, with and without a prefix", async () => {
    const server = await start();
    const store = openStore(server.address, server.root, { prefix: "teamcity/" });
    expect(await get(store, "docker/password")).toBeUndefined();
    expect(await store.list([])).toEqual([]);
    await set(store, "docker/password", "first value\n");
    await set(store, "docker/password", "second välue");
    await set(store, "plain", "third value");
    expect(await get(store, "docker/password")).toBe("second välue");
    expect((await store.list([])).toSorted()).toEqual(["docker/password", "plain"]);
    const whole = openStore(`${server.address}/`, server.root, { mount: "/secret/" });
    expect(await get(whole, "teamcity/plain")).toBe("third value");
    expect((await whole.list([])).toSorted()).toEqual(["teamcity/docker/password", "teamcity/plain"]);
    expect(await openStore(server.address, server.root, { prefix: "teamcity/pl" }).list([])).toEqual(["ain"]);
  });

  it("lists names with any characters, however deep", async () => {
    const server = await start();
    const deep = "one/two/three/four/five";
    const names = ["odd #folder?/100% sure", "50%/x", "t c%/y", deep];
    for (const each of names) await write(server, encodeURI(each).replace(/[#?]/g, encodeURIComponent), { value: "x" });
    expect((await openStore(server.address, server.root).list([])).toSorted()).toEqual(names.toSorted());
    expect(await openStore(server.address, server.root, { prefix: "50%/" }).list([])).toEqual(["x"]);
    expect(await openStore(server.address, server.root, { prefix: "t c%/" }).list([])).toEqual(["y"]);
    expect(await openStore(server.address, server.root, { prefix: "odd #folder?/" }).list([])).toEqual(["100% sure"]);
  });

  it("lists nothing rather than a part", async () => {
    const server = await start();
    await write(server, `${"f/".repeat(22)}x`, { value: "x" });
    expect(await findingOf(openStore(server.address, server.root).list([]))).toMatch(/^PB702 .*more than 20 folders/);
    expect(await openStore(server.address, server.root, { prefix: "f/f/" }).list([])).toEqual([`${"f/".repeat(20)}x`]);
  });

  it("keeps a pair in two fields, and other fields as they are", async () => {
    const server = await start();
    const store = openStore(server.address, server.root);
    await write(server, "aws", { accessKeyId: "AKIAOLD0000000000000", secretAccessKey: "old half", owner: "payments" });
    expect(JSON.parse((await get(store, "aws")) ?? "")).toEqual({
      accessKeyId: "AKIAOLD0000000000000",
      secretAccessKey: "old half",
    });
    await set(store, "aws", JSON.stringify({ accessKeyId: "AKIANEW0000000000000", secretAccessKey: "new half" }));
    const answer = await fetch(`${server.address}/v1/secret/data/aws`, { headers: { "x-vault-token": server.root } });
    expect(((await answer.json()) as { data: { data: unknown } }).data.data).toEqual({
      accessKeyId: "AKIANEW0000000000000",
      secretAccessKey: "new half",
      owner: "payments",
    });
  });

  it("says what a secret without a text holds, by the names of its fields", async () => {
    const server = await start();
    const store = openStore(server.address, server.root);
    await write(server, "odd", { password: "not to be shown", value: 7 });
    const said = await findingOf(store.get("odd"));
    expect(said).toMatch(/^PB706 .*secret "odd" has no text in the field "value", found "password", "value"/);
    expect(said).not.toContain("not to be shown");
  });

  it("takes a deleted secret for absent, and stores it again", async () => {
    const server = await start();
    const store = openStore(server.address, server.root);
    await set(store, "gone", "some value");
    await write(server, "gone", undefined, "DELETE");
    expect(await get(store, "gone")).toBeUndefined();
    await set(store, "gone", "back again");
    expect(await get(store, "gone")).toBe("back again");
  });

  it("writes nothing over what somebody else has written in between", async () => {
    const server = await start();
    const mine = openStore(server.address, server.root);
    await set(mine, "shared", "first value");
    const results = await Promise.allSettled(Array.from({ length: 6 }, (_, index) => set(mine, "shared", `value ${index}`)));
    const stored = results.flatMap(({ status }, index) => (status === "fulfilled" ? [`value ${index}`] : []));
    expect(stored).toContain(await get(mine, "shared"));
    for (const each of results) {
      if (each.status === "rejected")
        expect(await findingOf(Promise.reject(each.reason))).toMatch(/^PB702 .*changed by somebody else/);
    }
  });

  it.each([
    ["a token that is none", "wrong", "a", {}, /^PB702 .* does not accept the token: Sign in/],
    ["no token", undefined, "a", {}, /^PB702 there is no token for Vault at 127.0.0.1:\d+: Set VAULT_TOKEN/],
    ["no such engine", "root", "a", { mount: "none" }, /^PB702 .* has no secrets engine for none\/data\/a: Check `mount`/],
    [
      "an engine of version 1",
      "root",
      "a",
      { mount: "old" },
      /^PB702 .*"old" is not of type KV version 2: vault kv enable-versioning old/,
    ],
    ["a name that leads out of the prefix", "root", "x/../../../sys/seal", {}, /^PB702 .*cannot have the path/],
    ["a name with an empty part", "root", "x//y", { prefix: "teamcity/" }, /^PB702 .*cannot have the path/],
  ])("fails with %s", async (_, token, name, config, said) => {
    const server = await start();
    const store = openStore(server.address, token, config);
    expect(await findingOf(store.get(name))).toMatch(said);
    expect(await findingOf(set(store, name, "some value"))).toMatch(said);
    if (name === "a") expect(await findingOf(store.list([]))).toMatch(/^PB702 /);
  });

  it("tells the missing capability and path", async () => {
    const server = await start();
    const store = openStore(server.address, server.limited);
    expect(await get(store, "allowed/none")).toBeUndefined();
    expect(await findingOf(store.get("other"))).toMatch(/^PB702 .* denies permission for secret\/data\/other: .*"read"/);
    expect(await findingOf(set(store, "allowed/x", "some value"))).toMatch(
      /denies permission for secret\/data\/allowed\/x: .*"create"/,
    );
    expect(await findingOf(store.list([]))).toMatch(/denies permission for secret\/metadata\/: .*"list"/);
  });

  it("says that Vault is sealed", async () => {
    const server = await start();
    const store = openStore(server.address, server.root);
    await server.seal();
    expect(await findingOf(store.get("a"))).toMatch(/^PB702 .* is sealed: Unseal it/);
  });

  it("takes the token that vault login has left", async () => {
    const server = await start();
    const space = new Workspace({ ".vault-token": `${server.root}\n` });
    expect(await get(openStore(server.address, undefined, {}, space.folder), "none")).toBeUndefined();
  });
});

describe("the store in Vault", () => {
  it("sends the namespace, and the token to nobody else", async () => {
    const seen: unknown[] = [];
    const elsewhere = await listen(createServer((request, response) => response.end(String(seen.push(request.url)))));
    const port = await listen(
      createServer(({ headers }, response) => {
        seen.push([headers["x-vault-namespace"], headers["x-vault-token"]]);
        response.writeHead(307, { location: `http://localhost:${elsewhere}/v1/secret/data/a` }).end();
      }),
    );
    const store = openStore(`http://127.0.0.1:${port}`, "some-token", { namespace: "team/a" });
    expect(await findingOf(store.get("a"))).toMatch(/^PB702 Vault at .* cannot be asked: .*redirects to http:\/\/localhost/);
    expect(seen).toEqual([["team/a", "some-token"]]);
  });

  it("says what does not look like Vault, and what does not answer", async () => {
    const page = createServer((_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<html>"));
    const port = await listen(page);
    expect(await findingOf(openStore(`http://127.0.0.1:${port}`, "t").get("a"))).toMatch(
      /^PB702 what answers at .* is not Vault/,
    );
    const closed = createServer();
    const closedPort = await listen(closed);
    await new Promise((resolve) => closed.close(resolve));
    expect(await findingOf(openStore(`http://127.0.0.1:${closedPort}`, "t").get("a"))).toMatch(
      /^PB702 Vault at .* cannot be asked/,
    );
  });
});
