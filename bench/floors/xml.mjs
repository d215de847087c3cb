/** The floor of `import`: reads the same files and parses them, and does nothing with what they say. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseXml } from "@rgrove/parse-xml";

const [folder] = process.argv.slice(2);
let elements = 0;
for (const name of readdirSync(folder)) {
  const { root } = parseXml(readFileSync(join(folder, name, "project-config.xml"), "utf8"), { includeOffsets: true });
  elements += root.children.length;
}
if (elements === 0) throw new Error("there is nothing to read");
