/** The cost of `plugboard compile` and `plugboard check` against a bare `node -e 0`. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { settingsFile, shapes } from "./generate.mjs";
import { measureNode, runNode } from "./process.mjs";
import { summarize } from "./statistics.mjs";

const BARE = ["-e", "0"];

/** What is run on every file. `fresh` tells whether each run gets an output folder that does not exist. */
const variants = [
  { command: "compile --to xml", fresh: true, shapes },
  { command: "compile --to json", fresh: true, shapes },
  { command: "compile --to xml, unchanged output", fresh: false, shapes: ["written out"] },
  { command: "check", shapes },
];

/** Measures every command on every size and shape. Rounds go over all cases, so that a busy minute hits all alike. */
export async function measureCommands({ folder, bin, sizes, runs, log }) {
  const cases = variants.flatMap((variant) =>
    variant.shapes.flatMap((shape) => sizes.map((connections) => ({ ...variant, shape, connections, samples: [] }))),
  );
  for (const each of cases) each.file = join(folder, `${each.shape.replace(" ", "-")}-${each.connections}.ts`);
  const files = new Map(cases.map((each) => [each.file, each]));
  for (const [file, each] of files) {
    writeFileSync(file, settingsFile(each));
    log(`checking ${each.connections} connections, ${each.shape}`);
    await runNode([bin, "check", file, "--max-warnings", "0"], { cwd: folder });
  }
  const bare = [];
  for (let round = 1; round <= runs; round += 1) {
    log(`round ${round} of ${runs}: ${cases.length} cases`);
    for (const each of cases) {
      const { wallMs } = await runNode(BARE, { cwd: folder });
      each.samples.push({ bareMs: wallMs, ...(await runCase(each, { folder, bin, round })) });
    }
    const plain = await runNode(BARE, { cwd: folder });
    bare.push({ plainMs: plain.wallMs, ...(await measureNode(BARE, { cwd: folder, usageFile: join(folder, "usage.json") })) });
  }
  return {
    rows: cases.map(summarizeCase),
    bare: { ...summarizeSamples(bare), plain: summarize(bare.map((each) => each.plainMs)) },
  };
}

/**
 * Runs a case once. Output folders stay until the benchmark ends: some file systems are slow to reuse what has just
 * been deleted, and the next run would pay for it.
 */
async function runCase({ command, fresh, file }, { folder, bin, round }) {
  const usageFile = join(folder, "usage.json");
  const [name, ...options] = command.split(",")[0].split(" ");
  const out = fresh ? join(folder, "out", `${basename(file)}-${options.at(-1)}-${round}`) : `${file}.out`;
  const args = [bin, name, file, ...options, ...(fresh === undefined ? [] : ["--out", out])];
  if (fresh === false && round === 1) await runNode(args, { cwd: folder });
  const measured = await measureNode(args, { cwd: folder, usageFile });
  return fresh ? { ...measured, writeMs: writeAgain(out, `${out}-again`) } : measured;
}

/** How long it takes to write the same files with nothing else to do: the file system's share of a run. */
function writeAgain(from, to) {
  const entries = readdirSync(from, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  const files = entries.map(({ parentPath, name }) => join(parentPath, name));
  const texts = files.map((file) => [join(to, file.slice(from.length)), readFileSync(file)]);
  const start = performance.now();
  for (const [file, text] of texts) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return performance.now() - start;
}

function summarizeCase({ command, shape, connections, samples }) {
  const bareMs = summarize(samples.map((each) => each.bareMs));
  const measured = summarizeSamples(samples);
  return { command, shape, connections, bareMs, ratio: measured.wallMs.median / bareMs.median, ...measured };
}

function summarizeSamples(samples) {
  const of = (key) => (samples.some((each) => each[key] === undefined) ? undefined : summarize(samples.map((each) => each[key])));
  return {
    wallMs: of("wallMs"),
    cpuMs: of("cpuMs"),
    memoryMb: of("memoryMb"),
    childCpuMs: of("childCpuMs"),
    childMemoryMb: of("childMemoryMb"),
    writeMs: of("writeMs"),
  };
}
