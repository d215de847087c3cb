/** One declared input of settings; `Value` is what the body receives. */
export interface Input<Value extends string = string> {
  readonly options?: readonly Value[];
  readonly default?: Value;
}

/** The inputs that settings declare, by name. */
export type InputSpecs = Readonly<Record<string, Input>>;

/** What the body of `settings(…)` receives. */
export type InputValues<Specs extends InputSpecs> = {
  readonly [Name in keyof Specs]: Specs[Name] extends Input<infer Value> ? Value : never;
};

interface InputBuilders {
  /** One of the values listed; a last argument `{ default: "…" }` makes it optional. */
  oneOf<const Values extends readonly [string, ...string[]]>(...values: Values): Input<Values[number]>;
  oneOf<const Values extends readonly [string, ...string[]]>(
    ...valuesAndDefault: [...Values, { readonly default: NoInfer<Values[number]> }]
  ): Input<Values[number]>;
  /** Any text. */
  text(options?: { readonly default?: string }): Input<string>;
}

/** Declares an input of `settings(…)`: the only way by which the outside reaches settings. */
export const input: InputBuilders = {
  oneOf(...args: (string | { readonly default: string })[]): Input<never> {
    const last = args.at(-1);
    const options = args.filter((each) => typeof each === "string");
    return { options, ...(typeof last === "object" ? last : {}) } as unknown as Input<never>;
  },
  text: (options = {}) => ({ ...options }),
};

interface InputFinding {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** Holds the values given against the inputs declared. */
export function declareInputs<Specs extends InputSpecs>(
  specs: Specs,
  given: Readonly<Record<string, string>>,
): { readonly values: InputValues<Specs>; readonly findings: readonly InputFinding[] } {
  // Names may be those of every object's members.
  const values: Record<string, string> = Object.create(null);
  const findings: InputFinding[] = [];
  for (const [name, { options, default: fallback }] of Object.entries(specs)) {
    const value = Object.hasOwn(given, name) ? given[name] : fallback;
    if (value === undefined) {
      const example = options?.[0] ?? "…";
      findings.push({
        code: "PB107",
        message: `input ${JSON.stringify(name)} is missing`,
        hint: `Give it: --input ${name}=${example}`,
      });
    } else if (options !== undefined && !options.includes(value)) {
      findings.push({
        code: "PB109",
        message: `input ${JSON.stringify(name)} cannot be ${JSON.stringify(value.slice(0, 60))}`,
        hint: `Choose one of ${options.join(", ")}.`,
      });
    } else {
      values[name] = value;
    }
  }
  const known = Object.keys(specs);
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    findings.push({
      code: "PB108",
      message: `input ${JSON.stringify(name)} is not declared by the settings`,
      hint: known.length === 0 ? "They declare no inputs." : `They declare ${known.join(", ")}.`,
    });
  }
  return { values: values as InputValues<Specs>, findings };
}
