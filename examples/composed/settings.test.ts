import { compile, matchers, type PlugboardMatchers } from "plugboard/testing";
import { describe, expect, it } from "vitest";
import settings from "./settings.js";

expect.extend(matchers);

declare module "vitest" {
  interface Matchers<T> extends PlugboardMatchers<T> {}
}

describe.each(["staging", "production"])("connections of checkout in %s", (stage) => {
  const compiled = compile(settings, { inputs: { stage } });

  it("has nothing to complain about", () => {
    expect(compiled).toHaveNoFindings();
  });

  it("has what every team has", () => {
    expect(compiled).toHaveConnection("checkout-registry", { userName: "teamcity-checkout" });
    expect(compiled).toHaveConnection("checkout-github", { ownerUrl: "https://github.com/acme-checkout" });
    expect(compiled).toHaveConnection("checkout-slack");
  });

  it("hands AWS roles to builds and to nothing else", () => {
    expect(compiled.params(`Checkout_${stage}_Aws_deploy`)).toMatchObject({
      awsAllowedInBuilds: "true",
      awsAllowedInSubProjects: "false",
      awsRegionName: "eu-west-1",
    });
  });
});

it("keeps the stages in accounts of their own", () => {
  const roleArn = (stage: string) =>
    compile(settings, { inputs: { stage } }).params(`Checkout_${stage}_Aws_deploy`)?.awsIamRoleArn;
  expect(roleArn("staging")).toBe("arn:aws:iam::111122223333:role/teamcity-deploy");
  expect(roleArn("production")).toBe("arn:aws:iam::444455556666:role/teamcity-deploy");
});

it("asks for a stage that exists", () => {
  expect(compile(settings)).toHaveFinding("PB107");
  expect(compile(settings, { inputs: { stage: "test" } })).toHaveFinding("PB109");
});
