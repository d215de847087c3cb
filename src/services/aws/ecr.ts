import { Redacted } from "../../model/redacted.js";
import type { Http } from "../../transport/http.js";
import { call, clientConfig } from "./client.js";
import type { AwsCredentials } from "./credentials.js";
import type { Endpoint } from "./endpoints.js";
import { refuseAnswer } from "./failure.js";
import { dnsSuffix } from "./regions.js";

/** The calls of ECR that tests make. They throw `AwsFailure`, or what the transport throws. */
export interface EcrCalls {
  /** Needs the permission `ecr:GetAuthorizationToken`. */
  getPrivateToken(): Promise<RegistryToken & { readonly registry: URL }>;
}

export interface EcrPublicCalls {
  /** Needs the permissions `ecr-public:GetAuthorizationToken` and `sts:GetServiceBearerToken`. */
  getPublicToken(): Promise<RegistryToken>;
}

/** A token that a registry takes for 12 hours. It is user name and password in Base64. */
export interface RegistryToken {
  readonly token: Redacted;
  readonly expiresAt: Date | undefined;
}

export async function openEcr(http: Http, endpoint: Endpoint, credentials: AwsCredentials): Promise<EcrCalls> {
  const sdk = await import("@aws-sdk/client-ecr");
  const client = new sdk.ECRClient(clientConfig(http, endpoint, credentials));
  return {
    async getPrivateToken() {
      const action = "ecr:GetAuthorizationToken";
      const { authorizationData } = await call(action, () => client.send(new sdk.GetAuthorizationTokenCommand({})));
      const { proxyEndpoint, ...data } = authorizationData?.[0] ?? {};
      if (proxyEndpoint === undefined || !URL.canParse(proxyEndpoint)) throw refuseAnswer(action, "the address of a registry");
      return { ...readToken(action, data), registry: new URL(proxyEndpoint) };
    },
  };
}

export async function openEcrPublic(http: Http, endpoint: Endpoint, credentials: AwsCredentials): Promise<EcrPublicCalls> {
  const sdk = await import("@aws-sdk/client-ecr-public");
  const client = new sdk.ECRPUBLICClient(clientConfig(http, endpoint, credentials));
  return {
    async getPublicToken() {
      const action = "ecr-public:GetAuthorizationToken";
      const { authorizationData } = await call(action, () => client.send(new sdk.GetAuthorizationTokenCommand({})));
      return readToken(action, authorizationData ?? {});
    },
  };
}

/** What both kinds of registries answer with. */
interface AuthorizationData {
  readonly authorizationToken?: string | undefined;
  readonly expiresAt?: Date | undefined;
}

function readToken(action: string, { authorizationToken, expiresAt }: AuthorizationData): RegistryToken {
  if (authorizationToken === undefined) throw refuseAnswer(action, "a token");
  return { token: new Redacted(authorizationToken, `token from ${action}`), expiresAt };
}

/** The host of a private registry (Amazon ECR User Guide, "Private registries"). */
export function registryHost(account: string, region: string): string {
  return `${account}.dkr.ecr.${region}.${dnsSuffix(region)}`;
}

/** Account and region in the host of a private registry, or in the one that it has in networks with IPv6. */
export function readRegistryHost(host: string): { readonly account: string; readonly region: string } | undefined {
  const [, account = "", region = ""] = /^(\d{12})\.dkr[.-]ecr\.([a-z0-9-]+)\./.exec(host) ?? [];
  return account === "" ? undefined : { account, region };
}

/** The host of all public registries: the Amazon ECR Public Gallery. */
export const PUBLIC_REGISTRY = "public.ecr.aws";
