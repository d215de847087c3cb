import { join } from "node:path";
import { root, type Workspace } from "./workspace.js";

/**
 * A plug-in for the command line: probes, whose test sends their token to their address. The answer's status decides, and a
 * path of `/crash` is an error in the test itself.
 */
const plugin = `
import { connectionSettings, defineConnection, param, setting } from ${JSON.stringify(join(root, "dist/contract.js"))};

const adapter = {
  endpoints: ({ url }) => [new URL(url)],
  async test({ url, token }, { http, check }) {
    if (url.endsWith("/crash")) throw new TypeError("crash is not a function");
    const server = await check({ stage: "server", title: "answers" }, async () => {
      const { status, text } = await http.request(url, token && { headers: { authorization: "Bearer " + token.reveal() } });
      const evidence = { facts: { said: text } };
      if (status === 401) return { outcome: "wrong-secret", message: "the token is refused", evidence };
      if (status === 203) return { outcome: "deprecated", message: "it ends in <2030>" };
      if (url.endsWith("/odd")) return { outcome: "ok", message: "odd", complaints: [{ code: "X1", message: "<odd>" }] };
      return { outcome: "ok", message: "it said " + text, evidence };
    });
    await check({ stage: "permissions", title: "rights", after: server }, () => ({ outcome: "ok", message: "enough" }));
  },
};

export const types = [
  defineConnection({
    kind: "probe",
    functionName: "probeConnection",
    title: "Probe",
    kotlinClass: "ProbeConnection",
    providerType: "Probe",
    settings: connectionSettings({ url: setting.text, token: setting.secret.optional() }),
    params: { displayName: param.text("displayName"), url: param.text("url"), token: param.sealed("secure:token") },
    codes: { X1: { severity: "note", title: "Odd", help: "It is odd." } },
    adapter: async () => ({ adapter }),
    guide: async () => ({ guide: { summary: "", uses: [], rights: [], steps: [] } }),
  }),
];
`;

/** Writes settings with probes into a workspace: `id: address`, or `id: [address, name of its secret]`. */
export function writeProbes(space: Workspace, probes: Readonly<Record<string, string | readonly [string, string]>>): void {
  const declarations = Object.entries(probes).map(([id, probe]) => {
    const [url, name] = typeof probe === "string" ? [probe] : probe;
    const token = name === undefined ? "" : `, token: secret(${JSON.stringify(name)})`;
    return `  connection({ kind: "probe" }, ${JSON.stringify(id)}, { displayName: "a probe", url: ${JSON.stringify(url)}${token} });\n`;
  });
  space.write("plugin.mjs", plugin);
  space.write(
    "settings.ts",
    `import { project, secret } from "plugboard";\nexport default project("Top", ({ connection }) => {\n${declarations.join("")}});\n`,
  );
}
