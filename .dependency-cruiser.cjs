// Which room may import which. The table is explained in ARCHITECTURE.md; a wrong arrow fails with the rule's name.

/** Room to the rooms it may import, and the npm packages. Type-only imports count: an arrow is an arrow. */
const rooms = {
  model: { rooms: [], packages: ["zod"] },
  contract: { rooms: ["model"], packages: ["zod"] },
  config: { rooms: ["model", "contract"], packages: ["zod"] },
  services: { rooms: ["model", "contract"], packages: [] },
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
  report: { rooms: ["model"], packages: [] },
  cli: { rooms: ["model", "contract", "config", "connections", "rules", "evaluate", "formats", "report"], packages: [] },
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
      comment: "a connection type imports model, contract, services and zod",
      severity: "error",
      from: { path: "^src/connections/[^/]+/" },
      to: { pathNot: ["^src/(connections|model|contract|services)/", "^node_modules/zod/"] },
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
      comment: "fixtures are imported by tests only",
      severity: "error",
      from: { path: "^src/", pathNot: "/fixtures\\.ts$" },
      to: { path: "/fixtures\\.ts$" },
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
