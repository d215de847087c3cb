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

/** Who signs a call, by its ARN. */
export interface Caller {
  readonly partition: string;
  readonly account: string;
  readonly kind: "root" | "user" | "assumed-role" | "federated-user";
  /** Of an assumed role, the name of the role: ARNs of sessions leave its path out. */
  readonly name: string;
}

const caller = /^arn:([\w-]+):(?:iam|sts)::(\d{12}):(root|user|assumed-role|federated-user)(?:\/([\x21-\x7e]{1,600}))?$/;

/** Reads the ARN that STS tells of a caller (IAM User Guide, "IAM identifiers"). One that can be read can be shown as it is. */
export function readCaller(arn: string): Caller | undefined {
  const [, partition = "", account = "", kind = "", path = ""] = caller.exec(arn) ?? [];
  if (partition === "") return undefined;
  const segments = path.split("/");
  return {
    partition,
    account,
    kind: kind as Caller["kind"],
    name: (kind === "assumed-role" ? segments[0] : segments.at(-1)) ?? "",
  };
}

/** Partition, account and name in the ARN of an IAM role. */
export function readRole(arn: string): { readonly partition: string; readonly account: string; readonly name: string } {
  const [, partition = "", , , account = "", resource = ""] = arn.split(":");
  return { partition, account, name: resource.split("/").at(-1) ?? "" };
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
