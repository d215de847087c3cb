import { describe, expect, it } from "vitest";
import { compile } from "../src/entry/testing.js";
import { type connectionRef, project, type Scope } from "../src/index.js";
import { isRoleArn } from "../src/services/aws/arn.js";
import { region, roleArn } from "../src/services/aws/formats.js";

describe("role ARNs", () => {
  const arn = (path: string) => `arn:aws:iam::123456789012:role/${path}`;

  it.each(["deploy", "a/deploy", "a/b/c/deploy", "a//b/deploy", "///deploy", `${"a/".repeat(500)}deploy`])(
    "%s is one",
    (path) => {
      expect(isRoleArn(arn(path))).toBe(true);
    },
  );

  it.each(["", "a/", "/deploy", "a b/deploy", "x".repeat(65), "a/b c", `${"a/".repeat(40)} `, `${"/".repeat(1900)} `])(
    "%s is none",
    (path) => {
      const start = performance.now();
      expect(isRoleArn(arn(path))).toBe(false);
      expect(performance.now() - start).toBeLessThan(500);
    },
  );
});

describe("values of AWS", () => {
  const context = { target: {}, extraRegions: [] };
  const secretKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

  it("are shown if they look like regions", () => {
    expect(region("eu-wst-1", context)).toMatchObject({ message: 'is not an AWS region: "eu-wst-1"' });
    for (const value of [secretKey, secretKey.slice(0, 20), "a".repeat(40)]) {
      expect(region(value, context)).toMatchObject({ message: "is not an AWS region" });
      expect(JSON.stringify(region(value, context))).not.toContain(value);
    }
  });

  it.each([
    ["arn:aws:iam::123456789012:user/deploy", "is the ARN of an iam user, not one of an IAM role"],
    ["arn:aws:sts::123456789012:assumed-role/deploy/x", "is the ARN of an sts assumed-role, not one of an IAM role"],
    ["arn:aws:iam::123456789012:root", "is the ARN of an iam root, not one of an IAM role"],
    ["arn:aws:iam::1234:role/deploy", "is not the ARN of an IAM role"],
    [`arn:aws:${secretKey}:::role/x`, "is not the ARN of an IAM role"],
    ["arn:aws:iam:::wJalrXUtnFEMI", "is not the ARN of an IAM role"],
    ["arn:aws:iam:::userwJalrXUtnFEMI", "is not the ARN of an IAM role"],
    [secretKey, "is not the ARN of an IAM role"],
  ])("%s", (value, message) => {
    expect(roleArn(value, context)?.message).toBe(message);
  });
});

it("10,000 references to nowhere are checked in seconds, with suggestions for the first of them", () => {
  const count = 10_000;
  const declared = project("Top", ({ awsConnection }: Scope) => {
    for (let index = 0; index < count; index++) {
      awsConnection(`Connection${index}`, {
        displayName: "c",
        region: "eu-central-1",
        credentials: {
          type: "iamRole",
          principal: { toJSON: () => ({ $connection: `Conection${count - index}x` }) } as unknown as ReturnType<
            typeof connectionRef<"aws">
          >,
          roleArn: "arn:aws:iam::123456789012:role/deploy",
        },
      });
    }
  });
  const start = performance.now();
  const { findings } = compile(declared);
  expect(performance.now() - start).toBeLessThan(5000);
  expect(new Set(findings.map((each) => each.code))).toEqual(new Set(["PB205"]));
  expect(findings).toHaveLength(count);
  expect(findings.filter((each) => each.hint?.startsWith("Did you mean"))).toHaveLength(100);
});
