import { describe, expect, it } from "vitest";
import { AuthoringError, createAuthoring } from "../src/dsl/authoring.js";
import { declareInputs, input } from "../src/dsl/inputs.js";
import { acknowledge, connectionRef, project, type Scope, secret, storedSecret, token } from "../src/index.js";

const thrownBy = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe("what is no text", () => {
  it.each([secret("a"), token("credentialsJSON:0"), storedSecret()])("a secret: %j", (value) => {
    for (const run of [() => `AWS ${value}`, () => `AWS ${value as unknown as string}`.length, () => ["AWS", value].join(" ")]) {
      expect(thrownBy(run)).toMatchObject({ code: "PB113", message: "a secret cannot be part of a text" });
    }
    expect(Object.keys(value)).not.toContain("toString");
    const seen: string[] = [];
    for (const key in value) seen.push(key);
    expect(seen).toEqual(Object.keys(value));
  });

  it("a connection", () => {
    const error = thrownBy(() => `AWS ${connectionRef("aws", "Main")}`);
    expect(error).toBeInstanceOf(AuthoringError);
    expect(error).toMatchObject({ code: "PB112", hint: expect.stringContaining(".id") });
    expect(`AWS ${connectionRef("aws", "Main").id}`).toBe("AWS Main");
  });

  it("goes into JSON as before", () => {
    expect(JSON.stringify([secret("a", { expires: "2027-03-01" }), connectionRef("aws", "Main")])).toBe(
      '[{"$secret":"a","expires":"2027-03-01"},{"$connection":"Main","external":true}]',
    );
  });
});

it("message and hint of a misuse are apart", () => {
  const error = thrownBy(() => project("P", {} as never)) as AuthoringError;
  expect(error.message).toBe('project("P", …) needs a body');
  expect(error.hint).toContain("Write project(");
});

describe("names of connection functions", () => {
  it.each(["subProject", "connection", "feature", "constructor", "toString"])("%s is refused", (name) => {
    expect(() => createAuthoring({ [name]: "acme" })).toThrow(`cannot have the function name ${name}`);
  });

  it.each(["run", "declare", "draft", "assertOpen"])("%s is free", (name) => {
    const { project } = createAuthoring<Record<string, (id: string, settings: object) => { id: string }>>({ [name]: "acme" });
    let id: string | undefined;
    project("P", (scope) => {
      id = scope[name]?.("A", {}).id;
    });
    expect(id).toBe("A");
  });
});

it("a scope shows nothing but its functions", () => {
  project("P", (scope: Scope) => {
    expect(Reflect.ownKeys(scope)).toEqual([]);
    expect("draft" in scope || "run" in scope).toBe(false);
  });
});

it("acknowledgements take codes of plug-ins", () => {
  expect(acknowledge("ACME1", "x")).toEqual({ code: "ACME1", reason: "x" });
});

describe("inputs named like members of every object", () => {
  const given = JSON.parse('{ "__proto__": "a", "toString": "b" }');

  it("have the values given", () => {
    const { values, findings } = declareInputs({ ["__proto__"]: input.text(), toString: input.text() }, given);
    expect(findings).toEqual([]);
    expect(Object.entries(values)).toEqual([
      ["__proto__", "a"],
      ["toString", "b"],
    ]);
  });

  it("are not declared by that, nor given", () => {
    for (const record of [given, Object.assign(Object.create(null), { toString: "b" })]) {
      const { findings } = declareInputs({}, record);
      expect(findings.map(({ code }) => code)).toEqual(Object.keys(record).map(() => "PB108"));
    }
    expect(declareInputs({ toString: input.text() }, {}).findings).toMatchObject([{ code: "PB107" }]);
    const none: Record<string, unknown> = declareInputs({ a: input.text({ default: "x" }) }, {}).values;
    expect([none.a, none.toString]).toEqual(["x", undefined]);
  });
});
