import * as z from "zod";
import type { CheckContext } from "../contract/params.js";
import { type Finding, finding } from "../model/finding.js";
import { parseWith } from "../model/parse.js";
import type { Config } from "./authoring.js";

const ownership = z.enum(["leave", "report", "remove"]);

const configSchema: z.ZodType<Config> = z.strictObject({
  target: z.strictObject({ edition: z.enum(["cloud", "onPremises"]).optional(), version: z.string().optional() }).optional(),
  rules: z.record(z.string(), z.enum(["error", "warning", "note", "off"])).optional(),
  ownership: z.union([ownership, z.record(z.string(), ownership)]).optional(),
  extraRegions: z.array(z.string()).optional(),
});

/** Validates what `plugboard.config.ts` exports. */
export function parseConfig(data: unknown): { readonly value?: Config; readonly findings: readonly Finding[] } {
  const { value, findings } = parseWith(configSchema, data, ["config"]);
  return {
    ...(value === undefined ? {} : { value }),
    findings: findings.map((each) => finding("PB142", each.message, each.hint === undefined ? {} : { hint: each.hint })),
  };
}

/** What checks need to know of the configuration. */
export function checkContext(config: Config): CheckContext {
  return { target: config.target ?? {}, extraRegions: config.extraRegions ?? [] };
}
