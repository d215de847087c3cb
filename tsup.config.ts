import { readFileSync } from "node:fs";
import { defineConfig } from "tsup";

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };

/** The entries of the exports map. */
const library = {
  index: "src/index.ts",
  model: "src/entry/model.ts",
  formats: "src/entry/formats.ts",
  contract: "src/entry/contract.ts",
  testing: "src/entry/testing.ts",
  aws: "src/entry/aws.ts",
};

export default defineConfig({
  entry: {
    bin: "src/bin.ts",
    sandbox: "src/evaluate/sandbox-worker.ts",
    "trusted-child": "src/evaluate/trusted-child.ts",
    ...library,
  },
  dts: { entry: library },
  format: "esm",
  target: "node20.19",
  platform: "node",
  clean: true,
  splitting: true,
  define: { PLUGBOARD_VERSION: JSON.stringify(version) },
});
