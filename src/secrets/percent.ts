/** A text with what it was made from: where each of its characters begins there, and at last where the text ends. */
export interface Decoded {
  readonly text: string;
  readonly offsets: readonly number[];
}

/** How often a text may have been encoded. */
const MOST_TIMES = 4;

const ENCODED = /%[0-9a-f]{2}/i;

/**
 * The words of a text that are percent-encoded, decoded: once, and again as long as something is left to decode. Whatever
 * was encoded without need is decoded too.
 */
export function* decodeWords(text: string): Generator<Decoded> {
  if (!ENCODED.test(text)) return;
  for (const { 0: word, index } of text.matchAll(/\S+/g)) yield* decodeAll(word, index);
}

/** A text that is percent-encoded, or happens to look so, decoded likewise. */
export function* decodeAll(text: string, offset = 0): Generator<Decoded> {
  if (!ENCODED.test(text)) return;
  let decoded: Decoded = { text, offsets: Array.from({ length: text.length + 1 }, (_, at) => offset + at) };
  for (let times = 0; times < MOST_TIMES && ENCODED.test(decoded.text); times++) {
    decoded = decode(decoded);
    yield decoded;
  }
}

function decode({ text, offsets }: Decoded): Decoded {
  const parts: string[] = [];
  const starts: number[] = [];
  let at = 0;
  const push = (part: string, end: number): void => {
    parts.push(part);
    for (let index = 0; index < part.length; index++) starts.push(offsets[at] as number);
    at = end;
  };
  for (const { 0: run, index } of text.matchAll(/(?:%[0-9a-f]{2})+/gi)) {
    while (at < index) push(text.charAt(at), at + 1);
    const bytes = Buffer.from(run.replaceAll("%", ""), "hex");
    for (let byte = 0; byte < bytes.length; ) {
      const character = characterAt(bytes, byte);
      byte += character.length;
      push(character.text, index + 3 * byte);
    }
  }
  while (at < text.length) push(text.charAt(at), at + 1);
  return { text: parts.join(""), offsets: [...starts, offsets.at(-1) as number] };
}

/** The character that begins at a byte, and its length there. A byte that is no UTF-8 is taken for a character itself. */
function characterAt(bytes: Buffer, at: number): { readonly text: string; readonly length: number } {
  const first = bytes[at] as number;
  const length = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  const text = bytes.toString("utf8", at, at + length);
  return first < 0x80 || (length > 1 && !text.includes("\ufffd"))
    ? { text, length }
    : { text: String.fromCharCode(first), length: 1 };
}
