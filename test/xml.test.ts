import { describe, expect, it } from "vitest";
import { connectionTypes } from "../src/connections/index.js";
import { canonicalProjects, equalSettings } from "../src/formats/equality.js";
import { typesByKind } from "../src/formats/features.js";
import { readTeamCityXml, type WriteOptions, writeTeamCityXml } from "../src/formats/teamcity-xml/index.js";
import { MODEL_SCHEMA_ID, type ProjectNode, type Settings } from "../src/model/schema.js";

const types = typesByKind(connectionTypes);
const settings = (project: Partial<ProjectNode>): Settings => ({
  $schema: MODEL_SCHEMA_ID,
  version: 1,
  project: { id: "Shop", connections: [], features: [], subProjects: [], ...project },
});
const docker = (id: string, url = "https://registry.example.com") => ({ id, kind: "docker", settings: { displayName: id, url } });

function write(project: Partial<ProjectNode>, options: Partial<WriteOptions> = {}): string {
  const { files, findings } = writeTeamCityXml(settings(project), { types, ...options });
  expect(findings.filter((each) => each.severity === "error")).toEqual([]);
  return files.get("Shop/project-config.xml") as string;
}

/** Compiles into a folder that holds one file, and returns that file and the findings. */
function edit(before: string, project: Partial<ProjectNode>, ownership: "leave" | "report" | "remove" = "report") {
  const { files, findings } = writeTeamCityXml(settings(project), { types, existing: () => before, ownership: () => ownership });
  return { text: files.get("Shop/project-config.xml"), codes: findings.map((each) => each.code) };
}

const head = '<?xml version="1.0" encoding="UTF-8"?>\n';
const schema = (version: string, scheme = "https") =>
  `xsi:noNamespaceSchemaLocation="${scheme}://www.jetbrains.com/teamcity/schemas/${version}/project-config.xsd"`;
const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

describe("a new file", () => {
  it("of an empty project", () => {
    expect(write({})).toBe(
      `${head}<project ${xsi} ${schema("2021.1")}>\n  <name>Shop</name>\n  <parameters />\n  <cleanup />\n</project>\n\n`,
    );
  });

  it("of format 2025.3 leaves empty elements out", () => {
    expect(write({}, { schemaVersion: "2025.3" })).toBe(
      `${head}<project ${xsi} ${schema("2025.3")}>\n  <name>Shop</name>\n</project>\n\n`,
    );
  });

  it("of format 10.0 has the older address", () => {
    expect(write({}, { schemaVersion: "10.0" })).toContain(schema("10.0", "http"));
  });

  it("has its attributes, elements and parameters in TeamCity's order", () => {
    const project = {
      name: 'A <b> & "c"',
      description: "d > e",
      parentId: "Company",
      archived: true,
      uuid: "",
      parameters: { b: "2", B: "1", "secure:x": "", _: "3" },
    };
    expect(write(project)).toBe(`${head}<project ${xsi} parent-id="Company" archived="true" uuid="" ${schema("2021.1")}>
  <name>A &lt;b&gt; &amp; "c"</name>
  <description>d &gt; e</description>
  <parameters>
    <param name="B" value="1" />
    <param name="_" value="3" />
    <param name="b" value="2" />
    <param name="secure:x" value="" />
  </parameters>
  <cleanup />
</project>

`);
  });

  it("sorts names and IDs that look like numbers as plain text, in new files and in existing ones", () => {
    const params = { "9": "a", "10": "b", a: "c", "-1": "d" };
    const sorted = ["-1", "10", "9", "a"];
    const numbered = { parameters: params, features: ["9", "10"].map((id) => ({ id, type: "X", params })) };
    const names = (text = "") => [...text.matchAll(/<param name="([^"]*)"/g)].map((each) => each[1]);
    const ids = (text = "") => [...text.matchAll(/extension id="([^"]*)"/g)].map((each) => each[1]);
    const written = write(numbered);
    expect(names(written)).toEqual([...sorted, ...sorted, ...sorted]);
    expect(ids(written)).toEqual(["10", "9"]);
    const half = { a: "c", "10": "b" };
    const grown = edit(write({ parameters: half, features: [{ id: "9", type: "X", params: half }] }), numbered).text;
    expect(grown).toBe(written);
    const model = settings(numbered);
    const [project] = canonicalProjects(model, types);
    expect(project?.parameters.map(([name]) => name)).toEqual(sorted);
    expect(project?.features.map(({ id, params }) => [id, params.map(([name]) => name)])).toEqual([
      ["10", sorted],
      ["9", sorted],
    ]);
    const read = readTeamCityXml(new Map([["Shop/project-config.xml", written]]), types).settings as Settings;
    expect(equalSettings(read, model, types)).toBe(true);
  });

  it("sorts extensions by ID as plain text", () => {
    const text = write({ connections: ["PROJECT_EXT_2", "amazon-1", "PROJECT_EXT_10", "_x"].map((id) => docker(id)) });
    expect([...text.matchAll(/extension id="([^"]*)"/g)].map((each) => each[1])).toEqual([
      "PROJECT_EXT_10",
      "PROJECT_EXT_2",
      "_x",
      "amazon-1",
    ]);
  });

  it.each([
    ["it's", `value="it's"`],
    [`<a> & "b"`, 'value="&lt;a&gt; &amp; &quot;b&quot;"'],
    ["a\tb\rc", 'value="a&#x9;b&#xD;c"'],
    ["a\n<&]", "><![CDATA[a\n<&]]]></param>"],
    ["a\n]]>b", "><![CDATA[a\n]]]]><![CDATA[>b]]></param>"],
    ["a\r\nb", "><![CDATA[a]]>&#xD;<![CDATA[\nb]]></param>"],
    ["", 'value=""'],
  ])("writes %j", (value, expected) => {
    expect(write({ features: [{ id: "f", type: "X", params: { p: value } }] })).toContain(
      `<param name="p"${expected.startsWith(">") ? "" : " "}${expected}`,
    );
  });

  it("the tree is flat; the Root project is no parent to name", () => {
    const inner = { id: "Inner", connections: [], features: [], subProjects: [] };
    const { files } = writeTeamCityXml(settings({ id: "_Root", subProjects: [{ ...inner, id: "Mid", subProjects: [inner] }] }), {
      types,
    });
    expect([...files.keys()]).toEqual(["_Root/project-config.xml", "Mid/project-config.xml", "Inner/project-config.xml"]);
    expect(files.get("_Root/project-config.xml")).toContain("<name>&lt;Root project&gt;</name>");
    expect(files.get("Mid/project-config.xml")).not.toContain("parent-id");
    expect(files.get("Inner/project-config.xml")).toContain('parent-id="Mid"');
  });

  it.each(["a\0b", "\x1b[31m", "\ud800", "\ufffe"])("refuses %j, which XML cannot hold", (value) => {
    const { files, findings } = writeTeamCityXml(settings({ connections: [docker(value)] }), { types });
    expect(findings.map((each) => each.code)).toContain("PB307");
    expect(files.size).toBe(0);
  });
});

describe("an existing file", () => {
  const before = `${head}<project ${xsi} uuid="1" ${schema("2020.1")}>
  <!-- made by hand -->
  <name>Shop</name>
  <default-template ref="T" />
  <parameters>
    <param name="p" value="1" spec="text display='hidden'" />
  </parameters>
  <project-extensions>
    <extension id="B" type="OAuthProvider">
      <parameters>
        <param value="https://registry.example.com" name="repositoryUrl"/>
        <param name="displayName" value="B" />
        <param name="providerType" value="Docker" />
      </parameters>
    </extension>
    <extension id="X" type="ReportTab">
      <parameters />
    </extension>
  </project-extensions>
  <cleanup>
    <policy type="x" />
  </cleanup>
  <subprojectsOrder order="b,a" />
</project>

`;

  it("keeps every byte where nothing differs, whatever its layout", () => {
    expect(edit(before, { connections: [docker("B")] })).toEqual({ text: before, codes: [] });
  });

  it("gets new connections where their IDs sort, and keeps the rest", () => {
    const { text = "" } = edit(before, { connections: [docker("A"), docker("B"), docker("M"), docker("Z")] });
    expect([...text.matchAll(/extension id="([^"]*)"/g)].map((each) => each[1])).toEqual(["A", "B", "M", "X", "Z"]);
    for (const line of before.split("\n")) expect(text).toContain(line);
    expect(text).not.toMatch(/><|\n\n./);
  });

  it("gets only the connection that differs written anew", () => {
    const { text = "" } = edit(before, { connections: [docker("B", "https://other.example.com")] });
    expect(text).toContain('<param value="https://other.example.com" name="repositoryUrl"/>');
    expect(text.replace(/ {4}<extension id="B"[\s\S]*?<\/extension>/, "")).toBe(
      before.replace(/ {4}<extension id="B"[\s\S]*?<\/extension>/, ""),
    );
  });

  it("keeps connections that the settings do not declare, and says so, unless told otherwise", () => {
    expect(edit(before, {})).toEqual({ text: before, codes: ["PB306"] });
    expect(edit(before, {}, "leave")).toEqual({ text: before, codes: [] });
    const removed = edit(before, {}, "remove");
    expect(removed.codes).toEqual([]);
    expect(removed.text).toBe(before.replace(/ {4}<extension id="B"[\s\S]*?<\/extension>\n/, ""));
  });

  it("loses the element that held its last connection, and gets it back", () => {
    const { text: empty = "" } = edit(write({ connections: [docker("A")] }), {}, "remove");
    expect(empty).toBe(write({}));
    expect(edit(empty, { connections: [docker("A")] }).text).toBe(write({ connections: [docker("A")] }));
    const both = edit(write({ connections: [docker("A"), docker("B")] }), { connections: [docker("C")] }, "remove");
    expect(both.text).toBe(write({ connections: [docker("C")] }));
  });

  it("takes over what the settings say of the project, and nothing else", () => {
    const project = {
      name: "New",
      description: "d",
      archived: true,
      parameters: { p: "2", a: "1", z: "3" },
      connections: [docker("B")],
    };
    const { text = "" } = edit(before, project);
    expect(text).toContain(`<project ${xsi} archived="true" uuid="1" ${schema("2020.1")}>`);
    expect(text).toContain("  <name>New</name>\n  <description>d</description>\n  <default-template");
    expect(text).toContain(
      `  <parameters>\n    <param name="a" value="1" />\n    <param name="p" value="2" spec="text display='hidden'" />\n    <param name="z" value="3" />\n  </parameters>`,
    );
    expect(edit(text, project).text).toBe(text);
  });

  it("keeps the value of a stored secret", () => {
    const scrambled = write({ connections: [docker("A")] }).replace(
      '<param name="repositoryUrl"',
      '<param name="secure:userPass" value="zxx0123456789abcdef" />\n        <param name="repositoryUrl"',
    );
    const stored = (url: string) => ({
      ...docker("A", url),
      settings: { ...docker("A", url).settings, password: { $stored: true } },
    });
    expect(edit(scrambled, { connections: [stored("https://registry.example.com")] }).text).toBe(scrambled);
    expect(edit(scrambled, { connections: [stored("https://new.example.com")] }).text).toContain(
      'name="secure:userPass" value="zxx0123456789abcdef"',
    );
    expect(edit(write({}), { connections: [stored("https://new.example.com")] }).codes).toEqual(["PB303"]);
  });

  it.each([
    ["no XML", "hello"],
    ["an unclosed element", "<project><name>x</project>"],
    ["another root", "<build-type/>"],
    ["an entity", '<!DOCTYPE project [<!ENTITY x SYSTEM "file:///etc/passwd">]><project><name>&x;</name></project>'],
    ["too deep", `<project>${"<a>".repeat(50_000)}`],
  ])("that is not understood is left alone: %s", (_name, text) => {
    expect(edit(text, {})).toEqual({ text: undefined, codes: ["PB302"] });
  });
});

describe("reading", () => {
  const file = (extensions: string, attributes = "") =>
    new Map([
      [
        "Shop/project-config.xml",
        `${head}<project ${xsi} ${attributes}>\n<name>Shop</name>\n<project-extensions>${extensions}</project-extensions>\n</project>`,
      ],
    ]);
  const extension = (params: Record<string, string>) =>
    `<extension id="E" type="OAuthProvider"><parameters>${Object.entries(params)
      .map(([name, value]) => `<param name="${name}" value="${value}"/>`)
      .join("")}</parameters></extension>`;
  const read = (params: Record<string, string>) => readTeamCityXml(file(extension(params)), types).settings?.project;

  it("puts into params what typed settings cannot say", () => {
    expect(read({ providerType: "Docker", displayName: "d", repositoryUrl: "", "x.y": "1" })?.connections).toEqual([
      { id: "E", kind: "docker", settings: { displayName: "d", params: { repositoryUrl: "", "x.y": "1" } } },
    ]);
    const aws = { providerType: "AWS", displayName: "a", awsRegionName: "eu-west-1", awsCredentialsType: "defaultProvider" };
    expect(read({ ...aws, awsAllowedInBuilds: "maybe" })?.connections[0]?.settings).toEqual({
      displayName: "a",
      region: "eu-west-1",
      credentials: { type: "defaultProviderChain" },
      params: { awsAllowedInBuilds: "maybe", awsAllowedInSubProjects: null, awsStsEndpoint: null },
    });
  });

  it("keeps what it does not know as raw features, secrets told apart", () => {
    expect(read({ providerType: "Unknown", "secure:a": "zxx00", b: "scrambled:x", "secure:c": "" })?.features).toEqual([
      {
        id: "E",
        type: "OAuthProvider",
        params: { providerType: "Unknown", "secure:a": { $stored: true }, b: { $stored: true }, "secure:c": "" },
      },
    ]);
    expect(read({ providerType: "Docker", userName: "no display name" })?.features).toHaveLength(1);
  });

  it("a blank switch of the ECR credentials chain means an access key", () => {
    const ecr = {
      providerType: "AmazonDocker",
      displayName: "e",
      registryId: "123456789012",
      "aws.region.name": "eu-west-1",
      "aws.credentials.type": "aws.access.keys",
      "aws.use.default.credential.provider.chain": "",
      "aws.access.key.id": "AKIAEXAMPLE000000000",
      "secure:aws.secret.access.key": "credentialsJSON:00000000-0000-4000-8000-000000000001",
    };
    expect(read(ecr)?.connections[0]?.settings).toMatchObject({
      credentials: { type: "accessKeys" },
      params: { ecrType: null, "aws.use.default.credential.provider.chain": "" },
    });
  });

  it("tells what is wrong with a folder", () => {
    const codesOf = (files: Map<string, string>) => readTeamCityXml(files, types).findings.map((each) => each.code);
    expect(codesOf(new Map())).toEqual(["PB302"]);
    expect(codesOf(new Map([...file(""), ["Other/project-config.xml", `<project/>`]]))).toEqual(["PB302"]);
    expect(codesOf(new Map([["Shop/project-config.xml", "<project"]]))).toEqual(["PB302"]);
  });
});
