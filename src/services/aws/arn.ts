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

/** What an ARN names, for a message: `iam user`, `sts assumed-role`; `undefined` if it is no ARN. */
export function describeArn(value: string): string | undefined {
  const parts = /^arn:[^:]*:([^:]*):[^:]*:[^:]*:([A-Za-z-]*)/.exec(value);
  return parts === null ? undefined : `${parts[1]} ${parts[2]}`.trim();
}
