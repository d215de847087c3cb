import { expect, it } from "vitest";
import { execute, root } from "./support/workspace.js";

it("generated files are what the registry gives", async () => {
  const { code, stderr } = await execute(process.execPath, ["scripts/generate.mjs", "--check"], root);
  expect(stderr).toBe("");
  expect(code).toBe(0);
});
