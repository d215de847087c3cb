import type { TestContext, Verdict } from "../../contract/adapter.js";
import { quote } from "../../model/text.js";
import { type Caller, isRoleArn, readRole } from "../../services/aws/arn.js";
import type { AwsCredentials } from "../../services/aws/credentials.js";
import { limitToMachine } from "../../services/aws/default-chain.js";
import { AwsFailure, judge, reasonOf } from "../../services/aws/failure.js";
import { isExternalId, isSessionName } from "../../services/aws/formats.js";
import { partitionOf } from "../../services/aws/regions.js";
import { hintAtTrust, type Identity, openSts, type RoleRequest } from "../../services/aws/sts.js";
import { factsOf } from "./identity.js";
import { assumeRole, endpointOf, identify, type Opened, openPrincipal, type Role, roleRequest, type Source } from "./sources.js";

/** Tests a connection that assumes a role. */
export async function testRole(source: Source, role: Role, context: TestContext): Promise<void> {
  const { check } = context;
  const request = await check({ stage: "input", title: "role" }, () => checkRequest(source, roleRequest(source, role)));
  const asking = await check({ stage: "authentication", title: "credentials of the principal", after: request }, (request) =>
    judge(async () => {
      const { source: principal, ...opened } = await openPrincipal(source, role.principal, context);
      return judge<Asking>(
        async () => {
          const identity = await identify(principal, opened.credentials, context);
          return limitToMachine(opened.foundIn, {
            outcome: "ok",
            message: `the principal is ${identity.arn}`,
            evidence: { facts: factsOf(identity) },
            value: { request, principal: { ...opened, identity } },
          });
        },
        { request, principal: opened },
      );
    }),
  );
  const assumed = await check({ stage: "permissions", title: "role can be assumed", after: asking }, (asking) =>
    judge(() => testAssuming(source, asking, context)),
  );
  await check({ stage: "identity", title: "identity of the role", after: assumed }, ({ credentials }) =>
    judge(async () => compareRole(await identify(source, credentials, context), role.roleArn)),
  );
  await check({ stage: "permissions", title: "trust policy demands the external ID", after: assumed }, (asking) =>
    judge(() => testTrustPolicy(source, asking, context)),
  );
}

/** A principal that asks for a role. Who it is, only AWS's own servers tell. */
interface Asking {
  readonly request: RoleRequest;
  readonly principal: Opened & { readonly identity?: Identity };
}

/** What the server lets through, AWS may not. */
function checkRequest({ settings }: Source, request: RoleRequest): Verdict<RoleRequest> {
  const message = findObstacle(request, partitionOf(settings.region));
  if (message !== undefined) return { outcome: "invalid-input", message };
  const facts = { externalId: request.externalId ?? "" };
  return { outcome: "ok", message: "AWS can take what is asked for", value: request, evidence: { facts } };
}

function findObstacle(
  { roleArn, sessionName, externalId = "", duration = 0 }: RoleRequest,
  partition?: string,
): string | undefined {
  if (!isRoleArn(roleArn)) return "roleArn is not the ARN of an IAM role";
  if (!isSessionName(sessionName)) return "sessionName is not 2 to 64 letters, digits and the characters _ + = , . @ -";
  if (!isExternalId(externalId)) return `AWS does not take ${quote(externalId)} as external ID`;
  if (duration > LONGEST_SESSION) return "a role session lasts at most 720 minutes";
  const role = readRole(roleArn);
  if (partition === undefined || partition === role.partition) return undefined;
  return `the role is of the partition ${role.partition}, and the region of ${partition}`;
}

/** Seconds that AssumeRole allows, and what it allows to a caller that is itself a role (STS API, "AssumeRole"). */
const LONGEST_SESSION = 43_200;
const LONGEST_CHAINED_SESSION = 3600;

async function testAssuming(
  source: Source,
  asking: Asking,
  context: TestContext,
): Promise<Verdict<Asking & { readonly credentials: AwsCredentials }>> {
  const { request, principal } = asking;
  const { roleArn, duration = 0 } = request;
  const { identity } = principal;
  if (identity?.caller.kind === "assumed-role" && duration > LONGEST_CHAINED_SESSION) {
    return {
      outcome: "invalid-input",
      message: "the principal is itself a role, and a role session that it starts lasts at most 60 minutes",
      hint: "Choose a sessionDuration of 60 or less.",
    };
  }
  try {
    const credentials = await assumeRole(source, request, principal.credentials, context);
    return {
      outcome: "ok",
      message: `${identity?.arn ?? "the principal"} may assume ${roleArn}`,
      value: { ...asking, credentials },
    };
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    return explainRefused(error, asking);
  }
}

function explainRefused({ verdict }: AwsFailure, { request, principal }: Asking): Verdict<never> {
  const { duration = 0, externalId = "" } = request;
  if (verdict.outcome === "invalid-input" && duration > 0) {
    return { ...verdict, hint: `Is the maximum session duration of the role below ${duration / 60} minutes?` };
  }
  if (verdict.outcome !== "missing-permission") return verdict;
  const name = principal.identity === undefined ? "the principal" : trustedName(principal.identity);
  const found =
    principal.foundIn === undefined ? "" : " These are the credentials of this machine, and the server may have others.";
  return {
    ...verdict,
    hint: `${hintAtTrust(name, externalId)}${found}`,
    evidence: { ...verdict.evidence, facts: { principal: name, externalId } },
  };
}

/** The principal as a trust policy names it: sessions of a role go by the ARN of the role, whose path STS does not tell. */
function trustedName({ arn, caller: { partition, account, kind, name } }: Identity): string {
  return kind === "assumed-role" ? `arn:${partition}:iam::${account}:role/${name}` : arn;
}

function compareRole(identity: Identity, roleArn: string): Verdict {
  const difference = findDifference(identity.caller, readRole(roleArn));
  const whose = `the credentials are those of ${identity.arn}`;
  const evidence = { facts: factsOf(identity) };
  return difference === undefined
    ? { outcome: "ok", message: whose, evidence }
    : { outcome: "identity-mismatch", message: `${whose}: ${difference}`, evidence };
}

function findDifference(caller: Caller, role: ReturnType<typeof readRole>): string | undefined {
  if (caller.kind !== "assumed-role") return "they are not those of a role";
  if (caller.account !== role.account) return `the account is not ${role.account}`;
  return caller.name === role.name ? undefined : `the role is not ${quote(role.name)}`;
}

/** The role is proven by now: that its trust policy cannot be tried says nothing against it. */
async function testTrustPolicy(source: Source, asking: Asking, context: TestContext): Promise<Verdict> {
  try {
    return await tryTrustPolicy(source, asking, context);
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === undefined) throw error;
    return { outcome: "unverifiable", message: `the trust policy could not be tried: ${reason}` };
  }
}

/** AWS takes no notice of an external ID that the trust policy does not ask for. What a needless success gives is dropped. */
async function tryTrustPolicy(
  { settings }: Source,
  { request: { roleArn, sessionName, externalId = "" }, principal }: Asking,
  { http, environment }: TestContext,
): Promise<Verdict> {
  const sts = await openSts(http, endpointOf(settings, environment), principal.credentials);
  const accepted = async (request: RoleRequest): Promise<boolean> => {
    try {
      await sts.assumeRole(request);
      return true;
    } catch (error) {
      if (error instanceof AwsFailure && error.verdict.outcome === "missing-permission") return false;
      throw error;
    }
  };
  const withAny = await accepted({ roleArn, sessionName, externalId: `plugboard-probe-${crypto.randomUUID()}` });
  if (!withAny && !(await accepted({ roleArn, sessionName }))) {
    return { outcome: "ok", message: "AWS refuses the role with another external ID, and without one" };
  }
  const how = withAny ? "with any external ID" : "without an external ID";
  return {
    outcome: "ok",
    message: `the trust policy was tried, and the role can be assumed ${how}`,
    complaints: [
      {
        code: "PB223",
        message: `${roleArn} can be assumed ${how}`,
        hint: `Add the condition StringEquals sts:ExternalId ${externalId} to its trust policy.`,
        path: ["credentials", "roleArn"],
      },
    ],
  };
}
