import { createHash } from "node:crypto";
import { Redacted } from "../model/redacted.js";
import { ownTurn } from "../transport/turns.js";
import { Lifetimes, TIMEOUT } from "./lifetimes.js";

/** What connections with one credential share during a run. */
export interface Sessions {
  /**
   * What stands under a key, made if there is nothing yet. `lifetime` ends with the run, or when opening takes too long: the
   * test that happens to be the first may end before the others are served.
   */
  share<Value>(key: readonly (string | Redacted | undefined)[], open: (lifetime: AbortSignal) => Promise<Value>): Promise<Value>;
}

/** @param timeout - Milliseconds that opening a session may take. */
export function createSessions(lifetimes = new Lifetimes(), timeout = TIMEOUT): Sessions {
  const opened = new Map<string, Promise<unknown>>();

  async function open<Value>(make: (lifetime: AbortSignal) => Promise<Value>): Promise<Value> {
    const lifetime = lifetimes.begin(timeout);
    try {
      return await make(lifetime.signal);
    } finally {
      lifetime.keep();
    }
  }

  return {
    async share<Value>(
      key: readonly (string | Redacted | undefined)[],
      make: (lifetime: AbortSignal) => Promise<Value>,
    ): Promise<Value> {
      const digest = createHash("sha256")
        .update(JSON.stringify(key.map((each) => (each instanceof Redacted ? [each.reveal()] : (each ?? null)))))
        .digest("base64");
      const shared = opened.get(digest) ?? open(make);
      opened.set(digest, shared);
      const value = (await shared) as Value;
      // Many may have waited for it.
      await ownTurn();
      return value;
    },
  };
}
