import { isDeepStrictEqual } from "node:util";
import { kindJsonSchema } from "../model/json-schema.js";
import type { ConnectionType, Fixture } from "./define.js";
import type { Fields } from "./params.js";
import { type ParamValue, readParams, storedNames, writeParams } from "./walk.js";

/** One case of the contract suite, for any test runner: `for (const { name, run } of contractCases(…)) test(name, run)`. */
export interface ContractCase {
  readonly name: string;
  /** Throws if the type does not keep the contract. */
  readonly run: () => void | Promise<void>;
}

/** What every connection type must do, shown on its fixtures. */
export function contractCases(type: ConnectionType, fixtures: readonly Fixture[]): ContractCase[] {
  const own = fixtures.flatMap(({ name, settings, params }): ContractCase[] => [
    {
      name: `${name}: the settings are valid`,
      run() {
        const result = type.settings.safeParse(settings);
        if (!result.success) throw new Error(result.error.message);
      },
    },
    {
      name: `${name}: the settings give exactly the stored parameters`,
      run: () => same(writeParams(type, settings), params),
    },
    {
      name: `${name}: reading the stored parameters and writing them again changes nothing`,
      run() {
        const stored = asStored(params);
        const read = readParams(type, stored);
        if (read === undefined) throw new Error("the stored parameters cannot be read as settings");
        same(asStored(writeParams(type, read)), stored);
        if (settings.params === undefined && read.params !== undefined) {
          throw new Error(`the settings cannot say ${Object.keys(read.params).join(", ")}`);
        }
      },
    },
  ]);
  return [
    {
      name: "names are of the form they should have",
      run() {
        assert(/^[a-z][A-Za-z0-9]*$/.test(type.kind), `kind ${type.kind} is not camelCase`);
        assert(/^[a-z][A-Za-z0-9]*$/.test(type.functionName), `function ${type.functionName} is not camelCase`);
        assert(
          type.title !== "" && type.providerType !== "" && type.kotlinClass !== "",
          "title, providerType or kotlinClass is empty",
        );
      },
    },
    {
      name: "every setting is described",
      run() {
        for (const [name, property] of Object.entries(kindJsonSchema(type).properties ?? {})) {
          assert((property.description ?? "") !== "", `setting ${name} has no description`);
        }
      },
    },
    {
      name: "secret parameters, and no others, are stored under a name with secure:",
      run() {
        for (const { stored, form } of storedNames(type.params)) {
          assert(stored.startsWith("secure:") === (form === "secret"), `${stored} is mapped as ${form}`);
        }
      },
    },
    {
      name: "no two settings that may be given together are stored under one name",
      run() {
        const own = ["providerType", ...Object.keys(type.fixed ?? {})].map((stored) => [stored, {}] as const);
        checkUnique(type.params, new Map(own));
      },
    },
    {
      name: "what shares connections is a flag of the table",
      run() {
        const { sharedBy } = type;
        assert(sharedBy === undefined || type.params[sharedBy]?.form === "flag", `${sharedBy} is no flag of the table`);
      },
    },
    {
      name: "every setting occurs in a fixture",
      run() {
        const seen = new Set(fixtures.flatMap(({ settings }) => [...keysOf(settings)]));
        for (const name of fieldNames(type.params)) assert(seen.has(name), `no fixture has setting ${name}`);
      },
    },
    {
      name: "the guide says what the type is for",
      async run() {
        const { guide } = await type.guide();
        assert(guide.summary !== "" && guide.uses.length > 0, "the guide is empty");
      },
    },
    {
      name: "unknown settings are refused",
      run() {
        const [first] = fixtures;
        assert(first !== undefined, "there is no fixture");
        assert(!type.settings.safeParse({ ...first?.settings, notASetting: "x" }).success, "an unknown setting is accepted");
      },
    },
    ...own,
  ];
}

/** Parameters as a file would hold them: every secret as a token of its own. */
function asStored(params: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, typeof value === "string" ? value : storedText(value as ParamValue)]),
  );
}

function storedText(value: Exclude<ParamValue, string> | string): string {
  if (typeof value === "string") return value;
  if ("$token" in value) return value.$token;
  if ("$accessKeyId" in value) return "AKIAEXAMPLE000000000";
  const name = "$secret" in value ? value.$secret : "stored";
  const digits = [...name].reduce((sum, each) => (sum * 31 + each.charCodeAt(0)) % 1e12, 7);
  return `credentialsJSON:00000000-0000-4000-8000-${String(digits).padStart(12, "0")}`;
}

/**
 * Fails if two parameters have one name: fields of a group lie flat beside it, those of an option beside what is above
 * it. One parameter may stand at several places, as in a pair and beside it.
 */
function checkUnique(fields: Fields, above: ReadonlyMap<string, object>): void {
  const taken = new Map(above);
  const options: Fields[] = [];
  const take = (part: { readonly stored: string }): void => {
    assert((taken.get(part.stored) ?? part) === part, `${part.stored} is stored by two settings`);
    taken.set(part.stored, part);
  };
  const visit = (level: Fields): void => {
    for (const param of Object.values(level)) {
      if (param.form === "pair") [param.id, param.secret].forEach(take);
      else if (param.form === "group") {
        if (param.presence !== undefined) take(param.presence);
        visit(param.fields);
      } else if (param.form !== "intent") {
        take(param);
        if (param.form === "variant") options.push(...Object.values(param.options).map((each) => each.fields));
      }
    }
  };
  visit(fields);
  for (const option of options) checkUnique(option, taken);
}

function* fieldNames(fields: Fields): Generator<string> {
  for (const [name, param] of Object.entries(fields)) {
    yield name;
    if (param.form === "group") yield* fieldNames(param.fields);
    if (param.form === "variant") for (const each of Object.values(param.options)) yield* fieldNames(each.fields);
  }
}

function* keysOf(value: unknown): Generator<string> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    yield key;
    yield* keysOf(inner);
  }
}

function same(found: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(found, expected))
    throw new Error(`found ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`);
}

function assert(condition: boolean, message: string): void {
  if (!condition) throw new Error(message);
}
