import { existsSync, readFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { parseCommand, reportFlags, reportOptions, UsageError } from "./options.js";
import { writeOutput } from "./output.js";
import { type Report, reporting } from "./report.js";

export const help = `plugboard init [DIR] [options]

Writes what a settings repository starts with: settings.ts, plugboard.config.ts, tsconfig.json, package.json and a
CI job. Files that exist are left as they are.

  --project ID        external ID of the top project (default: made from the folder's name)
  --ci NAME           the CI job: github (default), gitlab or none
  --json, --quiet     the report as JSON; no report`;

const ownOptions = { ...reportFlags, project: { type: "string" }, ci: { type: "string" } } as const;

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseCommand(args, ownOptions);
  if (positionals.length > 1) throw new UsageError(`unexpected argument ${JSON.stringify(positionals[1])}`);
  const folder = resolve(positionals[0] ?? ".");
  const id = values.project ?? projectId(basename(folder));
  if (!/^[A-Za-z]\w{0,79}$/.test(id)) {
    throw new UsageError(
      `--project ${JSON.stringify(id)} is not a project ID: a Latin letter first, then letters, digits and underscores`,
    );
  }
  const ci = values.ci ?? "github";
  if (!Object.hasOwn(ciJobs, ci))
    throw new UsageError(`--ci ${JSON.stringify(ci)} is not known: choose ${Object.keys(ciJobs).join(", ")}`);

  return reporting(reportOptions(values), async () => writeFiles(folder, id, ciJobs[ci] ?? []));
}

/** Writes the files that are missing; reports on all of them and on what comes next. */
function writeFiles(folder: string, id: string, ciFiles: readonly (readonly [path: string, text: string])[]): Report {
  const files = new Map([
    ["settings.ts", settingsFile(id)],
    ["plugboard.config.ts", configFile],
    ["tsconfig.json", tsconfigFile],
    ["package.json", packageFile(id)],
    ...ciFiles,
  ]);
  const missing = new Map([...files].filter(([path]) => !existsSync(join(folder, path))));
  writeOutput(folder, missing);
  const shown = (path: string): string => relative(process.cwd(), join(folder, path));
  const statuses = [...files.keys()].map((path) => ({ path: shown(path), status: missing.has(path) ? "written" : "unchanged" }));
  const listed = statuses.map(({ path, status }) => `${status.padEnd(9)} ${path}`);
  const next = ["npm install", "npx plugboard check", "npx plugboard compile"];
  const steps = [...(shown(".") === "" ? [] : [`cd ${shown(".")}`]), ...next].map((each) => `  ${each}`);
  const manifest = missing.has("package.json") ? "" : readFileSync(join(folder, "package.json"), "utf8");
  const wanted = missing.has("package.json") ? [] : ["plugboard", "typescript"].filter((each) => !manifest.includes(`"${each}"`));
  const advice =
    wanted.length > 0 ? ["", `package.json is yours. Add what is missing: npm install --save-dev ${wanted.join(" ")}`] : [];
  return { findings: [], data: { files: statuses }, lines: [...listed, "", "Next:", ...steps, ...advice] };
}

/** A project ID from a folder's name: `acme-payments` becomes `AcmePayments`. */
export function projectId(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((each) => each !== "");
  const id = words
    .map((each) => each.charAt(0).toUpperCase() + each.slice(1))
    .join("")
    .replace(/^\d+/, "");
  return id === "" ? "MyProject" : id.slice(0, 80);
}

const settingsFile = (id: string): string => `import { project, secret } from "plugboard";

/** Connections of the ${id} project. */
export default project("${id}", ({ dockerRegistry, githubAppConnection }) => {
  githubAppConnection("${id}GitHub", {
    displayName: "GitHub",
    ownerUrl: "https://github.com/your-organization",
    appId: "123456",
    clientId: "Iv1.0000000000000000",
    clientSecret: secret("github/client-secret"),
    privateKey: secret("github/private-key"),
  });

  dockerRegistry("${id}Registry", {
    displayName: "Docker registry",
    url: "https://registry.example.com",
    userName: "teamcity",
    password: secret("docker/password"),
  });
});
`;

const configFile = `import { config } from "plugboard";

export default config({
  // "cloud" or "onPremises": some connections work on one of them only.
  // target: { edition: "onPremises" },
});
`;

const tsconfigFile = `{
  "compilerOptions": {
    "target": "ES2022",
    "module": "ESNext",
    "moduleResolution": "Bundler",
    "strict": true,
    "noEmit": true,
    "resolveJsonModule": true,
    "skipLibCheck": true,
    "types": []
  },
  "include": ["*.ts"]
}
`;

const packageFile = (id: string): string =>
  `${JSON.stringify(
    {
      name: `${id.toLowerCase().replaceAll("_", "-")}-settings`,
      private: true,
      type: "module",
      scripts: { check: "plugboard check", compile: "plugboard compile", typecheck: "tsc" },
      devDependencies: { plugboard: `^${PLUGBOARD_VERSION}`, typescript: "^5.9.0" },
    },
    null,
    2,
  )}\n`;

const githubJob = `name: plugboard
on: [pull_request]
permissions:
  contents: read
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: { node-version: 22 }
      - run: npm install
      - run: npx tsc
      - run: npx plugboard check
      - run: npx plugboard compile --check
`;

const gitlabJob = `plugboard:
  image: node:22
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  script:
    - npm install
    - npx tsc
    - npx plugboard check
    - npx plugboard compile --check
`;

const ciJobs: Readonly<Record<string, readonly [path: string, text: string][]>> = {
  github: [[".github/workflows/plugboard.yml", githubJob]],
  gitlab: [[".gitlab-ci.yml", gitlabJob]],
  none: [],
};
