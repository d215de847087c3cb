import { createServer } from "node:http";
import { join } from "node:path";
import { inspect } from "node:util";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Store as StoreConfig } from "../src/config/authoring.js";
import { parseConfig } from "../src/config/schema.js";
import { isAccessKeyId, readKeyPair } from "../src/model/key-pair.js";
import { knownSecrets, Redacted } from "../src/model/redacted.js";
import { isSecretVariable } from "../src/model/secret-variables.js";
import { admitRecipients } from "../src/secrets/age-store.js";
import { variableOf } from "../src/secrets/env.js";
import { openStores, type Secrets } from "../src/secrets/index.js";
import { scrub } from "../src/secrets/scrub.js";
import { createTransport } from "../src/transport/index.js";
import { listen } from "./support/internet.js";
import { Workspace } from "./support/workspace.js";

const RECIPIENT = await identityToRecipient(await generateX25519Identity());

function open(
  configs: readonly StoreConfig[] | undefined,
  environment: Record<string, string>,
  folder = "/nonexistent",
): Secrets {
  const transport = createTransport({ environment: {} });
  onTestFinished(() => transport.close());
  return openStores(configs, { folder, environment, transport, signal: AbortSignal.timeout(20_000) });
}

const get = async (secrets: Secrets, name: string): Promise<string | undefined> => (await secrets.get(name))?.reveal();

describe("variables of the environment", () => {
  it.each([
    ["docker/password", "PLUGBOARD_SECRET_DOCKER_PASSWORD"],
    ["docker.password", "PLUGBOARD_SECRET_DOCKER_PASSWORD"],
    ["A-1_b", "PLUGBOARD_SECRET_A_1_B"],
  ])("%s is read from %s", async (name, variable) => {
    expect(variableOf(name)).toBe(variable);
    const secrets = open([{ type: "env" }], { [variable]: "the value" });
    expect(await get(secrets, name)).toBe("the value");
    expect(`${await secrets.get(name)}`).toBe(`[secret ${name}]`);
    expect(await secrets.stores[0]?.list([name, "other"])).toEqual([name]);
  });

  it("that are empty count as absent, and nothing can be stored there", async () => {
    const secrets = open([{ type: "env" }], { PLUGBOARD_SECRET_A: "" });
    expect(await get(secrets, "a")).toBeUndefined();
    expect(secrets.stores[0]?.set).toBeUndefined();
  });
});

describe("the stores", () => {
  it("are the environment by default, and the encrypted file if there is one", async () => {
    const space = new Workspace();
    expect(open(undefined, {}, space.folder).places).toBe("the environment");
    await admitRecipients(join(space.folder, "plugboard.secrets.json"), [RECIPIENT], async () => []);
    expect(open(undefined, {}, space.folder).places).toBe("the environment, plugboard.secrets.json");
    expect(open([], {}, space.folder).places).toBe("no store");
  });

  it("are asked in order: the first that knows a name gives its value", async () => {
    const space = new Workspace();
    const path = join(space.folder, "a.json");
    await admitRecipients(path, [RECIPIENT], async () => []);
    const secrets = open([{ type: "env" }, { type: "age", file: "a.json" }], { PLUGBOARD_SECRET_BOTH: "from env" }, space.folder);
    await secrets.stores[1]?.set?.("both", new Redacted("from file", "both"));
    expect(await get(secrets, "both")).toBe("from env");
    expect(await get(secrets, "none")).toBeUndefined();
  });

  it("never pass over one that fails", async () => {
    const space = new Workspace({ "plugboard.secrets.json": "{ damaged" });
    const secrets = open([{ type: "age" }, { type: "env" }], { PLUGBOARD_SECRET_A: "older value" }, space.folder);
    await expect(secrets.get("a")).rejects.toThrow("PB704");
    const missing = open(
      [{ type: "age", file: "none.json" }, { type: "env" }],
      { PLUGBOARD_SECRET_A: "older value" },
      space.folder,
    );
    await expect(missing.get("a")).rejects.toThrow('PB702 "none.json" does not exist');
  });

  it("refuse a value that is empty", async () => {
    const calls: string[] = [];
    const vault = createServer((request, response) => {
      calls.push(`${request.url}`);
      response.end(JSON.stringify({ data: { data: { value: "" }, metadata: { version: 1 } } }));
    });
    const port = await listen(vault);
    const secrets = open([{ type: "vault", address: `http://127.0.0.1:${port}` }], { VAULT_TOKEN: "any" });
    await expect(secrets.get("a")).rejects.toThrow(/Vault at .*: the value of secret "a" is empty/);
    expect(calls).toEqual(["/v1/secret/data/a"]);
  });

  it.each(["evil.example/x", "eu-central-1.evil.example", "", "EU", "a b"])("are not asked in a region %j", (region) => {
    const { value, findings } = parseConfig({ stores: [{ type: "awsSecretsManager", region }] }, []);
    expect(value).toBeUndefined();
    expect(findings.map(({ code }) => code)).toEqual(["PB142"]);
  });

  it("look a name up once, however many ask at the same time", async () => {
    let reads = 0;
    const environment = {
      get PLUGBOARD_SECRET_A() {
        reads += 1;
        return "counted";
      },
    };
    const secrets = open([{ type: "env" }], environment);
    const values = await Promise.all(Array.from({ length: 20 }, () => secrets.get("a")));
    expect(new Set(values).size).toBe(1);
    expect(reads).toBe(1);
  });

  it("start paths of the configuration at the configuration", async () => {
    const space = new Workspace({ "config/x": "", "settings/x": "" });
    const file = join(space.folder, "config/kept.json");
    await admitRecipients(file, [RECIPIENT], async () => []);
    const transport = createTransport({ environment: {} });
    onTestFinished(() => transport.close());
    const { stores } = openStores([{ type: "age", file: "kept.json" }], {
      folder: join(space.folder, "settings"),
      configFolder: join(space.folder, "config"),
      environment: {},
      transport,
      signal: AbortSignal.timeout(20_000),
    });
    expect(await stores[0]?.list([])).toEqual([]);
  });
});

describe("variables that may hold a secret", () => {
  it.each([
    variableOf("docker/password"),
    "PLUGBOARD_AGE_IDENTITY",
    "VAULT_TOKEN",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "GITHUB_TOKEN",
    "NODE_AUTH_TOKEN",
    "SSH_AUTH_SOCK",
    "PGPASSWORD",
    "MYSQL_PWD",
    "OPENAI_API_KEY",
    "apikey",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "DATABASE_URL",
    "HTTPS_PROXY",
    "http_proxy",
  ])("%s is one", (name) => {
    expect(isSecretVariable(name)).toBe(true);
  });

  it.each([
    ...["PATH", "HOME", "PWD", "OLDPWD", "LANG", "TZ", "TMPDIR", "CI", "NODE_OPTIONS", "NODE_EXTRA_CA_CERTS"],
    ...["NO_PROXY", "no_proxy", "GIT_AUTHOR_NAME", "AWS_REGION", "AWS_PROFILE", "SystemRoot", "KEYBOARD_LAYOUT"],
  ])("%s is none", (name) => {
    expect(isSecretVariable(name)).toBe(false);
  });
});

describe("a secret value", () => {
  it("prints as its name, whatever prints it", async () => {
    const value = new Redacted("never-printed-1", "docker/password");
    const mark = "[secret docker/password]";
    expect(`${value}`).toBe(mark);
    expect(JSON.stringify({ value })).toBe(`{"value":"${mark}"}`);
    expect(inspect({ deep: { value } }, { depth: 5, showHidden: true })).toBe(`{ deep: { value: ${mark} } }`);
    expect(Object.keys(value)).toEqual(["name"]);
    expect(value.reveal()).toBe("never-printed-1");
    expect(value.derive((each) => `Bearer ${each}`).reveal()).toBe("Bearer never-printed-1");
    expect(knownSecrets().get("Bearer never-printed-1")).toBe("docker/password");
  });

  it("that is a pair hides its secret half as well", async () => {
    const secrets = open([{ type: "env" }], {
      PLUGBOARD_SECRET_AWS: '{"accessKeyId": "AKIAEXAMPLE000000000", "secretAccessKey": "half/of+a/pair"}',
    });
    await secrets.get("aws");
    expect(scrub("AKIAEXAMPLE000000000 half/of+a/pair")).toBe("AKIAEXAMPLE000000000 [secret aws]");
  });

  it.each([
    "text",
    "{",
    "{}",
    "[]",
    "null",
    '{"accessKeyId":"A"}',
    '{"accessKeyId":"","secretAccessKey":""}',
    '{"accessKeyId":1,"secretAccessKey":2}',
  ])("%s is no pair", (text) => {
    expect(readKeyPair(new Redacted(text, "any"))).toBeUndefined();
  });

  it.each([
    ["AKIAEXAMPLE000000000", true],
    ["AKIAEXAMPLE0000", false],
    ["a40CharactersLongSecretAccessKeyIsNoIDxxx", false],
  ])("%s may be an access key ID: %s", (text, expected) => {
    expect(isAccessKeyId(text)).toBe(expected);
  });
});
