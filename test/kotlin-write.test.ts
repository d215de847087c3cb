import { describe, expect, it, test } from "vitest";
import { connectionTypes } from "../src/connections/index.js";
import { kotlinString } from "../src/formats/kotlin/strings.js";
import { dslVersionFor, dslVersions, hasSince } from "../src/formats/kotlin/versions.js";
import type { FeatureNode, ProjectNode } from "../src/model/schema.js";
import { call, empty, settingsKts, token, write } from "./support/kotlin-writing.js";
import { Workspace } from "./support/workspace.js";

// What is expected here is written by hand from TeamCity's documentation; test/kotlin-compile.test.ts compiles and runs it.

describe("settings.kts", () => {
  it("has the order of TeamCity's own", () => {
    const text = settingsKts({
      name: "Web shop",
      description: "Sells",
      uuid: "00000000-0000-4000-8000-000000000009",
      parentId: "Company",
      archived: true,
      parameters: { "env.B": "2", "env.A": "1" },
      connections: [
        { id: "Docker", kind: "docker", settings: { displayName: "Docker" } },
        { id: "Google", kind: "google", settings: { displayName: "Google", clientId: "id", clientSecret: token("1") } },
        { id: "Docker10", kind: "docker", settings: { displayName: "Docker 10" } },
      ],
      features: [{ id: "Docker2", type: "ReportTab", params: { title: "Report", startPage: "index.html" } }],
      subProjects: [{ ...empty, id: "Shop_Payments", name: "Payments" }],
    });
    expect(text).toBe(`import jetbrains.buildServer.configs.kotlin.*
import jetbrains.buildServer.configs.kotlin.projectFeatures.dockerRegistry
import jetbrains.buildServer.configs.kotlin.projectFeatures.googleConnection

/*
Written by Plugboard from settings in TypeScript: change those, and compile them again.
*/

version = "2025.11"

project {
    description = "Sells"
    archived = true

    params {
        param("env.A", "1")
        param("env.B", "2")
    }

    features {
        dockerRegistry {
            id = "Docker"
            name = "Docker"
        }
        dockerRegistry {
            id = "Docker10"
            name = "Docker 10"
        }
        feature {
            id = "Docker2"
            type = "ReportTab"
            param("startPage", "index.html")
            param("title", "Report")
        }
        googleConnection {
            id = "Google"
            displayName = "Google"
            clientId = "id"
            clientSecret = "credentialsJSON:00000000-0000-4000-8000-000000000001"
        }
    }

    subProject(Payments)
}

object Payments : Project({
    name = "Payments"
})
`);
  });

  it("begins with a blank line where TeamCity has one, and may be empty", () => {
    expect(settingsKts({ parameters: { a: "b" } })).toContain('\nproject {\n\n    params {\n        param("a", "b")\n    }\n}\n');
    expect(settingsKts({})).toMatch(/\nproject \{\n\}\n$/);
  });

  it("gives sub-projects IDs relative to the top project's where it can, and names that Kotlin takes", () => {
    const child = (id: string, ...subProjects: ProjectNode[]): ProjectNode => ({ ...empty, id, name: id, subProjects });
    const text = settingsKts({
      subProjects: [
        child("Shop_A", child("Shop_A_B")),
        child("Shop_2024"),
        child("Shop_object"),
        child("Shop_Project"),
        child("A"),
      ],
    });
    const objects = [...text.matchAll(/^object (\S+) : Project\(\{\n(?: {4}(id\b.*)\n)?/gm)].map((each) => [each[1], each[2]]);
    expect(objects).toEqual([
      ["A", undefined],
      ["A_B", undefined],
      ["Project_2024", 'id("2024")'],
      ["Project_object", 'id("object")'],
      ["Project_Project", 'id("Project")'],
      ["Project_A", 'id = AbsoluteId("A")'],
    ]);
    expect(text).toContain(
      "    subProject(A)\n    subProject(Project_2024)\n    subProject(Project_object)\n    subProject(Project_Project)\n    subProject(Project_A)\n}",
    );
    expect(text).toContain("\n    subProject(A_B)\n})");
  });
});

describe("layout", () => {
  const tree: Partial<ProjectNode> = {
    connections: [{ id: "D", kind: "docker", settings: { displayName: "D" } }],
    subProjects: [{ ...empty, id: "Shop_Pay", name: "Pay", subProjects: [{ ...empty, id: "Shop_Pay_Web" }] }],
  };

  it("has a package per project, each with an object Project", () => {
    const { files } = write(tree, { layout: "multi" });
    expect([...files.keys()]).toEqual(["settings.kts", "_Self/Project.kt", "Pay/Project.kt", "Pay_Web/Project.kt"]);
    const comment = "/*\nWritten by Plugboard from settings in TypeScript: change those, and compile them again.\n*/\n";
    expect(files.get("settings.kts")).toBe(
      `import jetbrains.buildServer.configs.kotlin.*\n\n${comment}\nversion = "2025.11"\n\nproject(_Self.Project)\n`,
    );
    expect(files.get("_Self/Project.kt")).toBe(`package _Self

import jetbrains.buildServer.configs.kotlin.*
import jetbrains.buildServer.configs.kotlin.Project
import jetbrains.buildServer.configs.kotlin.projectFeatures.dockerRegistry

${comment}
object Project : Project({

    features {
        dockerRegistry {
            id = "D"
            name = "D"
        }
    }

    subProject(Pay.Project)
})
`);
    expect(files.get("Pay/Project.kt")).toBe(`package Pay

import jetbrains.buildServer.configs.kotlin.*
import jetbrains.buildServer.configs.kotlin.Project

${comment}
object Project : Project({
    id("Pay")
    name = "Pay"

    subProject(Pay_Web.Project)
})
`);
  });

  it("keeps package names distinct from TeamCity's folders, in any case", () => {
    const children = ["Shop__Self", "Shop_patches", "Shop_PluginData"].map((id): ProjectNode => ({ ...empty, id }));
    expect([...write({ subProjects: children }, { layout: "multi" }).files.keys()].slice(2)).toEqual([
      "Project__Self/Project.kt",
      "Project_patches/Project.kt",
      "Project_PluginData/Project.kt",
    ]);
  });

  it("is chosen by the number of projects and features", () => {
    const features = (count: number): FeatureNode[] =>
      Array.from({ length: count }, (_, i) => ({ id: `f${i}`, type: "T", params: {} }));
    expect(write({ features: features(19) }).files.size).toBe(1);
    expect([...write({ features: features(20) }).files.keys()]).toEqual(["settings.kts", "_Self/Project.kt"]);
    expect(write({ features: features(20) }, { layout: "single" }).files.size).toBe(1);
  });
});

describe("versions", () => {
  const connections = [
    {
      id: "B",
      kind: "bitbucketServer",
      settings: { displayName: "B", serverUrl: "https://b", clientId: "id", clientSecret: token("1"), useUniqueRedirect: true },
    },
  ];

  test.each([
    ["2018.1", "jetbrains.buildServer.configs.kotlin.v2018_1"],
    ["2019.1", "jetbrains.buildServer.configs.kotlin.v2018_2"],
    ["2021.2", "jetbrains.buildServer.configs.kotlin.v2019_2"],
    ["2022.04", "jetbrains.buildServer.configs.kotlin"],
    ["2026.1", "jetbrains.buildServer.configs.kotlin"],
  ] as const)("%s imports %s", (dslVersion, root) => {
    const text = settingsKts({ connections }, { dslVersion });
    expect(text).toMatch(new RegExp(`^import ${root}\\.\\*\nimport ${root}\\.projectFeatures\\.bitbucketServerConnection\n\n`));
    expect(text).toContain(`\nversion = "${dslVersion}"\n`);
    const multi = write({ connections }, { dslVersion, layout: "multi" }).files.get("_Self/Project.kt");
    expect(multi).toContain(`\nimport ${root}.Project\n`);
  });

  test("are listed oldest first", () => {
    const order = Object.keys(dslVersions).map((each) => each.split(".").map(Number) as [number, number]);
    expect(order).toEqual([...order].sort(([year, minor], [other, otherMinor]) => year - other || minor - otherMinor));
    expect(hasSince("2024.03", "2023.11")).toBe(true);
    expect(hasSince("2024.03", "2024.03")).toBe(true);
    expect(hasSince("2024.03", "2024.07")).toBe(false);
    expect(settingsKts({}, { dslVersion: undefined as never })).toContain(`version = "${Object.keys(dslVersions).at(-1)}"`);
  });

  test("are what the tables of the connection types name", () => {
    const named = [...JSON.stringify(connectionTypes).matchAll(/"kotlinSince":"([^"]*)"/g)].map((each) => each[1]);
    expect(named.length).toBeGreaterThan(0);
    expect(Object.keys(dslVersions)).toEqual(expect.arrayContaining(named));
  });

  test("a property that a version does not have yet is a parameter", () => {
    expect(settingsKts({ connections }, { dslVersion: "2024.07" })).toContain("useUniqueRedirect = true");
    expect(settingsKts({ connections }, { dslVersion: "2023.11" })).toContain('param("useUniqueRedirect", "true")');
    const aws = { displayName: "A", region: "us-east-1", credentials: { type: "defaultProviderChain" } };
    expect(call("aws", aws, { dslVersion: "2025.03" })).not.toMatch(/endpoint/i);
    expect(call("aws", { ...aws, region: "eu-west-1" }, { dslVersion: "2025.03" })).toContain("\n    stsEndpoint = ");
    expect(call("aws", aws, { dslVersion: "2024.12" })).toContain(
      '\n    param("awsStsEndpoint", "https://sts.us-east-1.amazonaws.com")',
    );
  });
});

describe("strings", () => {
  test.each([
    ["plain", "a value, 100%", '"a value, 100%"'],
    ["empty", "", '""'],
    ["a dollar", "$x ${y}", "\"${'$'}x ${'$'}{y}\""],
    ["a quote", 'say "hi" now', '"""say "hi" now"""'],
    ["a quote at the end", 'say "hi"', '"""say "hi""""'],
    ["a backslash and a dollar", "C:\\$x", '"""C:\\${\'$\'}x"""'],
    ["several lines", 'a\n\n  "b" $', '"""\n    a\n\n      "b" ${\'$\'}\n""".trimIndent()'],
    ["every line indented", "  a\n  b", '"  a\\n  b"'],
    ["a blank end", "a\n", '"a\\n"'],
    ["a blank start", "\na", '"\\na"'],
    ["triple quotes", 'a"""b', '"a\\"\\"\\"b"'],
    ["a carriage return and a dollar", "a\r\nb $\\", "\"a\\r\\nb ${'$'}\\\\\""],
    ["a control character", "\0\u001bx\t", '"\\u0000\\u001bx\\t"'],
    ["half a surrogate pair", "\ud83d", '"\\ud83d"'],
    ["a whole one", "😀", '"😀"'],
    ["a change of direction", "a\u202eb", '"a\\u202eb"'],
  ])("%s", (_, text, expected) => {
    expect(kotlinString(text)).toBe(expected);
  });
});

describe("existing files", () => {
  it("are overwritten only if they are ours", () => {
    const ours = settingsKts({});
    expect(write({}, { existing: () => ours.replaceAll("\n", "\r\n") }).findings).toEqual([]);
    const { files, findings } = write({}, { existing: (path) => (path === "settings.kts" ? "project {\n}\n" : undefined) });
    expect(files.size).toBe(0);
    expect(findings).toMatchObject([{ code: "PB302", severity: "error", place: { file: "settings.kts" } }]);
  });
});

describe("compile --to kotlin", () => {
  const settings = `import { project, token } from "plugboard";
export default project("Shop", ({ npmRegistry }) => {
  npmRegistry("Npm", { displayName: "npm", token: token("credentialsJSON:00000000-0000-4000-8000-000000000001") });
});
`;

  it("writes settings.kts beside the other formats, and finds it unchanged", async () => {
    const space = new Workspace({ "settings.ts": settings });
    const first = await space.run("compile", "--to", "xml,json,kotlin", "--dsl-version", "2024.03");
    expect(first).toMatchObject({ code: 0, stderr: "" });
    expect(space.list().filter((each) => each.startsWith(".teamcity/"))).toEqual([
      ".teamcity/Shop/project-config.xml",
      ".teamcity/settings.json",
      ".teamcity/settings.kts",
    ]);
    const text = space.read(".teamcity/settings.kts");
    expect(text).toContain('\nversion = "2024.03"\n');
    expect(text).toContain("        npmRegistry {\n");
    const again = await space.run("compile", "--to", "kotlin", "--dsl-version", "2024.03", "--check");
    expect(again).toMatchObject({ code: 0 });
    const differs = await space.run("compile", "--to", "kotlin", "--dsl-version", "2024.03", "--check", "--untyped");
    expect(differs.code).toBe(1);
    expect(differs.stdout).toContain("PB305");
    expect(space.read(".teamcity/settings.kts")).toBe(text);
  });

  it("leaves a settings.kts of somebody else alone, and everything with it", async () => {
    const space = new Workspace({ "settings.ts": settings, ".teamcity/settings.kts": "project {\n}\n" });
    const { code, stdout } = await space.run("compile", "--to", "xml,kotlin", "--json");
    expect(code).toBe(1);
    expect(JSON.parse(stdout).findings).toMatchObject([{ code: "PB302", file: ".teamcity/settings.kts" }]);
    expect(space.list()).toEqual([".teamcity/settings.kts", "package.json", "settings.ts"]);
    expect(space.read(".teamcity/settings.kts")).toBe("project {\n}\n");
  });

  it("writes the version of the server that the configuration names", async () => {
    const config = (version: string) =>
      `import { config } from "plugboard";\nexport default config({ target: { version: ${JSON.stringify(version)} } });\n`;
    const space = new Workspace({ "settings.ts": settings, "plugboard.config.ts": config("2023.11.4") });
    expect((await space.run("compile", "--to", "kotlin")).code).toBe(0);
    expect(space.read(".teamcity/settings.kts")).toContain('\nversion = "2023.11"\n');
  });

  it.each([
    ["2018.1", "2018.1"],
    ["2021.2.3", "2021.2"],
    ["2024.12 (build 174331)", "2024.12"],
    ["2024.7", "2024.07"],
    ["2022.4.1", "2022.04"],
    ["2023.1", "2022.10"],
    ["2026.10", "2026.1"],
    ["2030.1", "2026.1"],
    ["2017.2", undefined],
  ])("a server %s reads the DSL of version %s", (server, expected) => {
    expect(dslVersionFor(server)).toBe(expected);
  });

  it("takes no format or version that it does not know", async () => {
    const space = new Workspace({ "settings.ts": settings });
    const version = await space.run("compile", "--to", "kotlin", "--dsl-version", "2024.3");
    expect(version.code).toBe(2);
    expect(version.stderr).toContain('--dsl-version "2024.3" is not known: choose one of 2018.1, ');
    const format = await space.run("compile", "--to", "kts");
    expect(format.code).toBe(2);
    expect(format.stderr).toContain('--to "kts" is not known: choose xml, kotlin, json or several');
  });
});
