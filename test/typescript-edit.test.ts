import { describe, expect, it } from "vitest";
import { type Edit, editTypeScript } from "../src/formats/typescript/edit.js";
import type { ConnectionNode } from "../src/model/schema.js";
import {
  deploy,
  diff,
  docker,
  edit,
  edited,
  file,
  inProject,
  payments,
  registry,
  role,
  server,
  set,
  types,
  unset,
} from "./support/edited.js";
import { modelOf } from "./support/typescript.js";

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
