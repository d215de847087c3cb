import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { secretToken, TOKEN_NAMESPACE } from "../src/formats/tokens.js";
import { root, Workspace } from "./support/workspace.js";

const vectors = JSON.parse(readFileSync(join(root, "docs/secret-tokens.json"), "utf8")) as {
  namespace: string;
  vectors: { projectId: string; secretName: string; part: string; accessKeyId?: string; token: string }[];
};

it("the namespace is the published one", () => {
  expect(TOKEN_NAMESPACE).toBe(vectors.namespace);
});

it.each(vectors.vectors)("$projectId $secretName $part $accessKeyId", ({ token, ...subject }) => {
  expect(secretToken(subject)).toBe(token);
});

it("a managed pair gets a token of its own for each access key", async () => {
  const settings = `import { project, secret } from "plugboard";
export default project("Shop", ({ awsConnection }) => {
  awsConnection("Main", { displayName: "m", region: "eu-west-1", credentials: { type: "accessKeys", accessKey: secret("aws/main") } });
});`;
  const space = new Workspace({ "settings.ts": settings });
  const without = await space.run("compile", "--to", "xml,json", "--out", "out");
  expect(without).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('PB304 the access key ID of secret "aws/main" is not in plugboard.lock.json'),
  });
  expect((await space.run("compile", "--to", "json", "--out", "out")).code).toBe(0);
  const tokens = [];
  for (const accessKeyId of ["AKIAEXAMPLE000000000", "AKIAEXAMPLE000000001"]) {
    space.write("plugboard.lock.json", JSON.stringify({ version: 1, accessKeys: { "aws/main": { accessKeyId } } }));
    expect((await space.run("compile", "--out", "out")).code).toBe(0);
    const xml = space.read("out/Shop/project-config.xml");
    expect(xml).toContain(`<param name="awsAccessKeyId" value="${accessKeyId}" />`);
    tokens.push(/credentialsJSON:[-0-9a-f]+/.exec(xml)?.[0]);
    expect(tokens.at(-1)).toBe(
      secretToken({ projectId: "Shop", secretName: "aws/main", part: "secure:awsSecretAccessKey", accessKeyId }),
    );
  }
  expect(new Set(tokens).size).toBe(2);
  space.write("plugboard.lock.json", '{ "version": 2 }');
  expect((await space.run("check")).stdout).toContain("plugboard.lock.json error PB143");
});
