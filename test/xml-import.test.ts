import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { connectionTypes } from "../src/connections/index.js";
import { typesByKind } from "../src/formats/features.js";
import { readTeamCityXml, writeTeamCityXml } from "../src/formats/teamcity-xml/index.js";
import { writeTypeScript } from "../src/formats/typescript/write.js";
import type { ProjectNode, Settings } from "../src/model/schema.js";
import { projectTrees } from "./support/arbitrary.js";
import { samples } from "./support/samples.js";
import { modelOf } from "./support/typescript.js";

const types = typesByKind(connectionTypes);

type Files = ReadonlyMap<string, string>;

const read = (files: Files | Record<string, string>, projectId?: string) =>
  readTeamCityXml(files instanceof Map ? files : new Map(Object.entries(files)), types, projectId);

/** Reads a tree, writes it as TypeScript, evaluates that, and compiles it into the tree. */
async function throughSettings(files: Files): Promise<{ settings: Settings; text: string; files: Files; codes: string[] }> {
  const { settings, findings } = read(files);
  expect(findings.filter((each) => each.severity === "error")).toEqual([]);
  const typescript = await writeTypeScript(settings as Settings, { types });
  const evaluated = modelOf(typescript.files);
  const written = writeTeamCityXml(evaluated, { types, existing: (path) => files.get(path) });
  expect(written.findings.filter((each) => each.severity === "error")).toEqual([]);
  return {
    settings: settings as Settings,
    text: [...typescript.files.values()].join("\n"),
    files: written.files,
    codes: [...findings, ...written.findings].map((each) => each.code),
  };
}

const kinds = ({ project }: Settings): string[] => {
  const visit = (node: ProjectNode): string[] => [
    ...node.connections.map((each) => each.kind),
    ...node.subProjects.flatMap(visit),
  ];
  return visit(project);
};

describe("the samples", () => {
  it("hold eleven connections, and every other extension is kept", () => {
    const counts: Record<string, number> = {};
    let others = 0;
    for (const { files } of samples) {
      const { settings, findings } = read(files);
      expect(findings).toEqual([]);
      for (const kind of kinds(settings as Settings)) counts[kind] = (counts[kind] ?? 0) + 1;
      others += settings?.project.features.length ?? 0;
    }
    expect(counts).toEqual({ aws: 3, space: 4, azureDevOpsPat: 1, amazonEcr: 1, github: 1, docker: 1 });
    expect(others).toBe(13);
  });

  it("keep their secrets: tokens are repeated, what is scrambled is not", () => {
    const { settings } = read(samples.find((each) => each.name === "ecr-scrambled-secret")?.files as Files);
    expect(settings?.project.connections[0]?.settings.credentials).toEqual({
      type: "accessKeys",
      accessKeyId: "AKIAEXAMPLE000000000",
      secretAccessKey: { $stored: true },
    });
  });
});

/** What an editor, another server or a person may do to a file without changing what it says. */
const rewritings: readonly (readonly [name: string, rewrite: (text: string) => string])[] = [
  ["as it is", (text) => text],
  ["a byte-order mark", (text) => `\ufeff${text}`],
  ["CRLF", (text) => text.replaceAll("\n", "\r\n")],
  ["no final line feed", (text) => text.trimEnd()],
  ["no uuid", (text) => text.replace(/ uuid="[^"]*"/, "")],
  ["an empty uuid", (text) => text.replace(/ uuid="[^"]*"/, ' uuid=""')],
  ["an http schema", (text) => text.replace("https://www.jetbrains.com", "http://www.jetbrains.com")],
  ["no schema at all", (text) => text.replace(/ xmlns:xsi="[^"]*"/, "").replace(/ xsi:\w+="[^"]*"/, "")],
  ["no XML declaration", (text) => text.replace(/^<\?xml.*\n/, "")],
  ["apostrophes for quotes", (text) => text.replace(/="([^"']*)"/g, "='$1'")],
  ["tabs", (text) => text.replaceAll("  ", "\t")],
  ["one line", (text) => text.replace(/>\s+</g, "><")],
  [
    "comments everywhere",
    (text) =>
      text.replace(
        /(?<=<name>|<extension [^>]*>|<parameters>|<project-extensions>)/g,
        "<!-- hello -- there -->".replace(" -- ", " "),
      ),
  ],
  [
    "values as CDATA",
    (text) => text.replace(/<param name="([^"]*)" value="([^"&]*)" \/>/g, '<param name="$1"><![CDATA[$2]]></param>'),
  ],
  ["values as text", (text) => text.replace(/<param name="([^"]*)" value="([^"]+)" \/>/g, '<param name="$1">$2</param>')],
  ["parameters without a value", (text) => text.replaceAll(' value="" />', " />")],
  [
    "elements that are not known",
    (text) => text.replace("</project>", '  <pipelines><yaml path="a.yml" /></pipelines>\n</project>'),
  ],
  [
    "the children in another order",
    (text) => {
      const extensions = / *<project-extensions>[\s\S]*<\/project-extensions>\n/.exec(text)?.[0] ?? "";
      return text.replace(extensions, "").replace(/(?= *<name>)/, extensions);
    },
  ],
  [
    "a type that is not known",
    (text) => text.replaceAll(/value="(?:AWS|Docker|GitHub|AmazonDocker|JetBrains Space)"/g, 'value="Nobody"'),
  ],
  [
    "parameters that are not known",
    (text) => text.replaceAll(/ *<param name="displayName"/g, '<param name="x.y" value="&lt;1&gt;" />\n$&'),
  ],
  [
    "values that no setting can hold",
    (text) => text.replaceAll(/value="(?:true|false|60|static|aws.access.keys)"/g, 'value="other"'),
  ],
  ["scrambled secrets", (text) => text.replaceAll(/credentialsJSON:[0-9a-f-]{36}/g, "zxx00ff00ff")],
  ["plain-text secrets", (text) => text.replaceAll(/credentialsJSON:[0-9a-f-]{36}/g, "hunter2")],
  ["IDs given twice", (text) => text.replace(/ *<extension[\s\S]*?<\/extension>\n/, "$&$&")],
  [
    "a self-closed extension",
    (text) =>
      text.replace("<project-extensions>", '$&<extension id="E" type="T"/><extension id="F" type="T"><parameters/></extension>'),
  ],
];

describe.each(rewritings)("a file with %s", (_name, rewrite) => {
  it.each(samples)("becomes settings that compile to its bytes: $name", async ({ files }) => {
    const changed = new Map([...files].map(([path, text]) => [path, rewrite(text)]));
    const compiled = await throughSettings(changed);
    expect([...compiled.files]).toEqual([...changed]);
    expect(compiled.text).not.toMatch(/hunter2|zxx00ff/);
  });
});

describe("a tree", () => {
  const project = (parent?: string, inner = ""): string =>
    `<project${parent === undefined ? "" : ` parent-id="${parent}"`}>${inner}</project>`;
  const tree = {
    "Shop/project-config.xml": project("Company"),
    "Shop_Web/project-config.xml": project("Shop"),
    "Shop_Web_Build/project-config.xml": project("Shop_Web"),
    "Shop/buildTypes/Shop_Build.xml": "<build-type/>",
  };

  it("has as its top project the one whose parent is elsewhere", () => {
    expect(read(tree)).toMatchObject({
      settings: {
        project: { id: "Shop", parentId: "Company", subProjects: [{ id: "Shop_Web", subProjects: [{ id: "Shop_Web_Build" }] }] },
      },
      findings: [],
    });
  });

  it("that is a whole data directory has the Root project", () => {
    const server = {
      "_Root/project-config.xml": project(undefined, "<name>&lt;Root project&gt;</name>"),
      "Shop/project-config.xml": project(),
    };
    expect(read(server).settings?.project).toMatchObject({ id: "_Root", subProjects: [{ id: "Shop" }] });
    expect(read(server).settings?.project.name).toBeUndefined();
  });

  it("with several top projects says how to choose one", () => {
    const two = { ...tree, "Depot/project-config.xml": project("Company") };
    expect(read(two)).toEqual({
      findings: [
        {
          code: "PB302",
          severity: "error",
          message: "the folder holds several top projects: Shop, Depot",
          hint: "Import one of the trees at a time: --project Shop.",
        },
      ],
    });
    expect(read(two, "Depot").settings?.project).toMatchObject({ id: "Depot", subProjects: [] });
    expect(read(two, "Shop_Web").settings?.project).toMatchObject({
      id: "Shop_Web",
      parentId: "Shop",
      subProjects: [{ id: "Shop_Web_Build" }],
    });
    expect(read(two, "Nope").findings).toMatchObject([
      { code: "PB310", message: 'project "Nope" is not among those found: Shop, Shop_Web, Shop_Web_Build, Depot' },
    ]);
  });

  it("that is too deep is told, and does not overflow the stack", () => {
    const deep = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, index) => [
        `P${index}/project-config.xml`,
        project(index === 0 ? undefined : `P${index - 1}`),
      ]),
    );
    const { findings } = read(deep, "P0");
    expect(findings).toMatchObject([{ code: "PB123", place: { file: "P100/project-config.xml" } }]);
  });
});

describe("a file that is broken", () => {
  it.each([
    ["", "root element is missing or invalid", 1, 1],
    ["<project>", "missing end tag", 1, 10],
    ["<project>\n  <name>a</nam></project>", "missing end tag", 2, 10],
    ['<project a="1" hunter2="1" hunter2="2"/>', "duplicate attribute", 1, 39],
    ["<project><hunter2></project>", "missing end tag", 1, 19],
    ["<project>&hunter2;</project>", "named entity isn't defined", 1, 10],
    ['<!DOCTYPE p [<!ENTITY a "hunter2">]><project><name>&a;</name></project>', "named entity isn't defined", 1, 52],
    ['<!DOCTYPE p [<!ENTITY a SYSTEM "file:///etc/passwd">]><project>&a;</project>', "named entity isn't defined", 1, 64],
    ["<project>\u0001</project>", "invalid character", 1, 10],
    ["<project>\ud800</project>", "invalid character", 1, 10],
    ["<hunter2/>", "the root element is not <project>", undefined, undefined],
  ])("is refused with its place, and nothing of it is repeated: %j", (text, words, line, column) => {
    const { findings, settings } = read({ "A/project-config.xml": text });
    expect(settings).toBeUndefined();
    const [found] = findings;
    expect(found).toMatchObject({ code: "PB302", place: { file: "A/project-config.xml" } });
    expect(found?.message).toContain(words);
    expect([found?.place?.line, found?.place?.column]).toEqual([line, column]);
    expect(JSON.stringify(findings)).not.toContain("hunter2");
  });

  it("is all that is reported: what is missing may be in it", () => {
    const broken = { "A/project-config.xml": "<" };
    const below = { "B/project-config.xml": '<project parent-id="A"/>', "C/project-config.xml": '<project parent-id="Other"/>' };
    for (const { findings } of [read(broken), read({ ...broken, ...below }), read(broken, "A")]) {
      expect(findings).toMatchObject([{ code: "PB302", place: { file: "A/project-config.xml" } }]);
    }
  });

  it("in depth or size is refused in time", () => {
    const deep = `<project>${"<a>".repeat(1_000_000)}`;
    expect(read({ "A/project-config.xml": deep }).findings[0]?.message).toBe("the file is nested too deeply");
    const large = `<project>${" ".repeat(5 * 2 ** 20)}</project>`;
    expect(read({ "A/project-config.xml": large }).findings[0]?.message).toBe("the file is larger than 4 MiB");
  });
});

describe("what the model cannot hold", () => {
  const file = "A/project-config.xml";
  const extension = (attributes: string, params = ""): string =>
    `<extension ${attributes}><parameters>${params}</parameters></extension>`;
  const holding = (...extensions: string[]): string =>
    `<project>\n<project-extensions>\n${extensions.join("\n")}\n</project-extensions>\n</project>\n`;

  it.each([
    ["it has no ID", [extension('type="T"')]],
    ['"E" has no type', [extension('id="E"')]],
    ['the file has several of ID "E"', [extension('id="E" type="T"'), extension('id="E" type="U"')]],
    ['"E" has a parameter whose name settings cannot give', [extension('id="E" type="T"', '<param value="1"/>')]],
  ])("is left alone: %s", async (reason, extensions) => {
    const text = holding(...extensions, extension('id="Z" type="T"'));
    const { settings, findings } = read({ [file]: text });
    expect(settings?.project.features.map((each) => each.id)).toEqual(["Z"]);
    expect(new Set(findings.map((each) => each.message))).toEqual(new Set([`an extension is left alone: ${reason}`]));
    expect(findings[0]).toMatchObject({ code: "PB315", severity: "note", place: { file, line: 3, column: 1 } });
    expect([...(await throughSettings(new Map([[file, text]]))).files]).toEqual([[file, text]]);
  });

  it("of a project stays in the file too", async () => {
    const text = `<project uuid="${"u".repeat(101)}"><name></name><description>${"d".repeat(70_000)}</description><parameters>
<param name="" value="1"/><param name="long" value="${"v".repeat(70_000)}"/><param name="ok" value="1"/><param name="s" value="zxx00"/>
</parameters></project>`;
    const { settings, findings } = read({ [file]: text });
    expect(settings?.project).toEqual({ id: "A", parameters: { ok: "1" }, connections: [], features: [], subProjects: [] });
    expect(findings.map(({ code, place }) => [code, place?.line])).toEqual([
      ["PB315", 2],
      ["PB315", 2],
      ["PB315", 2],
    ]);
    expect([...(await throughSettings(new Map([[file, text]]))).files]).toEqual([[file, text]]);
  });
});

describe("project trees", () => {
  it("compile to their bytes, through XML, settings and back", async () => {
    await fc.assert(
      fc.asyncProperty(projectTrees(connectionTypes), async (generated) => {
        const tree = JSON.parse(JSON.stringify(generated).replaceAll('{"$stored":true}', '{"$secret":"was-stored"}')) as Settings;
        const names = [...JSON.stringify(tree).matchAll(/"accessKey":\{"\$secret":"([^"]+)"/g)].map(
          (match) => match[1] as string,
        );
        const lock = {
          version: 1 as const,
          accessKeys: Object.fromEntries(names.map((name) => [name, { accessKeyId: "AKIAEXAMPLE000000000" }])),
        };
        const { files } = writeTeamCityXml(tree, { types, lock });
        const compiled = await throughSettings(files);
        expect([...compiled.files].sort()).toEqual([...files].sort());
      }),
      { numRuns: 60, seed: 20_261_120 },
    );
  });
});
