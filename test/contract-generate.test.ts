import { describe, expect, it } from "vitest";
import * as z from "zod";
import { connectionPage, errorsPage } from "../scripts/generate/docs.js";
import { authoringModule } from "../scripts/generate/typescript.js";
import { defineConnection, param, setting } from "../src/entry/contract.js";
import { connectionSettings } from "../src/model/schema.js";

const guide = { summary: "S.", uses: ["u"], rights: [], steps: [] };
const rest = {
  kind: "made",
  functionName: "made",
  title: "Made",
  kotlinClass: "Made",
  providerType: "Made",
  guide: async () => ({ guide }),
} as const;
const displayName = param.text("displayName");

const listed = defineConnection({
  ...rest,
  settings: connectionSettings({
    scope: z.array(setting.text).describe("Scopes.").optional(),
    levels: z
      .array(z.enum(["a", "b"]))
      .describe("Levels.")
      .optional(),
    token: setting.secret.describe("A token."),
  }),
  params: {
    displayName,
    scope: param.list(",", "scope", undefined, { default: ["a", "b"] }),
    levels: param.list(",", "levels"),
    token: param.sealed("secure:t"),
  },
});

describe("what is generated", () => {
  it("writes a list as a list", () => {
    expect(connectionPage(listed, guide)).toContain('| `scope` | Scopes. | `["a","b"]` |');
    const module = authoringModule([listed], new Map());
    expect(module).toContain('/** Scopes. Default: `["a","b"]`. */\n  readonly scope?: readonly string[] | undefined;');
    expect(module).toContain('readonly levels?: readonly ("a" | "b")[] | undefined;');
    expect(module).toContain("readonly token: Secret;");
  });

  it.each([
    ["a definition", setting.text.meta({ id: "Unheard" })],
    ["a list of objects", z.array(z.strictObject({ a: setting.text }))],
    ["a list of lists of anything", z.array(z.array(z.unknown()))],
  ])("has no type for %s that it does not know", (_name, schema) => {
    const odd = { ...listed, settings: connectionSettings({ odd: schema.describe("Odd.") }) };
    expect(() => authoringModule([odd], new Map())).toThrow("no TypeScript type is known for setting Made.odd");
  });

  it("drops no code", () => {
    const codes = { XY1: { severity: "note", title: "A note", help: "None." } } as const;
    expect(() => errorsPage([{ ...listed, codes }])).toThrow("XY1");
  });
});
