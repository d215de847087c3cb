import { createServer, type RequestListener } from "node:http";
import { listen } from "./internet.js";
import { writeProbes } from "./probe-plugin.js";
import { bin, execute, type Outcome, Workspace } from "./workspace.js";

export const SECRET = "Canary/4711&<hush>";

/** A service that knows one token, and repeats whatever it is given. */
export const service: RequestListener = ({ url, headers }, answer) => {
  if (url === "/old") answer.writeHead(203);
  else if (!url?.startsWith("/open") && headers.authorization !== `Bearer ${SECRET}`) answer.writeHead(401);
  answer.end(`you gave ${headers.authorization ?? "nothing"}`);
};

export async function start(probes: (address: string) => Parameters<typeof writeProbes>[1]): Promise<Workspace> {
  const space = new Workspace();
  writeProbes(space, probes(`http://127.0.0.1:${await listen(createServer(service))}`));
  return space;
}

export function test(space: Workspace, args: readonly string[] = [], environment: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  const env = { ...process.env, PLUGBOARD_SECRET_RIGHT: SECRET, PLUGBOARD_SECRET_WRONG: `${SECRET}!`, ...environment };
  return execute(process.execPath, [bin, "test", "--plugin", "plugin.mjs", ...args], space.folder, env);
}

export const mixed = (address: string): Parameters<typeof writeProbes>[1] => ({
  Good: [`${address}/in`, "right"],
  Bad: [`${address}/in`, "wrong"],
  Old: `${address}/old`,
  Elsewhere: "http://%host%/",
});

/** Numbers that differ from run to run. */
export const steady = (text: string): string => text.replace(/\d+\.\d s/g, "0.0 s").replace(/127\.0\.0\.1:\d+/g, "HOST");

/** The blocks of a pretty report, sorted: tests end in any order. */
export const blocks = (text: string): string[] =>
  steady(text)
    .split(/\n(?=settings\.ts|\n)/)
    .sort();
