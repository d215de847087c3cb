import type { Resolved, TestContext } from "../../contract/adapter.js";
import type { ConnectionAddress, SettingsOf } from "../../contract/define.js";
import { row, shown } from "../../model/text.js";
import type { ConnectionForm } from "../../model/values.js";
import { type AwsCredentials, readAccessKey } from "../../services/aws/credentials.js";
import { openDefaultChain } from "../../services/aws/default-chain.js";
import { type Endpoint, findEndpoint, stsEndpointAt } from "../../services/aws/endpoints.js";
import { AwsFailure } from "../../services/aws/failure.js";
import { type Identity, openSts, type RoleRequest } from "../../services/aws/sts.js";
import { defaults, externalId } from "./server.js";
import type { awsSettings } from "./settings.js";

export type AwsSettings = SettingsOf<typeof awsSettings>;

/** An AWS connection as a source of credentials. */
export interface Source {
  readonly address: ConnectionAddress;
  readonly settings: Resolved<AwsSettings>;
}

export type Role = Extract<Source["settings"]["credentials"], { type: "iamRole" }>;

/** Credentials, and how they were come by if it is not in the settings. */
export interface Opened {
  readonly credentials: AwsCredentials;
  readonly foundIn?: string;
}

type Context = Pick<TestContext, "session" | "related" | "environment">;

/** Makes the credentials of a connection as the server does; `below` are the connections that they are made for. */
export async function openSource(source: Source, context: Context, below: readonly Source[] = []): Promise<Opened> {
  const { credentials } = source.settings;
  if (credentials.type === "defaultProviderChain") return openDefaultChain(context);
  if (credentials.type === "iamRole") {
    const { credentials: signing } = await openPrincipal(source, credentials.principal, context, below);
    return { credentials: await assumeRole(source, roleRequest(source, credentials), signing, context) };
  }
  const key = readAccessKey(credentials);
  return { credentials: credentials.useSessionCredentials === false ? key : await startSession(source, key, context) };
}

/** Makes the credentials that assume the role of a connection. */
export async function openPrincipal(
  source: Source,
  reference: ConnectionForm,
  context: Context,
  below: readonly Source[] = [],
): Promise<Opened & { readonly source: Source }> {
  const path = [...below, source];
  const names = [...path.map(({ address }) => address.connectionId), reference.$connection];
  if (new Set(names).size < names.length) {
    throw new AwsFailure({
      outcome: "invalid-input",
      message: `the principals lead in a circle: ${row(names, ", ")}`,
      hint: "Let the chain end at an access key or at the default provider chain.",
    });
  }
  const related = await context.related(reference);
  if (related === undefined) {
    throw new AwsFailure({
      outcome: "unverifiable",
      message: `the principal ${shown(reference.$connection)} is declared elsewhere, so its credentials are not known here`,
      hint: "Test it together with the settings that declare it.",
    });
  }
  const principal: Source = { address: related.address, settings: related.settings as unknown as Source["settings"] };
  return { ...(await openSource(principal, context, path)), source: principal };
}

/**
 * Makes session credentials for an access key, once for all connections with the same key and duration. TeamCity cannot use the
 * connection if the server does not know the call.
 */
export async function startSession(
  source: Source,
  key: AwsCredentials,
  { session, environment }: Context,
): Promise<AwsCredentials> {
  const endpoint = endpointOf(source.settings, environment);
  const duration = 60 * (source.settings.sessionDuration ?? defaults.sessionDuration);
  try {
    return await session(["GetSessionToken", endpoint.url.href, ...keyOf(key), `${duration}`], async (http) =>
      (await openSts(http, endpoint, key)).getSessionToken(duration),
    );
  } catch (error) {
    if (!(error instanceof AwsFailure) || error.verdict.outcome !== "unverifiable") throw error;
    throw new AwsFailure({
      ...error.verdict,
      outcome: "invalid-input",
      message: "the server gives no session credentials, and TeamCity would ask it for some",
      hint: "Set useSessionCredentials: false.",
    });
  }
}

/** Makes the credentials of a role, once for all connections that ask for the same. */
export function assumeRole(
  source: Source,
  request: RoleRequest,
  signing: AwsCredentials,
  { session, environment }: Context,
): Promise<AwsCredentials> {
  const endpoint = endpointOf(source.settings, environment);
  return session(["AssumeRole", endpoint.url.href, ...keyOf(signing), JSON.stringify(request)], async (http) =>
    (await openSts(http, endpoint, signing)).assumeRole(request),
  );
}

/** Asks who credentials belong to. */
export function identify(source: Source, credentials: AwsCredentials, { session, environment }: Context): Promise<Identity> {
  const endpoint = endpointOf(source.settings, environment);
  return session(["GetCallerIdentity", endpoint.url.href, ...keyOf(credentials)], async (http) =>
    (await openSts(http, endpoint, credentials)).getCallerIdentity(),
  );
}

/** What the server asks STS for. The external ID is that of the connection's own project. */
export function roleRequest({ settings, address }: Source, { roleArn, sessionName = defaults.sessionName }: Role): RoleRequest {
  const { sessionDuration } = settings;
  return {
    roleArn,
    sessionName,
    externalId: externalId(address.projectId, address.connectionId),
    ...(sessionDuration === undefined ? {} : { duration: 60 * sessionDuration }),
  };
}

/** The address given in the settings, or else what the SDK finds. */
export function endpointOf(
  { stsEndpoint, region }: Pick<AwsSettings, "stsEndpoint" | "region">,
  environment: TestContext["environment"],
): Endpoint {
  return stsEndpoint === undefined ? findEndpoint("STS", region, environment) : stsEndpointAt(stsEndpoint, region);
}

function keyOf({ accessKeyId, secretAccessKey, sessionToken }: AwsCredentials) {
  return [accessKeyId, secretAccessKey, sessionToken] as const;
}
