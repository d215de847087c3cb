import { commonOptions, globalHelp, parseCommand } from "./options.js";
import { loadProject } from "./project.js";
import { printReport } from "./report.js";

export const help = `plugboard check [FILE] [options]

Checks the settings: their schema and the rules between connections. Needs no server, and no secret.

${globalHelp}`;

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseCommand(args, {});
  const options = commonOptions(values, positionals);
  const { settings, findings } = await loadProject(options);
  const lines = findings.length === 0 ? ["No findings."] : [];
  return printReport({ findings, data: { ok: settings !== undefined }, lines }, options);
}
