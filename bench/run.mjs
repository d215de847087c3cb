/** Measures the command line and the types: `npm run bench`. Nothing here is part of the package. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { measureCommands } from "./commands.mjs";
import { measureImport } from "./import.mjs";
import { stopRunning } from "./process.mjs";
import { sections, toMarkdown, toText } from "./report.mjs";
import { measureTests } from "./tests.mjs";
import { measureTypes } from "./types.mjs";
import { measureWatch } from "./watch.mjs";

const usage = `Usage: node bench/run.mjs [options]   (build first, or use npm run bench)

  --quick      sizes 1, 100 and 1,000, three runs each; writes no results file unless --out names one
  --out FILE   the results file (default: bench/RESULTS.md)
`;

const repository = fileURLToPath(new URL("..", import.meta.url));

async function main() {
  const { quick, out } = parseOptions();
  const sizes = quick ? [1, 100, 1000] : [1, 100, 1000, 10_000, 100_000];
  const runs = quick ? 3 : 5;
  const log = (text) => process.stderr.write(`${text}\n`);
  const started = new Date();
  const loadBefore = loadavg();
  const { folder, bin } = prepare();
  const commands = await measureCommands({ folder, bin, sizes, runs, log });
  const watch = await measureWatch({ folder, bin, log });
  const imports = await measureImport({ folder, bin, runs, log });
  const tests = await measureTests({ folder, bin, runs, log });
  const types = await measureTypes({ folder, runs, log });
  const all = sections({ quick, runs, sizes, started, loadBefore, commands, watch, imports, tests, types });
  console.log(all.map(toText).join("\n"));
  if (out !== undefined) {
    writeFileSync(out, toMarkdown(all));
    log(`written ${relative(process.cwd(), out)}`);
  }
  if (!types.withinBudget) process.exitCode = 1;
}

function parseOptions() {
  const { values } = parseArgs({
    options: { quick: { type: "boolean" }, out: { type: "string" }, help: { type: "boolean", short: "h" } },
  });
  if (values.help) {
    process.stdout.write(usage);
    process.exit(0);
  }
  const quick = values.quick ?? false;
  const out = values.out ?? (quick ? undefined : fileURLToPath(new URL("RESULTS.md", import.meta.url)));
  return { quick, out: out === undefined ? undefined : resolve(out) };
}

/**
 * Makes a settings repository in a temporary folder, with the package installed in it. The build is copied: another
 * build during the run does not change what is measured.
 */
function prepare() {
  if (!existsSync(join(repository, "dist/index.d.ts"))) throw new Error("dist/ is not complete: run npm run build first");
  const folder = mkdtempSync(join(tmpdir(), "plugboard-bench-"));
  removeAtEnd(folder);
  const installed = join(folder, "node_modules/plugboard");
  mkdirSync(installed, { recursive: true });
  for (const each of ["dist", "package.json"]) cpSync(join(repository, each), join(installed, each), { recursive: true });
  symlinkSync(join(repository, "node_modules"), join(installed, "node_modules"), "junction");
  process.env.XDG_CACHE_HOME = join(folder, "cache"); // for every run: results of the user's own are left alone
  process.env.TSX_DISABLE_CACHE = "1"; // tsx is compared with cold runs
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "bench-settings", private: true, type: "module" }));
  return { folder, bin: join(installed, "dist/bin.js") };
}

function removeAtEnd(folder) {
  process.on("exit", () => {
    stopRunning();
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  });
  for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 })) {
    process.on(signal, () => process.exit(code));
  }
}

await main();
