/** What `plugboard test` adds to the time that the services themselves take, and whether its memory grows with the tests. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { measureNode } from "./process.mjs";
import { summarize } from "./statistics.mjs";

const SIZES = [100, 1000];
const PARALLEL = 64;

/** How long the service takes for each answer. */
const DELAY_MS = 50;

/** A type whose tests send one request each after one for all, and a type whose tests send several. */
const types = {
  dockerRegistry: (url) => `url: "${url}", userName: "ci", password: secret("bench")`,
  npmRegistry: (url, index) => `url: "${url}/${index}/", token: secret("bench")`,
};

/** Tests connections against a service that answers after a while. Time is that of the tests, as the report tells it. */
export async function measureTests({ folder, bin, runs, log }) {
  const own = join(folder, "tested");
  mkdirSync(own);
  let requests = 0;
  const server = createServer((request, answer) => {
    requests += 1;
    setTimeout(() => respond(request, answer), DELAY_MS);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  const cases = Object.keys(types).flatMap((type) =>
    SIZES.map((connections) => ({ type, connections, file: join(own, `${type}-${connections}.ts`), samples: [] })),
  );
  for (const { type, connections, file } of cases) writeFileSync(file, settings(type, connections, url));
  try {
    for (let round = 1; round <= runs; round += 1) {
      log(`connection tests: round ${round} of ${runs}`);
      for (const each of cases) {
        requests = 0;
        each.samples.push(await runTests({ folder: own, bin, file: each.file }));
        each.requests = Math.floor(requests / each.connections);
        each.shared = requests % each.connections;
      }
    }
  } finally {
    server.closeAllConnections();
    server.close();
  }
  const rows = cases.map(({ type, connections, requests, shared, samples }) => {
    const idealMs = (Math.ceil(connections / PARALLEL) * requests + shared) * DELAY_MS;
    const [testsMs, wallMs, memoryMb] = ["testsMs", "wallMs", "memoryMb"].map((key) =>
      summarize(samples.map((each) => each[key])),
    );
    return { type, connections, requests, idealMs, testsMs, ratio: testsMs.median / idealMs, wallMs, memoryMb };
  });
  const most = Math.max(...Object.keys(types).map((type) => growthOf(rows.filter((each) => each.type === type))));
  return { rows, growth: most, parallel: PARALLEL, delayMs: DELAY_MS };
}

function growthOf(rows) {
  return rows.at(-1).memoryMb.median / rows[0].memoryMb.median;
}

/** Answers as a Docker registry and an npm registry do, to whoever sends credentials. */
function respond({ url, headers: { authorization } }, answer) {
  const isDocker = url === "/v2/";
  const isKnown = authorization?.endsWith(isDocker ? btoa(`ci:${SECRET}`) : SECRET) === true;
  answer.setHeader("content-type", "application/json");
  if (isDocker) answer.setHeader("docker-distribution-api-version", "registry/2.0");
  if (isDocker && !isKnown) answer.setHeader("www-authenticate", 'Basic realm="bench"');
  if ((isDocker || url.endsWith("/-/whoami")) && !isKnown) answer.statusCode = 401;
  else if (!isDocker && !url.includes("/-/")) answer.statusCode = 404;
  answer.end(url.endsWith("/-/whoami") && isKnown ? '{"username":"ci"}' : "{}");
}

const SECRET = "value-of-the-benchmark";

async function runTests({ folder, bin, file }) {
  const report = join(folder, "report.json");
  const args = ["test", "--settings", file, "--parallel", `${PARALLEL}`, "--reporter", `json=${report}`];
  process.env.PLUGBOARD_SECRET_BENCH = SECRET;
  const { wallMs, memoryMb } = await measureNode([bin, ...args], { cwd: folder, usageFile: join(folder, "usage.json") });
  return { wallMs, memoryMb, testsMs: JSON.parse(readFileSync(report, "utf8")).summary.duration };
}

function settings(type, connections, url) {
  const one = (_, index) => `  ${type}("Tested_${index}", { displayName: "tested ${index}", ${types[type](url, index)} });\n`;
  const lines = Array.from({ length: connections }, one).join("");
  return `import { project, secret } from "plugboard";\nexport default project("Bench", ({ ${type} }) => {\n${lines}});\n`;
}
