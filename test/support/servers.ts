import { spawnSync } from "node:child_process";

/**
 * Tells whether a program that plays a real part in a test is there. Where all of them have to be, which is in CI, a missing
 * one is an error; elsewhere the tests that need it are skipped, loudly.
 */
export function requireProgram(name: string, howToInstall: string): boolean {
  if (spawnSync("sh", ["-c", 'command -v "$0"', name]).status === 0) return true;
  const message = `${name} is missing: ${howToInstall}`;
  if (process.env.CI) throw new Error(message);
  console.warn(`skipped, because ${message}`);
  return false;
}
