import { readdirSync, readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { expect } from "vitest";
import { connectionTypes } from "../../src/connections/index.js";
import { typesByKind } from "../../src/formats/features.js";
import { readKotlinDsl } from "../../src/formats/kotlin/read.js";
import { parseProject } from "../../src/model/parse.js";
import type { FeatureNode, ProjectNode } from "../../src/model/schema.js";

export const types = typesByKind(connectionTypes);
export const samples = resolve(import.meta.dirname, "../kotlin-samples");

export interface Reading {
  readonly project: ProjectNode | undefined;
  /** `code file:line message`, in the order reported. */
  readonly findings: readonly string[];
}

export async function read(
  files: Readonly<Record<string, string>> | ReadonlyMap<string, string>,
  projectId = "Shop",
): Promise<Reading> {
  const map = files instanceof Map ? files : new Map(Object.entries(files));
  const { settings, findings } = await readKotlinDsl(map, { types, projectId });
  if (settings !== undefined) expect(parseProject(settings.project, connectionTypes).findings).toEqual([]);
  return {
    project: settings?.project,
    findings: findings.map(({ code, place, message }) => `${code} ${place?.file ?? ""}:${place?.line ?? ""} ${message}`),
  };
}

export function sample(name: string): Map<string, string> {
  const folder = resolve(samples, name);
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  const paths = entries.map((each) => resolve(each.parentPath, each.name));
  return new Map(paths.map((path) => [relative(folder, path).replaceAll("\\", "/"), readFileSync(path, "utf8")]));
}

/** The one project of `settings.kts` with the given statements in its body. */
export async function readBody(body: string, before = ""): Promise<Reading> {
  return read({ "settings.kts": `${before}\nproject {\n${body}\n}\n` });
}

/** What `name` is given by an expression, with the findings. */
export async function evaluated(expression: string, before = ""): Promise<string | undefined> {
  const { project, findings } = await readBody(`name = ${expression}`, before);
  return findings.length === 0 ? project?.name : findings.join("\n");
}

/** What stands at the top for parts that were not understood. */
export function placeholders(...places: readonly string[]): FeatureNode[] {
  return places.map((place) => ({ id: `NOT-IMPORTED ${place}`, type: "OAuthProvider", params: {} }));
}

export function token(last: string): { $token: string } {
  return { $token: `credentialsJSON:00000000-0000-4000-8000-00000000000${last}` };
}
