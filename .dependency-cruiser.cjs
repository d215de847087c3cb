// Which room may import which. The table is explained in ARCHITECTURE.md; a wrong arrow fails with the rule's name.

/** Room to the rooms it may import, and the npm packages. Type-only imports count: an arrow is an arrow. */
const rooms = {
  model: { rooms: [], packages: ["zod"] },
  contract: { rooms: ["model", "transport"], packages: ["zod"] },
  config: { rooms: ["model", "contract"], packages: ["zod"] },
  transport: { rooms: ["model"], packages: ["undici"] },
  services: {
    rooms: ["model", "contract", "transport"],
    packages: ["@aws-sdk", "@smithy", "@octokit", "@slack", "zod"],
  },
  secrets: { rooms: ["model", "config", "transport", "services"], packages: ["age-encryption", "zod"] },
  tester: { rooms: ["model", "contract", "rules", "transport", "secrets"], packages: ["zod"] },
  rules: { rooms: ["model", "contract"], packages: [] },
  evaluate: {
    rooms: ["model"],
    packages: [
      "esbuild",
      "@jridgewell/trace-mapping",
      "jsonc-parser",
      "ts-morph",
      "quickjs-emscripten-core",
      "@jitl/quickjs-wasmfile-release-sync",
    ],
  },
  formats: { rooms: ["model", "contract", "config"], packages: ["@rgrove/parse-xml", "ts-morph", "web-tree-sitter"] },
  report: { rooms: ["model", "contract"], packages: [] },
  cli: {
    rooms: [
      "model",
      "contract",
      "config",
      "connections",
      "rules",
      "evaluate",
      "formats",
      "report",
      "secrets",
      "tester",
      "transport",
    ],
    packages: [],
  },
};

const only = (room, { rooms: allowed, packages }) => ({
  name: `${room}-imports`,
  comment: `src/${room} may import ${[...allowed.map((each) => `src/${each}`), ...packages].join(", ") || "nothing"} and Node's own modules`,
  severity: "error",
  from: { path: `^src/${room}/` },
  to: {
    pathNot: [
      `^src/${room}/`,
      ...allowed.map((each) => `^src/${each}/`),
      ...packages.map((each) => `^node_modules/${each}/`),
      "^(node:)?[a-z0-9_/]+$",
    ],
  },
});

module.exports = {
  forbidden: [
    ...Object.entries(rooms).map(([room, rule]) => only(room, rule)),
    {
      name: "dsl-imports",
      comment: "what settings call imports model/values alone, which has no imports of its own",
      severity: "error",
      from: { path: "^src/dsl/" },
      to: { pathNot: ["^src/dsl/", "^src/model/values\\.ts$"] },
    },
    {
      name: "entry-imports",
      comment: "the public entries reach neither the command line nor evaluation nor reports",
      severity: "error",
      from: { path: "^src/entry/" },
      to: { path: "^src/(cli|evaluate|report)/" },
    },
    {
      name: "kinds-are-slices",
      comment: "a connection type never imports another; what two need comes from contract, model or services",
      severity: "error",
      from: { path: "^src/connections/([^/]+)/" },
      to: { path: "^src/connections/", pathNot: "^src/connections/$1/" },
    },
    {
      name: "kinds-import",
      comment: "a connection type imports model, contract, services and zod; its adapter the transport too",
      severity: "error",
      from: { path: "^src/connections/[^/]+/", pathNot: "/(adapter|rehearsals)\\.ts$" },
      to: { pathNot: ["^src/(connections|model|contract|services)/", "^node_modules/zod/"] },
    },
    {
      name: "adapters-import",
      comment: "an adapter imports model, contract, services, transport, zod and what lies beside it",
      severity: "error",
      from: { path: "^src/connections/[^/]+/adapter\\.ts$" },
      to: { pathNot: ["^src/(connections|model|contract|services|transport)/", "^node_modules/zod/", "^(node:)?[a-z0-9_/]+$"] },
    },
    {
      name: "adapters-are-lazy",
      comment: "an adapter is reached by a dynamic import only: it brings libraries of providers",
      severity: "error",
      from: { path: "^src/", pathNot: "/adapter\\.ts$" },
      to: { path: "/connections/[^/]+/adapter\\.ts$", dependencyTypesNot: ["dynamic-import"] },
    },
    {
      name: "authoring-is-light",
      comment: "what a settings file imports reaches neither zod nor Node",
      severity: "error",
      from: { path: "^src/(index\\.ts|functions\\.generated\\.ts)$" },
      to: {
        reachable: true,
        path: ["^node_modules/", "^src/(connections|contract|rules|formats|evaluate|cli)/", "^(node:)?(fs|path|crypto|vm)$"],
      },
    },
    {
      name: "fixtures-are-for-tests",
      comment: "fixtures and rehearsals are imported by tests only",
      severity: "error",
      from: { path: "^src/", pathNot: "/(fixtures|rehearsals?)\\.ts$" },
      to: { path: "^src/(connections|services)/.*/(fixtures|rehearsals?)\\.ts$" },
    },
    { name: "no-circles", severity: "error", from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } } },
    { name: "resolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "default", "types"],
      extensions: [".ts", ".js", ".d.ts"],
    },
  },
};
