import { describe, expect, it } from "vitest";
import { compile } from "../src/entry/testing.js";
import { type connectionRef, project, type Scope } from "../src/index.js";
import { isRoleArn } from "../src/services/aws/arn.js";

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
