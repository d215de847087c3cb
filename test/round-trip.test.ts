import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { connectionTypes } from "../src/connections/index.js";
import { canonicalProjects, equalSettings } from "../src/formats/equality.js";
import { typesByKind } from "../src/formats/features.js";
import { readTeamCityXml, writeTeamCityXml } from "../src/formats/teamcity-xml/index.js";
import { parseProject, parseSettings, serializeSettings } from "../src/model/parse.js";
import { type ConnectionNode, MODEL_SCHEMA_ID, MODEL_VERSION, type Settings } from "../src/model/schema.js";
import { connections, projectTrees } from "./support/arbitrary.js";

const types = typesByKind(connectionTypes);
const lock = { version: 1 as const, accessKeys: {} };

/** The lock that knows the access key ID of every managed pair of some settings. */
function lockFor(settings: Settings): typeof lock {
  const names = [...JSON.stringify(settings).matchAll(/"accessKey":\{"\$secret":"([^"]+)"/g)].map((match) => match[1] as string);
  return {
    version: 1,
    accessKeys: Object.fromEntries(names.map((name) => [name, { accessKeyId: `AKIA${name.length}XXXXXXXXXXXX` }])),
  };
}

/** Secrets of the form that a file keeps cannot be written into an empty folder. */
function withoutStored<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value).replaceAll('{"$stored":true}', '{"$secret":"was-stored"}')) as Value;
}

function single(connection: ConnectionNode): Settings {
  return {
    $schema: MODEL_SCHEMA_ID,
    version: MODEL_VERSION,
    project: { id: "P", connections: [withoutStored(connection)], features: [], subProjects: [] },
  };
}

function expectRoundTrip(settings: Settings): void {
  const known = lockFor(settings);
  const { files, findings } = writeTeamCityXml(settings, { types, lock: known });
  expect(findings).toEqual([]);
  const read = readTeamCityXml(files, types);
  expect(read.findings).toEqual([]);
  expect(canonicalProjects(read.settings as Settings, types, known)).toEqual(canonicalProjects(settings, types, known));
  expect(equalSettings(read.settings as Settings, settings, types, known)).toBe(true);
  const again = writeTeamCityXml(read.settings as Settings, { types });
  expect([...again.files].sort()).toEqual([...files].sort());
}

describe.each(connectionTypes)("$functionName", (type) => {
  it("settings that are generated from the schema survive JSON and XML", () => {
    fc.assert(
      fc.property(connections([type], fc.constant("Connection")), (connection) => {
        const settings = single(connection);
        const { value, findings } = parseProject(settings.project, connectionTypes);
        expect(findings).toEqual([]);
        const json = serializeSettings({ ...settings, project: value as Settings["project"] });
        expect(serializeSettings(parseSettings(json, connectionTypes).value as Settings)).toBe(json);
        expectRoundTrip(settings);
        const read = readTeamCityXml(writeTeamCityXml(settings, { types, lock: lockFor(settings) }).files, types);
        expect(read.settings?.project.connections.map((each) => each.kind)).toEqual([type.kind]);
      }),
      { numRuns: 150, seed: 20_261_120 },
    );
  });
});

describe("project trees", () => {
  it("survive JSON and XML", () => {
    fc.assert(
      fc.property(projectTrees(connectionTypes), (generated) => {
        const settings = withoutStored(generated);
        expectRoundTrip(settings);
        const { value } = parseProject(settings.project, connectionTypes);
        const json = serializeSettings({ ...settings, project: value as Settings["project"] });
        expect(equalSettings(parseSettings(json, connectionTypes).value as Settings, settings, types, lockFor(settings))).toBe(
          true,
        );
      }),
      { numRuns: 150, seed: 20_261_120 },
    );
  });

  it("compile to the same bytes into a folder that holds them already", () => {
    fc.assert(
      fc.property(projectTrees(connectionTypes), (generated) => {
        const settings = withoutStored(generated);
        const known = lockFor(settings);
        const { files } = writeTeamCityXml(settings, { types, lock: known });
        const second = writeTeamCityXml(settings, { types, lock: known, existing: (path) => files.get(path) });
        expect(second.findings).toEqual([]);
        expect([...second.files]).toEqual([...files]);
      }),
      { numRuns: 60, seed: 20_261_120 },
    );
  });

  it("give the same files when they edit any other tree of the same projects, once its own are removed", () => {
    fc.assert(
      fc.property(projectTrees(connectionTypes), projectTrees(connectionTypes), (first, second) => {
        const [before, after] = [withoutStored(first), withoutStored(second)];
        const old = writeTeamCityXml(before, { types, lock: lockFor(before) }).files;
        const known = lockFor(after);
        const edited = writeTeamCityXml(after, {
          types,
          lock: known,
          existing: (path) => old.get(path),
          ownership: () => "remove",
        });
        // Two trees may give one ID to features of different types, which is an error.
        fc.pre(edited.findings.every((each) => each.code !== "PB302"));
        expect(edited.findings).toEqual([]);
        const kept = readTeamCityXml(edited.files, types).settings as Settings;
        const wanted = new Map(canonicalProjects(after, types, known).map((each) => [each.id, each]));
        for (const project of canonicalProjects(kept, types, known)) {
          const features = project.features.filter((each) => wanted.get(project.id)?.features.some((one) => one.id === each.id));
          expect(features).toEqual(wanted.get(project.id)?.features);
          const order = [
            ...(edited.files.get(`${project.id}/project-config.xml`)?.matchAll(/<extension id="([^"]*)"/g) ?? []),
          ].map((each) => each[1]);
          expect(order).toHaveLength(project.features.length);
        }
      }),
      { numRuns: 60, seed: 20_261_120 },
    );
  });
});
