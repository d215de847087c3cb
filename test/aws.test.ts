import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSessions } from "../src/tester/sessions.js";
import { type AdapterOutcome, type AdapterTest, testAdapter } from "./support/adapter.js";
import { AwsShim } from "./support/aws-shim.js";
import { startInternet } from "./support/internet.js";
import { ACCOUNT, type AccessKey, hasMoto, Moto } from "./support/moto.js";

const REGION = "eu-central-1";

const FIRST = `arn:aws:iam::${ACCOUNT}:role/first`;

describe.skipIf(!hasMoto)("AWS connections against moto behind a shim that refuses what moto does not", () => {
  let moto: Moto;
  let teamcity: AccessKey;
  let powerless: AccessKey;
  let rotating: AccessKey;
  let full: AccessKey;
  let deploy: string;
  let open: string;
  let second: string;
  let foreign: string;

  beforeAll(async () => {
    moto = await Moto.start();
    teamcity = await moto.createUser("teamcity", "sts:AssumeRole");
    powerless = await moto.createUser("powerless");
    rotating = await moto.createUser("rotating", "iam:GetUser", "iam:ListAccessKeys");
    full = await moto.createUser("full", "iam:GetUser", "iam:ListAccessKeys");
    await moto.createAccessKey("full");
    const principal = `arn:aws:iam::${ACCOUNT}:user/teamcity`;
    deploy = await moto.createRole("deploy", { principal, externalId: "Payments-Tested" });
    open = await moto.createRole("open", { principal });
    foreign = await moto.createRole("foreign", {
      principal: `arn:aws:iam::${ACCOUNT}:user/other`,
      externalId: "Payments-Tested",
    });
    await moto.createRole("first", { principal, externalId: "Payments-First" }, "sts:AssumeRole");
    // moto knows the principal of a role's session by the ARN of the session, which AWS takes too.
    const session = `arn:aws:sts::${ACCOUNT}:assumed-role/first/TeamCity-session`;
    second = await moto.createRole("second", { principal: session, externalId: "Payments-Tested" });
    await moto.enforce(true);
  });

  afterAll(() => moto?.stop());

  /** Tests a connection of the region, with its secrets as they are given or those of the fixtures. */
  async function test(
    credentials: object,
    { settings = {}, shim = new AwsShim(moto), ...rest }: Partial<AdapterTest> & { readonly shim?: AwsShim } = {},
  ): Promise<AdapterOutcome> {
    const internet = await startInternet({ [`sts.${REGION}.amazonaws.com`]: shim.site, "iam.amazonaws.com": shim.site });
    return await testAdapter({
      kind: "aws",
      settings: { region: REGION, credentials, ...settings },
      transport: internet.config,
      secrets: { main: JSON.stringify(teamcity) },
      ...rest,
    });
  }

  const managed = { type: "accessKeys", accessKey: { $secret: "main" } };
  const role = (roleArn: string, principal = "Main") => ({ type: "iamRole", principal: { $connection: principal }, roleArn });
  const declared = (credentials: object) => ({ kind: "aws", projectId: "Payments", settings: { region: REGION, credentials } });
  const main = declared(managed);
  const first = declared(role(FIRST));

  describe("access keys", () => {
    it("tells account, user ID and ARN of a good key, and starts a session", async () => {
      const shim = new AwsShim(moto);
      const tested = await test(managed, { shim });
      expect(tested.summary).toEqual(["access key: ok", "identity: ok", "session credentials: ok"]);
      const { message, evidence } = tested.check("identity");
      expect(message).toMatch(/^account 123456789012, user ID "\w+", ARN arn:aws:iam::123456789012:user\/teamcity$/);
      expect(evidence?.facts).toMatchObject({ account: ACCOUNT, accessKeyId: `…${teamcity.accessKeyId.slice(-4)}` });
      expect(shim.calls).toEqual(["GetCallerIdentity", "GetSessionToken"]);
    });

    it("starts no session if none is wanted", async () => {
      const shim = new AwsShim(moto);
      const tested = await test({ ...managed, useSessionCredentials: false }, { shim });
      expect(tested.summary).toEqual(["access key: ok", "identity: ok"]);
      expect(shim.calls).toEqual(["GetCallerIdentity"]);
    });

    it("takes ID and secret apart as well", async () => {
      const { accessKeyId, secretAccessKey } = teamcity;
      const tested = await test(
        { type: "accessKeys", accessKeyId, secretAccessKey: { $secret: "half" } },
        { secrets: { half: secretAccessKey } },
      );
      expect(tested.outcome).toBe("ok");
    });

    it.each([
      ["not JSON", "AKIAEXAMPLE000000000"],
      ["JSON of another kind", "null"],
      ["JSON without the secret", '{"accessKeyId":"AKIAEXAMPLE000000000"}'],
      ["JSON with an empty secret", '{"accessKeyId":"AKIAEXAMPLE000000000","secretAccessKey":""}'],
    ])("refuses a value that is no pair before anything is sent: %s", async (_, value) => {
      const shim = new AwsShim(moto);
      const tested = await test(managed, { shim, secrets: { main: value } });
      expect(tested.summary).toEqual(["access key: invalid-input", "identity: -", "session credentials: -"]);
      expect(tested.check("access key").message).toContain("the secret main");
      expect(shim.calls).toEqual([]);
    });

    it.each([
      ["an ID of temporary credentials", { accessKeyId: "ASIAEXAMPLE000000000", secretAccessKey: "x" }, "session token"],
      ["an ID that is none", { accessKeyId: "AKIA", secretAccessKey: "x" }, "access key ID"],
      ["a secret with a line break", { accessKeyId: "AKIAEXAMPLE000000000", secretAccessKey: "x\n" }, "white space"],
    ])("refuses %s before anything is sent", async (_, key, word) => {
      const shim = new AwsShim(moto);
      const tested = await test(managed, { shim, secrets: { main: JSON.stringify(key) } });
      expect(tested.outcome).toBe("invalid-input");
      expect(tested.check("access key").message).toContain(word);
      expect(shim.calls).toEqual([]);
    });

    it("tells an unknown key", async () => {
      const key = { ...teamcity, accessKeyId: "AKIAUNKNOWN000000000" };
      const tested = await test(managed, { secrets: { main: JSON.stringify(key) } });
      expect(tested.outcome).toBe("wrong-id");
      expect(tested.check("identity").evidence).toMatchObject({ status: 403, code: "InvalidClientTokenId" });
    });

    it("tells an inactive key", async () => {
      const shim = new AwsShim(moto);
      shim.inactive.add(teamcity.accessKeyId);
      expect((await test(managed, { shim })).outcome).toBe("wrong-id");
    });

    it("tells a wrong secret, after asking twice", async () => {
      const shim = new AwsShim(moto);
      const key = { ...teamcity, secretAccessKey: powerless.secretAccessKey };
      const tested = await test(managed, { shim, secrets: { main: JSON.stringify(key) } });
      expect(tested.outcome).toBe("wrong-secret");
      expect(shim.calls).toEqual(["GetCallerIdentity", "GetCallerIdentity"]);
      expect(JSON.stringify(tested.checks)).not.toContain(powerless.secretAccessKey);
    });

    it("signs for us-east-1 at the global endpoint", async () => {
      const signed: (string | undefined)[] = [];
      const shim = new AwsShim(moto);
      const internet = await startInternet({
        "sts.amazonaws.com": (request, response) => {
          signed.push(request.headers.authorization);
          shim.site(request, response);
        },
      });
      const tested = await testAdapter({
        kind: "aws",
        settings: { region: REGION, stsEndpoint: "https://sts.amazonaws.com", credentials: managed },
        transport: internet.config,
        secrets: { main: JSON.stringify(teamcity) },
      });
      expect(tested.outcome).toBe("ok");
      expect(signed[0]).toContain("/us-east-1/sts/aws4_request");
    });

    it("goes to the endpoint that the environment names, and rather to that of the settings", async () => {
      const shim = new AwsShim(moto);
      const sites = { "sts.internal.example": shim.site, "sts.settings.example": shim.site };
      const internet = await startInternet(sites);
      const common = {
        kind: "aws",
        transport: internet.config,
        secrets: { main: JSON.stringify(teamcity) },
        environment: { AWS_ENDPOINT_URL_STS: "https://sts.internal.example" },
      };
      const settings = { region: REGION, credentials: managed };
      expect((await testAdapter({ ...common, settings })).outcome).toBe("ok");
      expect(new Set(internet.asked)).toEqual(new Set(["sts.internal.example:443"]));
      const explicit = { ...settings, stsEndpoint: "https://sts.settings.example" };
      expect((await testAdapter({ ...common, settings: explicit })).outcome).toBe("ok");
      expect(internet.asked.at(-1)).toBe("sts.settings.example:443");
    });

    it("shares one identity and one session between connections with the same key", async () => {
      const shim = new AwsShim(moto);
      const sessions = createSessions();
      await test(managed, { shim, sessions });
      await test(managed, { shim, sessions, connectionId: "Other" });
      expect(shim.calls).toEqual(["GetCallerIdentity", "GetSessionToken"]);
    });
  });

  describe("rights for rotation, in a deep test", () => {
    it("are proven as far as they can be without a rotation", async () => {
      const tested = await test(managed, { deep: true, secrets: { main: JSON.stringify(rotating) } });
      expect(tested.check("rights for rotation")).toMatchObject({ outcome: "ok", evidence: { facts: { accessKeys: 1 } } });
      expect(tested.check("rights for rotation").complaints).toBeUndefined();
    });

    it("are reported as missing, which is no failure", async () => {
      const tested = await test(managed, { deep: true, secrets: { main: JSON.stringify(powerless) } });
      expect(tested.outcome).toBe("ok-limited");
      expect(tested.check("rights for rotation").evidence?.missing).toEqual(["iam:GetUser"]);
    });

    it("are of no use to a user with two keys", async () => {
      const tested = await test(managed, { deep: true, secrets: { main: JSON.stringify(full) } });
      expect(tested.check("rights for rotation").complaints).toMatchObject([{ code: "PB224" }]);
    });

    it("are left alone otherwise", async () => {
      const shim = new AwsShim(moto);
      await test(managed, { shim, secrets: { main: JSON.stringify(rotating) } });
      expect(shim.calls).not.toContain("GetUser");
    });
  });

  describe("IAM roles", () => {
    it("are assumed from a session of the principal, and only with the right external ID", async () => {
      const shim = new AwsShim(moto);
      const tested = await test(role(deploy), { shim, related: { Main: main } });
      expect(tested.summary).toEqual([
        "role: ok",
        "credentials of the principal: ok",
        "role can be assumed: ok",
        "identity of the role: ok",
        "trust policy demands the external ID: ok",
      ]);
      expect(tested.check("identity of the role").evidence?.facts?.arn).toBe(
        `arn:aws:sts::${ACCOUNT}:assumed-role/deploy/TeamCity-session`,
      );
      expect(tested.check("trust policy demands the external ID").complaints).toBeUndefined();
      expect(shim.calls).toEqual([
        ...["GetSessionToken", "GetCallerIdentity"],
        ...["AssumeRole", "GetCallerIdentity"],
        ...["AssumeRole", "AssumeRole"],
      ]);
    });

    it("are found out if they can be assumed without the external ID: PB223", async () => {
      const tested = await test(role(open), { related: { Main: main } });
      expect(tested.outcome).toBe("ok");
      expect(tested.check("trust policy demands the external ID").complaints).toMatchObject([
        { code: "PB223", hint: expect.stringContaining("Payments-Tested") },
      ]);
    });

    it.each([
      ["the external ID is another", () => ({ roleArn: deploy, connectionId: "Renamed" })],
      ["the trust policy names another principal", () => ({ roleArn: foreign, connectionId: "Tested" })],
      ["there is no such role", () => ({ roleArn: `arn:aws:iam::${ACCOUNT}:role/nowhere`, connectionId: "Tested" })],
    ])("are refused with all suspects named, if %s", async (_, make) => {
      const { roleArn, connectionId } = make();
      const tested = await test(role(roleArn), { related: { Main: main }, connectionId });
      const { outcome, hint, evidence } = tested.check("role can be assumed");
      expect(outcome).toBe("missing-permission");
      expect(hint).toContain(`arn:aws:iam::${ACCOUNT}:user/teamcity with sts:ExternalId Payments-${connectionId}`);
      expect(evidence?.missing).toEqual(["sts:AssumeRole"]);
      expect(tested.summary.slice(-2)).toEqual(["identity of the role: -", "trust policy demands the external ID: -"]);
    });

    it("are refused if the principal may not assume roles", async () => {
      const tested = await test(role(deploy), { related: { Main: main }, secrets: { main: JSON.stringify(powerless) } });
      expect(tested.check("role can be assumed").outcome).toBe("missing-permission");
    });

    it("are assumed one from another", async () => {
      const tested = await test(role(second, "First"), { related: { First: first, Main: main } });
      expect(tested.outcome).toBe("ok");
      expect(tested.check("credentials of the principal").message).toContain("assumed-role/first/TeamCity-session");
    });

    it("last an hour at most if the principal is itself a role, which is said before the call", async () => {
      const shim = new AwsShim(moto);
      const related = { First: first, Main: main };
      const tested = await test(role(second, "First"), { shim, related, settings: { sessionDuration: 61 } });
      expect(tested.check("role can be assumed")).toMatchObject({
        outcome: "invalid-input",
        message: expect.stringContaining("60 minutes"),
      });
      expect(shim.calls.at(-1)).toBe("GetCallerIdentity");
    });

    it("whose principals lead in a circle are told", async () => {
      const one = declared(role(FIRST, "Two"));
      const two = declared(role(FIRST, "One"));
      const shim = new AwsShim(moto);
      const tested = await test(role(deploy, "One"), { shim, related: { One: one, Two: two } });
      expect(tested.check("credentials of the principal")).toMatchObject({
        outcome: "invalid-input",
        message: "the principals lead in a circle: Tested, One, Two, One",
      });
      expect(shim.calls).toEqual([]);
    });

    it("cannot be proven if the principal is declared elsewhere", async () => {
      const tested = await test(role(deploy, "Elsewhere"));
      expect(tested.outcome).toBe("unverifiable");
      expect(tested.summary.slice(2)).toEqual([
        "role can be assumed: -",
        "identity of the role: -",
        "trust policy demands the external ID: -",
      ]);
    });

    it("fail with what is wrong with the principal", async () => {
      const key = { ...teamcity, accessKeyId: "AKIAUNKNOWN000000000" };
      const tested = await test(role(deploy), { related: { Main: main }, secrets: { main: JSON.stringify(key) } });
      expect(tested.check("credentials of the principal").outcome).toBe("wrong-id");
    });

    it.each([
      ["a session that is too long", { sessionDuration: 721 }, "720 minutes"],
      ["a role of another partition", { region: "cn-north-1" }, "aws-cn"],
    ])("are refused before anything is sent: %s", async (_, settings, word) => {
      const shim = new AwsShim(moto);
      const tested = await test(role(deploy), { shim, settings, related: { Main: main } });
      expect(tested.check("role")).toMatchObject({ outcome: "invalid-input", message: expect.stringContaining(word) });
      expect(shim.calls).toEqual([]);
    });

    it("share the session of their principal, and their own", async () => {
      const shim = new AwsShim(moto);
      const sessions = createSessions();
      await test(role(deploy), { shim, sessions, related: { Main: main } });
      const before = shim.calls.length;
      await test(role(deploy), { shim, sessions, related: { Main: main } });
      expect(shim.calls.slice(before)).toEqual(["AssumeRole", "AssumeRole"]);
    });
  });

  describe("the default provider chain", () => {
    const chain = { type: "defaultProviderChain" };

    it("tells the source of the credentials, and that they are those of this machine", async () => {
      const environment = { AWS_ACCESS_KEY_ID: teamcity.accessKeyId, AWS_SECRET_ACCESS_KEY: teamcity.secretAccessKey };
      const tested = await test(chain, { environment });
      expect(tested.outcome).toBe("ok-limited");
      expect(tested.check("identity").evidence?.facts).toMatchObject({ source: "environment variables", account: ACCOUNT });
      expect(tested.check("identity").message).toContain("of this machine");
    });

    it("tells a session that has ended", async () => {
      const shim = new AwsShim(moto);
      shim.sessionsHaveEnded = true;
      const environment = {
        AWS_ACCESS_KEY_ID: "ASIAEXAMPLE000000000",
        AWS_SECRET_ACCESS_KEY: "made-up",
        AWS_SESSION_TOKEN: "made-up-token",
      };
      expect((await test(chain, { shim, environment })).outcome).toBe("expired");
    });

    it("assumes roles, and says whose credentials they were if it is refused", async () => {
      const environment = { AWS_ACCESS_KEY_ID: teamcity.accessKeyId, AWS_SECRET_ACCESS_KEY: teamcity.secretAccessKey };
      const related = { Main: declared(chain) };
      expect((await test(role(deploy), { environment, related })).outcome).toBe("ok-limited");
      const refused = await test(role(foreign), { environment, related });
      expect(refused.check("role can be assumed").hint).toContain("the credentials of this machine");
    });
  });
});
