/**
 * Script that runs in the sandbox before the bundle: what depends on time or chance throws. Local time is that of the
 * process, which the command line sets to UTC.
 */
export const HERMETIC_SCRIPT = `(() => {
  const refuse = (what) => {
    const error = new Error(what + " is not available in settings");
    error.name = "HermeticError";
    throw error;
  };
  // Taken before the settings run: they may put their own functions in the place of these.
  const RealDate = Date;
  const construct = Reflect.construct;
  function HermeticDate(...parts) {
    if (new.target === undefined || parts.length === 0) refuse("the current time");
    return construct(RealDate, parts, new.target);
  }
  Object.defineProperties(HermeticDate, {
    name: { value: "Date" },
    length: { value: 7 },
    prototype: { value: RealDate.prototype },
    UTC: { value: RealDate.UTC },
    parse: { value: RealDate.parse },
    now: { value: () => refuse("Date.now") },
  });
  Object.defineProperty(RealDate.prototype, "constructor", { value: HermeticDate });
  RealDate.now = HermeticDate.now;
  globalThis.Date = HermeticDate;
  Math.random = () => refuse("Math.random");
  delete globalThis.WeakRef;
  delete globalThis.FinalizationRegistry;
})();`;

/** Globals of other runtimes that settings reach for, and what to do instead. */
const elsewhere: Readonly<Record<string, string>> = {
  process: "Declare an input with settings({ … }) and give it with --input.",
  require: "Import the file or package at the top of the settings.",
  fetch: "Settings read no network. Import a JSON file that is kept beside them.",
  console: "Settings print nothing. Look at a model with compile --to json, or test it with plugboard/testing.",
  setTimeout: "Bodies are synchronous.",
  setInterval: "Bodies are synchronous.",
  setImmediate: "Bodies are synchronous.",
  queueMicrotask: "Bodies are synchronous.",
  crypto: "Settings have no randomness: the same input gives the same output.",
  performance: "Settings have no clock.",
  Buffer: "Settings have the language itself and nothing of Node.",
  __dirname: "Import files by paths relative to the settings.",
  __filename: "Import files by paths relative to the settings.",
};

const advice: Readonly<Record<string, string>> = {
  "the current time": "Give the date as text, or declare an input.",
  "Date.now": "Give the date as text, or declare an input.",
  "Math.random": "The same settings must give the same output: write the value down.",
};

/** What is refused by an error of the sandbox, and what to do instead; `undefined` for any other error. */
export function refusalOf(name: string, message: string): { readonly what: string; readonly hint: string } | undefined {
  const refused = name === "HermeticError" ? /^(.*) is not available in settings$/.exec(message)?.[1] : undefined;
  if (refused !== undefined && refused in advice) return { what: refused, hint: advice[refused] as string };
  const missing = name === "ReferenceError" ? /^'?(\w+)'? is not defined$/.exec(message)?.[1] : undefined;
  if (missing !== undefined && Object.hasOwn(elsewhere, missing)) return { what: missing, hint: elsewhere[missing] as string };
  return undefined;
}
