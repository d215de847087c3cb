import { expect, test } from "vitest";
import { ownTurn } from "../src/transport/turns.js";

test("callers that come together go on in turns of their own, in order, and what one starts comes before the next", async () => {
  const log: string[] = [];
  const goOn = async (name: string): Promise<void> => {
    await ownTurn();
    log.push(name);
    await Promise.resolve();
    setImmediate(() => log.push(`started by ${name}`));
  };
  await Promise.all([goOn("a"), goOn("b"), goOn("c")]);
  await ownTurn();
  expect(log).toEqual(["a", "started by a", "b", "started by b", "c", "started by c"]);
});

test("who comes during a turn waits for a later one", async () => {
  const log: string[] = [];
  await ownTurn();
  const again = ownTurn().then(() => log.push("again"));
  setImmediate(() => log.push("between"));
  await again;
  expect(log).toEqual(["between", "again"]);
});
