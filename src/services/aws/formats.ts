import type { Format } from "../../contract/params.js";
import { isAccessKeyId } from "../../model/key-pair.js";
import { nearest, quote } from "../../model/text.js";
import { describeArn, isRoleArn } from "./arn.js";
import { regions } from "./regions.js";

/** Formats of AWS values, for every connection type that stores one. */

/** What may be shown in a message: a secret access key, given where a region belongs, is none. */
const REGION_LIKE = /^[a-z0-9-]{1,25}$/;

/** A region that AWS has, or one that the configuration adds in `extraRegions`. */
export const region: Format = (value, { extraRegions }) => {
  if (regions.includes(value) || extraRegions.includes(value)) return undefined;
  const meant = nearest(value, regions);
  return {
    code: "PB132",
    message: REGION_LIKE.test(value) ? `is not an AWS region: ${quote(value)}` : "is not an AWS region",
    hint: meant === undefined ? "A new region goes into extraRegions of plugboard.config.ts." : `Did you mean ${quote(meant)}?`,
  };
};

/** ARN of an IAM role. STS refuses anything else at AssumeRole. */
export const roleArn: Format = (value) => {
  if (isRoleArn(value)) return undefined;
  const named = describeArn(value);
  return {
    code: "PB132",
    message: named === undefined ? "is not the ARN of an IAM role" : `is the ARN of an ${named}, not one of an IAM role`,
    hint: "Copy it from the role's page: arn:aws:iam::123456789012:role/name.",
  };
};

/** RoleSessionName of STS AssumeRole: 2 to 64 characters of `[\w+=,.@-]`. */
export function isSessionName(value: string): boolean {
  return /^[\w+=,.@-]{2,64}$/.test(value);
}

/** A role session name. */
export const sessionName: Format = (value) =>
  isSessionName(value)
    ? undefined
    : {
        code: "PB132",
        message: "is not a role session name",
        hint: "AWS takes 2 to 64 letters, digits and the characters _ + = , . @ -",
      };

/** ExternalId of STS AssumeRole: 2 to 1,224 characters of `[\w+=,.@:/-]`. */
export function isExternalId(value: string): boolean {
  return /^[\w+=,.@:/-]{2,1224}$/.test(value);
}

/** An external ID. */
export const externalId: Format = (value) =>
  isExternalId(value)
    ? undefined
    : {
        code: "PB132",
        message: "is not an external ID",
        hint: "AWS takes 2 to 1,224 letters, digits and the characters _ + = , . @ : / -",
      };

/** An access key ID. */
export const accessKeyId: Format = (value) =>
  isAccessKeyId(value)
    ? undefined
    : {
        code: "PB133",
        message: "does not look like an access key ID",
        hint: "They have 16 or more capitals and digits and start with AKIA.",
      };

/** A 12-digit account ID. */
export const accountId: Format = (value) =>
  /^\d{12}$/.test(value) ? undefined : { code: "PB132", message: "is not an AWS account ID", hint: "It has 12 digits." };
