import type { Outcome } from "../model/outcomes.js";

/** HTTP as adapters and the libraries of providers use it: one way out, with the limits and rules of the transport. */
export interface Http {
  /**
   * The `fetch` that libraries are given. Deadline, body limit, proxy, certificate authorities, allowed hosts, redirects and
   * retries are those of the transport, so a library's own retries are to be switched off. Throws `TransportFailure` where
   * there is no answer, and where the server limits the rate; other statuses are the library's to judge.
   */
  readonly fetch: typeof globalThis.fetch;
  /**
   * One request with its whole answer. Throws `TransportFailure` where there is none, where the server limits the rate, and
   * for redirects and 5xx.
   */
  request(url: URL | string, options?: RequestOptions): Promise<Answer>;
}

export interface RequestOptions {
  /** Default: GET, or POST if there is a body. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | URLSearchParams;
  /** Statuses that the caller understands among those that are otherwise failures. They are not tried again. */
  readonly accept?: readonly number[];
  /** Whether only the origin is told in evidence and log: for addresses that a server has chosen. Default: `false`. */
  readonly hidesPath?: boolean;
}

/** An answer, read to its end. */
export interface Answer {
  /** Method and address, without query: for evidence. */
  readonly request: string;
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The answer as JSON. Throws `TransportFailure` with the outcome `wrong-server` if it is none. */
  json(): unknown;
}

/** Variables of the environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A request and what became of it, for evidence and the debug log. It holds no query, no header and no body. */
export interface Exchange {
  readonly method: string;
  /** Address that was asked for, without query and user information. */
  readonly url: string;
  readonly status?: number;
  /** How often the request was sent. */
  readonly attempts: number;
  /** Why it was sent again: a status, or the error code of the connection. */
  readonly retried?: string;
  /** What became of it where there is no answer. */
  readonly failure?: Outcome;
  /** Milliseconds. */
  readonly duration: number;
}

/** What is known of the way to a server once a connection to it was made. */
export interface Reach {
  readonly origin: string;
  /** IP address and port; absent behind a proxy. */
  readonly address?: string;
  /** Address of the proxy, without user and password. */
  readonly proxy?: string;
  readonly tls?: {
    /** `TLSv1.3`. */
    readonly protocol: string;
    /** Common name of who signed the server's certificate. */
    readonly issuer: string;
    /** When the certificate expires, in the form of ISO 8601. */
    readonly validTo: string;
  };
}

/** A request that has come to nothing: the one error of the transport. Libraries may wrap it; `findFailure` finds it. */
export class TransportFailure extends Error {
  override readonly name = "TransportFailure";

  readonly outcome: Outcome;
  readonly details: FailureDetails;

  constructor(outcome: Outcome, message: string, details: FailureDetails = {}) {
    super(message);
    this.outcome = outcome;
    this.details = details;
  }
}

export interface FailureDetails {
  readonly hint?: string;
  readonly exchange?: Exchange;
  /** The error code of system, library or server: `ENOTFOUND`, `403`. */
  readonly code?: string;
  /** Seconds. */
  readonly retryAfter?: number;
}
