import { createServer } from "node:http";
import * as sdk from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import type { AwsSecretsManagerStore } from "../src/config/authoring.js";
import { knownSecrets } from "../src/model/redacted.js";
import { createAwsSecretsManagerStore } from "../src/secrets/aws-secrets-manager.js";
import type { Store } from "../src/secrets/store.js";
import { createTransport } from "../src/transport/index.js";
import { listen } from "./support/internet.js";
import { type AccessKey, hasMoto, Moto } from "./support/moto.js";
import { findingOf, getValue as get, setValue as set } from "./support/stores.js";

function openStore(key: AccessKey | undefined, config: Partial<AwsSecretsManagerStore>, environment = {}): Store {
  // The default provider chain is that of the process: it is given nothing else.
  for (const name of ["AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ENDPOINT_URL"])
    vi.stubEnv(name, undefined);
  vi.stubEnv("AWS_CONFIG_FILE", "/nonexistent");
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent");
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
  vi.stubEnv("AWS_ACCESS_KEY_ID", key?.accessKeyId);
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", key?.secretAccessKey);
  const transport = createTransport({ environment: {} });
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await transport.close();
  });
  const http = transport.http({ signal: AbortSignal.timeout(20_000) });
  return createAwsSecretsManagerStore({ type: "awsSecretsManager", region: "eu-central-1", ...config }, environment, http);
}

describe.skipIf(!hasMoto)("the store in AWS Secrets Manager (moto)", () => {
  let moto: Moto;
  let endpoint: string;
  let admin: AccessKey;
  let client: sdk.SecretsManagerClient;

  beforeAll(async () => {
    moto = await Moto.start();
    endpoint = `http://127.0.0.1:${moto.port}`;
    admin = await moto.createUser("admin", "secretsmanager:*");
    const credentials = { accessKeyId: admin.accessKeyId, secretAccessKey: admin.secretAccessKey };
    client = new sdk.SecretsManagerClient({ endpoint, region: "eu-central-1", credentials });
  });
  afterAll(() => moto?.stop());

  it("stores, reads and lists below its prefix", async () => {
    const store = openStore(admin, { endpoint, prefix: "teamcity/" });
    expect(await get(store, "docker/password")).toBeUndefined();
    await set(store, "docker/password", "first value");
    await set(store, "docker/password", "second välue");
    for (let index = 0; index < 120; index++) await set(store, `many/${index}`, `value ${index}`);
    await client.send(new sdk.CreateSecretCommand({ Name: "elsewhere", SecretString: "value" }));
    expect(await get(store, "docker/password")).toBe("second välue");
    expect(await store.list([])).toHaveLength(121);
    expect(await get(openStore(admin, {}, { AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoint }), "teamcity/docker/password")).toBe(
      "second välue",
    );
    expect(knownSecrets().has(admin.secretAccessKey)).toBe(true);
  });

  it("keeps the value of one if several make a secret at once", async () => {
    const values = ["first", "second", "third", "fourth"];
    await Promise.all(values.map((value) => set(openStore(admin, { endpoint }), "made/at-once", value)));
    expect(values).toContain(await get(openStore(admin, { endpoint }), "made/at-once"));
  });

  it("says that a secret is binary or about to be deleted", async () => {
    const store = openStore(admin, { endpoint });
    await client.send(new sdk.CreateSecretCommand({ Name: "bytes", SecretBinary: new Uint8Array([1, 2]) }));
    expect(await findingOf(store.get("bytes"))).toMatch(/^PB706 AWS Secrets Manager in eu-central-1: secret "bytes" is binary/);
    await set(store, "doomed", "value");
    await client.send(new sdk.DeleteSecretCommand({ SecretId: "doomed", RecoveryWindowInDays: 7 }));
    expect(await findingOf(store.get("doomed"))).toMatch(
      /^PB702 .*secret "doomed" cannot be used: its present state does not allow it .*restore-secret/,
    );
  });
});

const key: AccessKey = { accessKeyId: "AKIAEXAMPLE000000000", secretAccessKey: "some secret access key of forty characters" };

describe("the store in AWS Secrets Manager (simulated after its API Reference, Common Error Types)", () => {
  it.each([
    [
      "AccessDeniedException",
      "User: arn:aws:iam::123456789012:user/ci is not authorized to perform: secretsmanager:GetSecretValue on resource: a because no identity-based policy allows the secretsmanager:GetSecretValue action",
      /secret "a" cannot be used: secretsmanager:GetSecretValue is not allowed: no policy allows it \(identity-based\) \(AccessDeniedException\)/,
    ],
    ["UnrecognizedClientException", "The security token included in the request is invalid.", /AWS does not know the access key/],
    ["InvalidSignatureException", "The request signature we calculated does not match", /does not fit the access key ID/],
    [
      "ExpiredTokenException",
      "The security token included in the request is expired",
      /the session of the credentials has ended/,
    ],
    ["InternalServiceError", "An error occurred on the server side.", /cannot be used: .*\(InternalServiceError\)/],
  ])("says what %s means", async (type, message, said) => {
    const server = createServer((_, response) =>
      response.writeHead(400, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify({ __type: type, message })),
    );
    const store = openStore(key, { endpoint: `http://127.0.0.1:${await listen(server)}` });
    expect(await findingOf(store.get("a"))).toMatch(/^PB702 AWS Secrets Manager in eu-central-1: /);
    expect(await findingOf(store.get("a"))).toMatch(said);
  });

  it("gives a secret that somebody has made in the meantime another value", async () => {
    const calls: string[] = [];
    const refusals = ["ResourceNotFoundException", "ResourceExistsException"];
    const server = createServer((request, response) => {
      calls.push(`${request.headers["x-amz-target"]}`.replace("secretsmanager.", ""));
      const type = refusals.shift();
      response.writeHead(type === undefined ? 200 : 400, { "content-type": "application/x-amz-json-1.1" });
      response.end(JSON.stringify(type === undefined ? { Name: "a" } : { __type: type }));
    });
    await set(openStore(key, { endpoint: `http://127.0.0.1:${await listen(server)}` }), "a", "some value");
    expect(calls).toEqual(["PutSecretValue", "CreateSecret", "PutSecretValue"]);
  });

  it.each(['{"SecretString":5}', '{"SecretString":null}', '{"SecretList":5}', '{"SecretList":[5]}', "{}", "[]", "null", "5"])(
    "takes %s for no answer of AWS",
    async (body) => {
      const server = createServer((_, response) =>
        response.writeHead(200, { "content-type": "application/x-amz-json-1.1" }).end(body),
      );
      const store = openStore(key, { endpoint: `http://127.0.0.1:${await listen(server)}` });
      for (const work of [store.get("a"), store.list([])])
        expect(await findingOf(work)).toMatch(/^PB702 AWS Secrets Manager in eu-central-1.* cannot be used: /);
    },
  );
});

describe("the store in AWS Secrets Manager", () => {
  it("says that there are no credentials, and that nothing answers", async () => {
    const closed = createServer();
    const port = await listen(closed);
    await new Promise((resolve) => closed.close(resolve));
    const endpoint = `http://127.0.0.1:${port}`;
    expect(await findingOf(openStore(undefined, { endpoint }).get("a"))).toMatch(
      /^PB702 .*the default provider chain finds no credentials/,
    );
    expect(await findingOf(openStore(key, { endpoint }).get("a"))).toMatch(/^PB702 .*secret "a" cannot be asked: 127.0.0.1/);
  });
});
