import { isAccessKeyId, type KeyPair, readKeyPair } from "../../model/key-pair.js";
import { Redacted } from "../../model/redacted.js";
import type { Environment } from "../../transport/http.js";
import { AwsFailure } from "./failure.js";
import { silenceVersionWarning } from "./http-handler.js";

/** What signs a call. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: Redacted;
  /** Temporary credentials have one. */
  readonly sessionToken?: Redacted;
}

/** An access key with its secret values in place: one secret that keeps the pair, or both halves. */
export type AccessKeySettings =
  | { readonly accessKey: Redacted }
  | { readonly accessKeyId: string; readonly secretAccessKey: Redacted };

/** Reads an access key. Throws `AwsFailure` if it can be none. */
export function readAccessKey(settings: AccessKeySettings): AwsCredentials {
  const { accessKeyId, secretAccessKey } = "accessKey" in settings ? readPair(settings.accessKey) : settings;
  if (accessKeyId.startsWith("ASIA")) {
    throw invalid(
      "the access key ID is one of temporary credentials, which do not work without their session token",
      "Create an access key of an IAM user: its ID starts with AKIA.",
    );
  }
  if (!isAccessKeyId(accessKeyId)) {
    throw invalid("the access key ID is none", "They have 16 or more capitals and digits and start with AKIA.");
  }
  if (!/^\S+$/.test(secretAccessKey.reveal())) throw invalid("the secret access key is empty or has white space in it");
  return { accessKeyId, secretAccessKey };
}

function readPair(secret: Redacted): KeyPair {
  const pair = readKeyPair(secret);
  if (pair !== undefined) return pair;
  throw invalid(
    `the value of the secret ${secret.name} is not an access key ID with its secret access key`,
    'Store both as JSON: {"accessKeyId": "AKIA…", "secretAccessKey": "…"}.',
  );
}

function invalid(message: string, hint?: string): AwsFailure {
  return new AwsFailure({ outcome: "invalid-input", message, ...(hint === undefined ? {} : { hint }) });
}

/** Credentials that were found in the environment, and what they came from. */
export interface FoundCredentials {
  readonly credentials: AwsCredentials;
  /** What the SDK found them in: `environment variables`. */
  readonly foundIn: string;
}

/**
 * Looks for credentials where the AWS SDK does: variables, profiles, web identity, container, instance. All but the key in
 * variables is of the process itself, and what the SDK asks for on the way does not go through the transport.
 * Throws `AwsFailure` if there are none.
 */
export async function findDefaultCredentials(environment: Environment): Promise<FoundCredentials> {
  const { accessKeyId, secretAccessKey, sessionToken, $source = {} } = readVariables(environment) ?? (await askChain());
  const foundIn = Object.entries(sources).find(([mark]) => mark in $source)?.[1] ?? "instance metadata";
  return {
    credentials: {
      accessKeyId,
      secretAccessKey: new Redacted(secretAccessKey, `secret access key of ${foundIn}`),
      ...(sessionToken === undefined ? {} : { sessionToken: new Redacted(sessionToken, `session token of ${foundIn}`) }),
    },
    foundIn,
  };
}

/** Variables come first, unless a profile is chosen (SDK for JavaScript, `defaultProvider` of `credential-provider-node`). */
function readVariables(environment: Environment): Attributed | undefined {
  const { AWS_PROFILE, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = environment;
  if (AWS_PROFILE || !AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) return undefined;
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
    $source: { CREDENTIALS_ENV_VARS: "g" },
  };
}

async function askChain(): Promise<Attributed> {
  silenceVersionWarning();
  const { defaultProvider } = await import("@aws-sdk/credential-provider-node");
  try {
    return await defaultProvider()();
  } catch (error) {
    throw new AwsFailure({
      outcome: "invalid-input",
      message: "the default provider chain finds no credentials on this machine",
      hint: "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or sign in with `aws sso login`.",
      evidence: { code: (error as Error).name },
    });
  }
}

/** Credentials as the SDK marks them with the features that they came from. */
interface Attributed {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly $source?: Readonly<Record<string, unknown>>;
}

/**
 * The marks that the SDK sets, the one that settles it first: a role in a profile has the mark of the profile's own source as
 * well. It sets none for instance metadata.
 */
const sources: Readonly<Record<string, string>> = {
  CREDENTIALS_PROFILE_SOURCE_PROFILE: "a role in a profile",
  CREDENTIALS_PROFILE_NAMED_PROVIDER: "a role in a profile",
  CREDENTIALS_PROFILE_STS_WEB_ID_TOKEN: "a web identity token in a profile",
  CREDENTIALS_PROFILE_SSO: "IAM Identity Center",
  CREDENTIALS_PROFILE_SSO_LEGACY: "IAM Identity Center",
  CREDENTIALS_PROFILE_PROCESS: "a process in a profile",
  CREDENTIALS_PROFILE_LOGIN: "a console sign-in",
  CREDENTIALS_PROFILE: "a profile",
  CREDENTIALS_ENV_VARS_STS_WEB_ID_TOKEN: "a web identity token",
  CREDENTIALS_ENV_VARS: "environment variables",
  CREDENTIALS_HTTP: "container credentials",
};
