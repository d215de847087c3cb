import { describe, expect, it } from "vitest";
import * as z from "zod";
import { connectionPage, connectionsIndex } from "../scripts/generate/docs.js";
import {
  authoringWith,
  connectionSettings,
  contractCases,
  defineConnection,
  defineRule,
  type Fixture,
  httpUrl,
  param,
  setting,
} from "../src/entry/contract.js";
import { canonicalProjects, equalSettings, type Lock, readTeamCityXml, writeTeamCityXml } from "../src/entry/formats.js";
import { type Settings, serializeSettings, settingsJsonSchema } from "../src/entry/model.js";
import { compile } from "../src/entry/testing.js";
import { secret } from "../src/index.js";

/** A connection type that nobody has, with every form of parameter that the contract knows. */
const madeUp = defineConnection({
  kind: "madeUp",
  functionName: "madeUpConnection",
  title: "Made up",
  kotlinClass: "MadeUpConnection",
  providerType: "MadeUp",
  settings: connectionSettings({
    serverUrl: setting.text.describe("Address of the server."),
    edition: z.enum(["community", "hosted"]).describe("Which edition it is.").optional(),
    scopes: z.array(setting.text.regex(/^\w+$/, "PB132 a scope is a word")).describe("Scopes to ask for.").optional(),
    retries: z.int().min(0).describe("How often to try again.").optional(),
    mirror: z.boolean().describe("Whether it mirrors.").optional(),
    proxy: z
      .strictObject({
        host: setting.text.describe("The proxy's host."),
        password: setting.secret.describe("Its password.").optional(),
      })
      .describe("A proxy to go through.")
      .optional(),
    auth: z
      .union([
        z.strictObject({ type: z.literal("token"), token: setting.secret.describe("A token.") }),
        z.strictObject({ type: z.literal("via"), other: setting.connectionOf("madeUp").describe("Another connection.") }),
      ])
      .describe("How to sign in."),
  }),
  params: {
    displayName: param.text("displayName", "name"),
    serverUrl: param.text("madeUp.url", "url", { format: httpUrl }),
    edition: param.choice(
      "madeUp.edition",
      "edition",
      { community: { stored: "ce" }, hosted: { stored: "h" } },
      { written: "community" },
    ),
    scopes: param.list(" ", "madeUp.scopes", "scopes"),
    retries: param.integer("madeUp.retries", "retries", { default: 3 }),
    mirror: param.flag("madeUp.mirror", "mirror", { written: false }),
    proxy: param.group(
      { host: param.text("proxy.host", "host"), password: param.sealed("secure:proxy.password", "password") },
      { stored: "proxy.use", present: "yes", absent: "no" },
    ),
    auth: param.variant("madeUp.auth", "auth", {
      token: param.option("tok", "token", { token: param.sealed("secure:madeUp.token", "token") }),
      via: param.option("via", "via", { other: param.reference("madeUp", "madeUp.other", "other") }),
    }),
  },
  fixed: { "madeUp.v": "1" },
  guide: async () => ({ guide: { summary: "Talks to nobody.", uses: ["VCS roots"], rights: [], steps: [] } }),
});

const fixtures: Fixture[] = [
  {
    name: "required",
    settings: { displayName: "G", serverUrl: "https://g.example.com", auth: { type: "token", token: { $secret: "g" } } },
    params: {
      providerType: "MadeUp",
      "madeUp.v": "1",
      displayName: "G",
      "madeUp.url": "https://g.example.com",
      "madeUp.edition": "ce",
      "madeUp.mirror": "false",
      "proxy.use": "no",
      "madeUp.auth": "tok",
      "secure:madeUp.token": { $secret: "g" },
    },
  },
  {
    name: "everything",
    settings: {
      displayName: "G",
      serverUrl: "https://g.example.com",
      edition: "hosted",
      scopes: ["read", "write"],
      retries: 5,
      mirror: true,
      proxy: { host: "p", password: { $secret: "p" } },
      auth: { type: "via", other: { $connection: "Other", external: true } },
    },
    params: {
      providerType: "MadeUp",
      "madeUp.v": "1",
      displayName: "G",
      "madeUp.url": "https://g.example.com",
      "madeUp.edition": "h",
      "madeUp.scopes": "read write",
      "madeUp.retries": "5",
      "madeUp.mirror": "true",
      "proxy.use": "yes",
      "proxy.host": "p",
      "secure:proxy.password": { $secret: "p" },
      "madeUp.auth": "via",
      "madeUp.other": "Other",
    },
  },
];

describe("a type made with plugboard/contract alone", () => {
  const types = [madeUp];
  const { project } = authoringWith(types);
  const declared = project("Acme", ({ madeUpConnection, dockerRegistry, subProject }) => {
    dockerRegistry("Docker", { displayName: "d" });
    const main = madeUpConnection("Main", {
      displayName: "G",
      serverUrl: "https://g.example.com",
      auth: { type: "token", token: secret("g") },
    });
    subProject("Sub", ({ madeUpConnection }) => {
      madeUpConnection("Via", { displayName: "V", serverUrl: "https://g.example.com", auth: { type: "via", other: main } });
    });
  });

  describe("keeps the contract", () => {
    for (const { name, run } of contractCases(madeUp, fixtures)) it(name, run);
  });

  it("gets a function, rules for its references, and JSON", () => {
    const { model, findings } = compile(declared, { types });
    expect(findings).toEqual([]);
    expect(JSON.parse(serializeSettings(model as Settings)).project.subProjects[0].connections).toEqual([
      {
        id: "Via",
        kind: "madeUp",
        settings: { displayName: "V", serverUrl: "https://g.example.com", auth: { type: "via", other: { $connection: "Main" } } },
      },
    ]);
    expect(compile(declared).findings.map((each) => each.code)).toEqual(["PB115", "PB115"]);
  });

  it("gets XML, in both directions", () => {
    const model = compile(declared, { types }).model as Settings;
    const { files, findings } = writeTeamCityXml(model, { types });
    expect(findings).toEqual([]);
    expect(files.get("Sub/project-config.xml")).toContain('<param name="madeUp.other" value="Main" />');
    const read = readTeamCityXml(files, { types }).settings as Settings;
    expect(read.project.subProjects[0]?.connections[0]).toMatchObject({
      kind: "madeUp",
      settings: { auth: { other: { $connection: "Main" } } },
    });
    expect(writeTeamCityXml(read, { types }).files).toEqual(files);
  });

  it("gets compared by what it stores", () => {
    const model = compile(declared, { types }).model as Settings;
    const read = readTeamCityXml(writeTeamCityXml(model, { types }).files, { types }).settings as Settings;
    const lock: Lock = { version: 1, accessKeys: {} };
    expect(equalSettings(model, read, { types })).toBe(true);
    expect(equalSettings(model, read, { types, lock })).toBe(true);
    expect(equalSettings(model, { ...model, project: { ...model.project, name: "Other" } }, { types })).toBe(false);
    expect(canonicalProjects(model, { types }).map((each) => each.id)).toEqual(["Acme", "Sub"]);
  });

  it("gets checked like any other", () => {
    const bad = project("Acme", ({ madeUpConnection }) => {
      madeUpConnection("Bad", { displayName: "G", serverUrl: "no url", auth: { type: "tokn" } } as never);
      madeUpConnection("Url", { displayName: "G", serverUrl: "no url", auth: { type: "token", token: secret("x") } });
    });
    expect(compile(bad, { types }).findings.map(({ code, hint }) => [code, hint])).toEqual([
      ["PB114", 'Did you mean "token"?'],
      ["PB130", "Write it like https://host.example.com."],
    ]);
  });

  it("gets JSON Schema, a page and a row of the documentation", async () => {
    const schema = JSON.stringify(settingsJsonSchema(types));
    expect(schema).toContain('"const":"madeUp"');
    expect(schema).toContain("Address of the server.");
    const { guide } = await madeUp.guide();
    expect(connectionsIndex(types, new Map([["madeUp", guide]]))).toContain(
      "| [`madeUpConnection`](madeUpConnection.md) | Made up | `madeUp` | `MadeUp` | Talks to nobody. |",
    );
    const page = connectionPage(madeUp, guide);
    expect(page).toContain("| `retries` | How often to try again. | `3` | `madeUp.retries` | `retries` |");
    expect(page).toContain("| `proxy.password` | Its password. |  | `secure:proxy.password` | `password` |");
    expect(page).toContain('| `auth.type: "via"` |');
  });

  it("what does not fit the schema does not compile", () => {
    const settings = connectionSettings({ token: setting.secret.describe("A token."), on: z.boolean().describe("On.") });
    const rest = {
      kind: "x",
      functionName: "x",
      title: "X",
      kotlinClass: "X",
      providerType: "X",
      settings,
      guide: madeUp.guide,
    } as const;
    const displayName = param.text("displayName");
    // @ts-expect-error a setting without a parameter
    defineConnection({ ...rest, params: { displayName, on: param.flag("on") } });
    // @ts-expect-error a secret as plain text
    defineConnection({ ...rest, params: { displayName, on: param.flag("on"), token: param.text("token") } });
    const params = { displayName, on: param.flag("on"), token: param.sealed("secure:t") };
    defineConnection({ ...rest, params });
    // @ts-expect-error a parameter without a setting
    defineConnection({ ...rest, params: { ...params, ...{}, more: param.text("m") } });
    defineConnection({ ...rest, params, sharedBy: "on" });
    // @ts-expect-error a flag that is no setting
    defineConnection({ ...rest, params, sharedBy: "off" });
    // @ts-expect-error a setting that is no flag
    defineConnection({ ...rest, params, sharedBy: "displayName" });
  });

  it("checks and derived values know the settings", () => {
    const settings = connectionSettings({
      token: setting.secret.describe("A token."),
      other: setting.connectionOf("madeUp").describe("Another."),
      on: z.boolean().describe("On.").optional(),
    });
    defineConnection({
      kind: "x",
      functionName: "x",
      title: "X",
      kotlinClass: "X",
      providerType: "X",
      settings,
      guide: madeUp.guide,
      params: {
        displayName: param.text("displayName"),
        token: param.sealed("secure:t"),
        other: param.reference("madeUp", "other"),
        on: param.flag("on"),
      },
      checks: [
        function* ({ on, other, token }) {
          const held: boolean | undefined = on;
          // @ts-expect-error a handle is `{ $connection }` here
          other.id;
          // @ts-expect-error a secret's form is not known
          token.$secret;
          yield { code: "X001", message: `${held} ${other.$connection} ${"$secret" in token}` };
        },
      ],
      derived: (given) => [
        { label: "name", value: given.displayName },
        // @ts-expect-error no such setting
        { label: "no", value: given.name },
      ],
    });
  });

  it("an intent names its connections, and holds no secret", () => {
    const withIntent = <Shape extends z.ZodRawShape>(shape: Shape) =>
      connectionSettings({ plan: z.strictObject(shape).describe("A plan.").optional() });
    const rest = { kind: "x", functionName: "x", title: "X", kotlinClass: "X", providerType: "X", guide: madeUp.guide } as const;
    const displayName = param.text("displayName");
    const settings = withIntent({ main: setting.connectionOf("madeUp").optional(), key: setting.text });
    defineConnection({ ...rest, settings, params: { displayName, plan: param.intent({ main: "madeUp" }) } });
    // @ts-expect-error a name that is misspelt
    defineConnection({ ...rest, settings, params: { displayName, plan: param.intent({ mian: "madeUp" }) } });
    // @ts-expect-error another kind
    defineConnection({ ...rest, settings, params: { displayName, plan: param.intent({ main: "aws" }) } });
    // @ts-expect-error a connection that is not named
    defineConnection({ ...rest, settings, params: { displayName, plan: param.intent() } });
    const plain = withIntent({ key: setting.text });
    defineConnection({ ...rest, settings: plain, params: { displayName, plan: param.intent() } });
    const secretive = withIntent({ inner: z.strictObject({ token: setting.secret }).optional() });
    // @ts-expect-error a secret in what is not stored
    defineConnection({ ...rest, settings: secretive, params: { displayName, plan: param.intent() } });
    const listed = withIntent({ tokens: z.array(setting.secret) });
    // @ts-expect-error a list of secrets in what is not stored
    defineConnection({ ...rest, settings: listed, params: { displayName, plan: param.intent() } });
  });

  it("its function takes handles and secrets of the right kind, and settings by their names", () => {
    const counted = defineConnection({
      kind: "counted",
      functionName: "countedConnection",
      title: "Counted",
      kotlinClass: "Counted",
      providerType: "Counted",
      settings: connectionSettings({ count: z.int().default(1).describe("How many.") }),
      params: { displayName: param.text("displayName"), count: param.integer("count") },
      guide: madeUp.guide,
    });
    const { project } = authoringWith([madeUp, counted]);
    const rest = { displayName: "G", serverUrl: "https://g.example.com" };
    const wrong = project("Acme", ({ madeUpConnection, dockerRegistry }) => {
      const docker = dockerRegistry("Docker", { displayName: "d" });
      // @ts-expect-error plain text as a secret
      madeUpConnection("A", { ...rest, auth: { type: "token", token: "plain password" } });
      // @ts-expect-error a handle on a connection of another kind
      madeUpConnection("B", { ...rest, auth: { type: "via", other: docker } });
      // @ts-expect-error plain text among stored parameters is fine, a number is not
      madeUpConnection("C", { ...rest, auth: { type: "token", token: secret("t") }, params: { a: "1", b: 2 } });
      // @ts-expect-error a setting that is misspelt
      madeUpConnection("D", { ...rest, auth: { type: "token", token: secret("t") }, retrys: 1 });
      // @ts-expect-error a setting that is missing
      madeUpConnection("E", { displayName: "G", auth: { type: "token", token: secret("t") } });
      // @ts-expect-error plain text as a secret, further down
      madeUpConnection("F", { ...rest, auth: { type: "token", token: secret("t") }, proxy: { host: "p", password: "p" } });
      // @ts-expect-error a setting that is misspelt, further down
      madeUpConnection("G", { ...rest, auth: { type: "token", token: secret("t"), tokn: secret("t") } });
    });
    expect(new Set(compile(wrong, { types: [madeUp, counted] }).findings.map((each) => each.code))).toContain("PB113");
    const scopes = ["read", "write"] as const;
    const right = project("Acme", ({ madeUpConnection, countedConnection }) => {
      const one = madeUpConnection("A", { ...rest, scopes, retries: undefined, auth: { type: "token", token: secret("t") } });
      const params = { a: null, "secure:b": secret("b") };
      madeUpConnection("B", { ...rest, auth: { type: "via", other: one }, proxy: { host: "p", password: secret("p") }, params });
      countedConnection("C", { displayName: "c" });
    });
    expect(compile(right, { types: [madeUp, counted] }).findings).toEqual([]);
  });

  it("two settings of one stored name do not keep the contract", () => {
    const failing = (params: object, more: object = {}) =>
      contractCases({ ...madeUp, params: { ...madeUp.params, ...params }, ...more }, fixtures)
        .filter(({ name }) => /one name|shares/.test(name))
        .filter(({ run }) => {
          try {
            run();
            return false;
          } catch {
            return true;
          }
        }).length;
    expect(failing({})).toBe(0);
    expect(failing({ more: param.text("madeUp.url") })).toBe(1);
    expect(failing({ more: param.text("proxy.host") })).toBe(1);
    expect(failing({ more: param.text("secure:madeUp.token") })).toBe(1);
    expect(failing({ more: param.text("madeUp.v") })).toBe(1);
    expect(failing({ more: param.text("providerType") })).toBe(1);
    expect(failing({}, { sharedBy: "serverUrl" })).toBe(1);
    expect(failing({}, { sharedBy: "mirror" })).toBe(0);
  });
});

it("a rule of one's own reports like the built-in ones", () => {
  const named = defineRule({
    code: "ACME1",
    severity: "warning",
    title: "A display name is too short",
    help: "Say more.",
    *check({ connections }) {
      for (const { node, path } of connections) {
        if (node.settings.displayName.length < 2) yield { message: "too short", path: [...path, "settings", "displayName"] };
      }
    },
  });
  const { project } = authoringWith([]);
  const declared = project("A", ({ dockerRegistry }) => void dockerRegistry("D", { displayName: "d" }));
  expect(compile(declared, { rules: [named] }).findings).toEqual([
    { code: "ACME1", severity: "warning", message: "too short", path: ["project", "connections", 0, "settings", "displayName"] },
  ]);
});
