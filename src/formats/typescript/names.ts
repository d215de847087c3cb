/** Words that no variable can be named by. */
const reserved = (
  "arguments await break case catch class const continue debugger default delete do else enum eval export extends false " +
  "finally for function if implements import in instanceof interface let new null package private protected public " +
  "return static super switch this throw true try typeof undefined var void while with yield"
).split(" ");

/** The names of one file. Each is given once. */
export class Names {
  readonly #taken: Set<string>;

  constructor(taken: Iterable<string> = []) {
    this.#taken = new Set([...reserved, ...taken]);
  }

  /** The name wished for, or that name with a number behind it. */
  take(wish: string): string {
    let name = wish;
    for (let number = 2; this.#taken.has(name); number++) name = `${wish}${number}`;
    this.#taken.add(name);
    return name;
  }
}

/** A variable's name made of the letters and digits of a text: `PROJECT_EXT_3` is `projectExt3`. */
export function nameOf(text: string, fallback: string): string {
  const words = text.match(/[A-Za-z0-9]+/g) ?? [];
  const name = words
    .map((word) => (/^[A-Z0-9]+$/.test(word) ? word.toLowerCase() : word))
    .map((word, index) => (index === 0 ? lowerStart(word) : upperStart(word)))
    .join("");
  return /^[a-z]/.test(name) ? name : name === "" ? fallback : `${fallback}${name}`;
}

/** `PaymentsAws` is `paymentsAws`, `AWSMain` is `awsMain`. */
function lowerStart(word: string): string {
  return word.replace(/^[A-Z]+(?![a-z])|^[A-Z]/, (start) => start.toLowerCase());
}

export function upperStart(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
