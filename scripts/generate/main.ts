import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { connectionTypes } from "../../src/connections/index.js";
import type { Guide } from "../../src/contract/define.js";
import { modelJsonSchema } from "../../src/model/json-schema.js";
import { connectionPage, connectionsIndex, errorsPage } from "./docs.js";
import { authoringModule, functionsModule } from "./typescript.js";

/** Writes every generated file that differs; returns the exit code. */
export async function generate(root: string, checkOnly: boolean): Promise<number> {
  const guides = new Map<string, Guide>();
  for (const type of connectionTypes) guides.set(type.kind, (await type.guide()).guide);
  const files = new Map<string, string>([
    ["src/authoring.generated.ts", authoringModule(connectionTypes, guides)],
    ["src/functions.generated.ts", functionsModule(connectionTypes)],
    ["schema/settings.schema.json", `${JSON.stringify(modelJsonSchema(connectionTypes), null, 2)}\n`],
    ["docs/connections/README.md", connectionsIndex(connectionTypes, guides)],
    ["docs/errors.md", errorsPage(connectionTypes)],
    ...connectionTypes.map((type): [string, string] => [
      `docs/connections/${type.functionName}.md`,
      connectionPage(type, guides.get(type.kind) as Guide),
    ]),
  ]);
  const stale = [...files].filter(([file, text]) => read(join(root, file)) !== text).map(([file]) => file);
  const orphans = list(join(root, "docs/connections"))
    .map((name) => `docs/connections/${name}`)
    .filter((file) => !files.has(file));
  if (checkOnly) {
    for (const file of [...stale, ...orphans]) console.error(`${file} is out of date: run npm run generate`);
    return stale.length + orphans.length === 0 ? 0 : 1;
  }
  for (const file of stale) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), files.get(file) as string);
  }
  for (const file of orphans) rmSync(join(root, file));
  return 0;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
