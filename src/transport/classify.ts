import type { Outcome } from "../model/outcomes.js";
import { row, shown } from "../model/text.js";
import { TransportFailure } from "./http.js";

/** The failure of the transport in the chain of an error that a library has wrapped it into. */
export function findFailure(error: unknown): TransportFailure | undefined {
  return chain(error).find((each) => each instanceof TransportFailure);
}

/**
 * What an error means, be it of a socket, of TLS, of undici or of a library around them. The first rule counts that any error of
 * the chain meets. What no rule knows is thrown as it is, and so is an error by which somebody gave up.
 */
export function classifyError(error: unknown, to?: URL): TransportFailure {
  const links = chain(error);
  const known = findFailure(error);
  if (known !== undefined) return known;
  for (const { meets, outcome, says, hint } of rules) {
    const link = links.find((each) => (meets instanceof RegExp ? meets.test(String(each.code)) : meets(each)));
    if (link === undefined) continue;
    const advice = typeof hint === "function" ? hint(to) : hint;
    return new TransportFailure(outcome, says(to?.host ?? "the server", link), {
      ...(typeof link.code === "string" ? { code: link.code } : {}),
      ...(advice === undefined ? {} : { hint: advice }),
    });
  }
  throw error;
}

/** What may be known of an error. */
interface Link {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  /** The name that could not be resolved. */
  readonly hostname?: string;
  /** The certificate that is for another name. */
  readonly cert?: { readonly subjectaltname?: string; readonly subject?: { readonly CN?: string } };
}

/** An error with everything that caused it, outermost first. */
function chain(error: unknown, depth = 0): readonly Link[] {
  if (typeof error !== "object" || error === null || depth > 10) return [];
  const { cause, errors } = error as { cause?: unknown; errors?: unknown };
  const inner = [cause, ...(Array.isArray(errors) ? errors : [])];
  return [error, ...inner.flatMap((each) => chain(each, depth + 1))];
}

interface Rule {
  /** Held against the code of an error, or the error itself. */
  readonly meets: RegExp | ((link: Link) => boolean);
  readonly outcome: Outcome;
  readonly says: (host: string, link: Link) => string;
  /** Default: the help of the outcome's code. */
  readonly hint?: string | ((to: URL | undefined) => string);
}

const writeHttps = "Write the address with https:// if the server speaks TLS on this port.";
const writeHttp =
  "Write the address with http:// if the server has no TLS at all. Whoever is on the way can then read the secrets.";
const wantsCertificate =
  "Ask whoever runs the server whether it wants a certificate of the client, which TeamCity would not send.";

/** Seen on Node 20, with undici 7 and libraries that send requests of their own. */
const rules: readonly Rule[] = [
  {
    meets: /^CERT_HAS_EXPIRED$/,
    outcome: "tls-expired",
    says: (host) => `the certificate of ${host} has expired`,
  },
  {
    meets: /^CERT_NOT_YET_VALID$/,
    outcome: "tls-expired",
    says: (host) => `the certificate of ${host} is not valid yet`,
    hint: "Compare the clock of this machine with the date from which the certificate is valid.",
  },
  {
    meets: /^ERR_TLS_CERT_ALTNAME_(INVALID|FORMAT)$/,
    outcome: "tls-hostname",
    says: (host, { cert }) => `the certificate of ${host} ${describeNames(cert)}`,
  },
  {
    meets: /^DEPTH_ZERO_SELF_SIGNED_CERT$/,
    outcome: "tls-untrusted",
    says: (host) => `the certificate of ${host} is signed by itself`,
  },
  {
    meets: /^(UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT.*)|SELF_SIGNED_CERT_IN_CHAIN)$/,
    outcome: "tls-untrusted",
    says: (host) => `the certificate of ${host} is signed by an authority that is not trusted`,
  },
  {
    meets: /^(CERT_.*|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED)$/,
    outcome: "tls-untrusted",
    says: (host, { code }) => `the certificate of ${host} is not accepted: ${code}`,
  },
  {
    meets: /^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG)$/,
    outcome: "tls-protocol",
    says: (host) => `${host} does not speak TLS`,
    hint: writeHttp,
  },
  {
    meets: /^ERR_SSL_(TLSV1_ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL)$/,
    outcome: "tls-protocol",
    says: (host) => `${host} speaks only versions of TLS before 1.2, which are no longer safe`,
    hint: "Allow TLS 1.2 or later on the server.",
  },
  {
    // The last two are what servers say with TLS 1.2, and for other reasons too.
    meets: /^ERR_SSL_(TLSV13_ALERT_CERTIFICATE_REQUIRED|SSLV3_ALERT_(HANDSHAKE_FAILURE|BAD_CERTIFICATE))$/,
    outcome: "tls-protocol",
    says: (host) => `${host} breaks off the TLS handshake`,
    hint: wantsCertificate,
  },
  {
    meets: /^(ERR_SSL_.*|EPROTO)$/,
    outcome: "tls-protocol",
    says: (host, { code }) => `${host} and this machine do not agree on TLS: ${code}`,
  },
  {
    meets: /^(ENOTFOUND|ENODATA|EAI_.*)$/,
    outcome: "dns",
    says: (host, { hostname = host.replace(/:\d+$/, "") }) => `the name ${shown(hostname)} cannot be resolved`,
  },
  {
    meets: /^ECONNREFUSED$/,
    outcome: "refused",
    says: (host) => `${host} refuses the connection`,
  },
  {
    meets: /^(EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EHOSTDOWN|ENETDOWN)$/,
    outcome: "refused",
    says: (host) => `there is no way to ${host}`,
    hint: "Check the network of this machine: a VPN that is off, a firewall that rejects the address.",
  },
  {
    meets: ({ code, message }) => code === "UND_ERR_SOCKET" && /^bad (response|upgrade)$/.test(String(message)),
    outcome: "wrong-server",
    says: (host) => `${host} answers against the rules of HTTP`,
    hint: "Is it this server, or a proxy before it, that answers so?",
  },
  {
    meets: /^(ECONNRESET|ECONNABORTED|EPIPE|UND_ERR_SOCKET)$/,
    outcome: "reset",
    says: (host) => `${host} closes the connection without an answer`,
    hint: (to) => (to?.protocol === "http:" ? writeHttps : wantsCertificate),
  },
  {
    meets: (link) =>
      /^(ETIMEDOUT|UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT)$/.test(String(link.code)) || link.name === "TimeoutError",
    outcome: "timeout",
    says: (host) => `${host} did not answer in time`,
  },
  {
    // The status line could be read, and what follows it could not. undici gives the parser's reason in the message only.
    meets: ({ name, message }) =>
      name === "HTTPParserError" && /chunk|header|content-length|transfer-encoding/i.test(String(message)),
    outcome: "provider-error",
    says: (host) => `the answer of ${host} breaks the rules of HTTP`,
  },
  {
    meets: ({ name, code }) => name === "HTTPParserError" || String(code).startsWith("HPE_"),
    outcome: "wrong-server",
    says: (host) => `${host} does not speak HTTP`,
    hint: (to) => (to?.protocol === "http:" ? writeHttps : "Check the port of the address."),
  },
  {
    meets: /^(UND_ERR_RES_EXCEEDED_MAX_SIZE|ERR_BUFFER_TOO_LARGE)$/,
    outcome: "provider-error",
    says: (host) => `the answer of ${host} is larger than any that a test needs`,
  },
  {
    // Node's zlib names what is no Brotli by an error code of that library with a prefix of its own.
    meets: /^(UND_ERR_HEADERS_OVERFLOW|UND_ERR_RES_.*|Z_.*|ERR__ERROR_.*)$/,
    outcome: "provider-error",
    says: (host, { code }) => `the answer of ${host} breaks the rules of HTTP: ${code}`,
  },
  {
    meets: ({ name, message }) => name === "SyntaxError" && /JSON/.test(String(message)),
    outcome: "wrong-server",
    says: (host) => `${host} answers with something that is not JSON`,
  },
];

function describeNames({ subjectaltname, subject }: NonNullable<Link["cert"]> = {}): string {
  if (subjectaltname === undefined) return `has no subject alternative name, and its common name is ${subject?.CN ?? "none"}`;
  const names = subjectaltname.split(", ").map((each) => each.replace(/^(DNS|IP Address):/, ""));
  return `is for ${row(names, ", ")}`;
}
