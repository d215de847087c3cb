import { UsageError } from "./options.js";

interface Command {
  readonly help: string;
  run(args: readonly string[]): Promise<number>;
}

/** The commands, each loaded when it is asked for. */
const commands: Readonly<Record<string, { readonly summary: string; readonly load: () => Promise<Command> }>> = {
  init: { summary: "write a first settings.ts and what goes with it", load: () => import("./init.js") },
  compile: { summary: "compile settings to TeamCity XML and the JSON model", load: () => import("./compile.js") },
  check: { summary: "check settings: schema and rules", load: () => import("./check.js") },
};

const usage = `plugboard: TeamCity connections as TypeScript

Usage: plugboard COMMAND [options]

${Object.entries(commands)
  .map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`)
  .join("\n")}

plugboard COMMAND --help tells the options of a command; plugboard --version tells the version.
Exit codes: 0 done, 1 findings, 2 wrong usage, 70 an error in Plugboard itself.
`;

/** Runs the command line and returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  // A reader that has seen enough, such as `head`, is no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(process.exitCode ?? 0);
    throw error;
  });
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    (name === undefined ? process.stderr : process.stdout).write(usage);
    return name === undefined ? 2 : 0;
  }
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (entry === undefined) return wrongUsage(`command ${JSON.stringify(name)} is not known`, "plugboard --help");
  const command = await entry.load();
  if (rest.includes("--help") || rest.includes("-h")) {
    process.stdout.write(`${command.help}\n`);
    return 0;
  }
  try {
    return await command.run(rest);
  } catch (error) {
    if (error instanceof UsageError) return wrongUsage(error.message, `plugboard ${name} --help`);
    process.stderr.write(
      `plugboard: an error in Plugboard itself, not in your settings. Please report it with the text below.\n${(error as Error).stack ?? error}\n`,
    );
    return 70;
  }
}

function wrongUsage(message: string, command: string): number {
  process.stderr.write(`plugboard: ${message}\nSee ${command}.\n`);
  return 2;
}
