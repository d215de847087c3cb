import { cpSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { connectionTypes } from "../src/connections/index.js";
import { bin, execute, root, Workspace } from "./support/workspace.js";

const inputs: Readonly<Record<string, readonly string[]>> = { composed: ["--input", "stage=staging"] };

const examples = readdirSync(join(root, "examples"), { withFileTypes: true })
  .filter((each) => each.isDirectory())
  .map((each) => each.name);

describe.each(examples)("examples/%s", (name) => {
  it("compiles without errors and warnings", async () => {
    const space = new Workspace();
    cpSync(join(root, "examples", name), space.folder, { recursive: true });
    const { code, stdout } = await space.run(
      "compile",
      "--to",
      "xml,json",
      "--out",
      "out",
      "--max-warnings",
      "0",
      ...(inputs[name] ?? []),
    );
    expect(stdout).not.toMatch(/ (error|warning) PB/);
    expect(code).toBe(0);
  });
});

it("examples/every-connection declares registered types, and at least 19 of them", async () => {
  const space = new Workspace();
  cpSync(join(root, "examples/every-connection"), space.folder, { recursive: true });
  await space.run("compile", "--to", "json", "--out", "out");
  const kinds = new Set([...space.read("out/settings.json").matchAll(/"kind": "(\w+)"/g)].map((match) => match[1]));
  expect(connectionTypes.map((each) => each.kind)).toEqual(expect.arrayContaining([...kinds]));
  // A type that is added need not be in the example.
  expect(kinds.size).toBeGreaterThanOrEqual(19);
});

it("examples/payments prints the external ID of each stage's role", async () => {
  const space = new Workspace();
  cpSync(join(root, "examples/payments"), space.folder, { recursive: true });
  const { stdout } = await space.run("compile");
  expect(stdout.match(/external ID: \w+-\w+/g)?.length).toBeGreaterThanOrEqual(2);
});

it.each(examples)("examples/%s gives the same bytes in any folder, time zone and locale", async (name) => {
  const outputs = [];
  for (const [folder, TZ, LC_ALL] of [
    [".", "Asia/Tokyo", "tr_TR.UTF-8"],
    ["deep/er", "America/Caracas", "C"],
  ] as const) {
    const space = new Workspace();
    cpSync(join(root, "examples", name), join(space.folder, folder), { recursive: true });
    const args = [bin, "compile", `${folder}/settings.ts`, "--to", "xml,json", "--out", "out", ...(inputs[name] ?? [])];
    expect((await execute(process.execPath, args, space.folder, { ...process.env, TZ, LC_ALL })).code).toBe(0);
    const written = space.list().filter((each) => each.startsWith("out/"));
    outputs.push(written.map((each) => [each, space.read(each)]));
  }
  expect(outputs[0]).toEqual(outputs[1]);
});

it("all examples type-check", async () => {
  const { stdout } = await execute(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", "examples"], root);
  expect(stdout).toBe("");
});
