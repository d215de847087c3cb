import { type ChildProcess, spawn } from "node:child_process";
import { expect, it, onTestFinished } from "vitest";
import { bin, Workspace } from "./support/workspace.js";

const settings = (name: string): string => `import { project } from "plugboard";
import { url } from "./lib/url.js";
export default project("A", ({ dockerRegistry }) => {
  dockerRegistry("D", { displayName: "${name}", url });
});
`;

class Watching {
  output = "";
  readonly child: ChildProcess;

  constructor(space: Workspace, command: string) {
    this.child = spawn(process.execPath, [bin, command, "--watch", "--no-cache"], {
      cwd: space.folder,
      stdio: ["ignore", "pipe", "pipe"],
    });
    onTestFinished(() => void this.child.kill("SIGKILL"));
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on("data", (data) => {
        this.output += data;
      });
    }
  }

  /** Waits until runs have ended that many times in all. */
  async runs(count: number): Promise<void> {
    while (this.output.split("Watching.").length <= count) await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

it("runs again on every change, and ends with Ctrl-C", async () => {
  const space = new Workspace({
    "settings.ts": settings("one"),
    "lib/url.ts": 'export const url = "https://registry.example.com";',
  });
  const watching = new Watching(space, "compile");
  await watching.runs(1);
  expect(space.read(".teamcity/A/project-config.xml")).toContain('value="one"');
  space.write("settings.ts", settings("two"));
  await watching.runs(2);
  expect(space.read(".teamcity/A/project-config.xml")).toContain('value="two"');
  space.write("lib/url.ts", 'export const url = "no url";');
  await watching.runs(3);
  expect(watching.output).toContain("PB130");
  space.write("settings.ts", "export default (");
  await watching.runs(4);
  expect(watching.output).toContain("PB101");
  space.write("settings.ts", "for (;;) {}");
  space.write("settings.ts", settings("three"));
  await watching.runs(5);
  expect(space.read(".teamcity/A/project-config.xml")).toContain('value="three"');
  watching.child.kill("SIGINT");
  expect(await new Promise((resolve) => watching.child.on("exit", (code) => resolve(code)))).toBe(0);
});
