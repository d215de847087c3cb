// A process that changes a file of secrets again and again, for tests that kill it: `update-loop.ts FILE PREFIX COUNT`.
// It prints a line after every change; a line is a promise that the change is there.
import { Redacted } from "../../src/model/redacted.ts";
import { createAgeStore } from "../../src/secrets/age-store.ts";

const [file = "", prefix = "", count = "0"] = process.argv.slice(2);
const store = createAgeStore(file, { identities: async () => [] });
for (let index = 0; index < Number(count); index++) {
  await store.set?.(`${prefix}/${index}`, new Redacted("x".repeat(2000), "loop"));
  process.stdout.write(`${prefix}/${index}\n`);
}
