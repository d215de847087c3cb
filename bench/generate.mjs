/** Generates settings files of any size: the same input gives the same text, and both shapes declare the same settings. */

/** The shapes of a generated file: every connection as its own literal, or loops over few of them. */
export const shapes = ["written out", "computed"];

/** External ID of the top project. */
const TOP_PROJECT = "Bench";

const PER_PROJECT = 10;
const PROJECTS_PER_AREA = 10;

/** The first connection of every file, in the top project: the principal of all roles below. */
const SHARED = `awsConnection("Aws_0", {
  displayName: "AWS shared",
  region: "eu-central-1",
  credentials: {
    type: "accessKeys",
    accessKeyId: "AKIA0000000000000000",
    secretAccessKey: secret("aws/shared"),
  },
  allowInSubProjects: true,
});`;

/** One declaration per entry, taken in turn. `{n}` is the connection's number, `{nnnnnn}` the same with six digits. */
const declarations = [
  `awsConnection("Aws_{n}", {
  displayName: "AWS keys {n}",
  region: "eu-west-1",
  credentials: {
    type: "accessKeys",
    accessKeyId: "AKIA0000000000{nnnnnn}",
    secretAccessKey: secret("aws/{n}"),
  },
  sessionDuration: 120,
  allowInBuilds: true,
});`,
  `awsConnection("Aws_{n}", {
  displayName: "AWS role {n}",
  region: "us-east-1",
  credentials: {
    type: "iamRole",
    principal: shared,
    roleArn: "arn:aws:iam::123456{nnnnnn}:role/deploy",
    sessionName: "teamcity-{n}",
  },
});`,
  `dockerECRRegistry("Ecr_{n}", {
  displayName: "ECR {n}",
  registryId: "123456{nnnnnn}",
  region: "eu-central-1",
  role: { roleArn: "arn:aws:iam::123456{nnnnnn}:role/registry", externalId: "registry-{n}" },
  credentials: {
    type: "accessKeys",
    accessKeyId: "AKIA0000000000{nnnnnn}",
    secretAccessKey: secret("ecr/{n}"),
  },
});`,
  `githubAppConnection("GitHubApp_{n}", {
  displayName: "GitHub App {n}",
  ownerUrl: "https://github.com/team-{n}",
  appId: "{n}",
  clientId: "Iv1.0000000000{nnnnnn}",
  clientSecret: secret("github-app/{n}/client"),
  privateKey: secret("github-app/{n}/key"),
  webhookSecret: secret("github-app/{n}/webhook"),
});`,
  `dockerRegistry("Docker_{n}", {
  displayName: "Registry {n}",
  url: "https://registry-{n}.example.com:5000",
  userName: "builder-{n}",
  password: secret("docker/{n}"),
});`,
  `slackConnection("Slack_{n}", {
  displayName: "Slack {n}",
  botToken: secret("slack/{n}/bot"),
  clientId: "1234567890.{nnnnnn}",
  clientSecret: secret("slack/{n}/client"),
  serviceMessageMaxNotificationsPerBuild: 10,
  serviceMessageAllowedDomainNames: ["example.com", "*.team-{n}.example.com"],
});`,
  `kubernetesConnection("Eks_{n}", {
  displayName: "EKS {n}",
  apiServerUrl: "https://eks-{n}.example.com:6443",
  caCertificate: secret("eks/{n}/ca"),
  namespace: "builds-{n}",
  authStrategy: {
    type: "eks",
    clusterName: "cluster-{n}",
    accessId: "AKIA0000000000{nnnnnn}",
    secretKey: secret("eks/{n}/key"),
    role: { roleArn: "arn:aws:iam::123456{nnnnnn}:role/cluster" },
  },
});`,
  `hashiCorpVaultConnection("Vault_{n}", {
  displayName: "Vault {n}",
  url: "https://vault-{n}.example.com:8200",
  vaultNamespace: "teams/team-{n}",
  authMethod: {
    type: "appRole",
    roleId: "role-{n}",
    secretId: secret("vault/{n}"),
    endpointPath: "teamcity-{n}",
  },
});`,
  `githubConnection("GitHub_{n}", {
  displayName: "GitHub {n}",
  clientId: "github-client-{n}",
  clientSecret: token("credentialsJSON:00000000-0000-4000-8000-000000{nnnnnn}"),
});`,
  `gheConnection("Ghe_{n}", {
  displayName: "GitHub Enterprise {n}",
  serverUrl: "https://github-{n}.example.com",
  clientId: "ghe-client-{n}",
  clientSecret: secret("ghe/{n}"),
  useUniqueRedirect: true,
});`,
  `gitlabConnection("GitLab_{n}", {
  displayName: "GitLab.com {n}",
  applicationId: "gitlab-application-{n}",
  clientSecret: secret("gitlab/{n}"),
});`,
  `gitlabEEConnection("GitLabEE_{n}", {
  displayName: "GitLab {n}",
  serverUrl: "https://git-{n}.example.com/gitlab",
  applicationId: "gitlab-application-{n}",
  clientSecret: secret("gitlab-ee/{n}"),
  useUniqueRedirect: true,
});`,
  `azureDevOpsOAuthConnection("AzureOAuth_{n}", {
  displayName: "Azure DevOps {n}",
  azureDevOpsUrl: "https://app.vssps.visualstudio.com",
  applicationId: "00000000-0000-4000-8000-000000{nnnnnn}",
  clientSecret: secret("azure-oauth/{n}"),
  scope: ["vso.identity", "vso.code_write", "vso.project"],
});`,
  `azureDevopsConnection("AzurePat_{n}", {
  displayName: "Azure DevOps PAT {n}",
  serverUrl: "https://dev.azure.com/team-{n}",
  accessToken: secret("azure-pat/{n}", { expires: "2031-03-01" }),
});`,
  `bitbucketCloudConnection("Bitbucket_{n}", {
  displayName: "Bitbucket Cloud {n}",
  key: "bitbucket-key-{n}",
  clientSecret: secret("bitbucket/{n}"),
});`,
  `bitbucketServerConnection("BitbucketServer_{n}", {
  displayName: "Bitbucket {n}",
  serverUrl: "https://bitbucket-{n}.example.com",
  clientId: "bitbucket-client-{n}",
  clientSecret: secret("bitbucket-server/{n}"),
  useUniqueRedirect: true,
});`,
  `googleConnection("Google_{n}", {
  displayName: "Google {n}",
  clientId: "123456{nnnnnn}-example.apps.googleusercontent.com",
  clientSecret: secret("google/{n}"),
});`,
  `kubernetesConnection("Cluster_{n}", {
  displayName: "Cluster {n}",
  apiServerUrl: "https://cluster-{n}.example.com:6443",
  caCertificate: secret("cluster/{n}/ca"),
  namespace: "builds-{n}",
  authStrategy: {
    type: "openId",
    idpIssuerUrl: "https://id-{n}.example.com",
    clientId: "teamcity-{n}",
    clientSecret: secret("cluster/{n}/client"),
    refreshToken: secret("cluster/{n}/refresh"),
  },
});`,
  `npmRegistry("Npm_{n}", {
  displayName: "npm {n}",
  url: "https://npm-{n}.example.com",
  scope: "@team-{n}",
  token: secret("npm/{n}"),
});`,
  `perforceAdminAccess("Perforce_{n}", {
  displayName: "Perforce {n}",
  port: "ssl:perforce-{n}.example.com:1666",
  userName: "teamcity-{n}",
  password: secret("perforce/{n}"),
});`,
  `spaceConnection("Space_{n}", {
  displayName: "Space {n}",
  serverUrl: "https://space-{n}.example.com",
  clientId: "00000000-0000-4000-8000-000000{nnnnnn}",
  clientSecret: secret("space/{n}"),
  creation: { type: "organization" },
});`,
  `hashiCorpVaultConnection("VaultGcp_{n}", {
  displayName: "Vault through Google Cloud {n}",
  url: "https://vault-{n}.example.com:8200",
  authMethod: {
    type: "gcpIam",
    role: "builds-{n}",
    serviceAccount: "builds-{n}@example.iam.gserviceaccount.com",
  },
});`,
  `dockerECRRegistry("EcrPublic_{n}", {
  displayName: "ECR public {n}",
  registryType: "public",
  registryId: "123456{nnnnnn}",
  region: "us-east-1",
  credentials: {
    type: "accessKeys",
    accessKeyId: "AKIA0000000000{nnnnnn}",
    secretAccessKey: token("credentialsJSON:00000000-0000-4000-8000-000000{nnnnnn}"),
  },
});`,
];

/** How many sub-projects a file of so many connections declares. */
function subProjectCount(connections) {
  return Math.floor(connections / PER_PROJECT);
}

/**
 * The text of a settings file with so many connections (1 to 999,999) in 1 + connections/10 projects, three levels deep.
 * It compiles without findings and needs no lock file.
 * @param {{ connections: number, shape: "written out" | "computed" }} options
 * @returns {string}
 */
export function settingsFile({ connections, shape }) {
  if (!Number.isInteger(connections) || connections < 1 || connections > 999_999) {
    throw new RangeError(`connections is 1 to 999999, not ${connections}`);
  }
  if (shape === "written out") return writtenOut(connections);
  if (shape === "computed") return computed(connections);
  throw new RangeError(`shape is one of ${shapes.join(", ")}, not ${shape}`);
}

/**
 * Written-out settings in two files: every connection uses a constant of the file `prefix.ts` beside the settings.
 * @param {number} connections
 * @returns {{ settings: string, constant: (prefix: string) => string }}
 */
export function splitSettings(connections) {
  const text = settingsFile({ connections, shape: "written out" });
  return {
    settings: `import { prefix } from "./prefix";\n${text.replace(/displayName: "[^"]*"/g, "displayName: prefix")}`,
    constant: (prefix) => `export const prefix = ${JSON.stringify(prefix)};\n`,
  };
}

function writtenOut(connections) {
  const projects = subProjectCount(connections);
  const body = projects === 0 ? connectionLines(1, connections - 1) : [];
  for (let area = 0; area < projects; area += PROJECTS_PER_AREA) {
    const inner = [];
    for (let index = area + 1; index < Math.min(area + PROJECTS_PER_AREA, projects); index += 1) {
      inner.push(...subProjectLines(index, ownLines(index, connections)));
    }
    body.push(...subProjectLines(area, [...ownLines(area, connections), ...inner]));
  }
  const lines = [`const shared = ${SHARED}`, ...body];
  return `import { project, secret, token } from "plugboard";

export default project("${TOP_PROJECT}", (${parametersFor(lines)}) => {
${indented(lines)}
});
`;
}

function ownLines(index, connections) {
  return connectionLines(...rangeOf(index, connections));
}

/** The numbers of the first and the last connection of a sub-project; the last sub-project takes what is left. */
function rangeOf(index, connections) {
  const last = index === subProjectCount(connections) - 1 ? connections - 1 : (index + 1) * PER_PROJECT;
  return [index * PER_PROJECT + 1, last];
}

function connectionLines(first, last) {
  const lines = [];
  for (let n = first; n <= last; n += 1) {
    const text = declarations[(n - 1) % declarations.length];
    lines.push(text.replaceAll("{nnnnnn}", String(n).padStart(6, "0")).replaceAll("{n}", String(n)));
  }
  return lines;
}

function subProjectLines(index, lines) {
  const options = `{ name: "Project ${index}", description: "Sub-project ${index}" }`;
  return [`subProject("${TOP_PROJECT}_P${index}", ${options}, (${parametersFor(lines)}) => {\n${indented(lines)}\n});`];
}

/** The destructured scope: the functions that the statements directly in a body call, each once. */
function parametersFor(lines) {
  const names = lines.map((each) => /^(?:const shared = )?(\w+)\(/.exec(each)[1]);
  return `{ ${[...new Set(names)].sort().join(", ")} }`;
}

function indented(lines) {
  return lines.join("\n").replace(/^(?=.)/gm, "  ");
}

function computed(connections) {
  const projects = subProjectCount(connections);
  return `import { type Connection, project, type Scope, secret, token } from "plugboard";

const CONNECTIONS = ${connections};
const PROJECTS = ${projects};

type Declare = (scope: Scope, n: number, shared: Connection<"aws">) => void;

const padded = (n: number) => String(n).padStart(6, "0");

const declarations: readonly Declare[] = [
${indented(declarations.map(declareFunction))}
];

function declare(scope: Scope, first: number, last: number, shared: Connection<"aws">) {
  for (let n = first; n <= last; n += 1) {
    const one = declarations[(n - 1) % declarations.length] as Declare;
    one(scope, n, shared);
  }
}

function fill(scope: Scope, index: number, shared: Connection<"aws">) {
  const last = index === PROJECTS - 1 ? CONNECTIONS - 1 : (index + 1) * ${PER_PROJECT};
  declare(scope, index * ${PER_PROJECT} + 1, last, shared);
}

const options = (index: number) => ({ name: \`Project \${index}\`, description: \`Sub-project \${index}\` });

export default project("${TOP_PROJECT}", (top) => {
  const shared = top.${indented([SHARED]).trimStart()}
  if (PROJECTS === 0) declare(top, 1, CONNECTIONS - 1, shared);
  for (let area = 0; area < PROJECTS; area += ${PROJECTS_PER_AREA}) {
    top.subProject(\`${TOP_PROJECT}_P\${area}\`, options(area), (outer) => {
      fill(outer, area, shared);
      for (let index = area + 1; index < Math.min(area + ${PROJECTS_PER_AREA}, PROJECTS); index += 1) {
        outer.subProject(\`${TOP_PROJECT}_P\${index}\`, options(index), (inner) => fill(inner, index, shared));
      }
    });
  }
});
`;
}

/** A declaration as a function of its number: texts that hold the number become template literals. */
function declareFunction(text) {
  const name = /^\w+/.exec(text)[0];
  const parameters = text.includes("shared") ? "n, shared" : "n";
  const body = text.replace(/;$/, "").replace(/"([^"]*\{n+\}[^"]*)"/g, (_, inner) => {
    return `\`${inner.replaceAll("{nnnnnn}", "$" + "{padded(n)}").replaceAll("{n}", "$" + "{n}")}\``;
  });
  return `({ ${name} }, ${parameters}) =>\n${indented([body])},`;
}
