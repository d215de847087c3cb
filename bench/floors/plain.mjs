/** Floor: what Node itself needs for settings that are JavaScript. `node plain.mjs FILE OUT` writes what FILE declares. */
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [file, out] = process.argv.slice(2);
const { default: declaration } = await import(pathToFileURL(file));
writeFileSync(out, [...declaration[Symbol.for("plugboard.declaration")]({})].join("\n"));
