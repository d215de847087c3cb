import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { connectionTypes } from "../src/connections/index.js";
import { typesByKind } from "../src/formats/features.js";
import { type Edit, editTypeScript } from "../src/formats/typescript/edit.js";
import { writeTypeScript } from "../src/formats/typescript/write.js";
import { parseProject, serializeSettings } from "../src/model/parse.js";
import type { ConnectionNode, ProjectNode, Settings } from "../src/model/schema.js";
import { connections, projectTrees } from "./support/arbitrary.js";
import { typesWithFixtures } from "./support/fixtures.js";
import { modelOf } from "./support/typescript.js";

const types = typesByKind(connectionTypes);
const file = "settings.ts";

const payments = `import { acknowledge, project, secret } from "plugboard";

// Where everything runs.
const region = "eu-central-1";
const GITHUB = "PaymentsGitHub";

/** Connections of the payments team. */
export default project("Payments", ({ awsConnection, dockerRegistry, githubAppConnection, subProject }) => {
  const roleA = awsConnection("PaymentsServer", {
    displayName: "AWS · server", // as in the console
    region,
    credentials: { type: "defaultProviderChain" },
    allowInSubProjects: true, // the stages assume through it
    acknowledge: [acknowledge("PB221", "enabled on our server")],
  });

  githubAppConnection(GITHUB, {
    displayName: "GitHub · acme-payments",
    appId: "412873",
    clientId: "Iv1.8a61f9b3a7aba766",
    clientSecret: secret("github/client-secret"),
    privateKey: secret("github/private-key"),
    ownerUrl: "https://github.com/acme-payments",
  });

  // The company's registry.
  dockerRegistry("PaymentsRegistry", {
    displayName: "Docker · registry.acme.example",
    url: "https://registry.acme.example",
    userName:   'teamcity-payments', /* odd layout stays */
    password: secret("docker/registry-password"),
  });

  subProject("Payments_Staging", { name: "Staging" }, ({ awsConnection }) => {
    awsConnection("PaymentsDeploy", {
      displayName: "AWS · deploy",
      region,
      credentials: {
        type: "iamRole",
        principal: roleA,
        roleArn: "arn:aws:iam::111122223333:role/deploy",
      },
    });
  });
});
`;

function edit(text: string, change: Edit) {
  return editTypeScript(text, change, { types, file });
}

async function edited(text: string, change: Edit): Promise<string> {
  const { text: after, findings } = await edit(text, change);
  expect(findings).toEqual([]);
  return after as string;
}

/** What became of lines: those that went with `-`, those that came with `+`, in their order. */
function diff(before: string, after: string): string[] {
  const [a, b] = [before.split("\n"), after.split("\n")];
  const longest = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  const at = (i: number, j: number): number => longest[i]?.[j] as number;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      (longest[i] as number[])[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const lines: string[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    if (i < a.length && a[i] === b[j]) [i, j] = [i + 1, j + 1];
    else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) lines.push(`-${a[i++]}`);
    else lines.push(`+${b[j++]}`);
  }
  return lines;
}

const inProject = (projectId: string, connectionId: string) => ({ projectId, connectionId });
const server = inProject("Payments", "PaymentsServer");
const registry = inProject("Payments", "PaymentsRegistry");
const deploy = inProject("Payments_Staging", "PaymentsDeploy");
const set = (at: typeof server, path: string, value: unknown): Edit => ({
  action: "change",
  ...at,
  set: [{ path: path.split("."), value }],
});
const unset = (at: typeof server, ...paths: string[]): Edit => ({
  action: "change",
  ...at,
  unset: paths.map((each) => each.split(".")),
});

describe("one setting changes, every other line stays", () => {
  it.each<[string, Edit, string[]]>([
    [
      "a text with a comment behind it",
      set(server, "displayName", "AWS (server)"),
      ['-    displayName: "AWS · server", // as in the console', '+    displayName: "AWS (server)", // as in the console'],
    ],
    [
      "a text laid out by hand",
      set(registry, "userName", "builds"),
      ["-    userName:   'teamcity-payments', /* odd layout stays */", '+    userName:   "builds", /* odd layout stays */'],
    ],
    ["a shared constant gives way", set(server, "region", "us-east-1"), ["-    region,", '+    region: "us-east-1",']],
    [
      "a flag",
      set(server, "allowInSubProjects", false),
      [
        "-    allowInSubProjects: true, // the stages assume through it",
        "+    allowInSubProjects: false, // the stages assume through it",
      ],
    ],
    [
      "a setting of a variant",
      set(deploy, "credentials.roleArn", "arn:aws:iam::111122223333:role/other"),
      ['-        roleArn: "arn:aws:iam::111122223333:role/deploy",', '+        roleArn: "arn:aws:iam::111122223333:role/other",'],
    ],
    [
      "one field of a variant that is given as a whole",
      set(deploy, "credentials", {
        type: "iamRole",
        principal: { $connection: "PaymentsServer" },
        roleArn: "arn:aws:iam::111122223333:role/deploy",
        sessionName: "payments",
      }),
      ['+        sessionName: "payments",'],
    ],
    [
      "a variant by another one",
      set(deploy, "credentials", { type: "defaultProviderChain" }),
      [
        "-      credentials: {",
        '-        type: "iamRole",',
        "-        principal: roleA,",
        '-        roleArn: "arn:aws:iam::111122223333:role/deploy",',
        "-      },",
        '+      credentials: { type: "defaultProviderChain" },',
      ],
    ],
    ["nothing, if the value is there already", set(registry, "password", { $secret: "docker/registry-password" }), []],
    ["nothing, if what shall go is not there", unset(registry, "params.x", "acknowledge"), []],
    [
      "a new setting, in the schema's order and behind a comment",
      set(server, "sessionDuration", 120),
      ["+    sessionDuration: 120,"],
    ],
    ["a new setting behind the last one that comes before it", set(server, "allowInBuilds", true), ["+    allowInBuilds: true,"]],
    [
      "stored parameters where there were none",
      set(deploy, "params.awsSessionCredentials", "true"),
      ['+      params: { awsSessionCredentials: "true" },'],
    ],
    [
      "a setting that goes, with its comment",
      unset(server, "allowInSubProjects"),
      ["-    allowInSubProjects: true, // the stages assume through it"],
    ],
    [
      "names that are no longer used leave the import",
      unset(server, "acknowledge"),
      [
        '-import { acknowledge, project, secret } from "plugboard";',
        '+import { project, secret } from "plugboard";',
        '-    acknowledge: [acknowledge("PB221", "enabled on our server")],',
      ],
    ],
    [
      "names that are needed come into the import",
      set(registry, "password", { $token: "credentialsJSON:00000000-0000-4000-8000-000000000001" }),
      [
        '-import { acknowledge, project, secret } from "plugboard";',
        '+import { acknowledge, project, secret, token } from "plugboard";',
        '-    password: secret("docker/registry-password"),',
        '+    password: token("credentialsJSON:00000000-0000-4000-8000-000000000001"),',
      ],
    ],
    [
      "a handle by a connection outside the tree",
      set(deploy, "credentials.principal", { $connection: "Company", external: true }),
      [
        '-import { acknowledge, project, secret } from "plugboard";',
        '+import { acknowledge, connectionRef, project, secret } from "plugboard";',
        "-        principal: roleA,",
        '+        principal: connectionRef("aws", "Company"),',
      ],
    ],
    [
      "a connection whose ID is a constant",
      set(inProject("Payments", "PaymentsGitHub"), "useUniqueRedirect", true),
      ["+    useUniqueRedirect: true,"],
    ],
  ])("%s", async (_name, change, lines) => {
    const after = await edited(payments, change);
    expect(diff(payments, after)).toEqual(lines);
  });

  it("beside comments before and behind a setting", async () => {
    const text = `import { project } from "plugboard";
const HOST = "https://registry.example.com";
export default project("P", ({ dockerRegistry }) => {
  dockerRegistry("D", {
    displayName: "D",
    /* pre */ url: HOST, // trailing
  });
});
`;
    const at = inProject("P", "D");
    expect(diff(text, await edited(text, set(at, "userName", "u")))).toEqual(['+    userName: "u",']);
    expect(await edited(text, set(at, "userName", "u"))).toContain('url: HOST, // trailing\n    userName: "u",\n');
    expect(diff(text, await edited(text, unset(at, "url")))).toEqual(["-    /* pre */ url: HOST, // trailing"]);
    const first = text.replace('    displayName: "D",\n', "");
    expect(diff(first, await edited(first, set(at, "displayName", "D")))).toEqual(['+    displayName: "D",']);
  });

  it("several settings at once", async () => {
    const after = await edited(payments, {
      action: "change",
      ...registry,
      set: [
        { path: ["displayName"], value: "Docker" },
        { path: ["acknowledge"], value: [{ code: "PB130", reason: "meant" }] },
      ],
      unset: [["url"], ["userName"]],
    });
    expect(diff(payments, after)).toEqual([
      '-    displayName: "Docker · registry.acme.example",',
      '-    url: "https://registry.acme.example",',
      "-    userName:   'teamcity-payments', /* odd layout stays */",
      '+    displayName: "Docker",',
      '+    acknowledge: [acknowledge("PB130", "meant")],',
    ]);
  });

  it("a line that would become too long is broken", async () => {
    const line =
      '  awsConnection("A", { displayName: "a", region: "eu-west-1", credentials: { type: "defaultProviderChain" } });';
    const text = `import { project } from "plugboard";\nexport default project("P", ({ awsConnection }) => {\n${line}\n});\n`;
    expect(diff(text, await edited(text, set(inProject("P", "A"), "allowInBuilds", true)))).toEqual([
      `-${line}`,
      '+  awsConnection("A", {',
      '+    displayName: "a",',
      '+    region: "eu-west-1",',
      '+    credentials: { type: "defaultProviderChain" },',
      "+    allowInBuilds: true,",
      "+  });",
    ]);
    expect(diff(text, await edited(text, unset(inProject("P", "A"), "displayName")))).toEqual([
      `-${line}`,
      '+  awsConnection("A", { region: "eu-west-1", credentials: { type: "defaultProviderChain" } });',
    ]);
  });

  it("also with an address in it, but not with a comment between its settings", async () => {
    const a = 'awsConnection("A", { displayName: "a", region: "eu-west-1", stsEndpoint: "https://sts.amazonaws.com",';
    const text = (between: string): string =>
      `import { project } from "plugboard";\nexport default project("P", ({ awsConnection }) => {\n${a}${between} allowInBuilds: true });\n});\n`;
    const change = set(inProject("P", "A"), "sessionDuration", 120);
    expect(await edited(text(""), change)).toContain("\n  sessionDuration: 120,\n  allowInBuilds: true,\n});");
    expect(await edited(text(" /* on! */"), change)).toContain(", sessionDuration: 120, /* on! */ allowInBuilds: true });");
  });

  it("in the file's own style: tabs, single quotes, no semicolons, no trailing commas, Windows line ends", async () => {
    const text = [
      "import { project, secret as s } from 'plugboard'",
      "export default project('P', (scope) => {",
      "\tscope.dockerRegistry('D', {",
      "\t\tdisplayName: 'd' // the name",
      "\t})",
      "})",
      "",
    ].join("\r\n");
    const first = await edited(text, set(inProject("P", "D"), "password", { $secret: "p" }));
    expect(diff(text, first)).toEqual([
      "-\t\tdisplayName: 'd' // the name\r",
      "+\t\tdisplayName: 'd', // the name\r",
      "+\t\tpassword: s('p')\r",
    ]);
    const second = await edited(first, { action: "add", projectId: "P", connection: docker("E", { url: "https://e.example" }) });
    expect(diff(first, second)).toEqual([
      "+\r",
      "+\tscope.dockerRegistry('E', {\r",
      "+\t\tdisplayName: 'E',\r",
      "+\t\turl: 'https://e.example'\r",
      "+\t})\r",
    ]);
    expect(await edited(second, { action: "remove", ...inProject("P", "E") })).toBe(first);
    // The comma goes with the setting, and so does the name that is no longer used.
    expect(diff(text, await edited(first, unset(inProject("P", "D"), "password")))).toEqual([
      "-import { project, secret as s } from 'plugboard'\r",
      "+import { project } from 'plugboard'\r",
    ]);
  });
});

function docker(id: string, settings: Readonly<Record<string, unknown>> = {}): ConnectionNode {
  return { id, kind: "docker", settings: { displayName: id, ...settings } };
}

function role(id: string, principal: string): ConnectionNode {
  const credentials = { type: "iamRole", principal: { $connection: principal }, roleArn: "arn:aws:iam::111122223333:role/x" };
  return { id, kind: "aws", settings: { displayName: id, region: "eu-west-1", credentials } };
}

describe("a connection is added", () => {
  it("behind the last one, in the names of its scope", async () => {
    const slack: ConnectionNode = {
      id: "PaymentsSlack",
      kind: "slack",
      settings: {
        displayName: "Slack",
        botToken: { $secret: "slack/bot" },
        clientId: "1234567890.1234567890",
        clientSecret: { $stored: true },
      },
    };
    const after = await edited(payments, { action: "add", projectId: "Payments", connection: slack });
    expect(diff(payments, after)).toEqual([
      '-import { acknowledge, project, secret } from "plugboard";',
      '+import { acknowledge, project, secret, storedSecret } from "plugboard";',
      '-export default project("Payments", ({ awsConnection, dockerRegistry, githubAppConnection, subProject }) => {',
      '+export default project("Payments", ({ awsConnection, dockerRegistry, githubAppConnection, slackConnection, subProject }) => {',
      '+  slackConnection("PaymentsSlack", {',
      '+    displayName: "Slack",',
      '+    botToken: secret("slack/bot"),',
      '+    clientId: "1234567890.1234567890",',
      "+    clientSecret: storedSecret(),",
      "+  });",
      "+",
    ]);
    expect(after.indexOf("slackConnection(")).toBeGreaterThan(after.indexOf("PaymentsRegistry"));
    expect(after.indexOf("slackConnection(")).toBeLessThan(after.indexOf("subProject("));
  });

  it("with the handle of a connection around it", async () => {
    const after = await edited(payments, {
      action: "add",
      projectId: "Payments_Staging",
      connection: role("Audit", "PaymentsServer"),
    });
    expect(diff(payments, after)).toEqual([
      "+",
      '+    awsConnection("Audit", {',
      '+      displayName: "Audit",',
      '+      region: "eu-west-1",',
      '+      credentials: { type: "iamRole", principal: roleA, roleArn: "arn:aws:iam::111122223333:role/x" },',
      "+    });",
    ]);
  });

  it("and the connection it refers to gets a handle", async () => {
    const after = await edited(payments, {
      action: "add",
      projectId: "Payments_Staging",
      connection: role("Next", "PaymentsDeploy"),
    });
    expect(diff(payments, after).slice(0, 3)).toEqual([
      '-    awsConnection("PaymentsDeploy", {',
      '+    const paymentsDeploy = awsConnection("PaymentsDeploy", {',
      "+",
    ]);
    expect(after).toContain("principal: paymentsDeploy,");
  });

  it.each([
    ["() => {}", "({ dockerRegistry }) => {", ""],
    ["() => {\n  // nothing yet\n}", "({ dockerRegistry }) => {", "\n  // nothing yet"],
    ["(scope) => {}", "(scope) => {", "", "scope."],
    ["({}) => {}", "({ dockerRegistry }) => {", ""],
  ])("to a body without any: %s", async (body, head, comment, scope = "") => {
    const text = `import { project } from "plugboard";\n\nexport default project("P", ${body});\n`;
    expect(await edited(text, { action: "add", projectId: "P", connection: docker("D") })).toBe(
      `import { project } from "plugboard";\n\nexport default project("P", ${head}${comment}\n  ${scope}dockerRegistry("D", { displayName: "D" });\n});\n`,
    );
  });

  it("before sub-projects and their comments; one-liners stand together", async () => {
    const text = `import { project } from "plugboard";
export default project("P", ({
  feature,
  subProject,
}) => {
  const unused = 1;
  // Reports.
  feature("F", "T", {});
  subProject("Q", () => {});
});
`;
    const first = await edited(text, { action: "add", projectId: "P", connection: docker("D") });
    expect(diff(text, first)).toEqual(["+  dockerRegistry,", '+  dockerRegistry("D", { displayName: "D" });', "+"]);
    expect(first).toContain('  const unused = 1;\n  dockerRegistry("D", { displayName: "D" });\n\n  // Reports.\n');
    const second = await edited(first, { action: "add", projectId: "P", connection: docker("E") });
    expect(diff(first, second)).toEqual(['+  dockerRegistry("E", { displayName: "E" });']);
  });

  it.each([
    [
      "({}: Scope) => { /* nothing */ }",
      '({ dockerRegistry }: Scope) => { /* nothing */ \n  dockerRegistry("D", { displayName: "D" });\n}',
    ],
    [
      '({ feature }) => { feature("F", "T", {}); }',
      '({ dockerRegistry, feature }) => {\n  dockerRegistry("D", { displayName: "D" });\n\n  feature("F", "T", {});\n}',
    ],
    [
      '({ dockerRegistry: d }) => { d("C", { displayName: "c" }); }',
      '({ dockerRegistry: d }) => {\n  d("C", { displayName: "c" });\n  d("D", { displayName: "D" });\n}',
    ],
    [
      '({ dockerRegistry: d, subProject }) => {d("C", { displayName: "c" }); /* c */ subProject("Q", () => {})}',
      '({ dockerRegistry: d, subProject }) => {\n  d("C", { displayName: "c" }); /* c */\n  d("D", { displayName: "D" });\n  subProject("Q", () => {})\n}',
    ],
  ])("to a body on one line: %s", async (body, expected) => {
    const text = (each: string): string =>
      `import { project, type Scope } from "plugboard";\nexport default project("P", ${each});\n`;
    expect(await edited(text(body), { action: "add", projectId: "P", connection: docker("D") })).toBe(text(expected));
  });

  it("of a plug-in's kind", async () => {
    const text = 'import { project } from "plugboard";\nexport default project("P", () => {});\n';
    const connection: ConnectionNode = { id: "G", kind: "gitea", settings: { displayName: "g" } };
    const { text: after } = await editTypeScript(
      text,
      { action: "add", projectId: "P", connection },
      { types, file, plugIns: new Set(["gitea"]) },
    );
    expect(after).toContain('({ connection }) => {\n  connection({ kind: "gitea" }, "G", { displayName: "g" });\n});');
  });

  it("to a file of types only, which then imports functions", async () => {
    const text = `import type { Scope } from "plugboard";

export function web(subProject: Scope["subProject"]): void {
  subProject("Web", () => {});
}
`;
    const after = await edited(text, {
      action: "add",
      projectId: "Web",
      connection: docker("D", { password: { $secret: "p" } }),
    });
    expect(diff(text, after)).toEqual([
      '+import { secret } from "plugboard";',
      '-  subProject("Web", () => {});',
      '+  subProject("Web", ({ dockerRegistry }) => {',
      '+    dockerRegistry("D", {',
      '+      displayName: "D",',
      '+      password: secret("p"),',
      "+    });",
      "+  });",
    ]);
  });
});

describe("a connection is removed", () => {
  it("with the comment above it, its function and what it alone imported", async () => {
    const after = await edited(payments, { action: "remove", ...registry });
    expect(diff(payments, after)).toEqual([
      '-export default project("Payments", ({ awsConnection, dockerRegistry, githubAppConnection, subProject }) => {',
      '+export default project("Payments", ({ awsConnection, githubAppConnection, subProject }) => {',
      "-  // The company's registry.",
      '-  dockerRegistry("PaymentsRegistry", {',
      '-    displayName: "Docker · registry.acme.example",',
      '-    url: "https://registry.acme.example",',
      "-    userName:   'teamcity-payments', /* odd layout stays */",
      '-    password: secret("docker/registry-password"),',
      "-  });",
      "-",
    ]);
    expect(after).not.toContain("\n\n\n");
  });

  it("leaves a body that declares nothing", async () => {
    const text = `import { project, secret } from "plugboard";

export default project("P", ({ dockerRegistry }) => {
  dockerRegistry("D", { displayName: "d", password: secret("p") });
});
`;
    expect(await edited(text, { action: "remove", ...inProject("P", "D") })).toBe(
      'import { project } from "plugboard";\n\nexport default project("P", () => {\n});\n',
    );
  });

  it("not while its handle is used, unless that goes first", async () => {
    expect((await edit(payments, { action: "remove", ...server })).findings).toEqual([
      {
        code: "PB314",
        severity: "error",
        message: 'connection "PaymentsServer" is still used',
        place: { file, line: 40, column: 20 },
      },
    ]);
    const free = await edited(payments, { action: "remove", ...deploy });
    const after = await edited(free, { action: "remove", ...server });
    expect(modelOf(after).project.connections.map((each) => each.id)).toEqual(["PaymentsGitHub", "PaymentsRegistry"]);
  });
});

describe("refused, with the place", () => {
  const inBody = (body: string, head = ""): string =>
    `import { project, secret } from "plugboard";\n${head}export default project("P", ({ dockerRegistry, awsConnection, subProject }) => {\n${body}\n});\n`;
  const d = inProject("P", "D");
  const name = set(d, "displayName", "new");

  it.each<[string, string, Edit, RegExp, number, number]>([
    [
      "a spread",
      inBody('dockerRegistry("D", { ...base, displayName: "d" });', "const base = {};\n"),
      name,
      /something computed/,
      4,
      23,
    ],
    [
      "settings in a variable",
      inBody('dockerRegistry("D", base);', 'const base = { displayName: "d" };\n'),
      name,
      /not written out/,
      4,
      21,
    ],
    ["settings from a function", inBody('dockerRegistry("D", make());'), name, /not written out/, 3, 21],
    ["a computed name", inBody('dockerRegistry("D", { ["displayName"]: "d" });'), name, /something computed/, 3, 23],
    ["a calculated value", inBody('dockerRegistry("D", { displayName: "d" + 1 });'), name, /`displayName` is computed/, 3, 36],
    ["a template", inBody('dockerRegistry("D", { displayName: `${d}` });'), name, /`displayName` is computed/, 3, 36],
    [
      "a parameter",
      'import { input, project, settings } from "plugboard";\nexport default settings({ n: input.text() }, ({ n }) => project("P", ({ dockerRegistry }) => {\n  dockerRegistry("D", { displayName: n });\n}));\n',
      name,
      /`displayName` is computed/,
      3,
      38,
    ],
    ["a method", inBody('dockerRegistry("D", { displayName() {} });'), name, /computed/, 3, 23],
    ["a computed ID", inBody('dockerRegistry(`D${1}`, { displayName: "d" });'), name, /this one is computed/, 3, 1],
    ["an ID that is not there", inBody('dockerRegistry("E", { displayName: "d" });'), name, /declares no connection "D"/, 2, 16],
    ["a project that is not there", inBody(""), set(inProject("Q", "D"), "displayName", "n"), /no project .* "Q"/, 0, 0],
    ["a loop", inBody('for (const id of ["D"]) {\n  dockerRegistry("D", { displayName: id });\n}'), name, /in a loop/, 4, 3],
    [
      "a callback",
      inBody('["D"].forEach(() => {\n  dockerRegistry("D", { displayName: "d" });\n});'),
      name,
      /in a function/,
      4,
      3,
    ],
    ["a condition", inBody('if (true) {\n  dockerRegistry("D", { displayName: "d" });\n}'), name, /under a condition/, 4, 3],
    [
      "a project in a loop",
      inBody('for (const x of [1]) subProject("Q", ({ dockerRegistry }) => { dockerRegistry("D", { displayName: "d" }); });'),
      set(inProject("Q", "D"), "displayName", "n"),
      /in a loop/,
      3,
      22,
    ],
    [
      "an ID twice",
      inBody('dockerRegistry("D", { displayName: "d" });\ndockerRegistry("D", { displayName: "d" });'),
      name,
      /twice/,
      4,
      1,
    ],
    [
      "a connection inside of something else",
      inBody('use(dockerRegistry("D", { displayName: "d" }));'),
      { action: "remove", ...d },
      /part of something else/,
      3,
      5,
    ],
    [
      "an ID that is taken",
      inBody('dockerRegistry("D", { displayName: "d" });'),
      { action: "add", projectId: "P", connection: docker("D") },
      /has a connection "D" already/,
      2,
      16,
    ],
    [
      "a reference to nothing",
      inBody('dockerRegistry("D", { displayName: "d" });'),
      { action: "add", projectId: "P", connection: role("R", "Gone") },
      /"Gone", which is referred to/,
      2,
      16,
    ],
    [
      "a reference to what comes later",
      inBody(
        'awsConnection("A", { displayName: "a", region: "r", credentials: { type: "iamRole", principal: x, roleArn: "r" } });\nawsConnection("B", {});',
      ),
      set(inProject("P", "A"), "credentials.principal", { $connection: "B" }),
      /"B" is declared further down/,
      4,
      1,
    ],
    [
      "a body without braces",
      'import { project } from "plugboard";\nexport default project("P", (scope) => fill(scope));\n',
      { action: "add", projectId: "P", connection: docker("D") },
      /braces/,
      2,
      40,
    ],
    [
      "a name that means something else",
      'import { project } from "plugboard";\nconst secret = 1;\nexport default project("P", ({ dockerRegistry }) => {\n  dockerRegistry("D", { displayName: "d" });\n});\n',
      set(d, "password", { $secret: "p" }),
      /name secret/,
      2,
      7,
    ],
    [
      "a scope's name that means something else",
      inBody("const slackConnection = 1;"),
      { action: "add", projectId: "P", connection: { id: "S", kind: "slack", settings: { displayName: "s" } } },
      /name slackConnection/,
      3,
      7,
    ],
  ])("%s", async (_name, text, change, message, line, column) => {
    const { text: after, findings } = await edit(text, change);
    expect(after).toBeUndefined();
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      code: "PB314",
      severity: "error",
      place: line === 0 ? { file } : { file, line, column },
    });
    expect(findings[0]?.message).toMatch(message);
  });

  it("a file that does not parse", async () => {
    expect((await edit("const a = ;\n", name)).findings).toEqual([
      { code: "PB101", severity: "error", message: "the file does not parse", place: { file, line: 1, column: 11 } },
    ]);
  });

  it("a value is not in the message", async () => {
    const { findings } = await edit(
      inBody('dockerRegistry("D", { displayName: "d", password: `hunter${2}` });'),
      set(d, "password", { $secret: "p" }),
    );
    expect(JSON.stringify(findings)).not.toContain("hunter");
    expect(findings[0]?.code).toBe("PB314");
  });
});

/** A value whose references lead out of the tree. */
function withExternalReferences<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value), (_key, each) =>
    typeof each?.$connection === "string" ? { ...each, external: true } : each,
  );
}

function replaceSettings(at: typeof server, old: object, wanted: object): Edit {
  return {
    action: "change",
    ...at,
    set: Object.entries(wanted).map(([key, value]) => ({ path: [key], value })),
    unset: Object.keys(old)
      .filter((key) => !(key in wanted))
      .map((key) => [key]),
  };
}

describe("evaluated, an edited file gives the edited model", () => {
  const before = modelOf(payments);
  const change = (id: string, settings: (old: ConnectionNode["settings"]) => object): string => {
    const inTree = (project: ProjectNode): ProjectNode => ({
      ...project,
      connections: project.connections.map((each) =>
        each.id === id ? { ...each, settings: settings(each.settings) as ConnectionNode["settings"] } : each,
      ),
      subProjects: project.subProjects.map(inTree),
    });
    return serializeSettings({ ...before, project: inTree(before.project) } as Settings);
  };

  it("a setting", async () => {
    const after = await edited(payments, set(registry, "url", "https://other.acme.example"));
    expect(serializeSettings(modelOf(after))).toBe(
      change("PaymentsRegistry", (old) => ({ ...old, url: "https://other.acme.example" })),
    );
  });

  it("added and removed again: the same bytes", async () => {
    const added = await edited(payments, { action: "add", projectId: "Payments", connection: docker("new") });
    expect(modelOf(added).project.connections.map((each) => each.id)).toContain("new");
    expect(await edited(added, { action: "remove", ...inProject("Payments", "new") })).toBe(payments);
  });

  it("connections of generated trees: added, changed to any other of their kind, removed", async () => {
    const all = (project: ProjectNode): ProjectNode[] => [project, ...project.subProjects.flatMap(all)];
    const canonical = (settings: Settings): string =>
      serializeSettings({ ...settings, project: parseProject(settings.project, connectionTypes).value as ProjectNode });
    let changes = 0;
    await fc.assert(
      fc.asyncProperty(
        projectTrees(connectionTypes),
        connections(connectionTypes, fc.constant("Newly added")),
        async (generated, made) => {
          const settings = withExternalReferences(generated);
          const text = writeTypeScript(settings, { types, maxLines: Number.POSITIVE_INFINITY }).files.get(file) as string;
          const wanted = structuredClone(settings);
          const last = all(wanted.project).at(-1) as ProjectNode;
          const connection = withExternalReferences(made);
          const added = await edited(text, { action: "add", projectId: last.id, connection });
          (last.connections as ConnectionNode[]).push(connection);
          expect(canonical(modelOf(added))).toBe(canonical(wanted));
          const removed = await edited(added, { action: "remove", ...inProject(last.id, connection.id) });
          expect(canonical(modelOf(removed))).toBe(canonical(settings));

          const every = all(settings.project).flatMap((each) => each.connections);
          for (const [index, project] of all(settings.project).entries()) {
            for (const [place, old] of project.connections.entries()) {
              const other = every.find((each) => each.kind === old.kind && each !== old);
              if (other === undefined) continue;
              changes++;
              const after = await edited(text, replaceSettings(inProject(project.id, old.id), old.settings, other.settings));
              const changed = structuredClone(settings);
              (all(changed.project)[index]?.connections as ConnectionNode[])[place] = { ...old, settings: other.settings };
              expect(canonical(modelOf(after))).toBe(canonical(changed));
            }
          }
        },
      ),
      { numRuns: 40, seed: 20_261_120 },
    );
    expect(changes).toBeGreaterThan(50);
  });

  it.each(typesWithFixtures)("any fixture of $type.functionName becomes any other", async ({ type, fixtures }) => {
    for (const from of fixtures) {
      for (const to of fixtures) {
        const node = (settings: ConnectionNode["settings"]): Settings => ({
          ...before,
          project: { id: "P", connections: [{ id: "C", kind: type.kind, settings }], features: [], subProjects: [] },
        });
        const [old, wanted] = [withExternalReferences(from.settings), withExternalReferences(to.settings)];
        const text = writeTypeScript(node(old), { types }).files.get("settings.ts") as string;
        const after = await edited(text, replaceSettings(inProject("P", "C"), old, wanted));
        const expected = writeTypeScript(node(wanted), { types }).files.get("settings.ts") as string;
        expect(serializeSettings(modelOf(after))).toBe(serializeSettings(modelOf(expected)));
      }
    }
  });
});
