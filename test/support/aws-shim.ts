import { createHash, createHmac, randomBytes } from "node:crypto";
import { type IncomingHttpHeaders, type RequestListener, request as sendRequest } from "node:http";
import type { Moto } from "./moto.js";

interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Session {
  readonly parent: string;
  readonly secret: string;
  readonly token: string;
}

/**
 * Stands before moto and refuses what AWS refuses and moto does not: inactive keys, ended sessions, roles that do not exist or
 * demand an external ID, names and durations out of range. It also makes the sessions of GetSessionToken, which moto only
 * plays. The rules are those of the STS API Reference.
 */
export class AwsShim {
  /** The actions that were called, in order. */
  readonly calls: string[] = [];
  readonly inactive = new Set<string>();
  /** Whether every session has ended. */
  sessionsHaveEnded = false;
  readonly #moto: Moto;
  readonly #sessions = new Map<string, Session>();

  constructor(moto: Moto) {
    this.#moto = moto;
  }

  /** To be served as `sts.*` and `iam.*`. */
  readonly site: RequestListener = (request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => {
      body += text;
    });
    request.on("end", () => {
      const call: Call = { method: request.method as string, path: request.url as string, headers: request.headers, body };
      const refusal = this.#refuse(call);
      if (typeof refusal === "string") response.writeHead(200, { "content-type": "text/xml" }).end(refusal);
      else if (refusal !== undefined) {
        response.writeHead(refusal.status, { "content-type": "text/xml" }).end(errorXml(refusal.code, refusal.message));
      } else this.#forward(this.#asParent(call), response);
    });
  };

  /** What AWS answers where moto would answer otherwise. */
  #refuse(call: Call): Refusal | string | undefined {
    const form = new URLSearchParams(call.body);
    const action = form.get("Action") ?? "";
    this.calls.push(action);
    const id = credentialOf(call.headers);
    const session = this.#sessions.get(id);
    if (this.inactive.has(id) || (session !== undefined && this.inactive.has(session.parent))) return UNKNOWN_KEY;
    if (call.headers["x-amz-security-token"] !== undefined && this.sessionsHaveEnded) return ENDED;
    if (session !== undefined) {
      if (call.headers["x-amz-security-token"] !== session.token) return UNKNOWN_KEY;
      if (sign(call, session.secret) !== call.headers.authorization) return WRONG_SIGNATURE;
      if (!/^(AssumeRole|GetCallerIdentity)$/.test(action)) return DENIED;
    }
    if (action === "GetSessionToken") return this.#startSession(call, id, Number(form.get("DurationSeconds") ?? 43_200));
    if (action === "AssumeRole")
      return this.#refuseRole(form, session === undefined && call.headers["x-amz-security-token"] !== undefined);
    return undefined;
  }

  #startSession(call: Call, parent: string, duration: number): Refusal | string | undefined {
    const secret = this.#moto.secrets.get(parent);
    if (secret === undefined) return UNKNOWN_KEY;
    if (sign(call, secret) !== call.headers.authorization) return WRONG_SIGNATURE;
    if (duration < 900 || duration > 129_600) return INVALID;
    const id = `ASIA${randomBytes(8).toString("hex").toUpperCase()}`;
    const session = { parent, secret: randomBytes(30).toString("base64"), token: randomBytes(120).toString("base64") };
    this.#sessions.set(id, session);
    const expiration = new Date(Date.now() + duration * 1000).toISOString();
    return `<GetSessionTokenResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetSessionTokenResult><Credentials><AccessKeyId>${id}</AccessKeyId><SecretAccessKey>${session.secret}</SecretAccessKey><SessionToken>${session.token}</SessionToken><Expiration>${expiration}</Expiration></Credentials></GetSessionTokenResult></GetSessionTokenResponse>`;
  }

  #refuseRole(form: URLSearchParams, isChained: boolean): Refusal | undefined {
    const duration = Number(form.get("DurationSeconds") ?? 3600);
    if (duration < 900 || duration > (isChained ? 3600 : 43_200)) return INVALID;
    if (!/^[\w+=,.@-]{2,64}$/.test(form.get("RoleSessionName") ?? "")) return INVALID;
    const trust = this.#moto.roles.get(form.get("RoleArn") ?? "");
    if (trust === undefined) return DENIED;
    return trust.externalId !== undefined && !form.has("ExternalId") ? DENIED : undefined;
  }

  /** moto knows nothing of the sessions made here: their calls are signed with the key that they come from. */
  #asParent(call: Call): Call {
    const session = this.#sessions.get(credentialOf(call.headers));
    if (session === undefined) return call;
    const id = credentialOf(call.headers);
    const { "x-amz-security-token": _token, authorization = "", ...headers } = call.headers;
    const plain = authorization.replace(id, session.parent).replace("x-amz-security-token;", "");
    const unsigned = { ...call, headers: { ...headers, authorization: plain } };
    return { ...call, headers: { ...headers, authorization: sign(unsigned, this.#moto.secrets.get(session.parent) ?? "") } };
  }

  #forward({ method, path, headers, body }: Call, response: Parameters<RequestListener>[1]): void {
    const sent = sendRequest({ host: "127.0.0.1", port: this.#moto.port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode as number, answer.headers);
      answer.pipe(response);
    });
    sent.on("error", () => response.destroy());
    sent.end(body);
  }
}

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

const UNKNOWN_KEY = {
  status: 403,
  code: "InvalidClientTokenId",
  message: "The security token included in the request is invalid.",
};
const WRONG_SIGNATURE = {
  status: 403,
  code: "SignatureDoesNotMatch",
  message: "The request signature we calculated does not match.",
};
const ENDED = { status: 403, code: "ExpiredToken", message: "The security token included in the request is expired" };
const DENIED = { status: 403, code: "AccessDenied", message: "User is not authorized to perform this operation" };
const INVALID = { status: 400, code: "ValidationError", message: "A value is out of range" };

/** An error in the form of the protocol that STS and IAM speak. */
export function errorXml(code: string, message: string): string {
  return `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>00000000-0000-0000-0000-000000000000</RequestId></ErrorResponse>`;
}

function credentialOf({ authorization = "" }: IncomingHttpHeaders): string {
  return /Credential=([^/]+)\//.exec(authorization)?.[1] ?? "";
}

/** The `Authorization` that a call should have: Signature Version 4 over the headers that it names as signed. */
function sign({ method, path, headers, body }: Call, secret: string): string {
  const { authorization = "" } = headers;
  const [, scope = "", names = ""] = /Credential=[^/]+\/([^,]+), SignedHeaders=([^,]+)/.exec(authorization) ?? [];
  const canonical = [
    method,
    path,
    "",
    ...names.split(";").map((name) => `${name}:${headers[name]}`),
    "",
    names,
    createHash("sha256").update(body).digest("hex"),
  ].join("\n");
  const text = ["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, createHash("sha256").update(canonical).digest("hex")].join(
    "\n",
  );
  const key = scope.split("/").reduce<string | Buffer>((key, part) => hmac(key, part), `AWS4${secret}`);
  return authorization.replace(/Signature=.*/, `Signature=${hmac(key, text).toString("hex")}`);
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
