import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import manifest from "./package.json" with { type: "json" };

const src = (path: string): string => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

export default defineConfig({
  define: { PLUGBOARD_VERSION: JSON.stringify(manifest.version) },
  resolve: {
    tsconfigPaths: true,
    alias: [
      { find: /^plugboard$/, replacement: src("index.ts") },
      { find: /^plugboard\/(.*)$/, replacement: src("entry/$1.ts") },
    ],
  },
  test: {
    include: ["test/**/*.test.ts", "examples/**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: process.env.CI ? ["default", ["json", { outputFile: "build/test-results.json" }]] : ["default"],
  },
});
