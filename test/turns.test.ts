import type { ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { createSessions } from "../src/tester/sessions.js";
import { ownTurn } from "../src/transport/turns.js";
import { openTransport, serve } from "./support/transport.js";

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

test("what was asked for in the same stretch comes before the turn", async () => {
  const log: string[] = [];
  await ownTurn();
  const again = ownTurn().then(() => log.push("again"));
  setImmediate(() => log.push("between"));
  await again;
  expect(log).toEqual(["between", "again"]);
});

const COUNT = 8;

test("of answers that come together, the first leads to its next request before the last is looked at", async () => {
  const log: string[] = [];
  const held: ServerResponse[] = [];
  const url = await serve((request, answer) => {
    if (request.url?.startsWith("/next")) {
      log.push("next request");
      answer.end();
    } else if (held.push(answer) === COUNT) for (const each of held.splice(0)) each.end();
  });
  const { http } = openTransport();
  const ask = async (): Promise<void> => {
    await http.request(url);
    log.push("answer");
    await http.request(`${url}/next`);
  };
  // Only a connection that is kept makes undici wait.
  await Promise.all(Array.from({ length: COUNT }, ask));
  log.length = 0;
  await Promise.all(Array.from({ length: COUNT }, ask));
  expect(log.indexOf("next request")).toBeLessThan(log.lastIndexOf("answer"));
});

test("an answer that is there is not lost when the time is up before its turn", async () => {
  const held: ServerResponse[] = [];
  const url = await serve((_, answer) => {
    if (held.push(answer) === COUNT) for (const each of held.splice(0)) each.end();
  });
  const { http } = openTransport({ requestTimeout: 500 });
  const work = async (): Promise<void> => {
    await http.request(url);
    const until = performance.now() + 100;
    while (performance.now() < until);
  };
  await Promise.all(Array.from({ length: COUNT }, work));
});

test("those who waited for one session go on in turns of their own", async () => {
  const log: string[] = [];
  const { share } = createSessions();
  const goOn = async (name: string): Promise<void> => {
    await share(["key"], async () => "session");
    log.push(name);
    setImmediate(() => log.push(`started by ${name}`));
  };
  await Promise.all([goOn("a"), goOn("b")]);
  await ownTurn();
  expect(log).toEqual(["a", "started by a", "b", "started by b"]);
});
