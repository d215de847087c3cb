/** How long `check --watch` takes from a change to its findings, against a cold `check` of the same settings. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { splitSettings } from "./generate.mjs";
import { runNode, startNode } from "./process.mjs";
import { summarize } from "./statistics.mjs";

const CONNECTIONS = 1000;
const CHANGES = 5;

/** How long nothing happens before a change: a run that an earlier one caused has ended by then. */
const SETTLE_MS = 500;

/** How long a run may take before the benchmark gives up. */
const PATIENCE_MS = 60_000;

const NO_FINDINGS = "No findings.";

/** Changes an imported file again and again. Each change is followed by a cold check: a busy minute hits both. */
export async function measureWatch({ folder, bin, log }) {
  const { settings, constant } = splitSettings(CONNECTIONS);
  const own = join(folder, "watched");
  const file = join(own, "settings.ts");
  const imported = join(own, "prefix.ts");
  mkdirSync(own);
  writeFileSync(file, settings);
  writeFileSync(imported, constant("Change 0"));
  log(`watch mode: ${CHANGES} changes to ${CONNECTIONS} connections`);
  const changes = [];
  const checks = [];
  const watching = startNode([bin, "check", file, "--watch", "--no-cache"], { cwd: folder });
  try {
    await watching.printed("Watching.", PATIENCE_MS);
    for (let change = 1; change <= CHANGES; change += 1) {
      await sleep(SETTLE_MS);
      const printed = watching.printed(NO_FINDINGS, PATIENCE_MS);
      const start = performance.now();
      writeFileSync(imported, constant(`Change ${change}`));
      await printed;
      changes.push(performance.now() - start);
      await sleep(SETTLE_MS);
      checks.push((await runNode([bin, "check", file, "--no-cache"], { cwd: folder })).wallMs);
    }
    await assertWatched(watching, () => writeFileSync(imported, constant("")));
  } finally {
    watching.stop();
  }
  const [changeMs, checkMs] = [summarize(changes), summarize(checks)];
  return { connections: CONNECTIONS, changes: CHANGES, changeMs, checkMs, ratio: changeMs.median / checkMs.median };
}

/** A run that does not read the changed file would be fast: a wrong constant must have findings. */
async function assertWatched(watching, makeWrong) {
  await sleep(SETTLE_MS);
  const printed = watching.printed(/\berror\b/, PATIENCE_MS);
  makeWrong();
  await printed;
}
