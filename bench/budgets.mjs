/** What the command line may cost. A budget of time or memory that is exceeded is told; it does not fail the run. */
import { ENGINE_FLOOR } from "./floors.mjs";
import { growthOf } from "./statistics.mjs";
import { INSTANTIATION_BUDGET } from "./types.mjs";

/** The most that `compile --to json` may take, as a ratio to `node -e 0`, by number of connections. */
const compileBudgets = { 1: 4, 1000: 6, 10000: 10 };

const VERSION_BUDGET = 1.3;
const FLOOR_BUDGET = 1.5;
const MEMORY_BUDGET = { connections: 10_000, mb: 300 };
const GROWTH_BUDGET = { from: 1000, to: 100_000, exponent: 1.1 };
const WATCH_BUDGET = 0.25;
const IMPORT_GROWTH_BUDGET = 1.1;
const TESTS_BUDGET = 1.3;
const TESTS_MEMORY_BUDGET = 1.5;

const SHAPE = "written out";

/** Each figure with its budget. `met` is absent where there is no budget or the figure was not measured. */
export function budgets({ commands: { rows, version }, watch, imports, tests, types }) {
  const at = (command, connections, shape = SHAPE) =>
    rows.find((each) => each.command === command && each.connections === connections && each.shape === shape);
  const overFloor = ({ connections, shape, wallMs }) => wallMs.median / at(ENGINE_FLOOR, connections, shape).wallMs.median;
  const compiled = (connections) => at("compile --to json", connections);
  const sizes = Object.entries(compileBudgets).map(([size, most]) => ({ size: Number(size), most }));
  const { connections, mb } = MEMORY_BUDGET;
  const { from, to, exponent } = GROWTH_BUDGET;
  const large = compiled(connections);
  const known = at("check, known settings", 1000);
  return [
    ratioRow("--version", version.ratio, VERSION_BUDGET),
    ...sizes.map(({ size, most }) => ratioRow(`cold compile of ${count(size)}`, compiled(size)?.ratio, most)),
    ...sizes.map(({ size }) => {
      const row = compiled(size);
      return ratioRow(`cold compile of ${count(size)} over ${ENGINE_FLOOR}`, row && overFloor(row), FLOOR_BUDGET);
    }),
    ratioRow(
      `cold compile over ${ENGINE_FLOOR}, the most of all sizes and shapes`,
      Math.max(...rows.filter((each) => each.command === "compile --to json").map(overFloor)),
      FLOOR_BUDGET,
    ),
    budgetRow(`peak memory of Node at ${count(connections)}`, large?.memoryMb.median, mb, mebibytes),
    budgetRow(`peak memory of Node and esbuild at ${count(connections)}`, withChild(large), mb, mebibytes),
    ratioRow(
      `growth exponent of cold compile, ${count(from)} to ${count(to)}`,
      growthOf(rows, compiled(1), [from, to]),
      exponent,
    ),
    ratioRow("cached check of 1,000", known?.ratio),
    ratioRow(`change in watch mode over cold check, ${count(watch.connections)}`, watch.ratio, WATCH_BUDGET),
    ratioRow("import of 5,000 over the XML parser alone", imports.rows.find((each) => each.connections === 5000)?.ratio),
    ratioRow("growth exponent of import, 500 to 5,000", imports.growth, IMPORT_GROWTH_BUDGET),
    ...tests.rows
      .filter(({ connections }) => connections === 1000)
      .map(({ requests, ratio }) =>
        ratioRow(`1,000 connection tests over their ideal time, requests each: ${requests}`, ratio, TESTS_BUDGET),
      ),
    ratioRow("peak memory of 1,000 connection tests over 100", tests.growth, TESTS_MEMORY_BUDGET),
    budgetRow("growth of type instantiations", types.growth, INSTANTIATION_BUDGET, (value) => `${value.toFixed(1)} %`),
  ];
}

/** Both processes at their peak; absent where the system does not tell of the other one. */
function withChild(row) {
  return row?.childMemoryMb && row.memoryMb.median + row.childMemoryMb.median;
}

function ratioRow(what, value, budget) {
  return budgetRow(what, value, budget, (each) => each.toFixed(2));
}

function budgetRow(what, value, budget, format) {
  return {
    what,
    measured: value === undefined ? "not measured" : format(value),
    budget: budget === undefined ? "–" : format(budget),
    ...(value === undefined || budget === undefined ? {} : { met: value <= budget }),
  };
}

function mebibytes(value) {
  return `${Math.round(value)} MiB`;
}

function count(value) {
  return value.toLocaleString("en-US");
}
