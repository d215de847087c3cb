/** The cost of type-checking written-out settings. */
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { settingsFile } from "./generate.mjs";
import { runNode } from "./process.mjs";
import { summarize } from "./statistics.mjs";

const require = createRequire(import.meta.url);
const compiler = require.resolve("typescript/lib/tsc.js");

export const typescriptVersion = require("typescript/package.json").version;

/** Options of the type check; the last one keeps types of other packages out. */
export const options =
  '--noEmit --extendedDiagnostics --strict --target ES2022 --module ESNext --moduleResolution Bundler --skipLibCheck --types ""';

/** The sizes whose instantiations are compared. */
export const typeSizes = [300, 1200];

/** How much the instantiations may grow from the smaller size to the larger, in per cent. */
export const INSTANTIATION_BUDGET = 5;

/** Type-checks both sizes in turns, and tells how far instantiations grow with the number of connections. */
export async function measureTypes({ folder, runs, log }) {
  const cases = typeSizes.map((connections) => ({ connections, file: join(folder, `types-${connections}.ts`), samples: [] }));
  for (const { connections, file } of cases) writeFileSync(file, settingsFile({ connections, shape: "written out" }));
  for (let round = 1; round <= runs; round += 1) {
    log(`type check, round ${round} of ${runs}`);
    for (const { file, samples } of cases) samples.push(await typeCheck(file, folder));
  }
  const rows = cases.map(({ connections, samples }) => {
    const of = (key) => summarize(samples.map((each) => each[key]));
    const [{ instantiations, types }] = samples;
    return { connections, instantiations, types, checkMs: of("checkMs"), totalMs: of("totalMs"), memoryMb: of("memoryMb") };
  });
  const [small, large] = rows;
  const growth = (large.instantiations / small.instantiations - 1) * 100;
  return { rows, growth, withinBudget: growth <= INSTANTIATION_BUDGET };
}

async function typeCheck(file, folder) {
  const args = options.split(" ").map((each) => (each === '""' ? "" : each));
  const { output } = await runNode([compiler, ...args, file], { cwd: folder });
  const number = (name) => Number(new RegExp(`^${name}:\\s+([\\d.]+)`, "m").exec(output)[1]);
  return {
    instantiations: number("Instantiations"),
    types: number("Types"),
    checkMs: number("Check time") * 1000,
    totalMs: number("Total time") * 1000,
    memoryMb: number("Memory used") / 1024,
  };
}
