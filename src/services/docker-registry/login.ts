import * as z from "zod";
import type { Evidence, Verdict } from "../../contract/adapter.js";
import type { Outcome } from "../../model/outcomes.js";
import type { Redacted } from "../../model/redacted.js";
import { quote, shown } from "../../model/text.js";
import { type Answer, type Http, TransportFailure } from "../../transport/http.js";
import { isDockerHub } from "./address.js";
import type { Challenge } from "./challenge.js";
import { type Credentials, makeAuthorization, nobody } from "./credentials.js";
import { challengesOf, getRoot, hasVersion, isRegistry, notRegistry, type Registry } from "./reach.js";
import { requestToken } from "./token.js";

/**
 * Logs in as Docker does, with a password or, if none is given, anonymously. That a registry lets somebody in proves nothing
 * if it lets everybody in: where this is possible, it is asked once more with made-up credentials. Docker Hub is known to refuse
 * wrong passwords (docker/hub-feedback#1981), and is spared a login that fails.
 */
export async function logIn(http: Http, registry: Registry, credentials?: Credentials): Promise<Verdict> {
  const { value, ...verdict } = await enter(http, registry, credentials);
  if (verdict.outcome !== "ok" || credentials === undefined || value?.proven === true || isDockerHub(registry.url))
    return verdict;
  const stranger = await meetStranger(http, registry);
  if (stranger === "wrong-credentials" || stranger === "missing-permission") return verdict;
  if (stranger !== "ok") {
    const message = `${verdict.message}; whether it looks at passwords could not be seen: made-up ones came to ${stranger}`;
    return { ...verdict, outcome: "ok-limited", message };
  }
  return {
    outcome: "unverifiable",
    message: "the registry lets in whoever comes, whatever the password",
    hint: "Is a login needed at all? Leave user and password out, or make the registry check them.",
    ...(verdict.evidence === undefined ? {} : { evidence: verdict.evidence }),
  };
}

/** What a login with made-up credentials comes to. That it fails on the way says nothing of the user's own. */
async function meetStranger(http: Http, registry: Registry): Promise<Outcome> {
  try {
    return (await enter(http, registry, nobody)).outcome;
  } catch (error) {
    if (error instanceof TransportFailure) return error.outcome;
    throw error;
  }
}

/** `proven`: the credentials were looked at, and not merely let pass. */
type Entry = Verdict<{ readonly proven: boolean }>;

async function enter(http: Http, registry: Registry, credentials: Credentials | undefined): Promise<Entry> {
  const bearer = registry.challenges.find(({ scheme }) => scheme === "bearer");
  if (bearer !== undefined) return enterByToken(http, registry, bearer, credentials);
  const open = registry.challenges.length === 0;
  if (credentials === undefined) return open ? letIn(undefined, true) : refuse(registry, undefined);

  const answer = await getRoot(http, registry.url, makeAuthorization(credentials));
  // A registry that anybody may read from can ask for a token once it sees a login.
  const asked = open && answer.status === 401 ? challengesOf(answer).find(({ scheme }) => scheme === "bearer") : undefined;
  if (asked !== undefined) return enterByToken(http, registry, asked, credentials);
  return judgeRoot(registry, answer, credentials, !open && hasVersion(answer));
}

async function enterByToken(
  http: Http,
  registry: Registry,
  challenge: Challenge,
  credentials: Credentials | undefined,
): Promise<Entry> {
  const { value: token, ...verdict } = await requestToken(http, registry.url, challenge, credentials);
  if (token === undefined) {
    return verdict.outcome === "wrong-credentials" ? refuse(registry, credentials, verdict.evidence) : verdict;
  }
  const answer = await getRoot(
    http,
    registry.url,
    token.derive((value) => `Bearer ${value}`),
  );
  if (answer.status === 401) return judgeRefusedToken(registry, answer, credentials);
  return judgeRoot(registry, answer, credentials, credentials !== undefined && names(token, credentials));
}

/** A service that gives a token has accepted the password (distribution, docs/spec/auth/token.md), unless it accepts any. */
function judgeRefusedToken(registry: Registry, answer: Answer, credentials: Credentials | undefined): Entry {
  const { request, status } = answer;
  const params = challengesOf(answer).find((each) => each.params.has("error"))?.params;
  const error = params?.get("error");
  const evidence = { request, status, ...(error === undefined ? {} : { code: shown(error) }) };
  if (error === "insufficient_scope" && credentials !== undefined) {
    const scope = params?.get("scope");
    return notAdmitted({ ...evidence, ...(scope === undefined ? {} : { missing: [shown(scope)] }) });
  }
  if (credentials === undefined && error !== "invalid_token") return refuse(registry, undefined, evidence);
  return {
    outcome: "provider-error",
    message: "the registry does not accept the token that its own token service has given",
    hint: "Compare issuer, service, certificate and clock of the two. The password is not the reason, unless everybody gets a token.",
    evidence,
  };
}

function judgeRoot(registry: Registry, answer: Answer, credentials: Credentials | undefined, proven: boolean): Entry {
  const { request, status } = answer;
  const evidence = { request, status };
  if (status === 200 && isRegistry(answer)) return letIn(credentials, proven, evidence);
  if (status === 401 || (status === 403 && credentials === undefined)) return refuse(registry, credentials, evidence);
  return status === 403 ? notAdmitted(evidence) : { ...notRegistry(registry.url, status), evidence };
}

function notAdmitted(evidence: Evidence): Verdict<never> {
  return {
    outcome: "missing-permission",
    message: "the registry does not let the user in, and does not say that the password is wrong",
    hint: "Is the user active, and may it use the registry at all?",
    evidence,
  };
}

function letIn(credentials: Credentials | undefined, proven: boolean, evidence: Evidence = {}): Entry {
  if (credentials === undefined)
    return { outcome: "ok", message: "the registry can be used anonymously", evidence, value: { proven } };
  return {
    outcome: "ok",
    message: `the registry lets ${quote(credentials.user)} in; to which repositories, only a build shows`,
    evidence: { ...evidence, facts: { user: credentials.user } },
    value: { proven },
  };
}

function refuse({ url }: Registry, credentials: Credentials | undefined, evidence: Evidence = {}): Verdict<never> {
  if (credentials === undefined) {
    return {
      outcome: "missing-permission",
      message: "the registry cannot be used anonymously",
      hint: "Give userName and password.",
      evidence,
    };
  }
  return {
    outcome: "wrong-credentials",
    message: `the registry refuses ${quote(credentials.user)} with this password, and does not tell which of them is wrong`,
    ...(isDockerHub(url) ? { hint: HUB_HINT } : {}),
    evidence,
  };
}

/** Docker Hub says "please use personal access token to login" to the right password (docker/hub-feedback#1981). */
const HUB_HINT =
  "Compare both with a login by hand. An account with two-factor authentication needs an access token as its password, and tokens may expire.";

/**
 * Tells whether a token names the user itself. The claim `sub` is empty "if the client did not authenticate" (distribution,
 * docs/spec/auth/jwt.md); some services write a word for nobody there, and others an ID. Tokens of other forms tell nothing.
 */
function names(token: Redacted, { user }: Credentials): boolean {
  try {
    const claims = JSON.parse(Buffer.from(token.reveal().split(".")[1] ?? "", "base64url").toString());
    return user !== "anonymous" && named.safeParse(claims).data?.sub === user;
  } catch {
    return false;
  }
}

const named = z.looseObject({ sub: z.string() });
