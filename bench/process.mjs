/** Runs Node processes and measures them. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const preload = fileURLToPath(import.meta.resolve("./measure.cjs"));

/** The processes that are running, so that an interrupted benchmark leaves none behind. */
const running = new Set();

export function stopRunning() {
  for (const each of running) each.kill("SIGKILL");
}

function spawnNode(args, { cwd, usageFile }) {
  const { NODE_OPTIONS: _options, NODE_COMPILE_CACHE: _cache, ...inherited } = process.env;
  const env = { ...inherited, NO_COLOR: "1", ...(usageFile === undefined ? {} : { BENCH_USAGE_FILE: usageFile }) };
  const child = spawn(process.execPath, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  child.once("exit", () => running.delete(child));
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8");
  return child;
}

/**
 * Runs `node` with arguments and returns its wall time from outside: from before the start until it has ended.
 * A run that fails is an error with what it printed, since its time would mean nothing.
 */
export async function runNode(args, { cwd, usageFile } = {}) {
  const start = process.hrtime.bigint();
  const child = spawnNode(args, { cwd, usageFile });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
  let end;
  child.once("exit", () => (end = process.hrtime.bigint()));
  const code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  if (code !== 0) throw new Error(`node ${args.join(" ")} ended with ${code}:\n${output}`);
  return { wallMs: Number(end - start) / 1e6, output };
}

/** As `runNode`, with the process's own report of its CPU time and peak memory. */
export async function measureNode(args, { cwd, usageFile }) {
  const { wallMs } = await runNode(["--require", preload, ...args], { cwd, usageFile });
  const { maxRssKb, cpuMs, children } = JSON.parse(readFileSync(usageFile, "utf8"));
  const sum = (key) => (children === null ? undefined : children.reduce((total, each) => total + each[key], 0));
  const mb = (kb) => (kb === undefined ? undefined : kb / 1024);
  return { wallMs, cpuMs, memoryMb: mb(maxRssKb), childCpuMs: sum("cpuMs"), childMemoryMb: mb(sum("maxRssKb")) };
}

/** Starts `node` and leaves it running. `printed` waits for a text, from the call on; `stop` ends the process. */
export function startNode(args, { cwd }) {
  const child = spawnNode(args, { cwd });
  const streams = [child.stdout, child.stderr];
  for (const stream of streams) stream.resume();
  const printed = (text, patienceMs) =>
    new Promise((resolve, reject) => {
      let output = "";
      const settle = (error) => {
        clearTimeout(patience);
        child.off("exit", onExit);
        for (const stream of streams) stream.off("data", onData);
        if (error === undefined) resolve();
        else reject(new Error(`node ${args.join(" ")} ${error}:\n${output}`));
      };
      const onData = (more) => {
        output += more;
        if (typeof text === "string" ? output.includes(text) : text.test(output)) settle();
      };
      const onExit = (code) => settle(`ended with ${code}`);
      const patience = setTimeout(() => settle(`has not printed ${text}`), patienceMs);
      child.once("exit", onExit);
      for (const stream of streams) stream.on("data", onData);
    });
  return { printed, stop: () => child.kill("SIGKILL") };
}
