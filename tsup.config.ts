import { readFileSync } from "node:fs";
import { defineConfig } from "tsup";

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };

export default defineConfig({
  entry: {
    bin: "src/bin.ts",
    index: "src/index.ts",
    model: "src/entry/model.ts",
    formats: "src/entry/formats.ts",
    contract: "src/entry/contract.ts",
    testing: "src/entry/testing.ts",
    aws: "src/entry/aws.ts",
  },
  format: "esm",
  target: "node20.19",
  platform: "node",
  dts: {
    entry: {
      index: "src/index.ts",
      model: "src/entry/model.ts",
      formats: "src/entry/formats.ts",
      contract: "src/entry/contract.ts",
      testing: "src/entry/testing.ts",
      aws: "src/entry/aws.ts",
    },
  },
  clean: true,
  splitting: true,
  define: { PLUGBOARD_VERSION: JSON.stringify(version) },
});
