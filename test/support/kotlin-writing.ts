import { expect } from "vitest";
import { connectionTypes } from "../../src/connections/index.js";
import { typesByKind } from "../../src/formats/features.js";
import { type KotlinOptions, writeKotlinDsl } from "../../src/formats/kotlin/write.js";
import type { Written } from "../../src/formats/teamcity-xml/index.js";
import { type ConnectionSettings, MODEL_SCHEMA_ID, MODEL_VERSION, type ProjectNode } from "../../src/model/schema.js";

export const empty = { connections: [], features: [], subProjects: [] };
export const token = (last: string) => ({ $token: `credentialsJSON:00000000-0000-4000-8000-00000000000${last}` });

export function write(project: Partial<ProjectNode>, options: Partial<KotlinOptions> = {}): Written {
  const settings = { $schema: MODEL_SCHEMA_ID, version: MODEL_VERSION, project: { ...empty, id: "Shop", ...project } } as const;
  return writeKotlinDsl(settings, { types: typesByKind(connectionTypes), dslVersion: "2025.11", ...options });
}

export function settingsKts(project: Partial<ProjectNode>, options?: Partial<KotlinOptions>): string {
  const { files, findings } = write(project, options);
  expect(findings).toEqual([]);
  return files.get("settings.kts") ?? "";
}

/** What stands in `features { … }` for one connection, without the indentation. */
export function call(kind: string, settings: ConnectionSettings, options?: Partial<KotlinOptions>): string {
  const text = settingsKts({ connections: [{ id: "Id", kind, settings }] }, options);
  const [, body] = /\n {4}features \{\n(.*)\n {4}\}\n/s.exec(text) ?? [];
  return (body ?? "").replace(/^ {8}/gm, "");
}
