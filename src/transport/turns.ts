const waiting: (() => void)[] = [];

/**
 * Goes on in a turn of the event loop of its own, one caller after the other. What comes for many at once is then worked off one by
 * one, and what the first of them sends has left before the next begins: undici writes a request a turn after it was given.
 */
export function ownTurn(): Promise<void> {
  return new Promise((resolve) => {
    // What undici does about a connection when an answer has ended comes first.
    if (waiting.push(resolve) === 1) queueMicrotask(() => setImmediate(takeTurn));
  });
}

function takeTurn(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(() => setImmediate(takeTurn));
}
