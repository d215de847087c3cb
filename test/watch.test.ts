import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
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

  constructor(space: Workspace, command: string, ...options: string[]) {
    this.child = spawn(process.execPath, [bin, command, "--watch", "--no-cache", ...options], {
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
    while (this.output.split("Watching.").length <= count) await sleep(20);
  }

  /** Waits until nothing has been printed for a while: a file that is written in two steps may lead to two runs. */
  async rests(): Promise<void> {
    for (let before = -1; before !== this.output.length; ) {
      before = this.output.length;
      await sleep(1000);
    }
  }

  /** Waits until a text is printed after what there is now. */
  async prints(text: string): Promise<void> {
    const before = this.output.length;
    while (!this.output.slice(before).includes(text)) await sleep(20);
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

const importing =
  'import { project } from "plugboard";\nimport { name } from "./lib/name.js";\nexport default project(name, () => {});\n';

it("notices a change that is made during the first run", async () => {
  const slow = `console.log("begun");\nfor (const end = Date.now() + 500; Date.now() < end; );\n${importing}`;
  const space = new Workspace({ "lib/name.ts": 'export const name = "A";', "settings.ts": slow });
  const watching = new Watching(space, "check", "--trust");
  await watching.prints("begun");
  space.write("lib/name.ts", 'export const name = "no ID";');
  await watching.runs(2);
  expect(watching.output).toContain("PB120");
});

it("notices files and folders that appear, and folders that are made anew", async () => {
  const space = new Workspace({ "settings.ts": importing });
  const watching = new Watching(space, "check");
  await watching.runs(1);
  expect(watching.output).toContain("PB102");
  let printed = watching.prints("No findings.");
  space.write("lib/name.ts", 'export const name = "A";');
  await printed;
  for (const id of ["B", "C"]) {
    printed = watching.prints("PB102");
    rmSync(`${space.folder}/lib`, { recursive: true });
    await printed;
    mkdirSync(`${space.folder}/lib`);
    await sleep(300);
    printed = watching.prints("No findings.");
    space.write("lib/name.ts", `export const name = "${id}";`);
    await printed;
    printed = watching.prints("PB120");
    space.write("lib/name.ts", 'export const name = "no ID";');
    await printed;
  }
  printed = watching.prints("PB104");
  space.write("plugboard.config.ts", "export default 1;");
  await printed;
});

it("waits for the text of a file that is empty for a moment", async () => {
  const space = new Workspace({ "settings.ts": importing, "lib/name.ts": 'export const name = "A";' });
  const watching = new Watching(space, "check");
  await watching.runs(1);
  for (const id of ["B", "C", "D"]) {
    await watching.rests();
    const printed = watching.prints("Watching.");
    space.write("lib/name.ts", "");
    await sleep(20);
    space.write("lib/name.ts", `export const name = "${id}";`);
    await printed;
  }
  expect(watching.output).not.toContain("PB");
});

it.each([[[]], [["--trust"]]])("ends during a run, and leaves nothing running: %s", async (options) => {
  const space = new Workspace({ "settings.ts": "for (;;);" });
  const watching = new Watching(space, "check", ...options);
  await sleep(2000);
  watching.child.kill("SIGTERM");
  expect(await once(watching.child, "exit")).toEqual([0, null]);
});
