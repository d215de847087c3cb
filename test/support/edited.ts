import { expect } from "vitest";
import { connectionTypes } from "../../src/connections/index.js";
import { typesByKind } from "../../src/formats/features.js";
import { type Edit, editTypeScript } from "../../src/formats/typescript/edit.js";
import type { ConnectionNode } from "../../src/model/schema.js";

export const types = typesByKind(connectionTypes);
export const file = "settings.ts";

export const payments = `import { acknowledge, project, secret } from "plugboard";

// Where everything runs.
const region = "eu-central-1";
const GITHUB = "PaymentsGitHub";

/** Connections of the payments team. */
export default project("Payments", ({ awsConnection, dockerRegistry, githubAppConnection, subProject }) => {
  const roleA = awsConnection("PaymentsServer", {
    displayName: "AWS · server", // as in the console
    region,
    credentials: { type: "defaultProviderChain" },
    allowInSubProjects: true, // the stages assume through it
    acknowledge: [acknowledge("PB221", "enabled on our server")],
  });

  githubAppConnection(GITHUB, {
    displayName: "GitHub · acme-payments",
    appId: "412873",
    clientId: "Iv1.8a61f9b3a7aba766",
    clientSecret: secret("github/client-secret"),
    privateKey: secret("github/private-key"),
    ownerUrl: "https://github.com/acme-payments",
  });

  // The company's registry.
  dockerRegistry("PaymentsRegistry", {
    displayName: "Docker · registry.acme.example",
    url: "https://registry.acme.example",
    userName:   'teamcity-payments', /* odd layout stays */
    password: secret("docker/registry-password"),
  });

  subProject("Payments_Staging", { name: "Staging" }, ({ awsConnection }) => {
    awsConnection("PaymentsDeploy", {
      displayName: "AWS · deploy",
      region,
      credentials: {
        type: "iamRole",
        principal: roleA,
        roleArn: "arn:aws:iam::111122223333:role/deploy",
      },
    });
  });
});
`;

export function edit(text: string, change: Edit) {
  return editTypeScript(text, change, { types, file });
}

export async function edited(text: string, change: Edit): Promise<string> {
  const { text: after, findings } = await edit(text, change);
  expect(findings).toEqual([]);
  return after as string;
}

/** What became of lines: those that went with `-`, those that came with `+`, in their order. */
export function diff(before: string, after: string): string[] {
  const [a, b] = [before.split("\n"), after.split("\n")];
  const longest = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  const at = (i: number, j: number): number => longest[i]?.[j] as number;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      (longest[i] as number[])[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const lines: string[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    if (i < a.length && a[i] === b[j]) [i, j] = [i + 1, j + 1];
    else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) lines.push(`-${a[i++]}`);
    else lines.push(`+${b[j++]}`);
  }
  return lines;
}

export const inProject = (projectId: string, connectionId: string) => ({ projectId, connectionId });
export const server = inProject("Payments", "PaymentsServer");
export const registry = inProject("Payments", "PaymentsRegistry");
export const deploy = inProject("Payments_Staging", "PaymentsDeploy");
export const set = (at: typeof server, path: string, value: unknown): Edit => ({
  action: "change",
  ...at,
  set: [{ path: path.split("."), value }],
});
export const unset = (at: typeof server, ...paths: string[]): Edit => ({
  action: "change",
  ...at,
  unset: paths.map((each) => each.split(".")),
});

export function docker(id: string, settings: Readonly<Record<string, unknown>> = {}): ConnectionNode {
  return { id, kind: "docker", settings: { displayName: id, ...settings } };
}

export function role(id: string, principal: string): ConnectionNode {
  const credentials = { type: "iamRole", principal: { $connection: principal }, roleArn: "arn:aws:iam::111122223333:role/x" };
  return { id, kind: "aws", settings: { displayName: id, region: "eu-west-1", credentials } };
}
