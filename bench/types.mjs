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

/** Compiler options of the type check. They stand in a file: `tsc` takes no empty list of types on its command line. */
export const options = {
  noEmit: true,
  strict: true,
  target: "ES2022",
  module: "ESNext",
  moduleResolution: "Bundler",
  skipLibCheck: true,
  types: [],
};

/** The sizes whose instantiations are compared. */
const typeSizes = [300, 1200];

/** How much the instantiations may grow from the smaller size to the larger, in per cent. */
export const INSTANTIATION_BUDGET = 5;

/** Type-checks both sizes in turns, and tells how far instantiations grow with the number of connections. */
export async function measureTypes({ folder, runs, log }) {
  await assertChecked(folder);
  const cases = typeSizes.map((connections) => {
    const text = settingsFile({ connections, shape: "written out" });
    return { connections, config: writeCase(`types-${connections}`, text, folder), samples: [] };
  });
  for (let round = 1; round <= runs; round += 1) {
    log(`type check, round ${round} of ${runs}`);
    for (const { config, samples } of cases) samples.push(await typeCheck(config, folder));
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

/** Declarations that have become `any` would check fast and find nothing: a wrong setting must be refused. */
async function assertChecked(folder) {
  const text = settingsFile({ connections: 10, shape: "written out" }).replace(/appId: "\d+"/, "appId: 1");
  const config = writeCase("types-wrong", text, folder);
  const refused = await runNode([compiler, "--project", config]).then(
    () => false,
    ({ message }) => message.includes("error TS2322"),
  );
  if (!refused) throw new Error("a wrong setting passes the type check: the declarations are not what they should be");
}

/** Writes settings with a configuration of their own, and returns the path of the latter. */
function writeCase(name, text, folder) {
  writeFileSync(join(folder, `${name}.ts`), text);
  const config = join(folder, `${name}.json`);
  writeFileSync(config, JSON.stringify({ compilerOptions: options, files: [`${name}.ts`] }));
  return config;
}

async function typeCheck(config, folder) {
  const { output } = await runNode([compiler, "--project", config, "--extendedDiagnostics"], { cwd: folder });
  const number = (name) => Number(new RegExp(`^${name}:\\s+([\\d.]+)`, "m").exec(output)[1]);
  return {
    instantiations: number("Instantiations"),
    types: number("Types"),
    checkMs: number("Check time") * 1000,
    totalMs: number("Total time") * 1000,
    memoryMb: number("Memory used") / 1024,
  };
}
