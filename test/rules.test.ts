import { describe, expect, it } from "vitest";
import { connectionTypes } from "../src/connections/index.js";
import { type ConnectionType, defineRule } from "../src/entry/contract.js";
import { type CompileOptions, compile } from "../src/entry/testing.js";
import { acknowledge, connectionRef, project, type Scope, secret } from "../src/index.js";
import { codes } from "../src/model/codes.js";
import { notImported, secretNotImported } from "../src/model/placeholder.js";
import { checkProject, isAcceptable } from "../src/rules/index.js";

const roleArn = "arn:aws:iam::123456789012:role/deploy";
const role = (principal: ReturnType<typeof connectionRef<"aws">>) => ({
  displayName: "role",
  region: "eu-central-1",
  credentials: { type: "iamRole" as const, principal, roleArn },
});
const keys = (more: object = {}) => ({
  displayName: "keys",
  region: "eu-central-1",
  credentials: { type: "accessKeys" as const, accessKey: secret("aws") },
  ...more,
});

/** The findings of a project, as `code path`. */
function check(body: (scope: Scope) => void, options: CompileOptions = {}, projectOptions = {}): string[] {
  return compile(project("Top", projectOptions, body), options).findings.map(
    ({ code, path }) => `${code} ${path?.slice(1).join(".")}`,
  );
}

const hintOf = (code: string, body: (scope: Scope) => void): string | undefined =>
  compile(project("Top", body)).findings.find((each) => each.code === code)?.hint;

describe("project IDs", () => {
  it.each([
    ["A1_b", []],
    ["1A", ["PB120 subProjects.0.id"]],
    ["a-b", ["PB120 subProjects.0.id"]],
    ["_Root", ["PB120 subProjects.0.id"]],
    ["Ä", ["PB120 subProjects.0.id"]],
    ["A".repeat(80), []],
    ["A".repeat(81), ["PB121 subProjects.0.id"]],
    ["A".repeat(225), ["PB121 subProjects.0.id"]],
    ["A".repeat(226), ["PB120 subProjects.0.id"]],
    ["TOP", ["PB201 subProjects.0.id"]],
  ])("%s", (id, expected) => {
    expect(check(({ subProject }) => subProject(id, () => {}))).toEqual(expected);
  });

  it("_Root is the top project's privilege", () => {
    expect(compile(project("_Root", () => {})).findings).toEqual([]);
  });

  it("names of siblings differ by more than case, and a name by default is the ID", () => {
    const named = (a: object, b: object) =>
      check(({ subProject }) => {
        subProject("A", a, () => {});
        subProject("B", b, () => {});
      });
    expect(named({ name: "x" }, { name: "X" })).toEqual(["PB210 subProjects.1.name"]);
    expect(named({}, { name: "a" })).toEqual(["PB210 subProjects.1.name"]);
    expect(named({ name: "x" }, { name: "y" })).toEqual([]);
  });

  it("only the top project names its parent", () => {
    expect(check(() => {}, {}, { parentId: "Company" })).toEqual([]);
    expect(check(() => {}, {}, { parentId: "a b" })).toEqual(["PB120 parentId"]);
    expect(check(() => {}, {}, { parentId: "Top" })).toEqual(["PB212 parentId"]);
    expect(check(({ subProject }) => subProject("A", () => {}), {}, { parentId: "a" })).toEqual(["PB212 parentId"]);
    expect(check(({ subProject }) => subProject("A", { parentId: "B" } as never, () => {}))).toEqual([
      "PB212 subProjects.0.parentId",
    ]);
  });
});

describe("connection IDs", () => {
  it("are free text for most types and follow project IDs for AWS", () => {
    expect(check(({ dockerRegistry }) => dockerRegistry("amazon-23 x", { displayName: "d" }))).toEqual([]);
    expect(check(({ awsConnection }) => awsConnection("amazon-23", keys()))).toEqual(["PB122 connections.0.id"]);
    expect(check(({ feature }) => feature("a\nb", "X", {}))).toEqual(["PB122 features.0.id"]);
  });

  it("are not blank", () => {
    const body = ({ dockerRegistry, awsConnection, feature }: Scope) => {
      dockerRegistry("  ", { displayName: "d" });
      feature("\t", "X", {});
      feature("\n", "X", {});
      awsConnection(" ", keys());
    };
    expect(check(body)).toEqual(["connections.0", "connections.1", "features.0", "features.1"].map((at) => `PB122 ${at}.id`));
    expect(compile(project("Top", body)).findings[0]?.message).toBe('ID "  " consists of blanks');
  });

  it("are unique in their project, raw features included, and compared exactly", () => {
    const ids = (a: string, b: string) =>
      check(({ dockerRegistry, feature }) => {
        dockerRegistry(a, { displayName: "d" });
        feature(b, "X", {});
      });
    expect(ids("x", "x")).toEqual(["PB202 features.0.id"]);
    expect(ids("x", "X")).toEqual([]);
  });

  it("of AWS are unique over the tree", () => {
    const findings = check(({ subProject }) => {
      for (const id of ["A", "B"]) subProject(id, ({ awsConnection }) => awsConnection("Main", keys()));
    });
    expect(findings).toEqual(["PB203 subProjects.1.connections.0.id"]);
  });

  it("that a parent has too are a warning", () => {
    const clash = (id: string) =>
      check(({ dockerRegistry, subProject }) => {
        dockerRegistry("Docker", { displayName: "d" });
        subProject("A", ({ subProject }) => subProject("B", ({ npmRegistry }) => npmRegistry(id, { displayName: "n" })));
      });
    expect(clash("Docker")).toEqual(["PB204 subProjects.0.subProjects.0.connections.0.id"]);
    expect(clash("Npm")).toEqual([]);
  });
});

describe("references", () => {
  it("to a connection of the same project", () => {
    expect(check(({ awsConnection }) => awsConnection("Role", role(awsConnection("Main", keys()))))).toEqual([]);
  });

  it("to one of a parent need the switch that shares it, and the hint names path and switch", () => {
    const body = (more: object) => (scope: Scope) => {
      const main = scope.awsConnection("Main", keys(more));
      scope.subProject("A", ({ subProject }) => subProject("B", ({ awsConnection }) => awsConnection("Role", role(main))));
    };
    expect(check(body({ allowInSubProjects: true }))).toEqual([]);
    // TeamCity takes an absent flag for permission, and a file that is read in may lack it.
    expect(check(body({ params: { awsAllowedInSubProjects: null } }))).toEqual([]);
    expect(check(body({}))).toEqual(["PB207 subProjects.0.subProjects.0.connections.0.settings.credentials.principal"]);
    expect(hintOf("PB207", body({}))).toBe("Path: Top › A › B › Role. Set `allowInSubProjects: true` on Main in project Top.");
  });

  it("to one of a sibling are not visible, and the hint names the project that both have above them", () => {
    const body = ({ subProject }: Scope) => {
      subProject("A", ({ awsConnection }) => awsConnection("Main", keys({ allowInSubProjects: true })));
      subProject("B", ({ awsConnection }) => awsConnection("Role", role(connectionRef("aws", "Main"))));
    };
    expect(check(body)).toEqual(["PB207 subProjects.1.connections.0.settings.credentials.principal"]);
    expect(hintOf("PB207", body)).toContain(
      "It belongs to Top › A; it is used in Top › B. Declare it in Top with `allowInSubProjects: true`.",
    );
  });

  it("that nothing answers to are an error for a handle and a note for connectionRef", () => {
    let foreign = connectionRef("aws", "x");
    project("Other", ({ awsConnection }) => {
      foreign = awsConnection("Mian", keys());
    });
    const body = (principal: typeof foreign) => (scope: Scope) => {
      scope.awsConnection("Main", keys());
      scope.awsConnection("Role", role(principal));
    };
    expect(check(body(foreign))).toEqual(["PB205 connections.1.settings.credentials.principal"]);
    expect(hintOf("PB205", body(foreign))).toBe('Did you mean "Main"?');
    expect(check(body(connectionRef("aws", "Elsewhere")))).toEqual(["PB209 connections.1.settings.credentials.principal"]);
    expect(check(body(connectionRef("aws", "Main")))).toEqual([]);
  });

  it("to a connection of another kind are an error", () => {
    const body = ({ awsConnection, dockerRegistry }: Scope) => {
      dockerRegistry("Docker", { displayName: "d" });
      awsConnection("Role", role(connectionRef("aws", "Docker")));
    };
    expect(check(body)).toEqual(["PB206 connections.1.settings.credentials.principal"]);
  });

  it("in settings that are not stored are checked too", () => {
    const organization = connectionRef("space", "Org");
    const body = ({ spaceConnection }: Scope) => {
      const creation = { type: "project" as const, organization, spaceProjectKey: "PAY" };
      spaceConnection("S", {
        displayName: "s",
        serverUrl: "https://s.example.com",
        clientId: "x",
        clientSecret: secret("s"),
        creation,
      });
    };
    expect(check(body)).toEqual(["PB209 connections.0.settings.creation.organization"]);
  });

  it("form no circles, each of which is reported once", () => {
    const circle = (ids: string[]) =>
      check(({ awsConnection }) => {
        for (const [index, id] of ids.entries())
          awsConnection(id, role(connectionRef("aws", ids[(index + 1) % ids.length] as string)));
      });
    expect(circle(["A"])).toEqual(["PB208 connections.0.settings.credentials.principal"]);
    expect(circle(["A", "B", "C"])).toEqual(["PB208 connections.2.settings.credentials.principal"]);
    expect(circle(Array.from({ length: 20_000 }, (_, index) => `C${index}`))).toHaveLength(1);
  });
});

describe("values", () => {
  const docker = (url: string) => check(({ dockerRegistry }) => dockerRegistry("D", { displayName: "d", url }));

  it.each([
    ["https://registry.example.com", []],
    ["registry.example.com:5000", []],
    ["%docker.url%", []],
    ["https://%host%/x", []],
    ["100%% wrong", ["PB130 connections.0.settings.url"]],
    ["ftp://registry.example.com", ["PB130 connections.0.settings.url"]],
    ["https://me:secret@registry.example.com", ["PB131 connections.0.settings.url"]],
    ["https://token@registry.example.com", ["PB131 connections.0.settings.url"]],
    ["me:secret@registry.example.com", ["PB131 connections.0.settings.url"]],
    ["https:\\\\me:secret@registry.example.com", ["PB131 connections.0.settings.url"]],
    ["https://bob:p%40ss%21word@registry.example.com", ["PB131 connections.0.settings.url"]],
    ["https://bob:secret@%host%", ["PB131 connections.0.settings.url"]],
    ["https://%user%:%password%@registry.example.com", []],
  ])("address %s", (url, expected) => {
    expect(docker(url)).toEqual(expected);
  });

  it("extra regions come from the configuration", () => {
    const body = ({ awsConnection }: Scope) => void awsConnection("A", keys({ region: "eu-moon-1" }));
    expect(check(body)).toEqual(["PB132 connections.0.settings.region"]);
    expect(check(body, { extraRegions: ["eu-moon-1"] })).toEqual([]);
  });

  it.each([
    [roleArn, []],
    ["arn:aws-us-gov:iam::123456789012:role/a/b/c", []],
    ["%role.arn%", []],
    ["arn:aws:iam::123456789012:user/deploy", ["PB132 connections.0.settings.credentials.roleArn"]],
    ["arn:aws:sts::123456789012:assumed-role/deploy/x", ["PB132 connections.0.settings.credentials.roleArn"]],
    ["arn:aws:iam::1234:role/deploy", ["PB132 connections.0.settings.credentials.roleArn"]],
    ["deploy", ["PB132 connections.0.settings.credentials.roleArn"]],
  ])("role ARN %s", (arn, expected) => {
    const settings = {
      ...role(connectionRef("aws", "X")),
      credentials: { ...role(connectionRef("aws", "X")).credentials, roleArn: arn },
    };
    expect(check(({ awsConnection }) => awsConnection("R", settings)).filter((each) => !each.startsWith("PB209"))).toEqual(
      expected,
    );
  });
});

describe("acknowledgements", () => {
  const chain = (acknowledged: ReturnType<typeof acknowledge>[]) =>
    check(({ awsConnection }) => {
      awsConnection("A", {
        displayName: "a",
        region: "eu-central-1",
        credentials: { type: "defaultProviderChain" },
        acknowledge: acknowledged,
      });
    });

  it("accept a finding where it stands", () => {
    expect(chain([])).toEqual(["PB221 connections.0.settings.credentials"]);
    expect(chain([acknowledge("PB221", "enabled")])).toEqual([]);
  });

  it("that accept nothing are findings", () => {
    expect(chain([acknowledge("PB221", "x"), acknowledge("PB204", "y")])).toEqual(["PB211 connections.0.settings.acknowledge.1"]);
  });

  it("take the codes of plug-ins", () => {
    const rule = defineRule({
      code: "ACME1",
      severity: "error",
      title: "A connection of ACME's",
      help: "None are wanted.",
      *check({ connections }) {
        for (const { path } of connections) yield { message: "is here", path };
      },
    });
    expect({ ...rule }).toEqual({ code: "ACME1", severity: "error", title: "A connection of ACME's", help: "None are wanted." });
    const body =
      (...accepted: string[]) =>
      ({ dockerRegistry }: Scope) =>
        void dockerRegistry("D", { displayName: "d", acknowledge: accepted.map((code) => acknowledge(code, "wanted here")) });
    expect(check(body(), { rules: [rule] })).toEqual(["ACME1 connections.0"]);
    expect(check(body("ACME1"), { rules: [rule] })).toEqual([]);
    expect(check(body("acme1"))).toEqual(["PB132 connections.0.settings.acknowledge.0.code"]);
  });

  it("do not accept what makes the settings invalid", () => {
    const body = ({ awsConnection }: Scope) =>
      void awsConnection("A", keys({ region: "nowhere", acknowledge: [acknowledge("PB132", "x")] }));
    expect(check(body)).toEqual(["PB132 connections.0.settings.region", "PB211 connections.0.settings.acknowledge.0"]);
  });

  it("do not accept two projects or features of one ID, whatever else they accept", () => {
    const acknowledged = { acknowledge: ["PB201", "PB202", "PB210"].map((code) => acknowledge(code, "x")) };
    const { findings } = compile(
      project("Top", ({ subProject }: Scope) => {
        subProject("A", { name: "x" }, () => {});
        subProject("a", { ...acknowledged, name: "y" }, ({ feature }) => {
          feature("F", "T", {});
          feature("F", "T", {});
        });
        subProject("B", { ...acknowledged, name: "x" }, () => {});
      }),
    );
    expect(findings.filter(({ severity }) => severity === "error").map(({ code }) => code)).toEqual(["PB202", "PB201"]);
    expect(findings.find(({ code }) => code === "PB211")?.message).toBe('"PB201" is acknowledged, but can never be accepted');
    for (const code of ["PB110", "PB201", "PB202", "PB212", "PB301"]) {
      expect(isAcceptable({ code, severity: "error", message: "" })).toBe(false);
    }
    for (const code of ["PB121", "PB203", "PB210", "PB211", "PB306", "ACME1"]) {
      expect(isAcceptable({ code, severity: "error", message: "" })).toBe(true);
    }
  });

  it("of a project accept findings about the project", () => {
    const body = ({ subProject }: Scope) =>
      subProject("A".repeat(90), { acknowledge: [acknowledge("PB121", "old ID")] }, () => {});
    expect(check(body)).toEqual([]);
  });
});

it("every code has a title and a help text", () => {
  for (const [code, { title, help }] of Object.entries(codes)) {
    expect(code).toMatch(/^PB[1-7]\d\d$/);
    expect(title.length * help.length).toBeGreaterThan(0);
  }
});

/** The findings of a project that no settings file could declare, as `code path`. */
const checkData = (data: unknown, types: readonly ConnectionType[] = connectionTypes): string[] =>
  checkProject(data, new Map(types.map((each) => [each.kind, each])), { target: {}, extraRegions: [] }).findings.map(
    ({ code, path }) => `${code} ${path?.slice(1).join(".")}`,
  );

describe("data of any shape", () => {
  const dockers = (...connections: unknown[]) => ({ id: "Top", connections });
  const docker = (id: string, more: object = {}) => ({ id, kind: "docker", settings: { displayName: "d", ...more } });

  it("leaves the rules what is valid", () => {
    expect(checkData(dockers(null, docker("A"), 5, docker("A"), [docker("B")]))).toEqual([
      "PB112 connections.0",
      "PB112 connections.2",
      "PB112 connections.4",
      "PB202 connections.3.id",
    ]);
  });

  it("leaves the rules what is valid beside invalid features and options", () => {
    const features = [
      { id: "F", type: "T", params: { x: 1 } },
      { id: "G", type: "T", params: {} },
      { id: "G", type: "T", params: { "secure:x": "plain" } },
    ];
    expect(checkData({ ...dockers(docker("A"), docker("A")), features, arhived: true, name: 5 })).toEqual([
      "PB112 name",
      "PB112 features.0.params.x",
      "PB111 arhived",
      "PB202 connections.1.id",
      "PB202 features.2.id",
      "PB136 features.2.params.secure:x",
    ]);
    const below = { ...dockers(docker("A"), docker("A")), id: "Sub", "connections/0": 1, parameters: { x: 1 } };
    expect(checkData({ id: "Top", subProjects: [below] })).toEqual([
      "PB112 subProjects.0.parameters.x",
      "PB111 subProjects.0.connections/0",
      "PB202 subProjects.0.connections.1.id",
    ]);
  });

  it("gives the rules nothing if a project has no ID or no lists", () => {
    const twice = [docker("A"), docker("A")];
    expect(checkData({ id: 5, connections: twice })).toEqual(["PB112 id"]);
    expect(checkData({ id: "Top", connections: twice, features: {} })).toEqual(["PB112 features"]);
    expect(checkData({ id: "Top", connections: twice, subProjects: [5] })).toEqual(["PB112 subProjects.0"]);
  });

  it("may have parameters named like lists of the model", () => {
    const params = { connections: { $secret: "!" }, features: "x", "secure:connections": "plain" };
    expect(checkData({ ...dockers(docker("A")), features: [{ id: "F", type: "T", params }] })).toEqual([
      "PB132 features.0.params.connections.$secret",
    ]);
    expect(checkData(dockers(docker("A", { params: { connections: { $secret: "!" } } }), docker("B"), docker("B")))).toEqual([
      "PB132 connections.0.settings.params.connections.$secret",
      "PB202 connections.2.id",
    ]);
    expect(checkData(dockers(docker("A", { params: { connections: "x", "secure:connections": "plain" } })))).toEqual([
      "PB136 connections.0.settings.params.secure:connections",
    ]);
  });

  it("is not nested without end", () => {
    let project: object = { id: "P" };
    for (let level = 0; level < 5000; level++) project = { id: `P${level}`, subProjects: [project] };
    expect(checkData(project).map((each) => each.slice(0, 5))).toEqual(["PB123"]);
  });
});

it("a check whose code its type does not list is a mistake of the type, and is named", () => {
  const [type] = connectionTypes.filter((each) => each.kind === "docker");
  for (const code of ["ACME7", "toString"]) {
    const broken = { ...(type as ConnectionType), codes: {}, checks: [() => [{ code, message: "m" }]] };
    const data = { id: "Top", connections: [{ id: "D", kind: "docker", settings: { displayName: "d" } }] };
    expect(() => checkData(data, [broken])).toThrow(`connection type docker reports ${code}`);
  }
});

describe("placeholders of an import", () => {
  it("are errors wherever they stand", () => {
    const text = notImported("settings.kts", 12);
    const found = check(
      ({ dockerRegistry, feature, subProject }) => {
        dockerRegistry("Docker", {
          displayName: text,
          userName: "robot",
          password: secret(secretNotImported(text)),
          params: { extra: text },
        });
        feature("Raw", "storage_settings", { bucket: text });
        subProject("Sub", { description: text }, () => {});
      },
      {},
      { parameters: { region: text } },
    );
    expect(found.sort()).toEqual([
      "PB213 connections.0.settings.displayName",
      "PB213 connections.0.settings.params.extra",
      "PB213 connections.0.settings.password",
      "PB213 features.0.params.bucket",
      "PB213 parameters.region",
      "PB213 subProjects.0.description",
    ]);
  });

  it("are no words that merely begin alike", () => {
    expect(check(({ dockerRegistry }) => dockerRegistry("Docker", { displayName: "NOT-IMPORTED-YET" }))).toEqual([]);
  });
});
