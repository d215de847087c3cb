/** Lays measurements out as tables: plain text for the terminal, Markdown for the results file. */
import { availableParallelism, cpus, loadavg, release, totalmem, type } from "node:os";
import { budgets } from "./budgets.mjs";
import { ENGINE_FLOOR, hasTsx } from "./floors.mjs";
import { growthOf } from "./statistics.mjs";
import { INSTANTIATION_BUDGET, options, typescriptVersion } from "./types.mjs";

/** Sections of a report: each a title, notes, and a table whose first row is its head. */
export function sections(results) {
  return [
    machine(results),
    ...commandSections(results),
    floorComparison(results),
    growth(results),
    watchMode(results),
    importing(results),
    testing(results),
    typeChecks(results),
    overview(results),
    summary(results),
  ];
}

function machine({ quick, runs, started, loadBefore }) {
  const [cpu] = cpus();
  const load = (value) => value.map((each) => each.toFixed(2)).join(", ");
  return {
    title: "Machine",
    notes: [],
    table: [
      ["what", "value"],
      ["CPU", cpu?.model.trim() ?? "not known"],
      ["cores", String(availableParallelism())],
      ["memory", `${(totalmem() / 2 ** 30).toFixed(1)} GiB`],
      ["system", `${type()} ${release()}`],
      ["Node", process.version],
      ["date", started.toISOString().slice(0, 16).replace("T", " ").concat(" UTC")],
      ["load average before", load(loadBefore)],
      ["load average after", load(loadavg())],
      ["runs per case", `${runs}${quick ? " (quick)" : ", 2 of 100,000 connections"}`],
    ],
  };
}

function commandSections({ commands: { rows, bare } }) {
  const names = [...new Set(rows.map((each) => each.command))];
  const notes = [
    "Each run is a new process; the files it reads are in the system's cache. Median of the runs, in parentheses the least and the most.",
    "Ratio: wall time over that of `node -e 0`, run right before it every time. Wall time is taken outside, and holds everything.",
    "Settings are evaluated anew (`--no-cache`), but for the section of known settings: there, the cache has them from the last time.",
    "CPU and peak memory are Node's own, told by the process when it ends. They leave esbuild out, which is a process of its own: its columns are read from /proc just before the end, CPU time in steps of 10 ms (– where there is no /proc).",
    "Bare write: how long it takes to write the same files into another new folder, with nothing else to do. It is the file system's share of the wall time, and high where much has just been deleted from the folder of temporary files, such as by an earlier run.",
    `\`node -e 0\`: ${spread(bare.plain)} ms; with the preload that measures ${spread(bare.wallMs)} ms, CPU ${whole(bare.cpuMs)} ms, peak ${whole(bare.memoryMb)} MiB.`,
  ];
  return names.map((name, index) => ({
    title: title(rows.find((each) => each.command === name)),
    notes: index === 0 ? notes : [],
    table: [
      [
        "shape",
        "connections",
        "ratio",
        "wall ms",
        "bare write ms",
        "node -e 0 ms",
        "CPU ms",
        "peak MiB",
        "esbuild CPU ms",
        "esbuild peak MiB",
      ],
      ...rows.filter((each) => each.command === name).map(commandRow),
    ],
  }));
}

function commandRow({ shape, connections, ratio, wallMs, writeMs, bareMs, cpuMs, memoryMb, childCpuMs, childMemoryMb }) {
  return [
    shape,
    count(connections),
    ratio.toFixed(1),
    spread(wallMs),
    spread(writeMs),
    spread(bareMs),
    spread(cpuMs),
    spread(memoryMb),
    whole(childCpuMs),
    whole(childMemoryMb),
  ];
}

/** `compile --to json` beside the floors, file by file. */
function floorComparison({ commands: { rows } }) {
  const compiled = rows.filter((each) => each.command === "compile --to json");
  const names = [...new Set(rows.filter((each) => each.floor).map((each) => each.command))];
  const over = (each, name) => {
    const { wallMs } = rows.find((row) => isSameFile(row, each) && row.command === name);
    return `${(each.wallMs.median / wallMs.median).toFixed(2)} (${whole(wallMs)} ms)`;
  };
  return {
    title: "Over the floors",
    notes: [
      "Wall time of `plugboard compile --to json` over that of programs that write the same settings as JSON with as little as possible around it, run side by side; in parentheses the floor's own time.",
      `Plain Node: the settings bundled to JavaScript beforehand, imported and written: no bundler, no sandbox. ${capitalized(ENGINE_FLOOR)}: esbuild and the WebAssembly engine as they come, without thread, limits, schema and rules.`,
      hasTsx
        ? "tsx: the settings run by Node with its loader, its cache off."
        : "tsx is not installed: there is no figure of it.",
    ],
    table: [
      ["shape", "connections", "compile ms", ...names.map((each) => `over ${each}`)],
      ...compiled.map((each) => [
        each.shape,
        count(each.connections),
        whole(each.wallMs),
        ...names.map((name) => over(each, name)),
      ]),
    ],
  };
}

function isSameFile(a, b) {
  return a.shape === b.shape && a.connections === b.connections;
}

/** The pairs of sizes that growth is told between, if both are measured. */
const growthPairs = [
  [100, 1000],
  [100, 10_000],
  [1000, 10_000],
  [1000, 100_000],
];

/** Growth of wall time net of start-up. */
function growth({ commands: { rows }, sizes }) {
  const pairs = growthPairs.filter((pair) => pair.every((each) => sizes.includes(each)));
  const groups = new Map(rows.map((each) => [`${each.command}\0${each.shape}`, each]));
  return {
    title: "Growth",
    notes: [
      "Exponent of wall time net of start-up, which is the time for 1 connection: log((t(large) − t(1)) / (t(small) − t(1))) / log(large / small). 1 is linear, 2 quadratic. The net time of small sizes is little more than noise.",
    ],
    table: [
      ["command", "shape", ...pairs.map(([small, large]) => `${count(small)} to ${count(large)}`)],
      ...[...groups.values()].map((each) => [
        title(each),
        each.shape,
        ...pairs.map((pair) => growthOf(rows, each, pair)?.toFixed(2) ?? "–"),
      ]),
    ],
  };
}

function watchMode({ watch: { connections, changes, changeMs, checkMs, ratio } }) {
  return {
    title: "Watch mode",
    notes: [
      `From rewriting an imported file to the printed findings in \`plugboard check --watch --no-cache\`: ${changes} changes of a constant that all connections use. Each is followed by a cold check of the same settings. A last change is wrong: the run makes sure that it has findings.`,
    ],
    table: [
      ["connections", "change to findings ms", "cold check ms", "ratio"],
      [count(connections), spread(changeMs), spread(checkMs), ratio.toFixed(2)],
    ],
  };
}

function importing({ imports: { rows, growth: exponent } }) {
  return {
    title: "Import",
    notes: [
      "`plugboard import` of a tree of XML, five connections and a feature in each project, to `settings.ts`. Parser: Node that reads the same files with the XML parser alone. Each import is compiled: the run makes sure that every connection is there.",
      `Growth exponent of wall time net of start-up, ${count(rows[2].connections)} to ${count(rows[3].connections)} connections: ${exponent?.toFixed(2) ?? "–"}.`,
    ],
    table: [
      ["projects", "connections", "ratio", "import ms", "parser ms", "peak MiB"],
      ...rows.map((each) => [
        count(each.projects),
        count(each.connections),
        each.ratio.toFixed(1),
        spread(each.wallMs),
        spread(each.floorMs),
        spread(each.memoryMb),
      ]),
    ],
  };
}

function testing({ tests: { rows, growth, parallel, delayMs } }) {
  return {
    title: "Connection tests",
    notes: [
      `\`plugboard test --parallel ${parallel}\` against a service on this machine that takes ${delayMs} ms for each answer. Ideal: what the answers alone take. Time of the tests as their report tells it; wall time holds start, evaluation and the places of the connections too.`,
      `Peak memory from ${count(rows[0].connections)} to ${count(rows.at(-1).connections)} connections: at most ${growth.toFixed(2)} times.`,
    ],
    table: [
      ["type", "requests each", "connections", "ratio to ideal", "tests ms", "ideal ms", "wall ms", "peak MiB"],
      ...rows.map((each) => [
        each.type,
        count(each.requests),
        count(each.connections),
        each.ratio.toFixed(2),
        spread(each.testsMs),
        count(each.idealMs),
        spread(each.wallMs),
        spread(each.memoryMb),
      ]),
    ],
  };
}

function typeChecks({ types: { rows, growth: percent, withinBudget } }) {
  const [small, large] = rows;
  return {
    title: "Type check",
    notes: [
      `Written-out settings over all connection functions, TypeScript ${typescriptVersion}, \`tsc --extendedDiagnostics\` with the options \`${JSON.stringify(options)}\`. Times as tsc tells them; its own standard library is part of them. A wrong setting is refused: the run makes sure of it.`,
      `Instantiations from ${count(small.connections)} to ${count(large.connections)} connections: ${signed(percent)} %, budget ${INSTANTIATION_BUDGET} %: ${withinBudget ? "within" : "OVER"}.`,
    ],
    table: [
      ["connections", "instantiations", "types", "check ms", "total ms", "memory MiB"],
      ...rows.map((each) => [
        count(each.connections),
        count(each.instantiations),
        count(each.types),
        spread(each.checkMs),
        spread(each.totalMs),
        spread(each.memoryMb),
      ]),
    ],
  };
}

/** One row per command and size, both shapes side by side. */
function overview({ commands: { rows }, types }) {
  const cell = (each) =>
    each === undefined ? "–" : `${each.ratio.toFixed(1)} (${whole(each.wallMs)} ms, ${whole(each.memoryMb)} MiB)`;
  const keys = new Map(rows.map((each) => [`${each.command}\0${each.connections}`, each]));
  const pick = ({ command, connections }, shape) =>
    rows.find((each) => each.command === command && each.connections === connections && each.shape === shape);
  return {
    title: "All commands",
    notes: ["Ratio to `node -e 0` (wall time, peak memory of Node)."],
    table: [
      ["what", "connections", "written out", "computed"],
      ...[...keys.values()].map((each) => [
        title(each),
        count(each.connections),
        cell(pick(each, "written out")),
        cell(pick(each, "computed")),
      ]),
      [
        "growth of type instantiations",
        types.rows.map((each) => count(each.connections)).join(" to "),
        `${signed(types.growth)} %`,
        "–",
      ],
    ],
  };
}

/** The figures that have a budget, and whether it is kept. */
function summary(results) {
  const rows = budgets(results);
  const over = rows.filter((each) => each.met === false);
  const measured = rows.filter((each) => each.met !== undefined);
  const list = over.length === 0 ? "" : ` Not met: ${over.map((each) => each.what).join("; ")}.`;
  return {
    title: "Summary",
    notes: [
      "Ratios of wall time to `node -e 0`, where nothing else is said. Settings are written out, and cold but for the cached check.",
      `${measured.length - over.length} of ${measured.length} measured budgets are met.${list} Only the one of type instantiations fails the run: times depend on the machine.`,
    ],
    table: [
      ["what", "measured", "budget", "met"],
      ...rows.map(({ what, measured: value, budget, met }) => [
        what,
        value,
        budget,
        met === undefined ? "–" : met ? "yes" : "NO",
      ]),
    ],
  };
}

function title({ command, floor }) {
  return floor ? `floor: ${command}` : `plugboard ${command}`;
}

function capitalized(text) {
  return text[0].toUpperCase() + text.slice(1);
}

const separated = new Intl.NumberFormat("en-US");

function count(value) {
  return separated.format(value);
}

function whole(summarized) {
  return summarized === undefined ? "–" : count(Math.round(summarized.median));
}

function spread(summarized) {
  if (summarized === undefined) return "–";
  const [median, min, max] = [summarized.median, summarized.min, summarized.max].map((each) => count(Math.round(each)));
  return `${median} (${min}–${max})`;
}

function signed(percent) {
  return `${percent < 0 ? "−" : "+"}${Math.abs(percent).toFixed(1)}`;
}

/** The cells of a table, padded so that its columns align. */
function aligned(table) {
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  return {
    cells: table.map((row) => row.map((cell, column) => cell.padEnd(widths[column]))),
    rule: widths.map((width) => "-".repeat(width)),
  };
}

/** A section as plain text. */
export function toText({ title: heading, notes, table }) {
  const { cells, rule } = aligned(table);
  const [head, ...rows] = cells.map((row) => row.join("  ").trimEnd());
  return [heading, "=".repeat(heading.length), ...notes, head, rule.join("  "), ...rows, ""].join("\n");
}

/** All sections as the text of the results file. Its tables are aligned as the repository's formatter wants them. */
export function toMarkdown(all) {
  const parts = all.map(({ title: heading, notes, table }) => {
    const { cells, rule } = aligned(table);
    const [head, ...rows] = cells;
    const lines = [head, rule, ...rows].map((row) => `| ${row.join(" | ")} |`);
    return [`## ${heading}`, ...notes, lines.join("\n")].join("\n\n");
  });
  const intro = "Written by `npm run bench`. Figures of one machine compare with each other, not with those of another.";
  return `${["# Benchmark results", intro, ...parts].join("\n\n")}\n`;
}
