import { expect, it } from "vitest";
import { Workspace } from "./support/workspace.js";

it("a tree of 10,000 connections in 1,000 sub-projects compiles", async () => {
  const space = new Workspace({
    "settings.ts": `import { project, secret } from "plugboard";
export default project("Top", ({ awsConnection, subProject }) => {
  const main = awsConnection("Main", { displayName: "m", region: "eu-west-1", allowInSubProjects: true,
    credentials: { type: "accessKeys", accessKeyId: "AKIAEXAMPLE000000000", secretAccessKey: secret("aws") } });
  for (let p = 0; p < 1000; p++) {
    subProject(\`P\${p}\`, ({ awsConnection, dockerRegistry }) => {
      awsConnection(\`Role\${p}\`, { displayName: "r", region: "eu-west-1",
        credentials: { type: "iamRole", principal: main, roleArn: "arn:aws:iam::123456789012:role/deploy" } });
      for (let c = 0; c < 9; c++) {
        dockerRegistry(\`Docker\${p}_\${c}\`, { displayName: \`d\${c}\`, url: "https://registry.example.com", password: secret(\`docker/\${p}\`) });
      }
    });
  }
});
`,
  });
  const { code, stdout } = await space.run("compile", "--to", "xml,json");
  expect(stdout).toContain("10001 connections in 1001 projects: 1002 files, 0 unchanged.");
  expect(code).toBe(0);
  expect(space.read(".teamcity/P999/project-config.xml").match(/<extension /g)).toHaveLength(10);
  const model = JSON.parse(space.read(".teamcity/settings.json"));
  expect(model.project.subProjects).toHaveLength(1000);
  expect((await space.run("compile", "--to", "xml,json", "--check")).code).toBe(0);
});
