/** Feeds broken files to the readers, at length: `npm run campaign`. `npm test` has a sample of it. Nothing here is part of the package. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import fc from "fast-check";
import { broken, kotlinPieces, MOST_MS, type Verdict, verdictOfKotlin, verdictOfXml, xmlPieces } from "../test/support/broken.js";
import { runExtremes } from "./extremes.js";

const usage = `Usage: npm run campaign -- [options]

  --runs N     inputs per form (default 20000)
  --seed N     the first seed (default 20261120): the same seed gives the same inputs
  --out FILE   the results file (default campaign/RESULTS.md)
`;

/** Inputs made from one seed. A failure names its seed, so that it can be had again without all that came before. */
const BATCH = 500;

const repository = fileURLToPath(new URL("..", import.meta.url));

interface Campaign {
  readonly form: string;
  readonly runs: number;
  readonly settings: number;
  readonly findings: number;
  readonly slowestMs: number;
  readonly failures: readonly string[];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: "string" },
      seed: { type: "string" },
      out: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const runs = Number(values.runs ?? 20_000);
  const seed = Number(values.seed ?? 20_261_120);
  const campaigns = [
    await campaign("XML", broken(sourcesIn("test/samples", ".xml"), xmlPieces), verdictOfXml, runs, seed),
    await campaign("Kotlin", broken(sourcesIn("test/kotlin-samples", ".kts"), kotlinPieces), verdictOfKotlin, runs, seed),
  ];
  const extremes = await runExtremes((text) => process.stderr.write(`${text}\n`));
  const out = values.out ?? fileURLToPath(new URL("RESULTS.md", import.meta.url));
  writeFileSync(out, report(campaigns, extremes, seed));
  for (const failure of campaigns.flatMap((each) => each.failures)) process.stderr.write(`${failure}\n`);
  if (campaigns.some((each) => each.failures.length > 0) || extremes.some((each) => !each.met)) process.exitCode = 1;
}

async function campaign(
  form: string,
  inputs: fc.Arbitrary<string>,
  verdictOf: (text: string) => Verdict | Promise<Verdict>,
  runs: number,
  seed: number,
): Promise<Campaign> {
  const verdicts = { settings: 0, findings: 0 };
  const failures: string[] = [];
  let slowestMs = 0;
  for (let done = 0; done < runs; done += BATCH) {
    process.stderr.write(`${form}: ${done} of ${runs}\n`);
    for (const [index, text] of fc.sample(inputs, { numRuns: Math.min(BATCH, runs - done), seed: seed + done }).entries()) {
      const start = performance.now();
      try {
        verdicts[await verdictOf(text)] += 1;
      } catch (error) {
        failures.push(`${form}, seed ${seed + done}, input ${index}: ${(error as Error).message}`);
      }
      slowestMs = Math.max(slowestMs, performance.now() - start);
    }
  }
  return { form, runs, ...verdicts, slowestMs, failures };
}

function sourcesIn(folder: string, extension: string): string[] {
  const files = readdirSync(join(repository, folder), { recursive: true, encoding: "utf8" }).sort();
  return files.filter((each) => each.endsWith(extension)).map((each) => readFileSync(join(repository, folder, each), "utf8"));
}

function report(campaigns: readonly Campaign[], extremes: Awaited<ReturnType<typeof runExtremes>>, seed: number): string {
  const table = (rows: readonly (readonly string[])[]): string => {
    const [head, ...body] = rows as [readonly string[], ...(readonly string[])[]];
    const widths = head.map((_, column) => Math.max(...rows.map((row) => (row[column] as string).length)));
    const line = (row: readonly string[]): string =>
      `| ${row.map((cell, column) => cell.padEnd(widths[column] as number)).join(" | ")} |`;
    return [line(head), line(widths.map((each) => "-".repeat(each))), ...body.map(line)].join("\n");
  };
  const ms = (value: number): string => `${Math.round(value).toLocaleString("en-US")} ms`;
  return `# Broken input

Written by \`npm run campaign\`, seed ${seed}, Node ${process.version}.

## Mutated files

Real files with up to four mutations each: cut, a bit flipped, spans doubled, dropped or swapped, pieces of syntax put in up to
5,000 times, noise, other encodings and line ends. Each input must end in findings, or in settings that are valid; settings
read from XML must compile to the very bytes they came from. None may take longer than ${ms(MOST_MS)}.

${table([
  ["form", "inputs", "settings", "findings", "slowest", "failures"],
  ...campaigns.map((each) => [
    each.form,
    each.runs.toLocaleString("en-US"),
    each.settings.toLocaleString("en-US"),
    each.findings.toLocaleString("en-US"),
    ms(each.slowestMs),
    String(each.failures.length),
  ]),
])}

## Extreme files

Each in a process of its own with at most 512 MiB for JavaScript, through the readers that \`plugboard import\` uses. Time is that of reading, for XML of compiling back too.

${table([
  ["input", "size", "ends in", "time", "peak memory", "met"],
  ...extremes.map((each) => [each.name, each.size, each.verdict, ms(each.ms), `${each.memoryMb} MiB`, each.met ? "yes" : "NO"]),
])}
`;
}

await main();
