import type { RequestListener } from "node:http";
import { describe, expect, it, vi } from "vitest";
import { type AdapterOutcome, type AdapterTest, testAdapter } from "./support/adapter.js";
import { errorXml } from "./support/aws-shim.js";
import { startInternet } from "./support/internet.js";

const KEY = { accessKeyId: "AKIAEXAMPLE000000000", secretAccessKey: "made-up-secret-access-key-0123456789abcd" };

const keys = { type: "accessKeys", accessKey: { $secret: "main" }, useSessionCredentials: false };

/** Tests an access key against an STS that gives these answers, in order; the last one again and again. */
async function testAgainst(answers: readonly Answer[], test: Partial<AdapterTest> = {}): Promise<AdapterOutcome> {
  const left = [...answers];
  const site: RequestListener = (request, response) => {
    const [{ status = 200, type = "text/xml", headers = {}, body }] = left as [Answer];
    if (left.length > 1) left.shift();
    request.resume().on("end", () => response.writeHead(status, { "content-type": type, ...headers }).end(body));
  };
  const internet = await startInternet({ "sts.eu-central-1.amazonaws.com": site, "sts.example.com": site });
  return await testAdapter({
    kind: "aws",
    settings: { region: "eu-central-1", credentials: keys },
    transport: internet.config,
    secrets: { main: JSON.stringify(KEY) },
    ...test,
  });
}

interface Answer {
  readonly status?: number;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

const refusal = (status: number, code: string, message = "made up"): Answer => ({ status, body: errorXml(code, message) });

const identity = (arn: string): Answer => ({
  body: `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>${arn}</Arn><UserId>AIDAEXAMPLE</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
});

const user = identity("arn:aws:iam::123456789012:user/teamcity");

const assumed: Answer = {
  body: `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>ASIAEXAMPLE000000000</AccessKeyId><SecretAccessKey>made-up-secret</SecretAccessKey><SessionToken>made-up-token</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
};

const ROLE = "arn:aws:iam::123456789012:role/deploy";

/** A connection that assumes a role with the key of another connection. */
function roleOf(stsEndpoint?: string): Partial<AdapterTest> {
  const common = { region: "eu-central-1", ...(stsEndpoint === undefined ? {} : { stsEndpoint }) };
  const credentials = { type: "iamRole", principal: { $connection: "Main" }, roleArn: ROLE };
  return {
    settings: { ...common, credentials },
    related: { Main: { kind: "aws", settings: { ...common, credentials: keys } } },
  };
}

describe("answers of STS, simulated after the STS API Reference (common errors) and the IAM User Guide (troubleshooting)", () => {
  it.each([
    ["RequestExpired", refusal(400, "RequestExpired"), "clock-skew"],
    ["RequestTimeTooSkewed", refusal(403, "RequestTimeTooSkewed"), "clock-skew"],
    [
      "SignatureDoesNotMatch for a signature of the past",
      refusal(403, "SignatureDoesNotMatch", "Signature expired: 20260101T000000Z is now earlier than 20260101T001000Z"),
      "clock-skew",
    ],
    [
      "SignatureDoesNotMatch for a signature of the future",
      refusal(403, "SignatureDoesNotMatch", "Signature not yet current: 20260101T001000Z is still later than 20260101T000000Z"),
      "clock-skew",
    ],
    [
      "SignatureDoesNotMatch for another region",
      refusal(403, "SignatureDoesNotMatch", "Credential should be scoped to a valid region."),
      "invalid-input",
    ],
    ["SignatureDoesNotMatch for a wrong secret", refusal(403, "SignatureDoesNotMatch"), "wrong-secret"],
    ["InvalidClientTokenId", refusal(403, "InvalidClientTokenId"), "wrong-id"],
    ["ExpiredToken", refusal(403, "ExpiredToken"), "expired"],
    ["ExpiredTokenException", refusal(400, "ExpiredTokenException"), "expired"],
    ["AccessDenied", refusal(403, "AccessDenied"), "missing-permission"],
    ["RegionDisabledException", refusal(403, "RegionDisabledException"), "invalid-input"],
    ["Throttling", refusal(400, "Throttling", "Rate exceeded"), "rate-limited"],
    ["InternalFailure", refusal(500, "InternalFailure"), "provider-error"],
    ["ServiceUnavailable", refusal(503, "ServiceUnavailable"), "provider-error"],
    ["a code that is new", refusal(400, "SomethingNew"), "provider-error"],
  ] as const)("%s", async (_, answer, outcome) => {
    const tested = await testAgainst([answer]);
    expect(tested.check("identity")).toMatchObject({ outcome });
  });

  it("tells by how much the clock is off", async () => {
    const date = new Date(Date.now() - 20 * 60_000).toUTCString();
    const tested = await testAgainst([{ ...refusal(403, "RequestTimeTooSkewed"), headers: { date } }]);
    expect(tested.check("identity").message).toMatch(/20 minutes ahead/);
  });

  it("suggests the global endpoint where STS is switched off", async () => {
    const tested = await testAgainst([refusal(403, "RegionDisabledException")]);
    expect(tested.check("identity").hint).toContain("https://sts.amazonaws.com");
  });

  it("asks once more when a signature was refused, since AWS may do so after another secret", async () => {
    const tested = await testAgainst([refusal(403, "SignatureDoesNotMatch"), user]);
    expect(tested.outcome).toBe("ok");
  });

  it("does not ask once more when the time was refused", async () => {
    const tested = await testAgainst([refusal(403, "SignatureDoesNotMatch", "Signature expired: now"), user]);
    expect(tested.outcome).toBe("clock-skew");
  });

  it("names action and kind of policy that AWS names", async () => {
    const message =
      "User: arn:aws:iam::123456789012:user/x is not authorized to perform: sts:GetCallerIdentity with an explicit deny in a service control policy";
    const tested = await testAgainst([refusal(403, "AccessDenied", message)]);
    expect(tested.check("identity")).toMatchObject({
      message: "sts:GetCallerIdentity is denied by a policy: service control",
      evidence: { missing: ["sts:GetCallerIdentity"] },
    });
  });

  it("names partitions that do not fit", async () => {
    const settings = { region: "cn-north-1", stsEndpoint: "https://sts.example.com", credentials: keys };
    const tested = await testAgainst([user], { settings });
    expect(tested.check("identity")).toMatchObject({ outcome: "identity-mismatch", message: expect.stringContaining("aws-cn") });
  });
});

describe("a role whose trust policy is tried, simulated after the STS API Reference (AssumeRole)", () => {
  const TITLE = "trust policy demands the external ID";
  const denied = refusal(403, "AccessDenied");

  /** Tests a role that can be assumed, and gives what came of it when STS answers like this to the other attempts. */
  async function tryPolicy(attempts: readonly Answer[]) {
    const assumedRole = identity("arn:aws:sts::123456789012:assumed-role/deploy/TeamCity-session");
    const tested = await testAgainst([user, assumed, assumedRole, ...attempts], roleOf());
    expect(tested.check("identity of the role").outcome).toBe("ok");
    return tested.check(TITLE);
  }

  it("is safe if it is refused with another external ID, and without one", async () => {
    const { outcome, message, complaints } = await tryPolicy([denied, denied]);
    expect({ outcome, complaints }).toEqual({ outcome: "ok", complaints: undefined });
    expect(message).toBe("AWS refuses the role with another external ID, and without one");
  });

  it.each([
    ["with any external ID", [assumed, denied]],
    ["with any external ID", [assumed, assumed]],
    ["with any external ID", [assumed, refusal(400, "Throttling")]],
    ["without an external ID", [denied, assumed]],
  ])("is not safe if it is given %s", async (how, attempts) => {
    expect(await tryPolicy(attempts)).toMatchObject({
      outcome: "ok",
      message: expect.stringContaining(how),
      complaints: [{ code: "PB223", message: `${ROLE} can be assumed ${how}` }],
    });
  });

  it.each([
    ["a limit, twice", [refusal(400, "Throttling"), refusal(400, "Throttling")]],
    ["a limit after a refusal", [denied, refusal(400, "ThrottlingException")]],
    ["429", [{ status: 429, body: "" }, denied]],
    ["403 that asks to wait", [{ status: 403, headers: { "retry-after": "60" }, body: "" }, denied]],
    ["a failure", [refusal(503, "ServiceUnavailable"), denied]],
    ["a page with 403", [{ status: 403, type: "text/html", body: "<html><body>Blocked</body></html>" }, denied]],
    ["a session that has ended", [refusal(403, "ExpiredToken"), denied]],
  ])("is not called safe because of %s", async (_, attempts) => {
    const { outcome, message, complaints } = await tryPolicy(attempts);
    expect({ outcome, complaints }).toEqual({ outcome: "unverifiable", complaints: undefined });
    expect(message).toMatch(/^the trust policy could not be tried: /);
  });
});

describe("what is not AWS, simulated", () => {
  it.each([
    ["a page with 200", { type: "text/html", body: "<html><body>Sign in</body></html>" }, "wrong-server"],
    ["a page that is no XML", { type: "text/html", body: "<!doctype html><p>Sign in<br>here" }, "wrong-server"],
    ["a page with 403", { status: 403, type: "text/html", body: "<html><body>Blocked</body></html>" }, "wrong-server"],
    ["JSON", { type: "application/json", body: '{"ok":true}' }, "wrong-server"],
    ["an ARN that is none", identity("made up"), "provider-error"],
  ] as const)("%s", async (_, answer, outcome) => {
    const tested = await testAgainst([answer]);
    expect(tested.check("identity").outcome).toBe(outcome);
    expect(JSON.stringify(tested.checks)).not.toMatch(/Sign in|Blocked/);
  });

  it("cannot be proven where GetCallerIdentity does not exist, as at MinIO (cmd/sts-handlers.go)", async () => {
    const credentials = { ...keys, useSessionCredentials: true };
    const settings = { region: "eu-central-1", stsEndpoint: "https://sts.example.com", credentials };
    const tested = await testAgainst([refusal(400, "InvalidParameterValue", "Unsupported action GetCallerIdentity")], {
      settings,
    });
    expect(tested.summary).toEqual(["access key: ok", "identity: unverifiable", "session credentials: invalid-input"]);
  });

  describe("and gives roles, as MinIO does (cmd/sts-handlers.go)", () => {
    const unknown = refusal(400, "InvalidParameterValue", "Unsupported action GetCallerIdentity");

    it("whatever the external ID, which is told", async () => {
      const tested = await testAgainst([unknown, assumed, unknown, assumed], roleOf("https://sts.example.com"));
      expect(tested.summary).toEqual([
        "role: ok",
        "credentials of the principal: unverifiable",
        "role can be assumed: ok",
        "identity of the role: unverifiable",
        "trust policy demands the external ID: ok",
      ]);
      expect(tested.checks.at(-1)?.complaints).toMatchObject([{ code: "PB223", message: expect.stringContaining("with any") }]);
    });

    it("to nobody who gives an external ID, so that nothing is proven", async () => {
      const tested = await testAgainst([unknown], roleOf("https://sts.example.com"));
      expect(tested.summary).toEqual([
        "role: ok",
        "credentials of the principal: unverifiable",
        "role can be assumed: unverifiable",
        "identity of the role: -",
        "trust policy demands the external ID: -",
      ]);
    });
  });
});

describe("a machine without credentials", () => {
  it("has no default provider chain", async () => {
    for (const name of ["AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE"]) vi.stubEnv(name, undefined);
    for (const name of ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"]) vi.stubEnv(name, "/nonexistent");
    vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
    try {
      const settings = { region: "eu-central-1", credentials: { type: "defaultProviderChain" } };
      const tested = await testAgainst([user], { settings });
      expect(tested.check("identity")).toMatchObject({ outcome: "invalid-input", hint: expect.stringContaining("AWS_PROFILE") });
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

describe("an error without a code that AWS gave, simulated", () => {
  it.each([
    ["404 with nothing", { status: 404, body: "" }, "wrong-server"],
    ["404 with a page", { status: 404, type: "text/html", body: "<html><body>x</body></html>" }, "wrong-server"],
    [
      "two codes",
      {
        status: 403,
        body: "<ErrorResponse><Error><Code>AccessDenied</Code><Code>made-up</Code><Message>x</Message></Error></ErrorResponse>",
      },
      "provider-error",
    ],
    [
      "a code that is no text",
      { status: 403, body: "<ErrorResponse><Error><Code><a>1</a></Code></Error></ErrorResponse>" },
      "provider-error",
    ],
    [
      "two messages",
      {
        status: 403,
        body: "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>x</Message><Message>y</Message></Error></ErrorResponse>",
      },
      "provider-error",
    ],
  ] as const)("%s", async (_, answer, outcome) => {
    const tested = await testAgainst([answer]);
    expect(tested.check("identity").outcome).toBe(outcome);
    expect(tested.check("identity").evidence).not.toHaveProperty("code");
  });
});
