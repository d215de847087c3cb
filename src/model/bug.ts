/** What is printed of an error that nobody expected. Its properties are left out: they may hold what was sent or read. */
export function describeBug(error: unknown): string {
  const request = "an error in Plugboard itself, not in your settings. Please report it with the text below.";
  return `plugboard: ${request}\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`;
}
