import { describe, expect, it } from "vitest";
import { compile } from "../src/entry/testing.js";
import { type Connection, connectionRef, project, type Scope, secret } from "../src/index.js";
import { isRoleArn } from "../src/services/aws/arn.js";
import { region, roleArn } from "../src/services/aws/formats.js";
import { growth, startCount } from "./support/processor-time.js";

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
      const count = startCount();
      expect(isRoleArn(arn(path))).toBe(false);
      expect(count()).toBeLessThan(500);
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

it("10,000 references to nowhere are checked in a time that grows with them, with suggestions for the first of them", () => {
  const declared = (count: number) =>
    project("Top", ({ awsConnection }: Scope) => {
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
  const { findings } = compile(declared(10_000));
  expect(new Set(findings.map((each) => each.code))).toEqual(new Set(["PB205"]));
  expect(findings).toHaveLength(10_000);
  expect(findings.filter((each) => each.hint?.startsWith("Did you mean"))).toHaveLength(100);
  expect(growth((count) => compile(declared(count)), 10_000 / 16)).toBeLessThan(1.5);
});

it("messages and hints are short, whatever IDs and names there are", () => {
  const long = (name: string) => `${name}${"x".repeat(1000)}`;
  const keys = { type: "accessKeys" as const, accessKey: secret("aws") };
  const declared = project(long("Top"), ({ awsConnection, subProject }: Scope) => {
    const at = { displayName: "c", region: "eu-central-1" };
    const roleArn = "arn:aws:iam::123456789012:role/deploy";
    const role = (principal: Connection<"aws">) => ({ ...at, credentials: { type: "iamRole" as const, principal, roleArn } });
    const main = awsConnection(long("Main"), { ...at, credentials: keys });
    const circle = Array.from({ length: 50 }, (_, index) => long(`C${index}`));
    for (const [index, id] of circle.entries()) awsConnection(id, role(connectionRef("aws", circle[(index + 1) % 50] as string)));
    const nest = (depth: number) => (scope: Scope) => {
      if (depth > 0) return scope.subProject(long(`P${depth}`), { name: long("n") }, nest(depth - 1));
      scope.awsConnection(long("Role"), role(main));
      scope.awsConnection(long("Far"), role(connectionRef("aws", long("Other"))));
      scope.feature(long("F"), "T", { [long("secure:")]: "plain" });
      scope.feature(long("F"), "T", {});
    };
    nest(50)({ ...({} as Scope), subProject } as Scope);
    subProject(long("p50"), { name: long("n"), parentId: "x" } as never, ({ awsConnection }) => {
      awsConnection(long("Other"), { ...at, credentials: keys });
    });
  });
  const { findings } = compile(declared);
  const found = new Set(findings.map(({ code }) => code));
  for (const code of ["PB120", "PB122", "PB136", "PB201", "PB202", "PB207", "PB208"]) expect(found).toContain(code);
  for (const { message, hint = "" } of findings) {
    expect(message.length).toBeLessThan(220);
    expect(hint.length).toBeLessThan(350);
  }
});
