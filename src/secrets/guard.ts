import { isUtf8 } from "node:buffer";
import { describeBug } from "../model/bug.js";
import { knownSecrets } from "../model/redacted.js";
import { scrub } from "./scrub.js";

let guarded = false;

/**
 * From now on, whatever the process writes to stdout and stderr passes the scrubber, an error that nobody catches included.
 * Each write is looked at on its own: a report is written as a whole, or line by line.
 */
export function guardOutput(): void {
  if (guarded) return;
  guarded = true;
  guardStream(process.stdout);
  guardStream(process.stderr);
  // Node prints such an error past the streams. A rejection that nobody handles comes here as well.
  process.on("uncaughtException", (error) => {
    process.stderr.write(describeBug(error));
    process.exit(70);
  });
}

function guardStream(stream: NodeJS.WriteStream): void {
  const write = stream.write.bind(stream) as (chunk: unknown, ...rest: unknown[]) => boolean;
  stream.write = (chunk: unknown, ...rest: unknown[]): boolean => write(scrubChunk(chunk), ...rest);
}

/** A chunk without secrets. Bytes that are no text keep their values: each is taken for one character. */
function scrubChunk(chunk: unknown): unknown {
  if (knownSecrets().size === 0) return chunk;
  if (typeof chunk === "string") return scrub(chunk);
  if (!(chunk instanceof Uint8Array)) return chunk;
  const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const encoding = isUtf8(bytes) ? "utf8" : "latin1";
  const text = bytes.toString(encoding);
  const scrubbed = scrub(text);
  return scrubbed === text ? chunk : Buffer.from(scrubbed, encoding);
}
