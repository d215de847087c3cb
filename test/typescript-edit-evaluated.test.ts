import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { connectionTypes } from "../src/connections/index.js";
import type { Edit } from "../src/formats/typescript/edit.js";
import { writeTypeScript } from "../src/formats/typescript/write.js";
import { parseProject, serializeSettings } from "../src/model/parse.js";
import type { ConnectionNode, ProjectNode, Settings } from "../src/model/schema.js";
import { connections, projectTrees } from "./support/arbitrary.js";
import { docker, edited, file, inProject, payments, registry, type server, set, types } from "./support/edited.js";
import { typesWithFixtures } from "./support/fixtures.js";
import { modelOf } from "./support/typescript.js";

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
