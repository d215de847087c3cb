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

/** Tests connections against a service that answers after a while. Time is that of the tests, as the report tells it. */
export async function measureTests({ folder, bin, runs, log }) {
  const own = join(folder, "tested");
  mkdirSync(own);
  const server = createServer((_, answer) => setTimeout(() => answer.end("hello"), DELAY_MS));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  writeFileSync(join(own, "plugin.mjs"), plugin);
  const cases = SIZES.map((connections) => ({ connections, file: join(own, `${connections}.ts`), samples: [] }));
  for (const { connections, file } of cases) writeFileSync(file, settings(connections, url));
  try {
    for (let round = 1; round <= runs; round += 1) {
      log(`connection tests: round ${round} of ${runs}`);
      for (const { file, samples } of cases) samples.push(await runTests({ folder: own, bin, file }));
    }
  } finally {
    server.closeAllConnections();
    server.close();
  }
  const rows = cases.map(({ connections, samples }) => {
    const idealMs = Math.ceil(connections / PARALLEL) * DELAY_MS;
    const [testsMs, wallMs, memoryMb] = ["testsMs", "wallMs", "memoryMb"].map((key) =>
      summarize(samples.map((each) => each[key])),
    );
    return { connections, idealMs, testsMs, ratio: testsMs.median / idealMs, wallMs, memoryMb };
  });
  const growth = rows.at(-1).memoryMb.median / rows[0].memoryMb.median;
  return { rows, growth, parallel: PARALLEL, delayMs: DELAY_MS };
}

async function runTests({ folder, bin, file }) {
  const report = join(folder, "report.json");
  const args = [
    "test",
    "--settings",
    file,
    "--plugin",
    "plugin.mjs",
    "--parallel",
    `${PARALLEL}`,
    "--reporter",
    `json=${report}`,
  ];
  const { wallMs, memoryMb } = await measureNode([bin, ...args], { cwd: folder, usageFile: join(folder, "usage.json") });
  return { wallMs, memoryMb, testsMs: JSON.parse(readFileSync(report, "utf8")).summary.duration };
}

const plugin = `
import { connectionSettings, defineConnection, param, setting } from "plugboard/contract";

const adapter = {
  endpoints: ({ url }) => [new URL(url)],
  async test({ url, token }, { http, check }) {
    await check({ stage: "server", title: "answers" }, async () => {
      const { text } = await http.request(url, { headers: { authorization: "Bearer " + token.reveal() } });
      return { outcome: "ok", message: text };
    });
  },
};

export const types = [
  defineConnection({
    kind: "probe",
    functionName: "probeConnection",
    title: "Probe",
    kotlinClass: "ProbeConnection",
    providerType: "Probe",
    settings: connectionSettings({ url: setting.text, token: setting.secret }),
    params: { displayName: param.text("displayName"), url: param.text("url"), token: param.sealed("secure:token") },
    adapter: async () => ({ adapter }),
    guide: async () => ({ guide: { summary: "", uses: [], rights: [], steps: [] } }),
  }),
];
`;

function settings(connections, url) {
  process.env.PLUGBOARD_SECRET_BENCH = "value-of-the-benchmark";
  const one = (_, index) =>
    `  connection({ kind: "probe" }, "Probe_${index}", { displayName: "probe ${index}", url: ${JSON.stringify(`${url}/${index}`)}, token: secret("bench") });\n`;
  return `import { project, secret } from "plugboard";\nexport default project("Bench", ({ connection }) => {\n${Array.from({ length: connections }, one).join("")}});\n`;
}
