#!/usr/bin/env node
// Nothing is loaded before it is known what to do.
const [first] = process.argv.slice(2);
if (first === "--version" || first === "-V") {
  console.log(PLUGBOARD_VERSION);
} else {
  const { main } = await import("./cli/main.js");
  process.exitCode = await main(process.argv.slice(2));
  // Once all is written nothing is left to wait for: threads and services that have done their work are not shut down one by one.
  // An error of the output is heard of a moment later.
  process.stdout.write("", () => process.stderr.write("", () => setImmediate(() => process.exit())));
}

export {};
