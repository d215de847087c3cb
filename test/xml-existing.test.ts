import { describe, expect, it } from "vitest";
import { connectionTypes } from "../src/connections/index.js";
import { KEEP, typesByKind } from "../src/formats/features.js";
import { readTeamCityXml, writeTeamCityXml } from "../src/formats/teamcity-xml/index.js";
import { extensionElement } from "../src/formats/teamcity-xml/write.js";
import { MODEL_SCHEMA_ID, type ProjectNode, type Settings } from "../src/model/schema.js";

const types = typesByKind(connectionTypes);
const file = "Shop/project-config.xml";
const settings = (project: Partial<ProjectNode>): Settings => ({
  $schema: MODEL_SCHEMA_ID,
  version: 1,
  project: { id: "Shop", connections: [], features: [], subProjects: [], ...project },
});
const docker = (id: string, more: object = {}) => ({
  id,
  kind: "docker",
  settings: { displayName: id, url: "https://registry.example.com", ...more },
});

function edit(before: string, project: Partial<ProjectNode>) {
  const { files, findings } = writeTeamCityXml(settings(project), { types, existing: () => before });
  return { text: files.get(file), findings };
}

const read = (files: Record<string, string>) => readTeamCityXml(new Map(Object.entries(files)), types);

const before = `<?xml version="1.0" encoding="UTF-8"?>
<project>
  <name>Shop</name>
  <project-extensions>
    <extension id="A" type="OAuthProvider" since="2019"> <!-- ours -->
      <parameters class="x">
        <!-- do not touch -->
        <param name="displayName" value="A"   />
        <param name='providerType' value='Docker' />
        <param name="repositoryUrl" value="https://registry.example.com" />
        <param name="stale" value="1" />
        <!-- the end -->
      </parameters>
      <more/>
    </extension>
  </project-extensions>
</project>
`;
const stale = { params: { stale: "1" } };

describe("an extension of which a parameter differs", () => {
  it("gets that parameter written anew, and every other byte stays", () => {
    const { text } = edit(before, { connections: [docker("A", { ...stale, url: "https://new.example.com" })] });
    expect(text).toBe(before.replace("https://registry", "https://new"));
  });

  it("gets parameters where they sort, and loses those that the settings do not have", () => {
    const { text } = edit(before, { connections: [docker("A", { userName: "u", params: { Z: "1" } })] });
    expect(text).toBe(
      before
        .replace('<param name="displayName"', '<param name="Z" value="1" />\n        <param name="displayName"')
        .replace('<param name="stale" value="1" />', '<param name="userName" value="u" />'),
    );
  });

  it.each([
    [`value='https://registry.example.com'`, "https://a.example/'\"&", `value='https://a.example/&apos;&quot;&amp;'`],
    [`value="https://registry.example.com"`, "https://a.example/'\"&", `value="https://a.example/'&quot;&amp;"`],
    [`x:value='> value="1"' value = 'https://registry.example.com'`, "", `x:value='> value="1"' value = ''`],
  ])("keeps all but the text between the quotes: %s", (given, repositoryUrl, wanted) => {
    const element = (value: string): string => `<param own='1' ${value}\tname='url' ><!-- why --><more/></param>`;
    const text = (value: string): string =>
      `<project><project-extensions><extension id="A" type="X"><parameters>${element(value)}</parameters></extension></project-extensions></project>`;
    const features = [{ id: "A", type: "X", params: { url: repositoryUrl } }];
    expect(edit(text(given), { features }).text).toBe(text(wanted));
    expect(read({ [file]: text(wanted) }).settings?.project.features).toEqual(features);
  });

  it("whose value is text inside of it gets a new element for it", () => {
    const text = before.replace('value="https://registry.example.com" />', ">https://registry.example.com</param>");
    const { text: after } = edit(text, { connections: [docker("A", { ...stale, url: "https://new.example.com" })] });
    expect(after).toBe(before.replace("https://registry", "https://new"));
  });

  it("stays as it is where all that differs is its layout", () => {
    expect(edit(before, { connections: [docker("A", stale)] })).toEqual({ text: before, findings: [] });
  });

  it.each(["<parameters/>", "<parameters></parameters>", "", "<parameters><!-- none --></parameters>"])(
    "whose parameters are %j gets them",
    (parameters) => {
      const text = `<project><project-extensions><extension id="A" type="X">${parameters}</extension></project-extensions></project>`;
      const features = [{ id: "A", type: "X", params: { b: "2", a: "1\n2" } }];
      const edited = edit(text, { features }).text as string;
      expect(read({ [file]: edited }).settings?.project.features).toEqual(features);
      expect(edited.includes("<!-- none -->")).toBe(parameters.includes("<!--"));
      expect(edit(edited, { features }).text).toBe(edited);
    },
  );
});

describe("extensions of one ID", () => {
  const twice = before.replace(
    "  </project-extensions>",
    '    <extension id="A" type="OAuthProvider"><parameters><param name="secure:userPass" value="zxx0"/></parameters></extension>\n  </project-extensions>',
  );

  it("that the settings own are not understood", () => {
    const { text, findings } = edit(twice, { connections: [docker("A", { ...stale, password: { $stored: true } })] });
    expect(text).toBeUndefined();
    expect(findings).toContainEqual(expect.objectContaining({ code: "PB302", place: { file } }));
  });

  it("that the settings do not own stay", () => {
    expect(edit(twice, {}).text).toBe(twice);
  });

  it("a value to keep is never left out in silence", () => {
    const feature = { id: "A", type: "X", params: { "secure:a": KEEP }, path: [] } as const;
    expect(() => extensionElement(feature)).toThrow("secure:a");
    expect(extensionElement(feature, { "secure:a": "zxx0" })).toContain('value="zxx0"');
  });
});

describe("another feature under the ID of one that is declared", () => {
  const holding = (type: string, provider = "") =>
    `<project><project-extensions><extension id="PROJECT_EXT_41" type="${type}"><parameters>${provider}<param name="secure:userPass" value="zxx0"/></parameters></extension></project-extensions></project>`;
  const provider = (name: string) => `<param name="providerType" value="${name}"/>`;
  const connections = [docker("PROJECT_EXT_41", { password: { $stored: true } })];

  it.each([
    [holding("CloudImage"), "type CloudImage"],
    [holding("CloudImage", provider("Docker")), "type CloudImage"],
    [holding("OAuthProvider", provider("GitHub")), "type OAuthProvider, provider GitHub"],
    [holding("OAuthProvider"), "type OAuthProvider"],
  ])("is not replaced, and its secret not taken over: %s", (text, described) => {
    for (const project of [{ connections }, { connections: [docker("PROJECT_EXT_41")] }]) {
      expect(edit(text, project)).toEqual({
        text: undefined,
        findings: [
          {
            code: "PB302",
            severity: "error",
            message: `the file ${file} holds another feature under the ID "PROJECT_EXT_41" (${described})`,
            hint: "Choose another ID; other features are never replaced.",
            path: ["project", "connections", 0],
          },
        ],
      });
    }
  });

  it("is not replaced by a raw feature either", () => {
    const raw = (type: string, params = {}) =>
      edit(holding("CloudImage"), { features: [{ id: "PROJECT_EXT_41", type, params }] });
    expect(raw("ReportTab").findings.map(({ code, path }) => [code, path])).toEqual([["PB302", ["project", "features", 0]]]);
    expect(raw("CloudImage", { providerType: "any", "secure:userPass": { $stored: true } }).text).toContain("zxx0");
  });

  it("is the same one where type and provider are", () => {
    const { text, findings } = edit(holding("OAuthProvider", provider("Docker")), { connections });
    expect(findings).toEqual([]);
    expect(text).toContain('<param name="secure:userPass" value="zxx0"/>');
  });
});

describe("comments beside extensions", () => {
  const holding = (inner: string) =>
    `<project>\n  <name>Shop</name>\n  <project-extensions>${inner}</project-extensions>\n</project>\n`;
  const added = extensionElement({
    id: "X",
    type: "T",
    params: { a: "1" },
    path: [],
  });
  const features = [{ id: "X", type: "T", params: { a: "1" } }];
  const own = extensionElement({ id: "A", type: "OAuthProvider", params: { providerType: "Docker" }, path: [] });
  const remove = (text: string, project: Partial<ProjectNode>) =>
    writeTeamCityXml(settings(project), { types, existing: () => text, ownership: () => "remove" }).files.get(file);

  it("stay when the first extension comes", () => {
    expect(edit(holding("<!-- keep me -->"), { features }).text).toBe(holding(`<!-- keep me -->\n${added}\n  `));
    expect(edit(holding("\n    <!-- keep me -->\n  "), { features }).text).toBe(holding(`\n    <!-- keep me -->\n${added}\n  `));
    expect(edit(holding("\n  "), { features }).text).toBe(holding(`\n${added}\n  `));
    expect(edit("<project><project-extensions/></project>", { features }).text).toBe(
      `<project><project-extensions>\n${added}\n  </project-extensions></project>`,
    );
  });

  it("stay when the last extension goes", () => {
    const commented = holding(`\n    <!-- before -->\n${own}\n    <!-- after -->\n  `);
    expect(remove(commented, {})).toBe(holding("\n    <!-- before -->\n    <!-- after -->\n  "));
    expect(remove(commented, { features })).toBe(holding(`\n    <!-- before -->\n    <!-- after -->\n${added}\n  `));
    expect(remove(holding(`<!-- before -->${own}`), { features })).toBe(holding(`<!-- before -->\n${added}\n  `));
    expect(remove(holding(`\n${own}\n${own.replace('"A"', '"B"')}\n  `), {})).toBe(
      "<project>\n  <name>Shop</name>\n</project>\n",
    );
  });

  it("alone are no reason to change the file", () => {
    for (const text of [holding("<!-- keep me -->"), holding(""), holding("\n  ")]) expect(remove(text, {})).toBe(text);
  });
});

describe("the layout of a file", () => {
  it("<project/> stays, or gets an end tag", () => {
    const closed = '<?xml version="1.0"?>\n<project uuid="1" />\n';
    expect(edit(closed, {}).text).toBe(closed);
    expect(edit(closed, { archived: true }).text).toBe('<?xml version="1.0"?>\n<project archived="true" uuid="1">\n</project>\n');
    const { text = "" } = edit(closed, { name: "N", parameters: { a: "1" }, connections: [docker("A")] });
    expect(read({ [file]: text }).settings?.project).toMatchObject({
      name: "N",
      parameters: { a: "1" },
      connections: [docker("A")],
    });
    expect(text).toContain('<project uuid="1">\n  <name>N</name>\n  <parameters>');
  });

  it.each(["    ", "\t", "   "])("what is added has the indent of the file, and its neighbours keep theirs: %j", (indent) => {
    const indented = (text: string): string => text.replace(/^(?: {2})+/gm, (each) => indent.repeat(each.length / 2));
    const param = (name: string, rest = ' value="1" />'): string => `        <param name="${name}"${rest}\n`;
    const extension = (id: string, params: string): string =>
      `    <extension id="${id}" type="T">\n      <parameters>\n${params}      </parameters>\n    </extension>\n`;
    const text = (inner: string): string =>
      indented(`<project>\n  <name>Shop</name>\n  <project-extensions>\n${inner}  </project-extensions>\n</project>\n`);
    const features: ProjectNode["features"] = [
      { id: "A", type: "T", params: { a: "1" } },
      { id: "M", type: "T", params: { a: "1", m: "1", z: "1" } },
      { id: "Z", type: "T", params: { z: "1\n    2" } },
    ];
    const first = extension("A", param("a"));
    const middle = extension("M", param("a") + param("m") + param("z"));
    const last = extension("Z", param("z", "><![CDATA[LINES]]></param>"));
    expect(edit(text(extension("M", param("m"))), { features }).text).toBe(
      text(first + middle + last).replace("LINES", "1\n    2"),
    );
  });

  it("line ends are those of the file", () => {
    const windows = before.replaceAll("\n", "\r\n");
    const project = {
      name: "New",
      description: "d",
      parameters: { a: "1\n2", b: "1" },
      connections: [docker("A", { userName: "u" }), docker("B")],
    };
    const { text = "" } = edit(windows, project);
    expect(text).toBe(edit(before, project).text?.replaceAll("\n", "\r\n"));
    expect(read({ [file]: text }).settings?.project).toMatchObject(project);
    expect(edit(text, project).text).toBe(text);
  });

  it("a parent that is named stays named, if it is the Root project", () => {
    const named = before.replace("<project>", "<project parent-id='_Root'>");
    const project = { parentId: "_Root", connections: [docker("A", stale)] };
    expect(edit(named, project).text).toBe(named);
    expect(edit(before, project).text).toBe(before);
    expect(edit(named, { ...project, parentId: "Other" }).text).toContain('<project parent-id="Other">');
  });
});

describe("reading", () => {
  const child = (parent: string) => `<project parent-id="${parent}"/>`;

  it("reports projects whose parents form a circle, beside a top project and without one", () => {
    const circle = { "A/project-config.xml": child("B"), "B/project-config.xml": child("A"), "C/project-config.xml": child("B") };
    for (const files of [circle, { [file]: "<project/>", ...circle }]) {
      const { findings } = read(files);
      expect(findings.map((each) => each.code)).toEqual(["PB302"]);
      expect(findings[0]?.message).toContain("A, B, C");
    }
  });

  it("says in which file it found what it does not understand", () => {
    const { findings } = read({ [file]: "<project/>", "B/project-config.xml": "<a/>", "C/project-config.xml": "<" });
    expect(findings.map((each) => each.place?.file)).toEqual(["B/project-config.xml", "C/project-config.xml"]);
  });

  it.each([
    ["no name", '<param name="" value="x" />', "a parameter whose name settings cannot give"],
    ["a name that no record holds", '<param name="__proto__" value="p" />', "a parameter whose name settings cannot give"],
    ["too long a value", `<param name="x" value="${"x".repeat(70_000)}" />`, "a text of more than 65536 characters"],
  ])("leaves a connection alone that has a parameter of %s", (_name, param, words) => {
    const text = before.replace('<param name="stale" value="1" />', param);
    const { settings: found, findings } = read({ [file]: text });
    expect(findings).toMatchObject([{ code: "PB315", severity: "note", place: { file, line: 5, column: 5 } }]);
    expect(findings[0]?.message).toContain(words);
    expect(found?.project.connections).toEqual([]);
    expect(edit(text, found?.project as ProjectNode).text).toBe(text);
  });

  it("keeps parameters called constructor, through reading and writing", () => {
    const odd = '<param name="constructor" value="c" />\n        ';
    const raw = `<extension id="B" type="X">\n      <parameters>\n        ${odd.trim()}\n      </parameters>\n    </extension>`;
    const text = before
      .replace('<param name="displayName"', `${odd}<param name="displayName"`)
      .replace("  </project-extensions>", `    ${raw}\n  </project-extensions>`)
      .replace("</name>", `</name>\n  <parameters>\n    ${odd.trim()}\n  </parameters>`);
    const { project } = read({ [file]: text }).settings as Settings;
    expect(project.connections.map((each) => each.id)).toEqual(["A"]);
    const { files } = writeTeamCityXml(settings(project), { types });
    expect(files.get(file)?.match(/name="constructor" value="c"/g)).toHaveLength(3);
    expect(edit(text, project).text).toBe(text);
  });
});
