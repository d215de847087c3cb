import * as z from "zod";
import { Redacted } from "../../model/redacted.js";
import type { Http } from "../../transport/http.js";
import { call, clientConfig } from "./client.js";
import type { AwsCredentials } from "./credentials.js";
import type { Endpoint } from "./endpoints.js";
import { readOutput } from "./failure.js";
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
      const output = await call(action, () => client.send(new sdk.GetAuthorizationTokenCommand({})));
      const { authorizationData } = readOutput(action, "a token and the address of its registry", privateShape, output);
      const [data] = authorizationData;
      return { ...readToken(action, data), registry: new URL(data.proxyEndpoint) };
    },
  };
}

export async function openEcrPublic(http: Http, endpoint: Endpoint, credentials: AwsCredentials): Promise<EcrPublicCalls> {
  const sdk = await import("@aws-sdk/client-ecr-public");
  const client = new sdk.ECRPUBLICClient(clientConfig(http, endpoint, credentials));
  return {
    async getPublicToken() {
      const action = "ecr-public:GetAuthorizationToken";
      const output = await call(action, () => client.send(new sdk.GetAuthorizationTokenCommand({})));
      return readToken(action, readOutput(action, "a token", publicShape, output).authorizationData);
    },
  };
}

/** What both kinds of registries answer with. */
const tokenShape = z.looseObject({
  authorizationToken: z.string().regex(/^[\x21-\x7e]+$/),
  expiresAt: z.date().optional().catch(undefined),
});

const publicShape = z.looseObject({ authorizationData: tokenShape });
const privateShape = z.looseObject({
  authorizationData: z.tuple(
    [tokenShape.extend({ proxyEndpoint: z.string().refine((each) => URL.canParse(each)) })],
    z.unknown(),
  ),
});

function readToken(action: string, { authorizationToken, expiresAt }: z.infer<typeof tokenShape>): RegistryToken {
  return { token: new Redacted(authorizationToken, `token from ${action}`), expiresAt };
}

/** The host of a private registry (Amazon ECR User Guide, "Private registries"). */
export function registryHost(account: string, region: string): string {
  return `${account}.dkr.ecr.${region}.${dnsSuffix(region)}`;
}

/** What the hosts of private registries end in that are for networks with IPv6 too (awslabs/amazon-ecr-credential-helper). */
const dualStackSuffixes = ["on.aws", "on.amazonwebservices.com.cn"];

/** Account and region in the host of a private registry, or in the one that it has in networks with IPv6. */
export function readRegistryHost(host: string): { readonly account: string; readonly region: string } | undefined {
  const [, account = "", region = ""] = /^(\d{12})\.dkr[.-]ecr\.([a-z0-9-]+)\./.exec(host) ?? [];
  const hosts = [registryHost(account, region), ...dualStackSuffixes.map((each) => `${account}.dkr-ecr.${region}.${each}`)];
  return hosts.includes(host) ? { account, region } : undefined;
}

/** The host of all public registries: the Amazon ECR Public Gallery. */
export const PUBLIC_REGISTRY = "public.ecr.aws";
