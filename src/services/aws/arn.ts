import { partitions } from "./regions.js";

const partitionNames = partitions.map((each) => each.id).join("|");
// The class of the path holds the slash too, so one run of it is the whole path; repeating it would take exponential time.
const roleArn = new RegExp(`^arn:(${partitionNames}):iam::\\d{12}:role/(?:[\\x21-\\x7e]+/)?[\\w+=,.@-]{1,64}$`);

/**
 * Tells whether a text is the ARN of an IAM role: partition, `iam`, no region, 12 digits, `role/` and an optional path.
 * Source: IAM User Guide, "IAM identifiers". 20 to 2,048 characters (STS API, AssumeRole).
 */
export function isRoleArn(value: string): boolean {
  return value.length >= 20 && value.length <= 2048 && roleArn.test(value);
}

const services = "iam|sts";
const resources =
  "user|group|policy|assumed-role|federated-user|instance-profile|root|mfa|oidc-provider|saml-provider|server-certificate";
const named = new RegExp(`^arn:[^:]*:(${services}):[^:]*:[^:]*:(${resources})(?![\\w-])`);

/**
 * What an ARN names, if it is something else than a role: `iam user`, `sts assumed-role`. Only words that AWS gave its
 * resources are told: what stands in their places in another text may be a secret.
 */
export function describeArn(value: string): string | undefined {
  const [, service, resource] = named.exec(value) ?? [];
  return resource && `${service} ${resource}`;
}
