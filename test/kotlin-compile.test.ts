import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectionTypes } from "../src/connections/index.js";
import type { ConnectionType } from "../src/contract/define.js";
import { fillDefaults } from "../src/contract/walk.js";
import { projectFeatures, renderFeature, typesByKind } from "../src/formats/features.js";
import { classDefaults } from "../src/formats/kotlin/defaults.js";
import { type KotlinOptions, writeKotlinDsl } from "../src/formats/kotlin/write.js";
import { MODEL_SCHEMA_ID, MODEL_VERSION, type ProjectNode, type Settings } from "../src/model/schema.js";
import { projectTrees, xmlText } from "./support/arbitrary.js";
import { typesWithFixtures } from "./support/fixtures.js";
import { compileKotlin, prepareKotlin, runKotlin } from "./support/kotlin-compiler.js";
import { root } from "./support/workspace.js";

// The Kotlin that we write, compiled by the real compiler against stand-ins for TeamCity's DSL, and run.

const types = typesByKind(connectionTypes);
const pairs = ["aws/main", "aws/registry"];
const lock = {
  version: 1 as const,
  accessKeys: Object.fromEntries(pairs.map((each, index) => [each, { accessKeyId: `AKIAEXAMPLE00000000${index}` }])),
};
const empty = { connections: [], features: [], subProjects: [] };

function settingsOf(project: ProjectNode): Settings {
  return { $schema: MODEL_SCHEMA_ID, version: MODEL_VERSION, project };
}

const fixtureConnections = typesWithFixtures.flatMap(({ type, fixtures }) =>
  fixtures.map(({ settings }, index) => ({ id: `${type.kind}_${index}`, kind: type.kind, settings })),
);

const oddTexts = [
  ...["", " ", "$", "$x", "${x}", "$$", '"', '""', '"""', '""""', 'a"', 'a""', '"a', "\\", "\\n", "a\\", '\\"', "'", "%a%", "%%"],
  ...[
    "\n",
    "\n\n",
    "a\n",
    "\na",
    "a\nb",
    "  a\n  b",
    "  a\nb",
    "a\n\n  b\n",
    "a\n \nb",
    " \na\nb",
    "a\nb\n ",
    'a\n"""\nb',
    '$a\n\\"',
  ],
  ...[
    "\t",
    "\ta\n\tb",
    "a\tb",
    "a\r",
    "a\r\nb",
    "\0",
    "\u001b",
    "\u007f",
    "\u0085",
    "\u00a0",
    "\u00a0a\n\u00a0b",
    "\u2028",
    "a\u2028b\nc",
  ],
  ...["\ufeff", "\ud800", "\udc00x", "é", "😀", "👩‍👩‍👧", "\u200b", "`", "/*", "*/", "//", "x".repeat(5000)],
];
const awkwardText = fc.array(fc.oneof(fc.constantFrom(...oddTexts.filter((each) => each.length < 10)), xmlText), {
  maxLength: 4,
});
const texts = [...oddTexts, ...fc.sample(awkwardText, { numRuns: 300, seed: 1 }).map((each) => each.join(""))];

interface Case {
  readonly name: string;
  readonly settings: Settings;
  readonly options?: Partial<KotlinOptions>;
}

/** Trees of any settings, in which nothing is left to an existing file. */
const trees: readonly Case[] = fc.sample(projectTrees(connectionTypes), { numRuns: 12, seed: 1 }).map((tree, index) => {
  const text = JSON.stringify(tree).replaceAll('{"$stored":true}', '{"$secret":"kept"}');
  const accessKeys = [...text.matchAll(/"accessKey":\{"\$secret":"([^"]+)"/g)].map((each) => [each[1], { accessKeyId: "AKIA" }]);
  return {
    name: `tree ${index + 1}`,
    settings: JSON.parse(text),
    options: { layout: "single", lock: { version: 1, accessKeys: Object.fromEntries(accessKeys) } },
  };
});

const cases: readonly Case[] = [
  ...trees,
  {
    name: "every fixture",
    settings: settingsOf({ ...empty, id: "Fixtures", connections: fixtureConnections }),
    options: { layout: "single" },
  },
  {
    name: "every fixture for an older version",
    settings: settingsOf({ ...empty, id: "Fixtures", connections: fixtureConnections }),
    options: { layout: "single", dslVersion: "2022.04" },
  },
  {
    name: "every fixture untyped",
    settings: settingsOf({ ...empty, id: "Fixtures", connections: fixtureConnections }),
    options: { layout: "single", untyped: true },
  },
  {
    name: "any text",
    settings: settingsOf({
      ...empty,
      id: "Texts",
      description: 'One "line"\nand another: $5',
      parameters: { "env.A": "a\nb", 'odd"name': "$x" },
      features: [{ id: "f\\1", type: "Report$Tab", params: Object.fromEntries(texts.map((each, index) => [`p${index}`, each])) }],
    }),
  },
  {
    name: "sub-projects in one file",
    settings: settingsOf({
      ...empty,
      id: "Shop",
      archived: true,
      subProjects: [
        {
          ...empty,
          id: "Shop_Payments",
          name: "Payments",
          description: "Pays",
          subProjects: [{ ...empty, id: "Shop_Payments_Web", name: "Web", archived: true }],
        },
        { ...empty, id: "Shop_object" },
        { ...empty, id: "Shop_2024" },
        { ...empty, id: "Shop_Project" },
        { ...empty, id: "Shop___" },
        { ...empty, id: "Shop_" },
        { ...empty, id: "Elsewhere" },
        { ...empty, id: "Payments" },
      ],
    }),
  },
  {
    name: "a file per project",
    options: { layout: "multi" },
    settings: settingsOf({
      ...empty,
      id: "Shop",
      connections: fixtureConnections.filter((each) => each.kind === "docker"),
      subProjects: [
        {
          ...empty,
          id: "Shop_Payments",
          name: "Payments",
          connections: fixtureConnections.filter((each) => each.kind === "aws" || each.kind === "npm"),
          subProjects: [{ ...empty, id: "Shop_Payments_Web", parameters: { a: "b" } }],
        },
        { ...empty, id: "Shop_val" },
        { ...empty, id: "Elsewhere" },
      ],
    }),
  },
];

const folder = mkdtempSync(join(tmpdir(), "plugboard-kotlin-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Settings as a plain source file: what a script runs at its top level becomes a function. */
function asFunction(script: string, packageName: string): string {
  const match = /^(?<head>.*?)\n(?<run>version = .*?\n\n(?:project \{\n.*?^\}\n|project\(.*?\)\n))(?<rest>.*)$/ms.exec(script);
  const { head, run, rest } = match?.groups ?? {};
  return `package ${packageName}\n\n${head}\nfun settings() {\n${run}}\n${rest}`;
}

interface RecordedProject {
  readonly id: string;
  readonly features: readonly { readonly id: string; readonly type: string; readonly params: Readonly<Record<string, string>> }[];
}

const skipped = await prepareKotlin();
if (skipped !== undefined && process.env.CI) throw new Error(skipped);
if (skipped !== undefined) console.warn(`The Kotlin that is written is NOT compiled: ${skipped}.`);

describe.skipIf(skipped !== undefined)("written Kotlin, compiled and run", () => {
  let recorded: readonly (readonly RecordedProject[])[] = [];

  beforeAll(async () => {
    const write = (path: string, text: string): void => {
      mkdirSync(dirname(join(folder, "src", path)), { recursive: true });
      writeFileSync(join(folder, "src", path), text);
    };
    for (const [index, { settings, options }] of cases.entries()) {
      const { files, findings } = writeKotlinDsl(settings, { types, lock, ...options });
      expect(findings).toEqual([]);
      for (const [path, text] of files) {
        if (path === "settings.kts") write(`case${index}.kt`, asFunction(text, `case${index}`));
        else write(path, text);
      }
    }
    const calls = cases.map(({ settings }, index) => `record("${settings.project.id}") { case${index}.settings() }`);
    write("Main.kt", `import recorder.record\n\nfun main() {\n    print(listOf(\n${calls.join(",\n")}\n    ))\n}\n`);
    const compiled = await compileKotlin([join(root, "test/kotlin-stubs"), join(folder, "src")], join(folder, "out"));
    expect(compiled.code, compiled.stdout + compiled.stderr).toBe(0);
    const run = await runKotlin(join(folder, "out"), "MainKt");
    expect(run.code, run.stderr).toBe(0);
    recorded = JSON.parse(run.stdout);
  });

  test.each(cases.map((each, index) => ({ ...each, index })))("$name", ({ settings, options, index }) => {
    const known = new Map<string, { type: ConnectionType; defaults: Readonly<Record<string, unknown>> }>();
    // The stand-ins lack what TeamCity's classes set, and what TeamCity takes for absent parameters.
    const whole = (key: string, params: Readonly<Record<string, unknown>>): Record<string, unknown> => {
      const connection = known.get(key);
      if (connection === undefined) return { ...params };
      const filled = { ...connection.defaults, ...params };
      const set = classDefaults(connection.type, new Map(Object.entries(filled)) as Map<string, string>);
      return { ...filled, ...Object.fromEntries(set) };
    };
    const expected: unknown[] = [];
    const visit = (project: ProjectNode, parentId: string | null): void => {
      for (const { id, kind, settings } of project.connections) {
        const type = types.get(kind);
        if (type !== undefined) known.set(`${project.id}/${id}`, { type, defaults: fillDefaults(type, settings, {}) });
      }
      expected.push({
        id: project.id,
        parentId,
        name: parentId === null ? "" : (project.name ?? project.id),
        description: project.description ?? "",
        archived: project.archived ?? false,
        parameters: project.parameters ?? {},
        features: projectFeatures(project, types, []).map((placed) => {
          const { id, type, params } = renderFeature(placed, project.id, options?.lock ?? lock).feature;
          return { id, type, params: whole(`${project.id}/${id}`, params) };
        }),
      });
      for (const child of project.subProjects) visit(child, project.id);
    };
    visit(settings.project, null);
    const found = (recorded[index] ?? []).map((project) => ({
      ...project,
      features: project.features.map(({ id, type, params }) => {
        const found = whole(`${project.id}/${id}`, params);
        // Kotlin's `accessKey` stores a blank word where TeamCity's form leaves the parameter out; both mean access keys.
        const chain = "aws.use.default.credential.provider.chain";
        if (found[chain] === "") delete found[chain];
        return { id, type, params: found };
      }),
    }));
    expect(found).toEqual(expected);
  });
});
