import { expect, it } from "vitest";
import { Workspace } from "./support/workspace.js";

const settings = `import { connectionRef, project, secret } from "plugboard";
const canary = "hunter2-canary"; const shared = { displayName: "d" };
export default project("Shop", { name: "x" }, ({ awsConnection, dockerRegistry, feature, subProject, connection }) => {
  awsConnection("Role", {
    displayName: "r",
    region: "eu-central-1",
    credentials: {
      type: "iamRole",
      principal: connectionRef("aws", "Other"),
      roleArn: "arn:aws:iam::123456789012:user/bob", // "a comment"
    },
  });
  dockerRegistry("no url", { displayName: "d", url: \`ftp://\${canary}/hunter2-canary\`, params: { "x y": "1" } });
  dockerRegistry("spread", { ...shared, url: "no url either" } as never);
  dockerRegistry("variable", {} as never);
  dockerRegistry("secret", { displayName: "d", password: "hunter2-canary" as never });
  feature("F", "X", { "secure:a": "hunter2-canary" });
  connection({ kind: "docker" }, "C", { displayName: "d", nope: 1 });
  subProject("1", () => {});
});
`;

it("findings lead to the very setting, and show its line with every text masked", async () => {
  const space = new Workspace({ "settings.ts": settings });
  const { stdout } = await space.run("check");
  const places = stdout.split("\n").filter((line) => / PB\d/.test(line));
  expect(places.map((line) => line.replace(/ (error|warning|note) (PB\d+).*/, " $2"))).toEqual([
    "settings.ts:10:7 PB132",
    "settings.ts:15:3 PB110",
    "settings.ts:16:48 PB113",
    "settings.ts:17:23 PB136",
    "settings.ts:18:59 PB111",
    "settings.ts:19:14 PB120",
    "settings.ts:13:48 PB130",
    "settings.ts:14:41 PB130",
    "settings.ts:9:7 PB209",
  ]);
  expect(stdout).not.toContain("hunter2");
  expect(stdout).not.toContain("user/bob");
});
