/** The cost of the command line against a bare `node -e 0`, and against floors: the least that the same work can cost. */
import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { bundlePlain, floors } from "./floors.mjs";
import { settingsFile, shapes } from "./generate.mjs";
import { measureNode, runNode } from "./process.mjs";
import { summarize } from "./statistics.mjs";

const BARE = ["-e", "0"];

/** Above this many connections, only the variants marked `large` are run, and only in the first rounds. */
const LARGE = 10_000;
const LARGE_RUNS = 2;

/** How many times `--version` is run per round: it takes little time, and its budget is narrow. */
const VERSION_RUNS = 5;

/**
 * What is run on every file. `fresh` tells whether each run gets an output folder that does not exist, `cached` whether the
 * settings are known from the last time; in all other runs the cache is off.
 */
const variants = [
  { command: "compile --to xml", fresh: true, shapes },
  { command: "compile --to json", fresh: true, shapes, large: true },
  ...floors.map((each) => ({ ...each, shapes, large: true })),
  { command: "compile --to xml, unchanged output", fresh: false, shapes: ["written out"] },
  { command: "check", shapes, large: true },
  { command: "check, known settings", cached: true, shapes },
];

/**
 * Measures every command on every size and shape. Rounds go over all cases, so that a busy minute hits all alike; what is
 * run on the same file is run one after the other.
 */
export async function measureCommands({ folder, bin, sizes, runs, log }) {
  const cases = shapes.flatMap((shape) =>
    sizes.flatMap((connections) =>
      variants
        .filter((each) => each.shapes.includes(shape) && (each.large || connections <= LARGE))
        .map((each) => ({ ...each, shape, connections, samples: [] })),
    ),
  );
  for (const each of cases) each.file = join(folder, `${each.shape.replace(" ", "-")}-${each.connections}.ts`);
  const files = new Map(cases.map((each) => [each.file, each]));
  for (const [file, each] of files) {
    log(`preparing ${each.connections} connections, ${each.shape}`);
    await prepareFile(file, each, { folder, bin });
  }
  const bare = [];
  const versions = [];
  for (let round = 1; round <= runs; round += 1) {
    const due = cases.filter((each) => each.connections <= LARGE || round <= LARGE_RUNS);
    log(`round ${round} of ${runs}: ${due.length} cases`);
    for (const each of due) {
      const { wallMs } = await runNode(BARE, { cwd: folder });
      each.samples.push({ bareMs: wallMs, ...(await runCase(each, { folder, bin, round })) });
    }
    for (let run = 0; run < VERSION_RUNS; run += 1) {
      const plain = await runNode(BARE, { cwd: folder });
      versions.push({ bareMs: plain.wallMs, wallMs: (await runNode([bin, "--version"], { cwd: folder })).wallMs });
    }
    const plain = await runNode(BARE, { cwd: folder });
    bare.push({ plainMs: plain.wallMs, ...(await measureNode(BARE, { cwd: folder, usageFile: join(folder, "usage.json") })) });
  }
  return {
    rows: variants.flatMap(({ command }) => cases.filter((each) => each.command === command)).map(summarizeCase),
    bare: { ...summarizeSamples(bare), plain: summarize(bare.map((each) => each.plainMs)) },
    version: summarizeCase({ command: "--version", samples: versions }),
  };
}

/** Writes a settings file, makes sure that it has no findings and that all floors give the same text, and fills the cache. */
async function prepareFile(file, { connections, shape }, { folder, bin }) {
  writeFileSync(file, settingsFile({ connections, shape }));
  makeOlder(file);
  await runNode([bin, "check", file, "--no-cache", "--max-warnings", "0"], { cwd: folder });
  await bundlePlain(file, folder);
  const texts = new Set();
  for (const { args } of floors) {
    const out = `${file}.floor.json`;
    await runNode(args(file, out), { cwd: folder });
    texts.add(readFileSync(out, "utf8"));
  }
  if (texts.size !== 1) throw new Error(`the floors give different texts for ${basename(file)}`);
  if (connections > LARGE) return;
  await runNode([bin, "check", file], { cwd: folder });
  const { output } = await runNode([bin, "check", file, "--trace-time"], { cwd: folder });
  if (!/^cache /m.test(output) || /^bundle /m.test(output)) throw new Error(`${basename(file)} is not in the cache`);
}

/** Sets the time of a file back: the cache does not keep what has changed since an evaluation began. */
function makeOlder(file) {
  const time = Date.now() / 1000 - 10;
  utimesSync(file, time, time);
}

/**
 * Runs a case once. Output folders stay until the benchmark ends: some file systems are slow to reuse what has just
 * been deleted, and the next run would pay for it.
 */
async function runCase(each, { folder, bin, round }) {
  const { command, fresh, cached, file } = each;
  const usageFile = join(folder, "usage.json");
  if (each.args !== undefined) {
    const out = join(folder, "out", `${basename(file)}-${command.replaceAll(/\W/g, "-")}-${round}.json`);
    mkdirSync(dirname(out), { recursive: true });
    return measureNode(each.args(file, out), { cwd: folder, usageFile });
  }
  const [name, ...options] = command.split(",")[0].split(" ");
  const out = fresh ? join(folder, "out", `${basename(file)}-${options.at(-1)}-${round}`) : `${file}.out`;
  const cache = cached ? [] : ["--no-cache"];
  const args = [bin, name, file, ...options, ...cache, ...(fresh === undefined ? [] : ["--out", out])];
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

function summarizeCase({ command, floor, shape, connections, samples }) {
  const bareMs = summarize(samples.map((each) => each.bareMs));
  const measured = summarizeSamples(samples);
  return { command, floor, shape, connections, bareMs, ratio: measured.wallMs.median / bareMs.median, ...measured };
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
