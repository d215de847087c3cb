import type { RequestListener } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readRegistryHost } from "../src/services/aws/ecr.js";
import { type AdapterOutcome, type AdapterTest, testAdapter } from "./support/adapter.js";
import { AwsShim } from "./support/aws-shim.js";
import { startInternet } from "./support/internet.js";
import { ACCOUNT, type AccessKey, hasMoto, Moto } from "./support/moto.js";

const REGION = "eu-central-1";

const managed = { type: "accessKeys", accessKey: { $secret: "main" } };

const TOKEN = Buffer.from("AWS:made-up-registry-password").toString("base64");

/** A registry that takes one `Authorization`. */
const registryThatTakes =
  (authorization: string): RequestListener =>
  (request, response) => {
    const isGood = request.url === "/v2/" && request.headers.authorization === authorization;
    response.writeHead(isGood ? 200 : 401, { "docker-distribution-api-version": "registry/2.0" }).end();
  };

describe.skipIf(!hasMoto)("private ECR registries against moto, the registry itself simulated", () => {
  let moto: Moto;
  let pulling: AccessKey;
  let powerless: AccessKey;
  let registry: string;

  beforeAll(async () => {
    moto = await Moto.start();
    pulling = await moto.createUser("pulling", "ecr:GetAuthorizationToken", "sts:AssumeRole");
    powerless = await moto.createUser("powerless", "sts:AssumeRole");
    const principal = `arn:aws:iam::${ACCOUNT}:user/powerless`;
    registry = await moto.createRole("registry", { principal, externalId: "teamcity-registry" }, "ecr:GetAuthorizationToken");
    await moto.enforce(true);
  });

  afterAll(() => moto?.stop());

  async function test(key: AccessKey, settings: object = {}): Promise<AdapterOutcome> {
    const shim = new AwsShim(moto);
    const internet = await startInternet({
      [`api.ecr.${REGION}.amazonaws.com`]: shim.site,
      [`sts.${REGION}.amazonaws.com`]: shim.site,
      // moto's token is `AWS:<account>-auth-token`.
      [`${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`]: registryThatTakes(
        `Basic ${Buffer.from(`AWS:${ACCOUNT}-auth-token`).toString("base64")}`,
      ),
    });
    return await testAdapter({
      kind: "amazonEcr",
      settings: { registryId: ACCOUNT, region: REGION, credentials: managed, ...settings },
      transport: internet.config,
      secrets: { main: JSON.stringify(key) },
    });
  }

  it("give a token that the registry takes", async () => {
    const tested = await test(pulling);
    expect(tested.summary).toEqual([
      "credentials: ok",
      "token: ok",
      "registry of the account: ok",
      "registry takes the token: ok",
    ]);
  });

  it("of another account are told", async () => {
    const tested = await test(pulling, { registryId: "210987654321" });
    expect(tested.check("registry of the account")).toMatchObject({
      outcome: "identity-mismatch",
      message: expect.stringContaining(ACCOUNT),
    });
    expect(tested.check("registry takes the token").outcome).toBeUndefined();
  });

  it("give their token to a role with its external ID", async () => {
    const role = { roleArn: registry, externalId: "teamcity-registry" };
    const tested = await test(powerless, { role });
    expect(tested.outcome).toBe("ok");
    expect(tested.summary).toContain("role can be assumed: ok");
  });

  it.each([["another-id"], [undefined]])("do not if the role's external ID is %s", async (externalId) => {
    const role = { roleArn: registry, ...(externalId === undefined ? {} : { externalId }) };
    const tested = await test(powerless, { role });
    expect(tested.check("role can be assumed").outcome).toBe("missing-permission");
    expect(tested.check("token").outcome).toBeUndefined();
  });

  it("refuse who may not have a token; moto does so in a form that cannot be decoded", async () => {
    const tested = await test(powerless);
    expect(tested.check("token")).toMatchObject({
      outcome: "missing-permission",
      message: expect.stringContaining("undecodable"),
      evidence: { missing: ["ecr:GetAuthorizationToken"] },
    });
  });
});

/** An answer in the JSON protocol of ECR. */
const json =
  (body: unknown, status = 200): RequestListener =>
  (request, response) =>
    request
      .resume()
      .on("end", () => response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(body)));

const refusal = (type: string, message = "made up"): RequestListener => json({ __type: type, message }, 400);

const expiresAt = Math.round(Date.now() / 1000) + 43_200;

const privateToken = (host: string): RequestListener =>
  json({ authorizationData: [{ authorizationToken: TOKEN, expiresAt, proxyEndpoint: `https://${host}` }] });

describe("private ECR registries, simulated after the Amazon ECR API Reference (GetAuthorizationToken, common errors)", () => {
  const HOST = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`;

  async function test(api: RequestListener, registry: RequestListener, more: Partial<AdapterTest> = {}): Promise<AdapterOutcome> {
    const internet = await startInternet({
      [`api.ecr.${REGION}.amazonaws.com`]: api,
      [HOST]: registry,
      "ecr.example.com": api,
    });
    return await testAdapter({
      kind: "amazonEcr",
      settings: { registryId: ACCOUNT, region: REGION, credentials: managed },
      transport: internet.config,
      secrets: { main: JSON.stringify({ accessKeyId: "AKIAEXAMPLE000000000", secretAccessKey: "made-up-secret-access-key" }) },
      ...more,
    });
  }

  const good = registryThatTakes(`Basic ${TOKEN}`);

  it.each([
    ["UnrecognizedClientException", refusal("UnrecognizedClientException"), "wrong-id"],
    ["InvalidSignatureException", refusal("InvalidSignatureException"), "wrong-secret"],
    [
      "InvalidSignatureException of the time",
      refusal("InvalidSignatureException", "Signature expired: 1 is now earlier than 2"),
      "clock-skew",
    ],
    ["ExpiredTokenException", refusal("ExpiredTokenException"), "expired"],
    ["AccessDeniedException", refusal("AccessDeniedException"), "missing-permission"],
    ["ThrottlingException", refusal("ThrottlingException"), "rate-limited"],
    ["ServerException", json({ __type: "ServerException" }, 500), "provider-error"],
    [
      "a page",
      ((_, response) => response.writeHead(403, { "content-type": "text/html" }).end("<html>Blocked</html>")) as RequestListener,
      "wrong-server",
    ],
    ["an answer without a token", json({ authorizationData: [] }), "provider-error"],
    [
      "a token that is no text",
      json({ authorizationData: [{ authorizationToken: 5, expiresAt, proxyEndpoint: `https://${HOST}` }] }),
      "provider-error",
    ],
  ] as const)("%s", async (_, api, outcome) => {
    const tested = await test(api, good);
    expect(tested.check("token").outcome).toBe(outcome);
    expect(tested.summary.slice(-2)).toEqual(["registry of the account: -", "registry takes the token: -"]);
  });

  it("are the same by their dual-stack name", async () => {
    const tested = await test(privateToken(`${ACCOUNT}.dkr-ecr.${REGION}.on.aws`), good);
    expect(tested.outcome).toBe("ok");
  });

  it("of another region are told", async () => {
    const tested = await test(privateToken(`${ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com`), good);
    expect(tested.check("registry of the account").outcome).toBe("identity-mismatch");
  });

  it("get no token that AWS gave for a host that is no registry", async () => {
    const tested = await test(privateToken("registry.example.com"), good);
    expect(tested.check("registry of the account").outcome).toBe("wrong-server");
    expect(tested.check("registry takes the token").outcome).toBeUndefined();
  });

  it.each([
    ["refuses the token", registryThatTakes("another"), "wrong-credentials"],
    [
      "is a page",
      ((_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<p>Hello</p>")) as RequestListener,
      "wrong-server",
    ],
    ["has no such path", ((_, response) => response.writeHead(404).end()) as RequestListener, "wrong-server"],
    ["says nothing", ((_, response) => response.writeHead(200).end()) as RequestListener, "wrong-server"],
  ])("the registry %s", async (_, registry, outcome) => {
    const tested = await test(privateToken(HOST), registry);
    expect(tested.check("registry takes the token").outcome).toBe(outcome);
    expect(JSON.stringify(tested.checks)).not.toContain(TOKEN);
  });

  it("are asked for at the endpoint that the environment names", async () => {
    const environment = { AWS_ENDPOINT_URL_ECR: "https://ecr.example.com" };
    const tested = await test(privateToken(HOST), good, { environment });
    expect(tested.check("token").evidence?.request).toBe("POST https://ecr.example.com/");
  });

  it("take credentials of this machine, which proves nothing about the server's", async () => {
    const tested = await test(privateToken(HOST), good, {
      settings: { registryId: ACCOUNT, region: REGION, credentials: { type: "defaultProviderChain" } },
      environment: { AWS_ACCESS_KEY_ID: "AKIAEXAMPLE000000000", AWS_SECRET_ACCESS_KEY: "made-up" },
    });
    expect(tested.outcome).toBe("ok-limited");
  });

  it("are not asked with a value that is no pair", async () => {
    const tested = await test(privateToken(HOST), good, { secrets: { main: "no pair" } });
    expect(tested.summary).toEqual([
      "credentials: invalid-input",
      ...["token: -", "registry of the account: -", "registry takes the token: -"],
    ]);
  });
});

describe("public ECR registries, simulated after the Amazon ECR Public User Guide (registry authentication)", () => {
  async function test(api: RequestListener): Promise<AdapterOutcome> {
    const internet = await startInternet({
      "api.ecr-public.us-east-1.amazonaws.com": api,
      "public.ecr.aws": registryThatTakes(`Bearer ${TOKEN}`),
    });
    return await testAdapter({
      kind: "amazonEcr",
      settings: { registryType: "public", registryId: ACCOUNT, region: REGION, credentials: managed },
      transport: internet.config,
      secrets: { main: JSON.stringify({ accessKeyId: "AKIAEXAMPLE000000000", secretAccessKey: "made-up-secret-access-key" }) },
    });
  }

  it("authenticate in us-east-1, whatever the region of the settings", async () => {
    const signed: (string | undefined)[] = [];
    const tested = await test((request, response) => {
      signed.push(request.headers.authorization);
      json({ authorizationData: { authorizationToken: TOKEN, expiresAt } })(request, response);
    });
    expect(tested.summary).toEqual(["credentials: ok", "token: ok", "registry takes the token: ok"]);
    expect(signed[0]).toContain("/us-east-1/ecr-public/aws4_request");
  });

  it("need sts:GetServiceBearerToken, which is named where it is missing", async () => {
    const message =
      "User: arn:aws:iam::123456789012:user/x is not authorized to perform: sts:GetServiceBearerToken because no identity-based policy allows the sts:GetServiceBearerToken action";
    const tested = await test(refusal("AccessDeniedException", message));
    expect(tested.check("token")).toMatchObject({
      outcome: "missing-permission",
      message: "sts:GetServiceBearerToken is not allowed: no policy allows it (identity-based)",
      evidence: { missing: ["sts:GetServiceBearerToken"] },
    });
  });
});

describe("errors of ECR whose fields are no texts, simulated", () => {
  it.each<object>([
    { __type: "AccessDeniedException", message: { a: 1 } },
    { __type: "InvalidSignatureException", message: { a: 1 } },
    { __type: "InvalidSignatureException", message: ["Signature expired"] },
    { __type: "AccessDeniedException", message: { toString: 5 } },
    { __type: ["x"], message: "made up" },
    { __type: { a: 1 }, message: "made up" },
  ])("%j", async (body) => {
    const internet = await startInternet({ [`api.ecr.${REGION}.amazonaws.com`]: json(body, 400) });
    const { check } = await testAdapter({
      kind: "amazonEcr",
      settings: { registryId: ACCOUNT, region: REGION, credentials: managed },
      transport: internet.config,
      secrets: { main: JSON.stringify({ accessKeyId: "AKIAEXAMPLE000000000", secretAccessKey: "made-up-secret-access-key" }) },
    });
    expect(check("token")).toMatchObject({
      outcome: "provider-error",
      message: "the answer to ecr:GetAuthorizationToken is not as AWS describes it",
    });
    expect(check("token").evidence).not.toHaveProperty("code");
  });
});

describe("the host of a private registry", () => {
  it.each([
    ["123456789012.dkr.ecr.eu-west-1.amazonaws.com", "eu-west-1"],
    ["123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", "cn-north-1"],
    ["123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"],
    ["123456789012.dkr.ecr.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1"],
    ["123456789012.dkr.ecr.eu-newest-1.amazonaws.com", "eu-newest-1"],
    ["123456789012.dkr-ecr.eu-west-1.on.aws", "eu-west-1"],
    ["123456789012.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn", "cn-north-1"],
  ])("tells account and region: %s", (host, region) => {
    expect(readRegistryHost(host)).toEqual({ account: "123456789012", region });
  });

  it.each([
    "123456789012.dkr.ecr.eu-west-1.evil.example.com",
    "123456789012.dkr.ecr.eu-west-1.amazonaws.com.evil.example.com",
    "123456789012.dkr.ecr.eu-west-1.amazonaws.com.cn",
    "123456789012.dkr-ecr.eu-west-1.amazonaws.com",
    "123456789012.dkr.ecr.eu-west-1.on.aws",
    "123456789012.dkr.ecr.eu-west-1.",
  ])("is none of AWS: %s", (host) => {
    expect(readRegistryHost(host)).toBeUndefined();
  });
});
