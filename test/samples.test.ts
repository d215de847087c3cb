import { cpSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root, Workspace } from "./support/workspace.js";

const folder = join(root, "test/samples");
const samples = readdirSync(folder);

/** Files laid out as TeamCity writes them; names, hosts and numbers are invented. */
describe.each(samples)("%s", (sample) => {
  const [projectId = ""] = readdirSync(join(folder, sample, ".teamcity"));
  const file = join(projectId, "project-config.xml");
  const original = readFileSync(join(folder, sample, ".teamcity", file), "utf8");
  const settings = readFileSync(join(folder, sample, "settings.ts"), "utf8");

  it("compiling into the folder leaves every byte", async () => {
    const space = new Workspace({ "settings.ts": settings });
    cpSync(join(folder, sample, ".teamcity"), join(space.folder, ".teamcity"), { recursive: true });
    const { code, stdout } = await space.run("compile");
    expect(stdout).toContain("1 file, 1 unchanged.");
    expect(code).toBe(0);
    expect(space.read(join(".teamcity", file))).toBe(original);
  });

  it("compiling into an empty folder gives the same connections, byte for byte", async () => {
    const space = new Workspace({ "settings.ts": settings });
    const { code, stdout } = await space.run("compile", "--schema-version", schemaOf(original));
    if (settings.includes("storedSecret(")) {
      expect(stdout).toContain("PB303");
      expect(code).toBe(1);
      return;
    }
    expect(code).toBe(0);
    const written = extensions(space.read(join(".teamcity", file)));
    const expected = extensions(original);
    for (const [id, text] of expected) if (text.includes('type="OAuthProvider"')) expect(written.get(id)).toBe(text);
    for (const [id, text] of written) expect(text).toBe(expected.get(id));
  });
});

it("the external ID of the IAM-role connection is printed", async () => {
  const space = new Workspace({ "settings.ts": readFileSync(join(folder, "aws-three-kinds/settings.ts"), "utf8") });
  const { stdout } = await space.run("compile");
  expect(stdout).toContain("awsConnection_2  external ID: Depot_Agents-awsConnection_2\n");
  expect(stdout.match(/external ID/g)).toHaveLength(1);
});

function extensions(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(/ {4}<extension id="([^"]*)"[\s\S]*?<\/extension>\n/g)].map((match) => [match[1] as string, match[0]]),
  );
}

function schemaOf(text: string): string {
  return /schemas\/([^/]+)\//.exec(text)?.[1] as string;
}
