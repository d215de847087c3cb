import { describe, expect, it } from "vitest";
import { connectionTypes } from "../src/connections/index.js";
import { isScrambled, readFeature, writeParams } from "../src/contract/walk.js";
import { typesByKind } from "../src/formats/features.js";
import { plainSecrets, secretOffsets, secretShape } from "../src/formats/plain-secrets.js";
import { readTeamCityXml, writeTeamCityXml } from "../src/formats/teamcity-xml/index.js";
import type { Settings } from "../src/model/schema.js";
import { typesWithFixtures } from "./support/fixtures.js";
import { growth } from "./support/processor-time.js";
import { samples } from "./support/samples.js";

const types = typesByKind(connectionTypes);
const letters = "aB3".repeat(20);

/** Put together here, so that no scanner of this repository takes them for real. */
const shaped: readonly (readonly [what: string, text: string])[] = [
  ["a private key", `-----BEGIN ${"RSA"} PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----`],
  ["a private key", "-----BEGIN PRIVATE KEY-----"],
  ["a private key", "-----BEGIN OPENSSH PRIVATE KEY-----"],
  ["a GitHub token", `ghp_${letters.slice(0, 36)}`],
  ["a GitHub token", `gho_${letters.slice(0, 36)}`],
  ["a GitHub token", `github_pat_${letters.slice(0, 22)}_${letters}`],
  ["a GitLab token", `glpat-${letters.slice(0, 20)}`],
  ["a Slack token", `xoxb-123456789012-${letters}`],
  ["a Slack token", `xoxp-123456789012-${letters}`],
  ["a Slack token", `xapp-1-A0000000000-${letters}`],
  ["a Slack webhook", `https://hooks.slack.com/services/T00000000/B00000000/${letters}`],
  ["a GitLab token", `glrt-${letters.slice(0, 20)}`],
  ["a Docker token", `dckr_oat_${letters.slice(0, 27)}`],
  ["an Atlassian token", `ATATT3${letters.slice(0, 30)}`],
  ["a TeamCity token", `eyJ0eXAiOiAiVENWMiJ9.${letters}.x`],
  ["a PyPI token", `pypi-${letters}`],
  ["a Stripe key", `sk_live_${letters.slice(0, 24)}`],
  ["a bearer token", `Authorization: Bearer ${letters}`],
  ["a password", "Server=db.example.com;User=bob;Password=hunter2;"],
  ["a password", `//npm.example.com/:_authToken=${letters.slice(0, 12)}`],
  ["an npm token", `npm_${letters.slice(0, 36)}`],
  ["a Docker token", `dckr_pat_${letters.slice(0, 27)}`],
  ["a Vault token", `hvs.${letters.slice(0, 24)}`],
  ["a Google API key", `AIza${letters.slice(0, 35)}`],
  ["a JSON Web Token", `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.${letters}`],
  ["an address with a password", "https://bob:hunter2@registry.example.com/v2"],
  ["an address with a password", "jdbc:postgresql://bob:p%40ss@db.example.com/teamcity"],
  ["an address with a password", "see https://:hunter2@example.com"],
];

describe("a secret's shape", () => {
  it.each(shaped)("%s: %j", (what, text) => {
    expect(secretShape(text)).toBe(what);
    expect(secretShape(`before ${text} after`)).toBe(what);
    expect(secretOffsets(`<!-- ${text}\n${text} -->`)).toHaveLength(2);
  });

  it.each([
    "",
    "me@example.com",
    "git@github.com:acme/shop.git",
    "ssh://git@github.com/acme/shop.git",
    "https://bob@bitbucket.org/acme/shop.git",
    "https://bob:%git.password%@example.com",
    "https://bob:%a%%b%@example.com",
    "https://example.com:8080/packages/@acme/x",
    "https://example.com/a:b@c",
    "-----BEGIN PUBLIC KEY-----",
    "-----BEGIN CERTIFICATE-----",
    "AKIAEXAMPLE000000000",
    "0123456789abcdef0123456789abcdef01234567",
    "credentialsJSON:00000000-0000-4000-8000-000000000001",
    "ghp_short",
    "npm_config_registry",
    "Server=db.example.com;Password=%db.password%;",
    'const dbPassword = dockerRegistry("DbPassword", {',
    "password=secret(",
  ])("is not that of %j", (text) => {
    expect(secretShape(text)).toBeUndefined();
    expect(secretOffsets(text)).toEqual([]);
  });

  it.each(["eyJ-", "https://a:", "://:%a%", "-----BEGIN A ", "ghp_aaaaaaaaaaaaaaaaaaaaaaaaaaaaa-", "xoxb-x "])(
    "is looked for in linear time: %j over and over",
    (part) => {
      const look = (times: number): void => {
        const text = part.repeat(times);
        secretShape(text);
        secretOffsets(text);
      };
      expect(growth(look, Math.ceil(2 ** 17 / part.length))).toBeLessThan(1.5);
    },
  );
});

describe("parameters that are secrets in plain text", () => {
  const found = (stored: Record<string, string>) => Object.fromEntries(plainSecrets(stored));
  const token = "credentialsJSON:00000000-0000-4000-8000-000000000001";

  it("are those with `secure:` whose value is neither token, scrambled, reference nor blank", () => {
    const harmless = {
      "secure:a": token,
      "secure:b": "zxx0a0b",
      "secure:c": "scrambled:aGk=",
      "secure:d": " ",
      "secure:e": "%env.X%",
    };
    expect(
      found({ ...harmless, "secure:f": "hunter2", "secure:g": "zxxhunter2", "secure:h": "-----BEGIN PRIVATE KEY-----" }),
    ).toEqual({
      "secure:f": "a secret",
      "secure:g": "a secret",
      "secure:h": "a private key",
    });
  });

  it("are texts that only begin like a token", () => {
    const alike = { "secure:a": "credentialsJSON:hunter6plain", password: `${token}x`, "secure:b": "credentialsJSON:" };
    expect(found({ ...alike, "secure:c": token })).toEqual({
      "secure:a": "a secret",
      password: "a secret",
      "secure:b": "a secret",
    });
  });

  it("and scrambled values are the same to the settings", () => {
    const params = { note: "zxxhello", old: "zxx00", "secure:a": "zxxhello" };
    expect(readFeature("F", "T", params).params).toEqual({
      note: "zxxhello",
      old: { $stored: true },
      "secure:a": { $stored: true },
    });
  });

  it("are those that are called so, unless the value says yes or no, or is a reference", () => {
    const secrets = {
      "deploy.password": "x",
      userPassword: "x",
      "env.NUGET_TOKEN": "x",
      clientSecret: "x y",
      aws_secret_access_key: "x",
      "private-key": "x",
    };
    expect(Object.keys(found(secrets))).toEqual(Object.keys(secrets));
    const others = {
      defaultTokenScope: "public_repo,repo",
      authType: "token",
      useToken: "true",
      password: "",
      "a.token": "%vault:secret/x!/token%",
      "b.token": token,
      tokenUrl: "https://example.com/token",
      "aws.access.key.id": "AKIAEXAMPLE000000000",
      passwordHint: "the name of your cat",
    };
    expect(found(others)).toEqual({});
  });

  it("are secret access keys beside an access key ID", () => {
    const key = "aB3/aB3+".repeat(5);
    expect(found({ id: "AKIAEXAMPLE000000000", value: key })).toEqual({ value: "an AWS secret access key" });
    expect(found({ text: `aws_access_key_id=ASIAEXAMPLE000000000\naws_secret_access_key = ${key}` })).toEqual({
      text: "an AWS secret access key",
    });
    expect(found({ id: "another", value: key })).toEqual({});
    expect(found({ id: "AKIAEXAMPLE000000000", commit: "0123456789abcdef0123456789abcdef01234567" })).toEqual({});
  });

  it.each(typesWithFixtures)(
    "are not in the fixtures of $type.functionName, whatever its parameters are called",
    ({ type, fixtures }) => {
      for (const { settings } of fixtures) {
        const texts = Object.entries(writeParams(type, settings)).filter(
          (each): each is [string, string] => typeof each[1] === "string",
        );
        expect(found(Object.fromEntries(texts.filter(([name]) => !name.startsWith("secure:"))))).toEqual({});
      }
    },
  );

  it("are not in the samples", () => {
    for (const { files } of samples) {
      for (const text of files.values()) {
        const stored = [...text.matchAll(/<param name="([^"]*)" value="([^"]*)"/g)].map(([, name = "", value = ""]) => [
          name,
          value,
        ]);
        expect(found(Object.fromEntries(stored))).toEqual({});
      }
    }
  });

  it("scrambled is what TeamCity scrambles", () => {
    expect(["zxx00ff", "scrambled:aGk=", "zxx", "zxxhello", "hello"].map(isScrambled)).toEqual([true, true, false, false, false]);
  });
});

describe("an import of XML", () => {
  const file = "Shop/project-config.xml";
  const key = "-----BEGIN PRIVATE KEY-----";
  const text = `<project>
  <name>Shop</name>
  <description>password: ${shaped[3]?.[1]}</description>
  <parameters>
    <param name="api.token" value="hunter2" />
    <param name="display" value="hunter3" spec="password display='hidden'" />
    <param name="ok" value="1" spec="text" />
    <param name="old" value="scrambled:aHVudGVyNA==" />
  </parameters>
  <project-extensions>
    <!-- ${shaped[6]?.[1]} -->
    <extension id="D" type="OAuthProvider">
      <parameters>
        <param name="displayName" value="D" />
        <param name="providerType" value="Docker" />
        <param name="repositoryUrl" value="https://bob:hunter5@registry.example.com" />
        <param name="secure:userPass" value="hunter6" />
        <param name="userName" value="bob" />
      </parameters>
    </extension>
    <extension id="N" type="OAuthProvider">
      <parameters>
        <param name="displayName" value="N" />
        <param name="note"><![CDATA[${key}
hunter7]]></param>
        <param name="providerType" value="Docker" />
        <param name="repositoryUrl" value="https://registry.example.com" />
        <param name="secure:userPass" value="zxx00" />
        <param name="userName" value="scrambled:aHVudGVyOA==" />
      </parameters>
    </extension>
    <extension id="T" type="Other">
      <parameters>
        <param name="password" value="hunter9" />
      </parameters>
    </extension>
  </project-extensions>
</project>
`;
  const { settings, findings } = readTeamCityXml(new Map([[file, text]]), types);

  it("reports each with its place, and repeats none", () => {
    expect(
      findings.filter((each) => each.code === "PB309").map(({ message, place }) => [place?.line, place?.column, message]),
    ).toEqual([
      [16, 9, '`repositoryUrl` of "D" is an address with a password in plain text; the settings have storedSecret() for it'],
      [17, 9, '`secure:userPass` of "D" is a secret in plain text; the settings have storedSecret() for it'],
      [24, 9, '`note` of "N" is a private key in plain text; the settings have storedSecret() for it'],
      [34, 9, '`password` of "T" is a secret in plain text; the settings have storedSecret() for it'],
      [5, 5, "a parameter of the project is left alone: `api.token` is a secret in plain text"],
      [6, 5, "a parameter of the project is left alone: `display` is a password in plain text"],
      [3, 26, "a secret in plain text stands here; it is left alone"],
      [11, 10, "a secret in plain text stands here; it is left alone"],
    ]);
    expect(findings.every((each) => each.place?.file === file && each.severity !== "error")).toBe(true);
    expect(findings.find((each) => each.code === "PB315")?.message).toContain("`old` is scrambled");
    expect(JSON.stringify(findings)).not.toMatch(/hunter|aHVud|ghp_|glpat/);
  });

  it("has them in the settings as what is stored, or not at all", () => {
    const stored = { $stored: true };
    expect(settings?.project).toEqual({
      id: "Shop",
      parameters: { ok: "1" },
      connections: [
        {
          id: "D",
          kind: "docker",
          settings: { displayName: "D", userName: "bob", password: stored, params: { repositoryUrl: stored } },
        },
        {
          id: "N",
          kind: "docker",
          settings: {
            displayName: "N",
            url: "https://registry.example.com",
            password: stored,
            params: { note: stored, userName: stored },
          },
        },
      ],
      features: [{ id: "T", type: "Other", params: { password: stored } }],
      subProjects: [],
    });
  });

  it("compiles to the file's bytes", () => {
    const { files, findings: complaints } = writeTeamCityXml(settings as Settings, { types, existing: () => text });
    expect(complaints).toEqual([]);
    expect(files.get(file)).toBe(text);
  });
});

describe("names of secrets", () => {
  const isSecret = (name: string): boolean => plainSecrets({ [name]: "plain-text-value" }).has(name);

  it.each([
    "DB_PASS",
    "db.pass",
    "pwd",
    "userPass",
    "token2",
    "password.prod",
    "secrets",
    "accessKey",
    "sshKey",
    "signing.key",
    "api.key.prod",
    "Secure:x",
    " secure:x",
  ])("%s", (name) => expect(isSecret(name)).toBe(true));

  it.each([
    "tokenId",
    "defaultTokenScope",
    "authType",
    "credentialsType",
    "awsAccessKeyId",
    "aws.access.key.id",
    "key-pair-name",
    "passive",
  ])("not %s", (name) => expect(isSecret(name)).toBe(false));
});
