import { commonOptions, globalHelp, globalOptions, parseCommand } from "./options.js";
import { loadProject } from "./project.js";
import { reporting } from "./report.js";

export const help = `plugboard check [FILE] [options]

Checks the settings: their schema and the rules between connections. Needs no server, and no secret.

${globalHelp}`;

export function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseCommand(args, globalOptions);
  const options = commonOptions(values, positionals);
  return reporting(options, async () => {
    const { settings, findings } = await loadProject(options);
    return { findings, data: { ok: settings !== undefined }, lines: findings.length === 0 ? ["No findings."] : [] };
  });
}
