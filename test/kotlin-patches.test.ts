import { describe, expect, test } from "vitest";
import { placeholders, read, sample, token } from "./support/kotlin-reading.js";

describe("patches", () => {
  test("are applied where the state is the one expected", async () => {
    const { project, findings } = await read(sample("patched-2022"));
    expect(project).toEqual({
      id: "Shop",
      description: "Changed",
      parameters: { kept: "1", changed: "2", added: "1" },
      connections: [
        {
          id: "PROJECT_EXT_1",
          kind: "docker",
          settings: { displayName: "Docker", url: "https://registry.example.com", userName: "new" },
        },
        {
          id: "PROJECT_EXT_4",
          kind: "google",
          settings: { displayName: "Google", clientId: "google", clientSecret: token("1") },
        },
      ],
      features: [
        { id: "PROJECT_EXT_3", type: "keepRules", params: { limit: "10" } },
        ...placeholders("patches/projects/Web.kts:11"),
      ],
      subProjects: [
        {
          id: "Shop_Web",
          name: "Web",
          connections: [{ id: "npm", kind: "npm", settings: { displayName: "npm" } }],
          features: [],
          subProjects: [],
        },
        { id: "Shop_New", name: "New", connections: [], features: [], subProjects: [] },
      ],
    });
    expect(findings).toEqual([
      "PB315 patches/buildTypes/Build.kts: left alone: a patch of something that is no project",
      "PB311 patches/projects/Web.kts:11 not applied: no feature is in the state that the patch expects",
    ]);
  });

  const settings = `project {
    params { param("a", "1") }
    features { npmRegistry { id = "npm"; name = "npm" } }
    subProject(Web)
  }
  object Web : Project({ name = "Web" })`;

  test.each([
    ['changeProject(RelativeId("Nowhere")) { name = "x" }', 'there is no project "Shop_Nowhere"'],
    ["deleteProject(DslContext.projectId)", "the top project cannot be deleted"],
    ['create(DslContext.projectId, Project({ id("Web") }))', 'there is a project "Shop_Web" already'],
    ['changeProject(DslContext.projectId) { params { add { param("a", "2") } } }', "parameter `a` is not what the patch expects"],
    [
      'changeProject(DslContext.projectId) { params { expect { param("a", "2") } } }',
      "parameter `a` is not what the patch expects",
    ],
    ['changeProject(DslContext.projectId) { check(name == "x") { "" } }', "`name` is not what the patch expects"],
    [
      'changeProject(DslContext.projectId) { features { add { npmRegistry { id = "npm" } } } }',
      'there is a feature "npm" already',
    ],
    [
      'changeProject(DslContext.projectId) { features { remove { npmRegistry { id = "npm" } } } }',
      "no feature is in the state that the patch expects",
    ],
    ["changeProject(DslContext.projectId) { features { items.removeAt(0) } }", "there is a call of `removeAt`"],
    ['changeProject(DslContext.projectId) { features { other.apply { name = "x" } } }', "there is a call of `apply`"],
    ['changeProject(DslContext.projectId) { name = System.getenv("X") }', "`name` is a call of `getenv`"],
    ['if (true) { deleteProject(RelativeId("Web")) }', "there is an `if`"],
  ])("%s is not applied", async (patch, reason) => {
    const unchanged = await read({ "settings.kts": settings });
    const { project, findings } = await read({ "settings.kts": settings, "patches/projects/P.kts": patch });
    expect(findings).toEqual([`PB311 patches/projects/P.kts:1 not applied: ${reason}`]);
    const { features = [] } = unchanged.project ?? {};
    expect(project).toEqual({ ...unchanged.project, features: [...features, ...placeholders("patches/projects/P.kts:1")] });
  });

  test("keep their findings of other kinds", async () => {
    const secret = "ghp_000000000000000000000000000000000000";
    const patch = `changeProject(DslContext.projectId) { name = "${secret}" }`;
    const { project, findings } = await read({ "settings.kts": settings, "patches/projects/P.kts": patch });
    expect(project?.name).toBeUndefined();
    expect(findings.map((each) => each.slice(0, 5))).toEqual(["PB309", "PB311"]);
    expect(findings.join()).not.toContain(secret);
  });

  test("nothing of a change is applied if a part of it is not", async () => {
    const patch = `changeProject(DslContext.projectId) {
      name = "new"
      params { update { param("a", "2") } }
      features { remove { npmRegistry { id = "other" } } }
    }`;
    const { project } = await read({ "settings.kts": settings, "patches/projects/_Self.kts": patch });
    expect(project?.name).toBeUndefined();
    expect(project?.parameters).toEqual({ a: "1" });
  });

  test("of build configurations of a project are left alone", async () => {
    const patch = 'create(RelativeId("Web"), BuildType({ name = "x" }))\nchangeProject(RelativeId("Web")) { buildType(X) }';
    const { findings } = await read({ "settings.kts": settings, "patches/projects/_Self.kts": patch });
    expect(findings).toEqual(["PB315 patches/projects/_Self.kts: left alone: `BuildType`, `buildType`"]);
  });
});
