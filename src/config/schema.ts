import * as z from "zod";
import type { CheckContext } from "../contract/params.js";
import { severities } from "../model/codes.js";
import { type Finding, finding } from "../model/finding.js";
import { parseWith } from "../model/parse.js";
import { nearest, quote } from "../model/text.js";
import type { Config } from "./authoring.js";

const ownership = z.enum(["leave", "report", "remove"]);

const store = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("env") }),
  z.strictObject({ type: z.literal("age"), file: z.string().min(1).optional() }),
  z.strictObject({
    type: z.literal("vault"),
    address: z.url({ protocol: /^https?$/ }),
    namespace: z.string().min(1).optional(),
    mount: z.string().min(1).optional(),
    prefix: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal("awsSecretsManager"),
    // It becomes a part of the address that secrets are asked from.
    region: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "a region is written like eu-central-1"),
    prefix: z.string().optional(),
    endpoint: z.url({ protocol: /^https?$/ }).optional(),
  }),
]);

/** A host as `hosts`, `proxy` and `ca` name it. */
const host = z
  .string()
  .regex(
    /^(\*|(\*\.)?[^\s/:@*?#[\]]+|\[?[0-9a-fA-F:.]*:[0-9a-fA-F:.]*\]?)$/,
    "a host is written registry.example.com, *.example.com for all below, or * for every one: without scheme, port and path",
  );

const proxyUrl = z.union([
  z.literal("none"),
  z.url({ protocol: /^https?$/, error: "a proxy is written http://proxy.example.com:3128, or none" }),
]);

const configSchema: z.ZodType<Config> = z.strictObject({
  target: z.strictObject({ edition: z.enum(["cloud", "onPremises"]).optional(), version: z.string().optional() }).optional(),
  rules: z.record(z.string(), z.enum([...severities, "off"])).optional(),
  ownership: z.union([ownership, z.record(z.string(), ownership)]).optional(),
  extraRegions: z.array(z.string()).optional(),
  stores: z.array(store).optional(),
  hosts: z.array(host).optional(),
  proxy: z.union([proxyUrl, z.record(host, proxyUrl)]).optional(),
  ca: z.record(host, z.string().min(1)).optional(),
  serverUrls: z.array(z.url({ protocol: /^https?$/ })).optional(),
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
