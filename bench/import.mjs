/** The cost of `import` on trees of XML, against the XML parser alone on the same files. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { measureNode, runNode } from "./process.mjs";
import { growthExponent, summarize } from "./statistics.mjs";

/** Numbers of projects. The first stands for start-up. */
const SIZES = [1, 10, 100, 1000];
const PER_PROJECT = 5;

const floor = fileURLToPath(import.meta.resolve("./floors/xml.mjs"));

/** Imports each tree in turn with the parser alone and with `plugboard import`, which must find all that is there. */
export async function measureImport({ folder, bin, runs, log }) {
  const usageFile = join(folder, "usage.json");
  const cases = SIZES.map((projects) => ({
    projects,
    tree: writeTree(join(folder, `tree-${projects}`), projects),
    floors: [],
    imports: [],
  }));
  for (let round = 1; round <= runs; round += 1) {
    log(`import, round ${round} of ${runs}`);
    for (const { projects, tree, floors, imports } of cases) {
      floors.push((await runNode([floor, tree], { cwd: folder })).wallMs);
      const out = join(folder, "imported", `${projects}-${round}`);
      imports.push(await measureNode([bin, "import", tree, "--out", out, "--quiet"], { cwd: folder, usageFile }));
      if (round === 1) await assertWhole(join(out, "settings.ts"), projects, { folder, bin });
    }
  }
  const rows = cases.map(({ projects, floors, imports }) => {
    const [floorMs, wallMs] = [summarize(floors), summarize(imports.map((each) => each.wallMs))];
    const memoryMb = summarize(imports.map((each) => each.memoryMb));
    return { connections: projects * PER_PROJECT, projects, floorMs, wallMs, memoryMb, ratio: wallMs.median / floorMs.median };
  });
  const [start, , small, large] = rows.map(({ connections, wallMs }) => ({ connections, ms: wallMs.median }));
  return { rows, growth: growthExponent(small, large, start.ms) };
}

/** What was imported compiles without a finding, and declares every connection. */
async function assertWhole(settings, projects, { folder, bin }) {
  const { output } = await runNode([bin, "compile", settings, "--no-cache", "--to", "json", "--out", `${settings}.out`], {
    cwd: folder,
  });
  const expected = `${projects * PER_PROJECT} connections in ${projects} project${projects === 1 ? "" : "s"}`;
  if (!output.includes(expected)) throw new Error(`the import of ${projects} projects is not whole:\n${output}`);
}

/** Writes a tree as TeamCity keeps it: ten projects below each other one, five connections and a feature in each. */
function writeTree(folder, projects) {
  for (let index = 0; index < projects; index += 1) {
    mkdirSync(join(folder, `Bench_${index}`), { recursive: true });
    writeFileSync(join(folder, `Bench_${index}`, "project-config.xml"), projectFile(index));
  }
  return folder;
}

function projectFile(index) {
  const parent = index === 0 ? "" : ` parent-id="Bench_${Math.floor((index - 1) / 10)}"`;
  const extensions = [
    ...connections(index),
    ["ReportTab_1", "ReportTab", { startPage: "index.html", title: "Coverage", type: "BuildReportTab" }],
  ];
  return `<?xml version="1.0" encoding="UTF-8"?>
<project xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"${parent} uuid="${uuid(index)}" xsi:noNamespaceSchemaLocation="https://www.jetbrains.com/teamcity/schemas/2021.1/project-config.xsd">
  <name>Project ${index}</name>
  <parameters>
    <param name="team" value="team-${index}" />
  </parameters>
  <project-extensions>
${extensions.map(([id, type, params]) => extension(id, type, params)).join("\n")}
  </project-extensions>
  <cleanup />
</project>

`;
}

function connections(index) {
  const token = (part) => `credentialsJSON:${uuid(index * 10 + part)}`;
  const connection = (id, providerType, params) => [
    id,
    "OAuthProvider",
    { displayName: `${id} ${index}`, providerType, ...params },
  ];
  return [
    connection(`Bench_${index}_Aws`, "AWS", {
      awsAccessKeyId: `AKIA${String(index).padStart(16, "0")}`,
      awsAllowedInBuilds: "false",
      awsAllowedInSubProjects: "false",
      awsCredentialsType: "awsAccessKeys",
      awsRegionName: "eu-west-1",
      awsSessionCredentials: "true",
      awsStsEndpoint: "https://sts.eu-west-1.amazonaws.com",
      "secure:awsSecretAccessKey": token(0),
    }),
    connection(`Docker_${index}`, "Docker", {
      repositoryUrl: "https://registry.example.com",
      "secure:userPass": token(1),
      userName: `team-${index}`,
    }),
    connection(`GitHub_${index}`, "GitHub", {
      clientId: `Iv1.${String(index).padStart(16, "0")}`,
      defaultTokenScope: "public_repo,repo,repo:status,write:repo_hook",
      gitHubUrl: "https://github.com/",
      "secure:clientSecret": token(2),
    }),
    connection(`Slack_${index}`, "slackConnection", {
      clientId: `${index}.1`,
      "secure:clientSecret": token(3),
      "secure:token": token(4),
    }),
    connection(`Google_${index}`, "Google", {
      googleClientId: `${index}.apps.example.com`,
      "secure:googleClientSecret": token(5),
    }),
  ];
}

function extension(id, type, params) {
  const lines = Object.entries(params).map(([name, value]) => `        <param name="${name}" value="${value}" />`);
  return `    <extension id="${id}" type="${type}">\n      <parameters>\n${lines.join("\n")}\n      </parameters>\n    </extension>`;
}

function uuid(number) {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}
