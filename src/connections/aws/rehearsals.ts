import type { Answers, Asked, Change, Rehearsal, Reply } from "../../contract/rehearsal.js";
import { never } from "../../services/aws/rehearsal.js";

const STS = "POST sts.eu-central-1.amazonaws.com/";
const ROLE = "arn:aws:iam::123456789012:role/deploy";

const xml = (action: string, result: string): Reply => ({
  headers: { "content-type": "text/xml" },
  body: `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result>${result}</${action}Result><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></${action}Response>`,
});

const refusal = (status: number, code: string, message = "no"): Reply => ({
  status,
  headers: { "content-type": "text/xml" },
  body: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`,
});

const identity = (arn: string, userId: string): Reply =>
  xml("GetCallerIdentity", `<Arn>${arn}</Arn><UserId>${userId}</UserId><Account>123456789012</Account>`);

const session = (id: string): string =>
  `<Credentials><AccessKeyId>${id}</AccessKeyId><SecretAccessKey>made-up-session-secret-of-forty-letters0</SecretAccessKey><SessionToken>made-up-session-token</SessionToken><Expiration>${new Date(Date.now() + 3_600_000).toISOString()}</Expiration></Credentials>`;

/** STS for the user `teamcity`, who may assume the role if the external ID is given. */
function sts(different: Readonly<Record<string, Reply>> = {}) {
  return ({ headers, body }: Asked): Reply => {
    const asked = new URLSearchParams(body);
    const action = asked.get("Action") ?? "";
    const given = different[action];
    if (given !== undefined) return given;
    if (action === "GetSessionToken") return xml(action, session("ASIAEXAMPLE000000001"));
    if (action === "AssumeRole") {
      if (asked.get("ExternalId") !== "Payments-Tested") return refusal(403, "AccessDenied");
      const user =
        "<AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/deploy/TeamCity-session</Arn><AssumedRoleId>AROAEXAMPLE:TeamCity-session</AssumedRoleId></AssumedRoleUser>";
      return xml(action, user + session("ASIAEXAMPLE000000002"));
    }
    return headers.authorization?.includes("ASIAEXAMPLE000000002")
      ? identity("arn:aws:sts::123456789012:assumed-role/deploy/TeamCity-session", "AROAEXAMPLE:TeamCity-session")
      : identity("arn:aws:iam::123456789012:user/teamcity", "AIDAEXAMPLE000000001");
  };
}

const answering = (different: Readonly<Record<string, Reply>>): Change => ({ answers: { [STS]: sts(different) } });

const pair = (secret: string): string => JSON.stringify({ accessKeyId: "AKIAEXAMPLE000000001", secretAccessKey: secret });

const keyFailures = {
  ...never,
  "invalid-input": { secrets: { "aws/key": "no pair" } },
  "wrong-id": answering({ GetCallerIdentity: refusal(403, "InvalidClientTokenId") }),
  "wrong-secret": answering({ GetCallerIdentity: refusal(403, "SignatureDoesNotMatch") }),
  expired: answering({ GetCallerIdentity: refusal(403, "ExpiredToken") }),
  "clock-skew": answering({ GetCallerIdentity: refusal(403, "RequestExpired") }),
} as const;

const answers: Answers = { [STS]: sts() };

const awsKeys: Rehearsal = {
  variant: "access keys",
  source: "docs.aws.amazon.com: STS API reference, common errors",
  settings: { region: "eu-central-1", credentials: { type: "accessKeys", accessKey: { $secret: "aws/key" } } },
  secrets: (unique) => ({ "aws/key": pair(unique("key")) }),
  answers,
  failures: {
    ...keyFailures,
    "ok-limited": "the key is proven, or it is not",
    unverifiable: "every part of the connection can be asked for",
    "identity-mismatch": "settings name no user",
    "missing-permission": answering({ GetSessionToken: refusal(403, "AccessDenied") }),
  },
};

const awsRole: Rehearsal = {
  ...awsKeys,
  variant: "IAM role",
  settings: {
    region: "eu-central-1",
    credentials: { type: "iamRole", principal: { $connection: "Main" }, roleArn: ROLE },
  },
  related: { Main: { kind: "aws", settings: awsKeys.settings } },
  failures: {
    ...keyFailures,
    "ok-limited": "the role is proven, or it is not",
    unverifiable: {
      settings: { credentials: { type: "iamRole", principal: { $connection: "Elsewhere", external: true }, roleArn: ROLE } },
    },
    "identity-mismatch": answering({
      GetCallerIdentity: identity(
        "arn:aws:sts::210987654321:assumed-role/other/TeamCity-session",
        "AROAEXAMPLE:TeamCity-session",
      ),
    }),
    "missing-permission": answering({ AssumeRole: refusal(403, "AccessDenied") }),
  },
};

const awsChain: Rehearsal = {
  ...awsKeys,
  variant: "default provider chain",
  settings: { region: "eu-central-1", credentials: { type: "defaultProviderChain" } },
  secrets: () => ({}),
  best: "ok-limited",
  environment: {
    AWS_ACCESS_KEY_ID: "AKIAEXAMPLE000000001",
    AWS_SECRET_ACCESS_KEY: "made-up-secret-access-key-of-forty-chars",
    AWS_EC2_METADATA_DISABLED: "true",
  },
  failures: {
    ...keyFailures,
    "ok-limited": {},
    unverifiable: "every part of the connection can be asked for",
    "invalid-input": { environment: { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" } },
    "identity-mismatch": "settings name no user",
    "missing-permission": "GetCallerIdentity cannot be denied",
  },
};

export const rehearsals: readonly Rehearsal[] = [awsKeys, awsRole, awsChain];
