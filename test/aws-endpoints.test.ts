import { ECRClient, GetAuthorizationTokenCommand } from "@aws-sdk/client-ecr";
import { ECRPUBLICClient, GetAuthorizationTokenCommand as GetPublicTokenCommand } from "@aws-sdk/client-ecr-public";
import { GetUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { describe, expect, it } from "vitest";
import { findEndpoint, stsEndpointAt } from "../src/services/aws/endpoints.js";
import { createRequestHandler } from "../src/services/aws/http-handler.js";
import { regions } from "../src/services/aws/regions.js";
import type { Http } from "../src/transport/http.js";

describe("endpoints and signing regions are those of the AWS SDK", () => {
  it.each(regions)("in %s", async (region) => {
    expect(await asked(region, (config) => new STSClient(config).send(new GetCallerIdentityCommand({})))).toEqual(
      own("STS", region),
    );
    expect(await asked(region, (config) => new IAMClient(config).send(new GetUserCommand({})))).toEqual(own("IAM", region));
    expect(await asked(region, (config) => new ECRClient(config).send(new GetAuthorizationTokenCommand({})))).toEqual(
      own("ECR", region),
    );
  });

  it("for public registries, in the one region that authenticates", async () => {
    const sent = await asked("us-east-1", (config) => new ECRPUBLICClient(config).send(new GetPublicTokenCommand({})));
    expect(sent).toEqual(own("ECR_PUBLIC", "eu-central-1"));
  });
});

describe("endpoints of the environment", () => {
  it("are those of the service, or else the one for all", () => {
    const environment = { AWS_ENDPOINT_URL: "http://all.example", AWS_ENDPOINT_URL_STS: "http://sts.example" };
    expect(findEndpoint("STS", "eu-central-1", environment)).toEqual({
      url: new URL("http://sts.example"),
      region: "eu-central-1",
    });
    expect(findEndpoint("IAM", "eu-central-1", environment)).toEqual({ url: new URL("http://all.example"), region: "us-east-1" });
  });

  it.each([
    ["AWS_ENDPOINT_URL", "localhost:4566"],
    ["AWS_ENDPOINT_URL_STS", "not an address"],
  ])("are refused by the name of the variable: %s=%s", (variable, address) => {
    expect(() => findEndpoint("STS", "eu-central-1", { [variable]: address })).toThrow(
      expect.objectContaining({ outcome: "invalid-input", message: `${variable} is not an http or https address` }),
    );
  });
});

describe("addresses of STS in settings", () => {
  it.each([
    ["https://sts.amazonaws.com", "us-east-1"],
    ["https://sts.eu-west-1.amazonaws.com", "eu-west-1"],
    ["https://sts-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1"],
    ["https://sts.cn-north-1.amazonaws.com.cn", "cn-north-1"],
    ["https://minio.example.com:9000", "eu-central-1"],
  ])("%s signs for %s", (address, region) => {
    expect(stsEndpointAt(address, "eu-central-1").region).toBe(region);
  });
});

function own(service: Parameters<typeof findEndpoint>[0], region: string) {
  const { url, region: signed } = findEndpoint(service, region, {});
  return { origin: url.origin, signed };
}

/** Where a client of the SDK sends its request when it is told a region only, and the region that it signs for. */
async function asked(region: string, send: (config: ReturnType<typeof configure>) => Promise<unknown>) {
  let origin = "";
  let signed = "";
  const fetch: Http["fetch"] = async (input, init) => {
    origin = new URL(String(input)).origin;
    signed = new Headers(init?.headers).get("authorization")?.split("/")[2] ?? "";
    return new Response("", { status: 500 });
  };
  await send(configure(region, { fetch } as Http)).catch(() => {});
  return { origin, signed };
}

function configure(region: string, http: Http) {
  const credentials = { accessKeyId: "AKIAEXAMPLE000000000", secretAccessKey: "made-up" };
  return { region, credentials, maxAttempts: 1, requestHandler: createRequestHandler(http) };
}
