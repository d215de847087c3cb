import * as z from "zod";
import type { Verdict } from "../../contract/adapter.js";
import { Redacted } from "../../model/redacted.js";
import { nameHost } from "../../transport/addresses.js";
import { type Http, TransportFailure } from "../../transport/http.js";
import type { Challenge } from "./challenge.js";
import { type Credentials, makeAuthorization } from "./credentials.js";

/**
 * Asks the token service that a challenge names for a token, as Docker does at a login: for no repository
 * (distribution, docs/spec/auth/token.md). `wrong-credentials` stands for every refusal, anonymous ones too.
 */
export async function requestToken(
  http: Http,
  registry: URL,
  challenge: Challenge,
  credentials: Credentials | undefined,
): Promise<Verdict<Redacted>> {
  const { value: address, ...unusable } = tokenAddress(registry, challenge);
  if (address === undefined) return unusable;
  const service = challenge.params.get("service");
  if (service !== undefined) address.searchParams.set("service", service);
  if (credentials !== undefined) address.searchParams.set("account", credentials.user);
  const headers: Record<string, string> =
    credentials === undefined ? {} : { authorization: makeAuthorization(credentials).reveal() };

  const answer = await http.request(address, { headers, hidesPath: true }).catch((error: unknown) => {
    throw address.hostname === registry.hostname ? error : atOtherHost(address, error);
  });
  const { request, status } = answer;
  const evidence = { request, status };
  if (status === 401 || status === 403) return { outcome: "wrong-credentials", message: "the token service refuses", evidence };
  if (status !== 200) {
    return {
      outcome: "provider-error",
      message: `the token service at ${nameHost(address)}, which the registry names, answers ${status}`,
      hint: "Does the registry's configuration name the right address of its token service?",
      evidence,
    };
  }
  const found = tokenAnswer.safeParse(answer.json()).data;
  const token = found?.token || found?.access_token;
  return !token
    ? { outcome: "provider-error", message: `the token service at ${nameHost(address)} gives no token`, evidence }
    : { outcome: "ok", message: "there is a token", evidence, value: new Redacted(token, "token of the registry") };
}

/** Older services give `token`, those after OAuth 2.0 `access_token`. What is no text for a header is no token. */
const tokenText = z.string().regex(/^[\x21-\x7e]*$/);
const tokenAnswer = z.looseObject({ token: tokenText.nullish(), access_token: tokenText.nullish() });

/**
 * Where a registry sends users with their passwords. It is the server that names this address, so an unencrypted one is used
 * only if the password would go to the same host unencrypted anyway. Which other hosts may be reached is up to the transport.
 */
function tokenAddress(registry: URL, { params }: Challenge): Verdict<URL> {
  const realm = params.get("realm") ?? "";
  const address = URL.canParse(realm) ? new URL(realm) : undefined;
  if (address === undefined || !/^https?:$/.test(address.protocol) || address.username !== "" || address.password !== "") {
    return {
      outcome: "provider-error",
      message: "the registry asks for tokens and names no usable address of its token service",
      hint: "Is the realm in the registry's configuration an http or https address?",
    };
  }
  if (address.protocol === "http:" && (registry.protocol === "https:" || address.hostname !== registry.hostname)) {
    return {
      outcome: "provider-error",
      message: `the registry sends user and password unencrypted to http://${nameHost(address)}; nothing was sent there`,
      hint: "Give the realm in the registry's configuration an https address.",
    };
  }
  return { outcome: "ok", message: "the address can be used", value: address };
}

/** The transport knows which hosts a test may reach. Here it is known why another one than the registry's is asked. */
function atOtherHost(address: URL, error: unknown): unknown {
  if (!(error instanceof TransportFailure)) return error;
  const message = `the registry sends user and password to ${nameHost(address)}: ${error.message}`;
  return new TransportFailure(error.outcome, message, error.details);
}
