import type { Http } from "../../transport/http.js";

/** What a client of the AWS SDK sends. The services used here take everything in the body, so there is no query. */
interface SdkRequest {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

/** What it takes as an answer. */
interface SdkResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

/** The `requestHandler` of an AWS SDK client. */
export interface SdkRequestHandler {
  handle(request: unknown, options?: { readonly abortSignal?: unknown }): Promise<{ response: SdkResponse }>;
}

/**
 * Leads what an AWS SDK client sends through the transport. Such a client is made with `maxAttempts: 1`: whether a request
 * is repeated is up to the transport.
 */
export function createRequestHandler(http: Http): SdkRequestHandler {
  silenceVersionWarning();
  return {
    async handle(request, { abortSignal } = {}) {
      const { method, protocol, hostname, port, path, headers, body } = request as SdkRequest;
      const answer = await http.fetch(`${protocol}//${hostname}${port === undefined ? "" : `:${port}`}${path}`, {
        method,
        headers: withoutFraming(headers),
        ...(body === undefined ? {} : { body }),
        ...(abortSignal instanceof AbortSignal ? { signal: abortSignal } : {}),
      });
      const response = {
        statusCode: answer.status,
        headers: Object.fromEntries(answer.headers),
        body: new Uint8Array(await answer.arrayBuffer()),
      };
      return { response };
    },
  };
}

/** `fetch` sets these two itself, to the same values that were signed. */
function withoutFraming(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !/^(host|content-length)$/i.test(name)));
}

/** The SDK warns of Node 20 when its first client is made, in the middle of a report. This variable is its own switch. */
export function silenceVersionWarning(): void {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
}
