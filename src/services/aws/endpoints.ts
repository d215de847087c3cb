import { readAddress } from "../../transport/addresses.js";
import { type Environment, TransportFailure } from "../../transport/http.js";
import { dnsSuffix, partitionOf, stsEndpoint } from "./regions.js";

/** Where calls of a service go, and the region that their signature names. */
export interface Endpoint {
  readonly url: URL;
  readonly region: string;
}

/**
 * The endpoint of a service as the SDK finds it: a variable of the environment, or else the region's own
 * (SDKs and Tools Reference Guide, "Service-specific endpoints"). Clients get it explicitly, so that the environment and
 * the profile files of the process change nothing.
 */
export function findEndpoint(service: keyof typeof ownEndpoints, region: string, environment: Environment): Endpoint {
  // It becomes a part of a host.
  if (!/^[a-z0-9-]+$/.test(region)) throw new TransportFailure("invalid-input", "region is not the name of a region");
  const own = ownEndpoints[service](region);
  for (const variable of [`AWS_ENDPOINT_URL_${service}`, "AWS_ENDPOINT_URL"]) {
    const address = environment[variable];
    if (address) return { url: readAddress(address, variable), region: own.region };
  }
  return own;
}

/** The STS endpoint at an address: one of AWS signs for the region in its name, the global one for `us-east-1`. */
export function stsEndpointAt(address: string, region: string): Endpoint {
  const url = readAddress(address, "stsEndpoint");
  if (url.hostname === "sts.amazonaws.com") return { url, region: "us-east-1" };
  const [, named = region] = /^sts(?:-fips)?\.([a-z]+(?:-[a-z]+)+-\d+)\./.exec(url.hostname) ?? [];
  return { url, region: named };
}

const ownEndpoints = {
  STS: (region: string) => ({ url: new URL(stsEndpoint(region)), region }),
  ECR: (region: string) => ({ url: new URL(`https://api.ecr.${region}.${dnsSuffix(region)}`), region }),
  // Authentication for public registries exists in this region alone (Amazon ECR Public User Guide, "Registry authentication").
  ECR_PUBLIC: () => ({ url: new URL("https://api.ecr-public.us-east-1.amazonaws.com"), region: "us-east-1" }),
  SECRETS_MANAGER: (region: string) => ({ url: new URL(`https://secretsmanager.${region}.${dnsSuffix(region)}`), region }),
  IAM: (region: string) => {
    const [host, signed] = iamHosts[partitionOf(region) ?? "aws"] ?? [`iam.${region}.${dnsSuffix(region)}`, region];
    return { url: new URL(`https://${host}`), region: signed };
  },
};

/** IAM is one service per partition. Hosts and the regions that signatures name are those of the AWS SDK for JavaScript 3.1169. */
const iamHosts: Readonly<Record<string, readonly [host: string, region: string]>> = {
  aws: ["iam.amazonaws.com", "us-east-1"],
  "aws-cn": ["iam.cn-north-1.amazonaws.com.cn", "cn-north-1"],
  "aws-us-gov": ["iam.us-gov.amazonaws.com", "us-gov-west-1"],
  "aws-eusc": ["iam.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"],
  "aws-iso": ["iam.us-iso-east-1.c2s.ic.gov", "us-iso-east-1"],
  "aws-iso-b": ["iam.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1"],
  "aws-iso-e": ["iam.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1"],
  "aws-iso-f": ["iam.us-isof-south-1.csp.hci.ic.gov", "us-isof-south-1"],
};
