import type { Adapter, TestContext, Verdict } from "../../contract/adapter.js";
import { type AwsCredentials, readAccessKey } from "../../services/aws/credentials.js";
import { limitToMachine, openDefaultChain } from "../../services/aws/default-chain.js";
import { findEndpoint } from "../../services/aws/endpoints.js";
import { AwsFailure, judge } from "../../services/aws/failure.js";
import { openIam } from "../../services/aws/iam.js";
import type { Identity } from "../../services/aws/sts.js";
import { describe, factsOf } from "./identity.js";
import { testRole } from "./role.js";
import { type AwsSettings, endpointOf, identify, type Source, startSession } from "./sources.js";

export const adapter: Adapter<AwsSettings> = {
  endpoints: (settings, environment, deep) => [
    endpointOf(settings, environment).url,
    ...(deep && settings.credentials.type === "accessKeys" ? [findEndpoint("IAM", settings.region, environment).url] : []),
  ],
  ambient: ({ credentials }) => credentials.type === "defaultProviderChain",
  async test(settings, context) {
    const source: Source = { address: context.address, settings };
    const { credentials } = settings;
    if (credentials.type === "accessKeys") await testAccessKey(source, credentials, context);
    else if (credentials.type === "iamRole") await testRole(source, credentials, context);
    else await testDefaultChain(source, context);
  },
};

/** An access key, and whose it is unless the server is not AWS's own and cannot tell. */
interface KnownKey {
  readonly key: AwsCredentials;
  readonly identity?: Identity;
}

type AccessKey = Extract<Source["settings"]["credentials"], { type: "accessKeys" }>;

async function testAccessKey(source: Source, settings: AccessKey, context: TestContext): Promise<void> {
  const { check } = context;
  const key = await check({ stage: "input", title: "access key" }, () =>
    judge(async () => ({ outcome: "ok", message: "the access key is complete", value: readAccessKey(settings) })),
  );
  const known = await check({ stage: "authentication", title: "identity", after: key }, (key) =>
    judge<KnownKey>(
      async () => {
        const identity = await identify(source, key, context);
        return {
          ...describe(identity, source),
          evidence: { facts: { ...factsOf(identity), accessKeyId: `…${key.accessKeyId.slice(-4)}` } },
          value: { key, identity },
        };
      },
      { key },
    ),
  );
  if (settings.useSessionCredentials !== false) {
    await check({ stage: "authentication", title: "session credentials", after: known }, ({ key, identity }) =>
      judge(async () => {
        await startSession(source, key, context);
        const atMost = identity?.caller.kind === "root" ? ", for an hour at most since the key is the root user's" : "";
        return { outcome: "ok", message: `STS gives session credentials for the key${atMost}` };
      }),
    );
  }
  if (context.deep) {
    await check({ stage: "permissions", title: "rights for rotation", after: known }, ({ key }) =>
      judge(() => testRotation(source, key, context)),
    );
  }
}

/**
 * Rotation needs `iam:GetUser`, `iam:CreateAccessKey` and `iam:DeleteAccessKey`. Only the first can be tried without changing
 * something. IAM takes the key itself only, not a session made with it.
 */
async function testRotation({ settings }: Source, key: AwsCredentials, { http, environment }: TestContext): Promise<Verdict> {
  const iam = await openIam(http, findEndpoint("IAM", settings.region, environment), key);
  try {
    await iam.getUser();
    const count = await iam.countAccessKeys();
    return {
      outcome: "ok",
      message: "iam:GetUser is allowed; iam:CreateAccessKey and iam:DeleteAccessKey are proven by a rotation only",
      evidence: { facts: { accessKeys: count } },
      ...(count < 2
        ? {}
        : { complaints: [{ code: "PB224", message: "the user has two access keys, so a rotation cannot create another" }] }),
    };
  } catch (error) {
    if (!(error instanceof AwsFailure) || error.verdict.outcome !== "missing-permission") throw error;
    return {
      ...error.verdict,
      outcome: "ok-limited",
      message: `the key works, and ${error.verdict.message}`,
      hint: "Is it to be rotated? Rotation needs iam:GetUser, iam:CreateAccessKey and iam:DeleteAccessKey; iam:ListAccessKeys is for this test only.",
    };
  }
}

async function testDefaultChain(source: Source, context: TestContext): Promise<void> {
  await context.check({ stage: "authentication", title: "identity" }, () =>
    judge(async () => {
      const { credentials, foundIn } = await openDefaultChain(context);
      return limitToMachine(foundIn, describe(await identify(source, credentials, context), source));
    }),
  );
}
