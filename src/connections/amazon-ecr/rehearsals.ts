import type { Asked, Change, Rehearsal, Reply } from "../../contract/rehearsal.js";
import { never } from "../../services/aws/rehearsal.js";

const ECR = "POST api.ecr.eu-central-1.amazonaws.com/";
const REGISTRY = "GET 123456789012.dkr.ecr.eu-central-1.amazonaws.com/v2/";
const authorization = Buffer.from("AWS:made-up-registry-password").toString("base64");

const json = (body: unknown, status = 200): Reply => ({
  status,
  headers: { "content-type": "application/x-amz-json-1.1" },
  body,
});
const ecrRefusal = (type: string): Reply => json({ __type: type, message: "no" }, 400);

const ecrToken = (account: string): Reply =>
  json({
    authorizationData: [
      {
        authorizationToken: authorization,
        expiresAt: Math.round(Date.now() / 1000) + 43_200,
        proxyEndpoint: `https://${account}.dkr.ecr.eu-central-1.amazonaws.com`,
      },
    ],
  });

const ecrAnswers = (answer: Reply): Change => ({ answers: { [ECR]: answer } });

const registry = ({ headers }: Asked): Reply =>
  headers.authorization?.startsWith("B")
    ? { headers: { "docker-distribution-api-version": "registry/2.0" } }
    : { status: 401, headers: { "docker-distribution-api-version": "registry/2.0", "www-authenticate": 'Basic realm="ecr"' } };

const ecrPrivate: Rehearsal = {
  variant: "private",
  source: "docs.aws.amazon.com: Amazon ECR API reference",
  settings: {
    registryId: "123456789012",
    region: "eu-central-1",
    credentials: { type: "accessKeys", accessKey: { $secret: "aws/key" } },
  },
  secrets: (unique) => ({
    "aws/key": JSON.stringify({ accessKeyId: "AKIAEXAMPLE000000001", secretAccessKey: unique("key") }),
  }),
  answers: { [ECR]: ecrToken("123456789012"), [REGISTRY]: registry },
  failures: {
    ...never,
    "ok-limited": "the registry is proven, or it is not",
    unverifiable: "every part of the connection can be asked for",
    "invalid-input": { secrets: { "aws/key": "no pair" } },
    "wrong-id": ecrAnswers(ecrRefusal("UnrecognizedClientException")),
    "wrong-secret": ecrAnswers(ecrRefusal("InvalidSignatureException")),
    expired: ecrAnswers(ecrRefusal("ExpiredTokenException")),
    "identity-mismatch": ecrAnswers(ecrToken("210987654321")),
    "missing-permission": ecrAnswers(ecrRefusal("AccessDeniedException")),
    "clock-skew": ecrAnswers(
      json(
        {
          __type: "InvalidSignatureException",
          message: "Signature expired: 20260101T000000Z is now earlier than 20260101T001000Z",
        },
        400,
      ),
    ),
  },
};

const PUBLIC = "POST api.ecr-public.us-east-1.amazonaws.com/";

const publicAnswers = (answer: Reply): Change => ({ answers: { [PUBLIC]: answer } });

const ecrPublic: Rehearsal = {
  ...ecrPrivate,
  variant: "public",
  source: "docs.aws.amazon.com: Amazon ECR Public API reference",
  settings: { ...ecrPrivate.settings, registryType: "public", region: "us-east-1" },
  answers: {
    [PUBLIC]: json({
      authorizationData: { authorizationToken: authorization, expiresAt: Math.round(Date.now() / 1000) + 43_200 },
    }),
    "GET public.ecr.aws/v2/": registry,
  },
  failures: {
    ...ecrPrivate.failures,
    "wrong-id": publicAnswers(ecrRefusal("UnrecognizedClientException")),
    "wrong-secret": publicAnswers(ecrRefusal("InvalidSignatureException")),
    expired: publicAnswers(ecrRefusal("ExpiredTokenException")),
    "identity-mismatch": "a public registry has no account in its address",
    "missing-permission": publicAnswers(
      json({ __type: "AccessDeniedException", message: "User is not authorized to perform: sts:GetServiceBearerToken" }, 400),
    ),
    "clock-skew": publicAnswers(json({ __type: "InvalidSignatureException", message: "Signature expired" }, 400)),
  },
};

export const rehearsals: readonly Rehearsal[] = [ecrPrivate, ecrPublic];
