import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";
import { ownTurn } from "./turns.js";

/** An answer as it came, perhaps compressed. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array<ArrayBuffer>;
}

/**
 * Sends a request once, straight to the dispatcher: undici's `request`, with a stream for the body, takes more than twice the
 * time, and its `fetch` twice that again. Once `signal` has ended, throws its reason at once, also while there is no connection yet.
 */
export function send(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  { signal, onBegin }: { readonly signal: AbortSignal; readonly onBegin: () => void },
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    let answer: Omit<RawAnswer, "body"> = { status: 0, headers: {} };
    const body: Buffer[] = [];
    let end = (): void => {};
    const giveUp = (): void => {
      end();
      reject(signal.reason);
    };
    if (signal.aborted) return giveUp();
    signal.addEventListener("abort", giveUp, { once: true });
    dispatcher.dispatch(request, {
      onRequestStart(controller) {
        end = () => controller.abort(signal.reason);
        if (signal.aborted) end();
      },
      onResponseStart(_, status, headers) {
        // Announcements, such as "103 Early Hints".
        if (status < 200) return;
        answer = { status, headers };
        onBegin();
      },
      onResponseData: (_, chunk) => void body.push(chunk),
      onResponseEnd() {
        // The answer is there, and is not taken back because it waits for its turn.
        signal.removeEventListener("abort", giveUp);
        const whole = { ...answer, body: new Uint8Array(Buffer.concat(body)) };
        // undici frees the connection in a turn of the event loop that it asks for after this: the next request would open another.
        void ownTurn().then(() => resolve(whole));
      },
      onResponseError: (_, error) => reject(error),
    });
  });
}
