import * as z from "zod";
import { Redacted } from "../../model/redacted.js";
import type { Http } from "../../transport/http.js";
import { type Caller, readCaller } from "./arn.js";
import { call, clientConfig } from "./client.js";
import type { AwsCredentials } from "./credentials.js";
import type { Endpoint } from "./endpoints.js";
import { AwsFailure, readOutput } from "./failure.js";

/** The calls of STS that tests make. They throw `AwsFailure`, or what the transport throws. */
export interface StsCalls {
  /** Needs no permission and cannot be denied. */
  getCallerIdentity(): Promise<Identity>;
  assumeRole(role: RoleRequest): Promise<AwsCredentials>;
  /** `duration` in seconds, 900 to 129,600. */
  getSessionToken(duration: number): Promise<AwsCredentials>;
}

export interface Identity {
  readonly account: string;
  readonly userId: string;
  readonly arn: string;
  readonly caller: Caller;
}

export interface RoleRequest {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly externalId?: string;
  /** Seconds, 900 to 43,200; at most 3,600 if the caller is itself a role. Default: 3,600. */
  readonly duration?: number;
}

export async function openSts(http: Http, endpoint: Endpoint, credentials: AwsCredentials): Promise<StsCalls> {
  const sdk = await import("@aws-sdk/client-sts");
  const client = new sdk.STSClient(clientConfig(http, endpoint, credentials));
  return {
    async getCallerIdentity() {
      const action = "sts:GetCallerIdentity";
      const output = await call(action, () => client.send(new sdk.GetCallerIdentityCommand({})));
      return readOutput(action, "an account, a user ID and the ARN of a caller", identityShape, output);
    },
    async assumeRole({ roleArn, sessionName, externalId, duration }) {
      const action = "sts:AssumeRole";
      const command = new sdk.AssumeRoleCommand({
        RoleArn: roleArn,
        RoleSessionName: sessionName,
        ...(externalId === undefined ? {} : { ExternalId: externalId }),
        ...(duration === undefined ? {} : { DurationSeconds: duration }),
      });
      const output = await call(action, () => client.send(command)).catch((error) => {
        throw explainRefusal(error, externalId);
      });
      return readSession(action, output);
    },
    async getSessionToken(duration) {
      const action = "sts:GetSessionToken";
      const command = new sdk.GetSessionTokenCommand({ DurationSeconds: duration });
      return readSession(action, await call(action, () => client.send(command)));
    },
  };
}

/** AWS does not tell whether it is the role, its trust policy or a policy of the caller that is in the way. */
function explainRefusal(error: unknown, externalId: string | undefined): unknown {
  if (!(error instanceof AwsFailure) || error.verdict.outcome !== "missing-permission") return error;
  return new AwsFailure({
    ...error.verdict,
    message: "AWS does not let the role be assumed, and does not tell which policy is in the way",
    hint: hintAtTrust("the caller", externalId),
  });
}

/** What to look at if a role was refused. */
export function hintAtTrust(caller: string, externalId: string | undefined): string {
  const condition = externalId === undefined ? "" : ` with sts:ExternalId ${externalId}`;
  return `Does the role exist, does its trust policy name ${caller}${condition}, and does a policy of the caller allow sts:AssumeRole?`;
}

const identityShape = z
  .looseObject({ Account: z.string().min(1), UserId: z.string().min(1), Arn: z.string() })
  .transform(({ Account: account, UserId: userId, Arn: arn }, context): Identity => {
    const caller = readCaller(arn);
    if (caller !== undefined) return { account, userId, arn, caller };
    context.issues.push({ code: "custom", input: arn, message: "no caller" });
    return z.NEVER;
  });

/** Temporary credentials as STS hands them out. */
const sessionShape = z.looseObject({
  Credentials: z.looseObject({
    AccessKeyId: z.string().min(1),
    SecretAccessKey: z.string().min(1),
    SessionToken: z.string().min(1),
  }),
});

function readSession(action: string, output: object): AwsCredentials {
  const { Credentials } = readOutput(action, "temporary credentials", sessionShape, output);
  return {
    accessKeyId: Credentials.AccessKeyId,
    secretAccessKey: new Redacted(Credentials.SecretAccessKey, `secret access key from ${action}`),
    sessionToken: new Redacted(Credentials.SessionToken, `session token from ${action}`),
  };
}
