import { secret } from "plugboard";
import { FindingsError, type SettingsByKind, type TestConnectionOptions, testConnection } from "plugboard/test";
import { describe, expect, it } from "vitest";
import { appKey } from "./support/github.js";
import { startInternet } from "./support/internet.js";

const client = { clientId: "Iv1.example", clientSecret: secret("client") };

/** The settings of each kind with an address in them, and the one that it is in. */
const kinds: {
  readonly [Kind in keyof SettingsByKind]?: readonly [string, (address: string) => Omit<SettingsByKind[Kind], "displayName">];
} = {
  docker: ["url", (url) => ({ url, userName: "ci", password: secret("password") })],
  npm: ["url", (url) => ({ url, token: secret("token") })],
  githubEnterprise: ["serverUrl", (serverUrl) => ({ serverUrl, ...client })],
  githubApp: ["ownerUrl", (ownerUrl) => ({ ownerUrl, appId: "123456", privateKey: secret("key"), ...client })],
  aws: [
    "stsEndpoint",
    (stsEndpoint) => ({ stsEndpoint, region: "eu-central-1", credentials: { type: "accessKeys", accessKey: secret("pair") } }),
  ],
};

const secrets = {
  password: "made-up-password",
  token: "made-up-token",
  client: "made-up-client-secret",
  key: appKey,
  pair: JSON.stringify({ accessKeyId: "AKIAEXAMPLE000000000", secretAccessKey: "made-up-secret-access-key" }),
};

describe.each(Object.entries(kinds))("the address of %s", (kind, [setting, make]) => {
  /** Tests a connection with an address, and gives what is told of it and which hosts were asked. */
  async function test(address: string) {
    const { config, asked } = await startInternet({});
    const options: TestConnectionOptions = { secrets, environment: {}, ...config };
    const tested = testConnection(kind as "npm", make(address) as SettingsByKind["npm"], options);
    return { told: await tested.catch((error: unknown) => error), asked };
  }

  it.each([
    "not an address",
    "https://",
    "https://host.example.com:port",
    "https://host.example.com:99999",
    "https://%zz.example.com",
    "ftp://host.example.com",
    "file:///etc/passwd",
  ])("is not %j", async (address) => {
    const { told, asked } = await test(address);
    expect(told).toMatchObject({
      outcome: "invalid-input",
      checks: [{ title: "address", outcome: "invalid-input", message: `${setting} is not an http or https address` }],
    });
    expect(JSON.stringify(told)).not.toMatch(/made-up|BEGIN/);
    expect(asked).toEqual([]);
  });

  it("has no port of another protocol", async () => {
    const { told, asked } = await test(`https://host.example.com:22${kind === "githubApp" ? "/example" : ""}`);
    expect(told).toMatchObject({
      outcome: "invalid-input",
      checks: expect.arrayContaining([
        expect.objectContaining({
          outcome: "invalid-input",
          message: "port 22 of host.example.com is one of other protocols",
        }),
      ]),
    });
    expect(JSON.stringify(told)).not.toMatch(/made-up|BEGIN/);
    expect(asked).toEqual([]);
  });

  it.each(["https://ci:made-up@host.example.com", "https://made-up@host.example.com/example"])(
    "holds no credentials: %s",
    async (address) => {
      const { told, asked } = await test(address);
      expect(told).toBeInstanceOf(FindingsError);
      expect(told).toMatchObject({ findings: [{ code: "PB131", message: expect.stringContaining(`\`${setting}\``) }] });
      expect(JSON.stringify(told) + String(told)).not.toContain("made-up");
      expect(asked).toEqual([]);
    },
  );
});
