import { describe, expect, it } from "vitest";
import { parseConfig } from "../src/config/schema.js";
import { connectionTypes } from "../src/connections/index.js";
import { codes } from "../src/model/codes.js";
import type { Finding } from "../src/model/finding.js";
import { parseLock } from "../src/model/lock.js";
import { parseProject, parseSettings, readModel, serializeSettings } from "../src/model/parse.js";
import type { Settings } from "../src/model/schema.js";
import { cut, nearest, quote, row } from "../src/model/text.js";
import { growth } from "./support/processor-time.js";

const parse = (project: object) => parseProject({ id: "P", ...project }, connectionTypes);
const docker = (settings: object) =>
  parse({ connections: [{ id: "D", kind: "docker", settings: { displayName: "d", ...settings } }] });
const nested = (levels: number) => {
  let project: object = { id: `P${levels}` };
  for (let level = levels - 1; level > 0; level--) project = { id: `P${level}`, subProjects: [project] };
  return project;
};

describe("text that is not JSON", () => {
  const canary = "c4n4ry";

  it.each([
    [`{ "password": "${canary}", }`, "line 1, column"],
    [`{\n  "password": "${canary}"\n  "x": 1 }`, "line 3, column 3"],
    [`{ "password": "${canary}"`, "line 1, column 23"],
    [canary, "not JSON"],
    [`"${canary} at position 3`, "not JSON"],
  ])("%s is never quoted", (text, place) => {
    for (const { findings } of [parseSettings(text, connectionTypes), readModel(text), parseLock(text)]) {
      expect(findings).toHaveLength(1);
      expect(findings[0]?.message).toContain(place);
      expect(JSON.stringify(findings)).not.toContain(canary);
    }
  });
});

describe("what may be a secret is not shown", () => {
  const canary = "c4n4ryc4n4ry/c4n4ryc4n4ry+c4n4ryc4n4ry+/";
  const aws = (settings: object) =>
    parse({ connections: [{ id: "A", kind: "aws", settings: { displayName: "a", region: "eu-west-1", ...settings } }] });
  const placed = ({ findings }: { findings: readonly Finding[] }) =>
    findings.map(({ code, path }) => `${code} ${path?.slice(3).join(".")}`);

  it.each([
    ["a secret", () => docker({ password: { [canary]: 1 } }), "settings.password"],
    ["a secret with a name", () => docker({ password: { $secret: "a", [canary]: 1 } }), "settings.password"],
    [
      "a managed pair",
      () => aws({ credentials: { type: "accessKeys", accessKey: { [canary]: 1 } } }),
      "settings.credentials.accessKey",
    ],
    ["a stored parameter", () => docker({ params: { x: { [canary]: 1 } } }), "settings.params.x"],
    ["a stored secret parameter", () => docker({ params: { x: { $secret: "a", [canary]: 1 } } }), "settings.params.x"],
    [
      "a feature's parameter",
      () => parse({ features: [{ id: "F", type: "T", params: { x: { $stored: true, [canary]: 1 } } }] }),
      "params.x",
    ],
  ])("in the place of %s", (_, run, path) => {
    const parsed = run();
    expect(JSON.stringify(parsed)).not.toContain(canary);
    expect(placed(parsed)).toEqual([`PB113 ${path}`]);
    expect(parsed.findings[0]?.message).toMatch(/ is an object: expected a secret: /);
  });

  it("in the place of a word", () => {
    const union = aws({ credentials: { type: canary } });
    const kind = parse({ connections: [{ id: "D", kind: canary, settings: {} }] });
    const choice = parseProject(
      { id: "P", connections: [{ id: "V", kind: "vault", settings: { auth: { type: canary } } }] },
      connectionTypes,
    );
    for (const { findings } of [union, kind, choice]) {
      expect(findings.length).toBeGreaterThan(0);
      expect(JSON.stringify(findings)).not.toContain("c4n4ry");
    }
    expect(parse({ connections: [{ id: "D", kind: "dockr", settings: {} }] }).findings[0]?.message).toContain('"dockr"');
  });
});

describe("names and values in messages", () => {
  it("are cut", () => {
    const long = "k".repeat(1_000_000);
    const [unknown] = docker({ [long]: 1 }).findings;
    expect(unknown).toMatchObject({ code: "PB111" });
    expect(unknown?.message.length).toBeLessThan(100);
    expect(parse({ parameters: { [long]: 1 } }).findings[0]?.message.length).toBeLessThan(120);
  });

  it("are cut in the middle if they are many, and hold no control characters", () => {
    const long = "k".repeat(1000);
    const [deep] = parse({ parameters: { [`${long}\u001b`]: 1 } }).findings;
    expect(deep?.message.length).toBeLessThan(200);
    const [odd] = docker({ ["\u001b[31m\n".repeat(100)]: 1 }).findings;
    expect(odd?.message.length).toBeLessThan(200);
    expect(odd?.message).toContain("`\\u001b[31m");
    expect(quote("\u0000".repeat(1000)).length).toBeLessThan(80);
    expect(row(["a", "b", "c"], " › ")).toBe("a › b › c");
    expect(row([long, long], " › ").length).toBeLessThan(130);
    expect(
      row(
        Array.from({ length: 1000 }, (_, index) => `N${index}`),
        ".",
      ),
    ).toMatch(/^N0\.N1\..{50,90}\.…\.N999$/);
  });

  it("tell which entry of a list is wrong", () => {
    const acknowledge = ["x", { code: "PB204", reason: 5 }];
    for (const { findings } of [docker({ acknowledge }), parse({ acknowledge })]) {
      expect(findings.map(({ message }) => message)).toEqual([
        "`acknowledge[0]` is a text, expected an object",
        "`acknowledge[1].reason` is a number, expected a text",
      ]);
    }
  });

  it("say which names are empty", () => {
    const message = "`parameters` has an empty name";
    expect(parse({ parameters: { "": "x" } }).findings).toMatchObject([
      { code: "PB118", message, path: ["project", "parameters"] },
    ]);
    expect(docker({ params: { "": "x" } }).findings).toMatchObject([{ code: "PB118", message: "`params` has an empty name" }]);
    expect(parse({ parameters: { ["k".repeat(70_000)]: "x" } }).findings).toMatchObject([
      { code: "PB116", message: "`parameters` has a name of 70000 characters, at most 65536 are possible" },
    ]);
  });

  it("hold no object", () => {
    const { findings } = parse({ connections: [{ id: "D", kind: { password: "c4n4ry" }, settings: {} }] });
    expect(findings.map((each) => each.message)).toEqual(["connection kind an object is not registered"]);
  });

  it("tell the place from the holder on", () => {
    expect(parse({ parameters: { settings: 1 } }).findings[0]?.message).toContain("`parameters.settings`");
    expect(docker({ params: { settings: 1 } }).findings[0]?.message).toContain("`params.settings`");
    expect(parse({ connections: [null] }).findings[0]?.message).toContain("`connections`");
    expect(parseProject(null, connectionTypes).findings[0]?.message).toContain("`project`");
  });

  it("may be members of every object", () => {
    for (const name of ["toString", "constructor", "__proto__"]) {
      const { findings } = docker(JSON.parse(`{ ${JSON.stringify(name)}: { "a": 1 } }`));
      expect(findings).toMatchObject([{ code: "PB111", message: `\`${name}\` is not known` }]);
    }
    expect(docker({ params: { constructor: { type: 1 } } }).findings).toHaveLength(1);
  });
});

it("no parameter is named __proto__: it would be lost", () => {
  const named = JSON.parse('{ "__proto__": "x", "constructor": "y" }');
  const holder = {
    parameters: named,
    connections: [{ id: "D", kind: "docker", settings: { displayName: "d", params: named } }],
    features: [{ id: "F", type: "T", params: named }],
  };
  const { value, findings } = parse({ ...holder, subProjects: [{ id: "S", ...holder }] });
  expect(value).toBeUndefined();
  const places = ["parameters", "connections.0.settings.params", "features.0.params"];
  expect(findings.map(({ code, path }) => `${code} ${path?.join(".")}`)).toEqual(
    ["project", "project.subProjects.0"].flatMap((top) => places.map((each) => `PB132 ${top}.${each}.__proto__`)),
  );
  expect(findings[0]?.message).toBe("`__proto__` cannot be the name of a parameter");
});

it.each([
  ["2027-03-01", []],
  ["2028-02-29", []],
  ["2027-02-29", ["the calendar has no such day"]],
  ["2027-99-99", ["the calendar has no such day"]],
  ["2027-00-10", ["the calendar has no such day"]],
  ["1.3.2027", ["an expiry date is written 2027-03-01"]],
])("a secret that expires on %s", (expires, messages) => {
  const { findings } = docker({ password: { $secret: "s", expires } });
  expect(findings.map(({ message }) => message)).toEqual(messages.map((each) => `\`password.expires\`: ${each}`));
  expect(docker({ params: { x: { $secret: "s", expires } } }).findings).toHaveLength(messages.length);
});

it("100,000 unknown names are reported in a time that grows with them", () => {
  const report = (count: number): void => {
    const names = Array.from({ length: count }, (_, index) => [`name${index}`, 1]);
    expect(docker(Object.fromEntries(names)).findings).toHaveLength(count);
  };
  expect(growth(report, 100_000 / 16)).toBeLessThan(1.5);
});

describe("nesting", () => {
  it("of 100 levels is possible, of more an error", () => {
    expect(parseProject(nested(100), connectionTypes).findings).toEqual([]);
    for (const levels of [101, 5000]) {
      const { value, findings } = parseProject(nested(levels), connectionTypes);
      expect(value).toBeUndefined();
      expect(findings.map((each) => each.code)).toEqual(["PB123"]);
    }
  });

  it("is limited in model files too", () => {
    const text = `{ "version": 1, "project": ${'{ "id": "P", "subProjects": ['.repeat(5000)}${"]}".repeat(5000)} }`;
    expect(parseSettings(text, connectionTypes).findings.map((each) => each.code)).toEqual(["PB123"]);
  });
});

describe("readModel", () => {
  it("leaves the project to whoever checks it", () => {
    const project = { id: "P", connections: [{ id: "X", kind: "nope" }] };
    expect(readModel(JSON.stringify({ version: 1, project }))).toEqual({ data: { version: 1, project }, findings: [] });
  });

  it.each([
    ["5", ["PB112"], false],
    ['{ "version": 2 }', ["PB140"], false],
    ['{ "project": {} }', ["PB110"], true],
    ['{ "version": 1, "project": {}, "x": 1 }', ["PB111"], true],
  ])("%s", (text, expected, hasData) => {
    const { data, findings } = readModel(text);
    expect(findings.map((each) => each.code)).toEqual(expected);
    expect(data !== undefined).toBe(hasData);
  });

  it("and parseSettings report the envelope and the project together", () => {
    const { value, findings } = parseSettings('{ "version": 1, "project": { "name": "x" }, "x": 1 }', connectionTypes);
    expect(value).toBeUndefined();
    expect(findings.map(({ code, path }) => `${code} ${path?.join(".")}`)).toEqual(["PB111 x", "PB110 project.id"]);
    expect(parseSettings('{ "version": 1 }', connectionTypes).findings.map((each) => each.message)).toEqual([
      "`project` is missing",
    ]);
  });
});

it("canonical JSON does not depend on the order of keys", () => {
  const reversed = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(reversed)
      : typeof value === "object" && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .reverse()
              .map(([key, each]) => [key, key === "settings" ? each : reversed(each)]),
          )
        : value;
  const settings: Settings = {
    $schema: "urn:plugboard:settings:1",
    version: 1,
    project: {
      id: "P",
      name: "p",
      description: "d",
      parentId: "Q",
      archived: true,
      uuid: "u",
      parameters: { a: "1", b: "2" },
      acknowledge: [{ code: "PB121", reason: "r" }],
      connections: [{ id: "D", kind: "docker", settings: { displayName: "d" } }],
      features: [{ id: "F", type: "T", params: { a: "1", b: { $secret: "s" } } }],
      subProjects: [{ id: "S", name: "s", connections: [], features: [], subProjects: [] }],
    },
  };
  const json = serializeSettings(settings);
  expect(serializeSettings(reversed(settings) as Settings)).toBe(json);
  expect(serializeSettings(parseSettings(json, connectionTypes).value as Settings)).toBe(json);
});

describe("the configuration", () => {
  const known = [...Object.keys(codes), "PB221"];

  it("names codes that exist, or those of a plug-in", () => {
    expect(parseConfig({ rules: { PB204: "error", PB221: "off", ACME1: "note" } }, known).findings).toEqual([]);
    expect(parseConfig({ rules: { PB20: "error", PBX: "off" } }, known).findings).toMatchObject([
      { code: "PB142", message: '`rules` names "PB20", which is no code', hint: expect.stringMatching(/^Did you mean PB\d+\?$/) },
      { code: "PB142", message: '`rules` names "PBX", which is no code' },
    ]);
  });
});

it("a lock file's findings name what is wrong", () => {
  expect(parseLock('{ "version": 1, "accessKeys": { "a": {} } }').findings).toMatchObject([
    { code: "PB143", message: "`accessKeys.a.accessKeyId` is missing" },
  ]);
});

it("texts are cut and compared", () => {
  expect(cut("abcdef", 6)).toBe("abcdef");
  expect(cut("abcdefg", 6)).toBe("abcde…");
  expect(nearest("Mian", ["Main", "Other"])).toBe("Main");
  expect(nearest("abc", ["abcdefgh", "xyz"])).toBeUndefined();
  expect(nearest("eu-centrall-1", ["eu-west-1", "eu-central-2", "eu-central-1"])).toBe("eu-central-1");
});
