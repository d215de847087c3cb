import { inspect } from "node:util";

/** What is printed of an error that nobody expected. */
export function describeBug(error: unknown): string {
  const request = "an error in Plugboard itself, not in your settings. Please report it with the text below.";
  return `plugboard: ${request}\n${inspect(error)}\n`;
}
