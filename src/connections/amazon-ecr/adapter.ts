import type { Adapter, Checked, Resolved, TestContext, Verdict } from "../../contract/adapter.js";
import type { SettingsOf } from "../../contract/define.js";
import type { Redacted } from "../../model/redacted.js";
import { quote } from "../../model/text.js";
import { type AwsCredentials, readAccessKey } from "../../services/aws/credentials.js";
import { limitToMachine, openDefaultChain } from "../../services/aws/default-chain.js";
import {
  openEcr,
  openEcrPublic,
  PUBLIC_REGISTRY,
  type RegistryToken,
  readRegistryHost,
  registryHost,
} from "../../services/aws/ecr.js";
import { findEndpoint } from "../../services/aws/endpoints.js";
import { judge } from "../../services/aws/failure.js";
import { openSts } from "../../services/aws/sts.js";
import { getRoot, isRegistry, notRegistry } from "../../services/docker-registry/reach.js";
import { nameHost } from "../../transport/addresses.js";
import { TransportFailure } from "../../transport/http.js";
import type { amazonEcrSettings } from "./settings.js";

type EcrSettings = SettingsOf<typeof amazonEcrSettings>;
type Settings = Resolved<EcrSettings>;

export const adapter: Adapter<EcrSettings> = {
  endpoints({ registryType, registryId, region, role }, environment) {
    if (registryType !== "public" && !/^\d{12}$/.test(registryId))
      throw new TransportFailure("invalid-input", "registryId is not an AWS account ID", { hint: "It has 12 digits." });
    const service = findEndpoint(registryType === "public" ? "ECR_PUBLIC" : "ECR", region, environment).url;
    const registry = registryType === "public" ? PUBLIC_REGISTRY : registryHost(registryId, region);
    return [
      service,
      new URL(`https://${registry}`),
      ...(role === undefined ? [] : [findEndpoint("STS", region, environment).url]),
    ];
  },
  ambient: ({ credentials }) => credentials.type === "defaultProviderChain",
  async test(settings, context) {
    const credentials = await findCredentials(settings, context);
    if (settings.registryType === "public") await testPublic(settings, credentials, context);
    else await testPrivate(settings, credentials, context);
  },
};

/** The credentials of the settings, or those of the role that they assume. */
async function findCredentials({ credentials, role, region }: Settings, context: TestContext): Promise<Checked<AwsCredentials>> {
  const { check, environment, http } = context;
  const own = await check({ stage: "input", title: "credentials" }, () =>
    judge(async (): Promise<Verdict<AwsCredentials>> => {
      if (credentials.type === "accessKeys") {
        return { outcome: "ok", message: "the access key is complete", value: readAccessKey(credentials) };
      }
      const { credentials: value, foundIn } = await openDefaultChain(context);
      return limitToMachine(foundIn, { outcome: "ok", message: "there are credentials", value });
    }),
  );
  if (role === undefined) return own;
  return check({ stage: "permissions", title: "role can be assumed", after: own }, (own) =>
    judge(async () => {
      const sts = await openSts(http, findEndpoint("STS", region, environment), own);
      const value = await sts.assumeRole({ ...role, sessionName: "plugboard-test" });
      return { outcome: "ok", message: `the credentials may assume the role`, value };
    }),
  );
}

async function testPrivate(
  { registryId, region }: Settings,
  credentials: Checked<AwsCredentials>,
  context: TestContext,
): Promise<void> {
  const { check, http, environment } = context;
  const given = await check({ stage: "authentication", title: "token", after: credentials }, (credentials) =>
    judge(async () => {
      const ecr = await openEcr(http, findEndpoint("ECR", region, environment), credentials);
      return describeToken(await ecr.getPrivateToken());
    }),
  );
  const own = await check({ stage: "identity", title: "registry of the account", after: given }, (given) =>
    compareRegistry(given.registry, { account: registryId, region }),
  );
  await check({ stage: "server", title: "registry takes the token", after: [own, given] }, ({ token }) =>
    askRegistry(
      context,
      registryHost(registryId, region),
      token.derive((value) => `Basic ${value}`),
    ),
  );
}

/** The token tells whose registry it is for: that of the account whose credentials they are. */
function compareRegistry(registry: URL, expected: { readonly account: string; readonly region: string }): Verdict {
  const host = nameHost(registry);
  const evidence = { facts: { registry: host } };
  const found = readRegistryHost(registry.hostname);
  if (found === undefined) {
    return {
      outcome: "wrong-server",
      message: `the token is for ${host}, which is not the name of a registry of ECR`,
      evidence,
    };
  }
  if (found.account !== expected.account) {
    return {
      outcome: "identity-mismatch",
      message: `the credentials are of the account ${found.account}, and the registry is of ${quote(expected.account)}`,
      hint: "Use credentials or a role of the registry's account, or correct registryId.",
      evidence,
    };
  }
  if (found.region !== expected.region) {
    return { outcome: "identity-mismatch", message: `the token is for ${quote(found.region)}, another region`, evidence };
  }
  return { outcome: "ok", message: `the token is for the registry of the account ${found.account}`, evidence };
}

async function testPublic({ region }: Settings, credentials: Checked<AwsCredentials>, context: TestContext): Promise<void> {
  const { check, http, environment } = context;
  const given = await check({ stage: "authentication", title: "token", after: credentials }, (credentials) =>
    judge(async () => {
      const ecr = await openEcrPublic(http, findEndpoint("ECR_PUBLIC", region, environment), credentials);
      return describeToken(await ecr.getPublicToken());
    }),
  );
  await check({ stage: "server", title: "registry takes the token", after: given }, ({ token }) =>
    askRegistry(
      context,
      PUBLIC_REGISTRY,
      token.derive((value) => `Bearer ${value}`),
    ),
  );
}

function describeToken<Token extends RegistryToken>(value: Token): Verdict<Token> {
  const { expiresAt } = value;
  const evidence = expiresAt === undefined ? {} : { evidence: { facts: { tokenExpires: expiresAt.toISOString() } } };
  return { outcome: "ok", message: "AWS gives a token for the registry", value, ...evidence };
}

/** Asks the root of the registry's interface, which is open to those with a token only. */
async function askRegistry({ http }: TestContext, host: string, authorization: Redacted): Promise<Verdict> {
  const url = new URL(`https://${host}`);
  const answer = await getRoot(http, url, authorization);
  const { status } = answer;
  if (status === 200 && isRegistry(answer)) return { outcome: "ok", message: `${host} takes the token` };
  if (status === 401 || status === 403)
    return { outcome: "wrong-credentials", message: `${host} does not take the token that AWS gave for it` };
  return { ...notRegistry(url, status), hint: "Is there a proxy with a page of its own on the way?" };
}
