import * as z from "zod";
import type { CheckContext } from "../contract/params.js";
import { type Finding, finding } from "../model/finding.js";
import { parseWith } from "../model/parse.js";
import { nearest, quote } from "../model/text.js";
import type { Config } from "./authoring.js";

const ownership = z.enum(["leave", "report", "remove"]);

const configSchema: z.ZodType<Config> = z.strictObject({
  target: z.strictObject({ edition: z.enum(["cloud", "onPremises"]).optional(), version: z.string().optional() }).optional(),
  rules: z.record(z.string(), z.enum(["error", "warning", "note", "off"])).optional(),
  ownership: z.union([ownership, z.record(z.string(), ownership)]).optional(),
  extraRegions: z.array(z.string()).optional(),
});

/** Validates what `plugboard.config.ts` exports. `knownCodes`: those of the project itself and of all connection types. */
export function parseConfig(
  data: unknown,
  knownCodes: Iterable<string>,
): { readonly value?: Config; readonly findings: readonly Finding[] } {
  const { value, findings } = parseWith(configSchema, data, ["config"]);
  const invalid = findings.map((each) => finding("PB142", each.message, each.hint === undefined ? {} : { hint: each.hint }));
  if (value === undefined) return { findings: invalid };
  return { value, findings: [...unknownCodes(value, new Set(knownCodes))] };
}

function* unknownCodes({ rules = {} }: Config, known: ReadonlySet<string>): Generator<Finding> {
  for (const code of Object.keys(rules)) {
    // Rules of plug-ins have codes of their own, which nobody lists.
    if (known.has(code) || !code.startsWith("PB")) continue;
    const meant = nearest(code, known);
    yield finding("PB142", `\`rules\` names ${quote(code)}, which is no code`, {
      hint: meant === undefined ? "docs/errors.md lists the codes." : `Did you mean ${meant}?`,
    });
  }
}

/** What checks need to know of the configuration. */
export function checkContext(config: Config): CheckContext {
  return { target: config.target ?? {}, extraRegions: config.extraRegions ?? [] };
}
