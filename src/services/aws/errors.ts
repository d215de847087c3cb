import type { Verdict } from "../../contract/adapter.js";
import type { Outcome } from "../../model/outcomes.js";
import { findFailure } from "../../transport/classify.js";
import { secondsToWait } from "../../transport/retry.js";
import { AwsFailure } from "./failure.js";

/** What is read of an error of the AWS SDK. Protocols with XML tell `Code`; those with JSON tell it in `name`. */
interface SdkError {
  readonly name: string;
  readonly Code?: string;
  readonly message: string;
  readonly $metadata: { readonly httpStatusCode?: number };
  /** Not enumerable. */
  readonly $response?: { readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown };
}

interface Meaning {
  readonly outcome: Outcome;
  readonly message: string;
  readonly hint?: string;
}

/**
 * Makes what an AWS call threw an `AwsFailure`. It is judged by the code that AWS gave, then by the status; names of
 * classes differ between versions of the SDK. What is no answer at all is thrown as it is: the transport has judged it.
 *
 * @param action The permission of the call: `sts:AssumeRole`.
 */
export function explainError(error: unknown, action: string): AwsFailure {
  if (error instanceof AwsFailure) return error;
  if (findFailure(error) !== undefined) throw error;
  if (isMalformed(error))
    return new AwsFailure({ outcome: "provider-error", message: `the answer to ${action} is not as AWS describes it` });
  if (!isAnswer(error)) throw error;
  const code = codeOf(error);
  const meaning = code === undefined ? withoutCode(error, action) : withCode(code, error, action);
  const { httpStatusCode: status } = error.$metadata;
  const retryAfter = secondsToWait(new Headers(error.$response?.headers));
  const evidence = {
    ...(status === undefined ? {} : { status }),
    ...(code === undefined ? {} : { code }),
    ...(meaning.outcome === "missing-permission" ? { missing: [deniedAction(error) ?? action] } : {}),
    ...(meaning.outcome === "rate-limited" && retryAfter !== undefined ? { retryAfter } : {}),
  };
  return new AwsFailure({ ...meaning, evidence } satisfies Verdict<never>);
}

/**
 * Whether AWS refused a signature for another reason than its time and region. It does so for some seconds after a call with the same
 * key ID and another secret, even if the secret is now right (observed by the authors of TruffleHog): asking again tells.
 */
export function isRefusedSignature(error: unknown): boolean {
  if (!isAnswer(error) || isMalformed(error)) return false;
  return WRONG_SIGNATURE.test(codeOf(error) ?? "") && !tellsOfTime(error) && !tellsOfScope(error);
}

/** Codes of the STS and IAM APIs, "Common errors", and those of the JSON protocols for the same. */
const WRONG_SIGNATURE = /^(SignatureDoesNotMatch|InvalidSignatureException)$/;
const UNKNOWN_KEY = /^(InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId)$/;
const EXPIRED = /^(ExpiredToken|ExpiredTokenException)$/;
const DENIED = /^(AccessDenied|AccessDeniedException|UnauthorizedOperation)$/;
const CLOCK = /^(RequestExpired|RequestExpiredException|RequestTimeTooSkewed)$/;
const THROTTLED =
  /^(Throttling|ThrottlingException|ThrottledException|RequestLimitExceeded|RequestThrottled|TooManyRequestsException)$/;
const INVALID = /^(ValidationError|ValidationException|InvalidParameterException|PackedPolicyTooLarge\w*)$/;
/** MinIO answers `InvalidParameterValue` to every call of STS that it does not have. */
const NO_SUCH_CALL = /^(InvalidAction|InvalidParameterValue|UnknownOperationException|NotImplemented)$/;

function withCode(code: string, error: SdkError, action: string): Meaning {
  if (CLOCK.test(code) || (WRONG_SIGNATURE.test(code) && tellsOfTime(error))) return clockSkew(error);
  if (UNKNOWN_KEY.test(code)) {
    return {
      outcome: "wrong-id",
      message: "AWS does not know the access key: it is misspelt, deleted or inactive",
      hint: "Is the key active in IAM, and is the region switched on for its account?",
    };
  }
  if (WRONG_SIGNATURE.test(code) && tellsOfScope(error)) {
    return {
      outcome: "invalid-input",
      message: "the endpoint does not take signatures for the region: the two do not fit",
      hint: "Is it the endpoint of another region, or of another service?",
    };
  }
  if (WRONG_SIGNATURE.test(code))
    return { outcome: "wrong-secret", message: "the secret access key does not fit the access key ID" };
  if (EXPIRED.test(code)) return { outcome: "expired", message: "the session of the credentials has ended" };
  if (DENIED.test(code)) return accessDenied(error, action);
  if (code === "RegionDisabledException") {
    return {
      outcome: "invalid-input",
      message: "STS is switched off for the account in this region",
      hint: "Use the global endpoint https://sts.amazonaws.com, or activate the region in the account settings of IAM.",
    };
  }
  if (THROTTLED.test(code)) return { outcome: "rate-limited", message: `AWS limits the rate of ${action}` };
  if (INVALID.test(code))
    return { outcome: "invalid-input", message: `AWS does not take the values that ${action} was called with` };
  if (NO_SUCH_CALL.test(code)) {
    return {
      outcome: "unverifiable",
      message: `the server does not have the call ${action}, so it is not AWS's own and cannot be asked`,
    };
  }
  return withoutCode(error, action);
}

function withoutCode(error: SdkError, action: string): Meaning {
  const { httpStatusCode: status = 0 } = error.$metadata;
  if (status === 429) return { outcome: "rate-limited", message: `AWS limits the rate of ${action}` };
  if (status >= 500) return { outcome: "provider-error", message: `${action} was answered with status ${status}` };
  if (status === 403 && isForeignError(error)) {
    return {
      outcome: "missing-permission",
      message: `${action} was refused, for a reason in an undecodable form`,
      hint: "Is this AWS itself? Emulators answer in another protocol.",
    };
  }
  if (codeOf(error) !== undefined)
    return { outcome: "provider-error", message: `${action} failed for a reason of the service's own` };
  return {
    outcome: "wrong-server",
    message: `what answered ${action} does not speak the protocol of AWS`,
    hint: "Compare the endpoint with the list of AWS endpoints. Is there a proxy with a page of its own?",
  };
}

/** Whether the error is in XML although the protocol is JSON: emulators answer so when they refuse a call. */
function isForeignError({ name, $response }: SdkError): boolean {
  const { body } = $response ?? {};
  if (name !== "SyntaxError" || !(body instanceof Uint8Array)) return false;
  return /^\s*(<\?xml[^>]*>\s*)?<ErrorResponse/.test(new TextDecoder().decode(body.subarray(0, 200)));
}

/** AWS names the action that was denied, and the kind of policy, where it may (IAM User Guide, "Troubleshoot access denied"). */
function accessDenied(error: SdkError, action: string): Meaning {
  const denied = deniedAction(error) ?? action;
  const explicit = /explicit deny in an? ([a-z -]{1,40}) policy/.exec(error.message)?.[1];
  const absent = /because no ([a-z -]{1,40}) policy allows/.exec(error.message)?.[1];
  if (explicit !== undefined) return { outcome: "missing-permission", message: `${denied} is denied by a policy: ${explicit}` };
  const reason = absent === undefined ? "" : `: no policy allows it (${absent})`;
  return { outcome: "missing-permission", message: `${denied} is not allowed${reason}`, hint: `Allow ${denied} in a policy.` };
}

function deniedAction({ message }: SdkError): string | undefined {
  return /not authorized to perform: ([a-z0-9-]{1,40}:[A-Za-z0-9]{1,80})/.exec(message)?.[1];
}

function clockSkew(error: SdkError): Meaning {
  const there = Date.parse(error.$response?.headers?.date ?? "");
  const minutes = Math.round((Date.now() - there) / 60_000);
  const how = Number.isNaN(minutes) || minutes === 0 ? "off" : `${Math.abs(minutes)} minutes ${minutes > 0 ? "ahead" : "behind"}`;
  return { outcome: "clock-skew", message: `AWS refuses the time of the signature: the clock of this machine is ${how}` };
}

/** STS and IAM say `SignatureDoesNotMatch` for a wrong time too (General Reference, "Troubleshooting Signature Version 4"). */
function tellsOfTime({ message }: SdkError): boolean {
  return /^Signature (expired|not yet current)/.test(message);
}

/** Seen of STS: "Credential should be scoped to a valid region." The secret was not looked at. */
function tellsOfScope({ message }: SdkError): boolean {
  return /^Credential should be scoped to /.test(message);
}

/**
 * The code that AWS gave. Names that the SDK or JavaScript gives where there was none are no codes: for STS and IAM, `NotFound` is
 * what the SDK calls the status 404.
 */
function codeOf({ Code, name }: SdkError): string | undefined {
  const code = Code ?? name;
  if (/^(Error|SyntaxError|Unknown|UnknownError|NotFound)$/.test(code)) return undefined;
  return /^[\w.]{1,80}$/.test(code) ? code : undefined;
}

/** Whether code or message is no text. The SDK takes them as they are, or trips over them. */
function isMalformed(error: unknown): boolean {
  if (error instanceof TypeError) return true;
  return isAnswer(error) && (typeof (error.Code ?? error.name) !== "string" || typeof error.message !== "string");
}

function isAnswer(error: unknown): error is SdkError {
  return error instanceof Error && "$metadata" in error && (error as unknown as SdkError).$metadata.httpStatusCode !== undefined;
}
