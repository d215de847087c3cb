import fc from "fast-check";
import type * as z from "zod";
import type { ConnectionType } from "../../src/contract/define.js";
import type { ConnectionNode, FeatureNode, ProjectNode, Settings } from "../../src/model/schema.js";
import { MODEL_SCHEMA_ID, MODEL_VERSION } from "../../src/model/schema.js";

/** Texts that XML can hold, with everything in them that has to be escaped or split. */
const awkward = fc.constantFrom(
  "<",
  ">",
  "&",
  '"',
  "'",
  "\n",
  "\r\n",
  "\r",
  "\t",
  "]]>",
  "]",
  "%a%",
  "${x}",
  "é",
  "😀",
  " ",
  "&amp;",
  "<![CDATA[",
);
const word = fc.string({ unit: fc.constantFrom(..."abcXYZ019._-/:"), minLength: 1, maxLength: 12 });
export const xmlText: fc.Arbitrary<string> = fc
  .array(fc.oneof({ weight: 3, arbitrary: word }, { weight: 1, arbitrary: awkward }), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join(""));

export const uuid = fc
  .stringMatching(/^[0-9a-f]{32}$/)
  .map((hex) => [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-"));
const token = uuid.map((each) => `credentialsJSON:${each}`);

interface Def {
  readonly type: string;
  readonly shape: Readonly<Record<string, z.ZodType>>;
  readonly innerType: z.ZodType;
  readonly element: z.ZodType;
  readonly options: readonly z.ZodType[];
  readonly values: readonly unknown[];
  readonly entries: Readonly<Record<string, string>>;
  readonly checks?: readonly {
    readonly _zod: { readonly def: { readonly check: string; readonly pattern?: RegExp; readonly value?: number } };
  }[];
}

/** Values that a schema accepts, made from the schema itself. */
export function valuesOf(schema: z.ZodType): fc.Arbitrary<unknown> {
  const def = schema.def as unknown as Def;
  const checks = (def.checks ?? []).map((each) => each._zod.def);
  switch (def.type) {
    case "string": {
      const pattern = checks.find((each) => each.pattern !== undefined)?.pattern;
      if (pattern === undefined) return xmlText;
      if (pattern.source.startsWith("^credentialsJSON")) return token;
      return fc.stringMatching(pattern).filter((text) => text.length > 0 && text.length < 200 && !/\p{Cc}/u.test(text));
    }
    case "number": {
      const bound = (check: string): number | undefined => checks.find((each) => each.check === check)?.value;
      return fc.integer({ min: bound("greater_than") ?? -1000, max: bound("less_than") ?? 100_000 });
    }
    case "boolean":
      return fc.boolean();
    case "literal":
      return fc.constantFrom(...def.values);
    case "enum":
      return fc.constantFrom(...Object.values(def.entries));
    case "array":
      return fc.array(valuesOf(def.element), { minLength: 1, maxLength: 4 });
    case "optional":
      return fc.option(valuesOf(def.innerType), { nil: undefined });
    case "union":
      // A refinement, such as that a managed pair is a named secret, is not in the options.
      return fc.oneof(...def.options.map(valuesOf)).filter((value) => checks.length === 0 || schema.safeParse(value).success);
    case "object": {
      const fields = Object.entries(def.shape).filter(
        ([name]) => name !== "acknowledge" && name !== "params" && name !== "expires",
      );
      return fc.record(Object.fromEntries(fields.map(([name, each]) => [name, valuesOf(each)]))).map(withoutUndefined);
    }
    default:
      throw new Error(`no arbitrary is known for ${def.type}`);
  }
}

function withoutUndefined(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined));
}

/** Connections of the types given. Managed pairs are left to their fixtures: they need a lock file. */
export function connections(types: readonly ConnectionType[], id: fc.Arbitrary<string>): fc.Arbitrary<ConnectionNode> {
  return fc.oneof(
    ...types.map((type) =>
      fc.record({
        id,
        kind: fc.constant(type.kind),
        settings: fc
          .tuple(
            valuesOf(type.settings),
            fc.option(fc.dictionary(paramName, xmlText, { maxKeys: 2 }), { nil: undefined, freq: 4 }),
          )
          .map(([settings, params]) => ({
            ...(settings as object),
            ...(params === undefined ? {} : { params }),
          })) as fc.Arbitrary<ConnectionNode["settings"]>,
      }),
    ),
  );
}

const paramName = fc.stringMatching(/^[a-z][a-zA-Z.:-]{0,10}$/).map((name) => `x-${name}`);

const features: fc.Arbitrary<FeatureNode> = fc.record({
  id: xmlText.map((text) => text.replace(/[\r\n]/g, "") || "f"),
  type: fc.constantFrom("CloudProfile", "ReportTab", "OAuthProvider"),
  params: fc.dictionary(
    paramName,
    fc.oneof(
      xmlText,
      fc.constant(""),
      token.map(($token) => ({ $token })),
    ),
    { maxKeys: 4 },
  ),
});

const lineText = xmlText.map((text) => text.replace(/[\r\n]/g, "").trim() || "x");

/** A project tree with connections and raw features, IDs unique in each project. */
export function projectTrees(types: readonly ConnectionType[]): fc.Arbitrary<Settings> {
  const id = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,8}$/);
  const node = fc.record(
    {
      name: lineText,
      description: lineText,
      archived: fc.constant(true),
      uuid: fc.oneof(uuid, fc.constant("")),
      parameters: fc.dictionary(paramName, fc.oneof(xmlText, fc.constant("")), { maxKeys: 3 }),
      connections: fc.uniqueArray(connections(types, id), { selector: (each) => each.id, maxLength: 5 }),
      features: fc.uniqueArray(features, { selector: (each) => each.id, maxLength: 2 }),
    },
    { requiredKeys: ["connections", "features"] },
  );
  return fc.array(node, { minLength: 1, maxLength: 5 }).map((nodes) => {
    const projects = nodes.map((each, index) => ({
      ...each,
      id: `P${index}`,
      features: each.features.filter((feature) => !each.connections.some((connection) => connection.id === feature.id)),
      subProjects: [] as ProjectNode[],
    }));
    // Each project but the first becomes the child of one before it.
    for (const [index, each] of projects.entries()) if (index > 0) projects[Math.floor(index / 2)]?.subProjects.push(each);
    return { $schema: MODEL_SCHEMA_ID, version: MODEL_VERSION, project: projects[0] as ProjectNode };
  });
}
