import { isUtf8 } from "node:buffer";
import { Redacted } from "../model/redacted.js";
import type { Ask } from "../secrets/index.js";
import { SIGNALS } from "./interrupt.js";
import { UsageError } from "./options.js";

/** Somebody pressed Ctrl-C at a question. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/** Whether there is somebody to ask. */
export function hasTerminal(): boolean {
  return process.stdin.isTTY === true;
}

/** Asks for passphrases, if there is somebody to ask. */
export function terminalAsk(): Ask | undefined {
  return hasTerminal() ? async (question, signal) => new Redacted(await askHidden(question, signal), "passphrase") : undefined;
}

/** The most bytes of a value. */
const MOST_BYTES = 64 * 1024;

/** Reads a value: asked for on a terminal without showing it, else what is piped in, without a line break at its end. */
export async function readHidden(question: string): Promise<string> {
  const value = hasTerminal() ? await askHidden(question) : await readPipe();
  if (value === "") {
    const hint = hasTerminal()
      ? ""
      : ': there is no terminal to ask on, and nothing was piped in (printf %s "$VALUE" | plugboard …)';
    throw new UsageError(`the value is empty${hint}`);
  }
  if (Buffer.byteLength(value) > MOST_BYTES) throw tooLong();
  if (value.includes("\0")) throw new UsageError("the value holds a zero character: only texts can be stored");
  return value;
}

function tooLong(): UsageError {
  return new UsageError(`the value has more than ${MOST_BYTES} bytes`);
}

async function readPipe(): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of process.stdin) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > MOST_BYTES + "\r\n".length) break;
    }
  } catch (error) {
    throw new UsageError(`the value cannot be read from stdin: ${(error as NodeJS.ErrnoException).code}`);
  }
  // Of one that is too long, the last character may be cut.
  if (size > MOST_BYTES + "\r\n".length) throw tooLong();
  const bytes = Buffer.concat(chunks);
  if (!isUtf8(bytes)) throw new UsageError("the value is not text in UTF-8");
  return bytes.toString("utf8").replace(/\r?\n$/, "");
}

/** What a terminal sends around pasted text once it is asked to: line breaks in between belong to the text. */
const ESCAPE = String.fromCharCode(27);
const PASTE_ON = `${ESCAPE}[?2004h`;
const PASTE_OFF = `${ESCAPE}[?2004l`;
const PASTE_BEGIN = `${ESCAPE}[200~`;
const PASTE_END = `${ESCAPE}[201~`;

const CTRL_C = "\x03";
const CTRL_D = "\x04";
const CTRL_U = "\x15";
const BACKSPACES = ["\x7f", "\b"];
const ENDS = ["\r", "\n", CTRL_D];

/** A key, or what a key without a character sends, such as an arrow. The start of such a sequence waits for its rest. */
const KEYS = new RegExp(`${ESCAPE}(?:\\[[\\d;]*[A-Za-z~]|O[A-Za-z]|(?:\\[[\\d;]*|O)?$)?|[^${ESCAPE}]`, "gsu");

/**
 * Asks on the terminal and shows nothing of the answer. Leaves the terminal as it was, however it ends.
 * @param signal - Takes the question back; its reason is thrown.
 */
export async function askHidden(question: string, signal?: AbortSignal): Promise<string> {
  signal?.throwIfAborted();
  const { stdin, stderr } = process;
  return new Promise((resolve, reject) => {
    let answer = "";
    let isPasting = false;
    let unread = "";

    const end = (settle: () => void): void => {
      stdin.off("data", read).off("end", interrupt);
      for (const each of SIGNALS) process.off(each, interrupt);
      signal?.removeEventListener("abort", takeBack);
      stdin.setRawMode(false);
      stdin.pause();
      stderr.write(`${PASTE_OFF}\n`);
      settle();
    };
    const interrupt = (): void => end(() => reject(new Interrupted()));
    const takeBack = (): void => end(() => reject(signal?.reason));
    const finish = (rest: readonly string[]): void => {
      // Of text pasted into a terminal that does not mark it, more than one line would be lost.
      const isWhole = rest.every((each) => ENDS.includes(each));
      end(() =>
        isWhole ? resolve(answer.replace(/\n$/, "")) : reject(new UsageError("the value has several lines: pipe it in")),
      );
    };

    const read = (chunk: string): void => {
      const keys = (unread + chunk).match(KEYS) ?? [];
      unread = "";
      for (const [index, key] of keys.entries()) {
        if (key === CTRL_C) {
          interrupt();
          return;
        }
        if (key.startsWith(ESCAPE)) {
          if (key === PASTE_BEGIN || key === PASTE_END) isPasting = key === PASTE_BEGIN;
          else if (index === keys.length - 1) unread = key;
        } else if (isPasting) answer += key.replace("\r", "\n");
        else if (ENDS.includes(key)) {
          finish(keys.slice(index + 1));
          return;
        } else if (BACKSPACES.includes(key)) answer = [...answer].slice(0, -1).join("");
        else if (key === CTRL_U) answer = "";
        else if (key >= " ") answer += key;
      }
    };

    stdin.setEncoding("utf8").setRawMode(true);
    stdin.on("data", read).on("end", interrupt).resume();
    // The signal has its own reasons to end, Ctrl-C among them.
    if (signal === undefined) for (const each of SIGNALS) process.on(each, interrupt);
    else signal.addEventListener("abort", takeBack);
    stderr.write(PASTE_ON + question);
  });
}
