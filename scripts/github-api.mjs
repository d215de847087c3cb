// Cuts GitHub's official API description down to the operations that connection tests use, for the server that plays GitHub
// in the tests: test/support/github-api.json. It is run by hand when an adapter uses another operation:
//
//   npm pack @octokit/openapi@23.0.2 && tar xf octokit-openapi-23.0.2.tgz package/generated
//   node scripts/github-api.mjs package/generated
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const operations = {
  "/meta": ["get"],
  "/app": ["get"],
  "/app/hook/config": ["get"],
  "/app/installations": ["get"],
  "/app/installations/{installation_id}/access_tokens": ["post"],
  "/installation/repositories": ["get"],
  "/installation/token": ["delete"],
};

/** GitHub.com, and the newest GitHub Enterprise Server. */
const editions = { "github.com": "api.github.com.json", server: "ghes-3.19.json" };

/** What tells about an API without saying what is allowed. */
const wordy = new Set(["description", "summary", "example", "examples", "externalDocs", "tags", "title", "default", "headers"]);

const folder = process.argv[2];
if (folder === undefined) throw new Error("usage: node scripts/github-api.mjs FOLDER");
const cuts = Object.entries(editions).map(([name, file]) => [name, cut(JSON.parse(readFileSync(join(folder, file), "utf8")))]);
const target = fileURLToPath(new URL("../test/support/github-api.json", import.meta.url));
writeFileSync(target, `${JSON.stringify(Object.fromEntries(cuts))}\n`);

function cut(whole) {
  const { title, version } = whole.info;
  const part = { openapi: whole.openapi, info: { title, version }, paths: {}, components: {} };
  /** A copy without words, with all that it refers to. In a table of properties every key is a name. */
  const collect = (node, isTable = false) => {
    if (node === null || typeof node !== "object") return node;
    if (Array.isArray(node)) return node.map((each) => collect(each));
    if (typeof node.$ref === "string") {
      const [, , section, name] = node.$ref.split("/");
      part.components[section] ??= {};
      if (part.components[section][name] === undefined) {
        part.components[section][name] = {};
        part.components[section][name] = collect(whole.components[section][name]);
      }
      return { $ref: node.$ref };
    }
    const kept = Object.entries(node).filter(([key]) => isTable || (!wordy.has(key) && !key.startsWith("x-")));
    return repair(Object.fromEntries(kept.map(([key, value]) => [key, collect(value, key === "properties")])));
  };
  // Written out here, an account has to be a user and an enterprise at once. The schema of the same name says either.
  const listed = whole.paths["/app/installations"].get.responses["200"].content["application/json"].schema;
  listed.items = { $ref: "#/components/schemas/installation" };
  for (const [path, methods] of Object.entries(operations))
    part.paths[path] = Object.fromEntries(methods.map((method) => [method, collect(whole.paths[path][method])]));
  return part;
}

/** AJV refuses `nullable` without a type beside it. */
function repair(schema) {
  if (schema.nullable !== true || "type" in schema) return schema;
  const { nullable, ...rest } = schema;
  return { anyOf: [rest, { enum: [null] }] };
}
