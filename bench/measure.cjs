// Preloaded into a measured process (`node --require`): writes what the process has used when it ends.
// A child process that is still alive then, such as esbuild's service, is read from /proc where there is one.
const { readFileSync, writeFileSync } = require("node:fs");

const MS_PER_TICK = 10; // USER_HZ is 100 on every Linux that Node runs on

process.on("exit", () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const usage = { maxRssKb: maxRSS, cpuMs: (userCPUTime + systemCPUTime) / 1000, children: liveChildren() };
  writeFileSync(process.env.BENCH_USAGE_FILE, JSON.stringify(usage));
});

/** CPU time and peak memory of the children that live, or `null` where the system does not tell. */
function liveChildren() {
  try {
    const pids = readFileSync(`/proc/self/task/${process.pid}/children`, "utf8").trim().split(" ").filter(Boolean);
    return pids.map((pid) => ({ maxRssKb: peakMemory(pid), cpuMs: cpuTime(pid) }));
  } catch {
    return null;
  }
}

function peakMemory(pid) {
  return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]);
}

/** User and system time are the 14th and 15th field; the 2nd, in parentheses, may hold blanks. */
function cpuTime(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}
