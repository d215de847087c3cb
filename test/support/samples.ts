import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./workspace.js";

/** The trees of `test/samples`, laid out as TeamCity writes them: path in `.teamcity` to text. */
export const samples: readonly { readonly name: string; readonly files: ReadonlyMap<string, string> }[] = readdirSync(
  join(root, "test/samples"),
).map((name) => {
  const folder = join(root, "test/samples", name, ".teamcity");
  const paths = readdirSync(folder).map((each) => `${each}/project-config.xml`);
  return { name, files: new Map(paths.map((path) => [path, readFileSync(join(folder, path), "utf8")])) };
});
