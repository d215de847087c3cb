import type { Evaluation } from "./evaluation.js";
import { type CommonOptions, globalHelp } from "./options.js";
import { loadProject } from "./project.js";
import { reporting } from "./report.js";

export const help = `plugboard check [FILE] [options]

Checks the settings: their schema and the rules between connections. Needs no server, and no secret.

${globalHelp}`;

export function run(_values: unknown, options: CommonOptions, evaluation: Evaluation): Promise<number> {
  return reporting(options, async () => {
    const { settings, findings } = await loadProject(options, evaluation);
    return { findings, data: { ok: settings !== undefined }, lines: findings.length === 0 ? ["No findings."] : [] };
  });
}
