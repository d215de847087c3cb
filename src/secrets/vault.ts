import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import type { VaultStore } from "../config/authoring.js";
import type { FindingsError } from "../model/finding.js";
import { Redacted } from "../model/redacted.js";
import { quote, shown } from "../model/text.js";
import { type Answer, type Environment, type Http, TransportFailure } from "../transport/http.js";
import { parseKeyPair, serializeKeyPair } from "./key-pair.js";
import { type Store, storeError } from "./store.js";

/**
 * HashiCorp Vault or OpenBao, a secrets engine of type KV version 2. A secret has its value in the field `value`; a pair
 * may have the fields `accessKeyId` and `secretAccessKey` instead. Other fields are left alone.
 * https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2
 */
export function createVaultStore(config: VaultStore, environment: Environment, http: Http): Store {
  const { address, namespace, mount = "secret", prefix = "" } = config;
  const base = address.replace(/\/+$/, "");
  const where = trimSlashes(mount);
  const label = `Vault at ${new URL(base).host}`;
  let token: Redacted | undefined;
  let isVersion2: Promise<void> | undefined;

  async function ask(path: string, body?: unknown): Promise<Answer> {
    token ??= readToken(environment, label);
    try {
      return await http.request(`${base}/v1/${path}`, {
        headers: {
          "x-vault-token": token.reveal(),
          "x-vault-request": "true",
          ...(namespace === undefined ? {} : { "x-vault-namespace": namespace }),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        accept: [500, 503],
      });
    } catch (error) {
      if (!(error instanceof TransportFailure)) throw error;
      throw storeError("PB702", `${label} cannot be asked: ${error.message}`, error.details.hint);
    }
  }

  /** What is stored at a name, with its version; version 0 if there is nothing. */
  async function read(name: string): Promise<Stored> {
    const path = `${where}/data/${pathOf(prefix, name, label)}`;
    const answer = await ask(path);
    const isUnknown = answer.status === 404 && errorsOf(answer) === "";
    if (answer.status !== 200 && !isUnknown) throw refusal(answer, path, "read", label);
    const { data } = parse(readSchema, answer, label);
    if (isUnknown && data === undefined) {
      isVersion2 ??= checkVersion(ask, where, label);
      await isVersion2;
    }
    // A deleted version is answered with 404 and its metadata.
    return { fields: data?.data ?? undefined, version: data?.metadata?.version ?? 0 };
  }

  return {
    type: "vault",
    label,
    async get(name) {
      const { fields } = await read(name);
      return fields === undefined ? undefined : valueIn(fields, name, label);
    },
    async set(name, value) {
      const { fields: { value: _value, accessKeyId: _id, secretAccessKey: _secret, ...others } = {}, version } = await read(name);
      const pair = parseKeyPair(value);
      const own =
        pair === undefined
          ? { value: value.reveal() }
          : { accessKeyId: pair.accessKeyId, secretAccessKey: pair.secretAccessKey.reveal() };
      const path = `${where}/data/${pathOf(prefix, name, label)}`;
      const answer = await ask(path, { options: { cas: version }, data: { ...others, ...own } });
      if (answer.status === 200) return;
      if (answer.status === 400 && /check-and-set/.test(errorsOf(answer))) {
        throw storeError(
          "PB702",
          `${label}: secret ${quote(name)} was changed by somebody else at the same moment`,
          "Nothing was changed. Look at what is there now, then run the command again.",
        );
      }
      throw refusal(answer, path, version === 0 ? "create" : "update", label);
    },
    async list() {
      const cut = prefix.lastIndexOf("/") + 1;
      const names = await listBelow(prefix.slice(0, cut));
      return names.filter((each) => each.startsWith(prefix)).map((each) => each.slice(prefix.length));
    },
  };

  async function listBelow(folder: string, depth = 0): Promise<string[]> {
    const path = `${where}/metadata/${folder}`;
    const answer = await ask(`${path}?list=true`);
    if (answer.status === 404) return [];
    if (answer.status !== 200) throw refusal(answer, path, "list", label);
    const { keys } = parse(listSchema, answer, label).data;
    const names = await Promise.all(
      keys.map((key) => (key.endsWith("/") && depth < DEEPEST ? listBelow(folder + key, depth + 1) : [folder + key])),
    );
    return names.flat();
  }
}

/** The most folders within folders that are listed. */
const DEEPEST = 20;

interface Stored {
  readonly fields: Readonly<Record<string, unknown>> | undefined;
  readonly version: number;
}

const readSchema = z.looseObject({
  data: z
    .looseObject({
      data: z.record(z.string(), z.unknown()).nullish(),
      metadata: z.looseObject({ version: z.number() }).optional(),
    })
    .nullish()
    .transform((data) => data ?? undefined),
});

const listSchema = z.looseObject({ data: z.looseObject({ keys: z.array(z.string()) }) });

const mountSchema = z.looseObject({
  data: z.looseObject({ options: z.looseObject({ version: z.string().optional() }).nullish() }),
});

function parse<Value>(schema: z.ZodType<Value>, answer: Answer, label: string): Value {
  try {
    const { success, data } = schema.safeParse(answer.json(), { jitless: true });
    if (success) return data;
  } catch (error) {
    if (!(error instanceof TransportFailure)) throw error;
  }
  throw storeError("PB702", `what answers at ${label} is not Vault`, "Check `address` in plugboard.config.ts.");
}

/** Version 1 of the engine has no `data/` in its paths, and answers 404 to them. A token may not be allowed to look. */
async function checkVersion(ask: (path: string) => Promise<Answer>, mount: string, label: string): Promise<void> {
  const answer = await ask(`sys/internal/ui/mounts/${mount}`);
  if (answer.status !== 200 || parse(mountSchema, answer, label).data.options?.version === "2") return;
  throw storeError(
    "PB702",
    `${label}: the secrets engine ${quote(mount)} is not of type KV version 2`,
    `vault kv enable-versioning ${shown(mount)} makes version 2 of version 1; \`mount\` names another engine.`,
  );
}

/** The path of a name. One with dot segments would lead out of the prefix. */
function pathOf(prefix: string, name: string, label: string): string {
  const segments = (prefix + name).split("/");
  if (segments.some((each) => each === "" || each === "." || each === ".."))
    throw storeError(
      "PB702",
      `${label} cannot have a secret named ${quote(name)}`,
      "Names for Vault have no empty parts and no dots alone.",
    );
  return segments.map(encodeURIComponent).join("/");
}

function valueIn(fields: Readonly<Record<string, unknown>>, name: string, label: string): Redacted {
  const { value, accessKeyId, secretAccessKey } = fields;
  if (typeof value === "string") return new Redacted(value, name);
  if (typeof accessKeyId === "string" && typeof secretAccessKey === "string")
    return serializeKeyPair({ accessKeyId, secretAccessKey: new Redacted(secretAccessKey, name) }, name);
  const found = Object.keys(fields).map(quote).join(", ") || "no fields";
  throw storeError(
    "PB706",
    `${label}: secret ${quote(name)} has no text in the field "value", found ${found}`,
    "A pair has the fields accessKeyId and secretAccessKey.",
  );
}

function readToken({ VAULT_TOKEN, HOME }: Environment, label: string): Redacted {
  let token = VAULT_TOKEN?.trim();
  try {
    token ||= readFileSync(join(HOME || homedir(), ".vault-token"), "utf8").trim();
  } catch {
    // There is no such file: nobody has signed in on this machine.
  }
  if (token) return new Redacted(token, "Vault token");
  throw storeError("PB702", `there is no token for ${label}`, "Set VAULT_TOKEN, or sign in with vault login.");
}

/** Why Vault does not do what it is asked. Its words are few and known: other words are not shown. */
function refusal(answer: Answer, path: string, capability: string, label: string): FindingsError {
  const { status } = answer;
  const errors = errorsOf(answer);
  if (status === 503 && /sealed/i.test(errors)) return storeError("PB702", `${label} is sealed`, "Unseal it, then try again.");
  if (status === 403 && /invalid token/.test(errors))
    return storeError("PB702", `${label} does not accept the token`, "Sign in again with vault login, or set VAULT_TOKEN.");
  if (status === 403) {
    const hint = `Is the token still valid (vault token lookup)? Its policy needs "${capability}" there.`;
    return storeError("PB702", `${label} denies permission for ${shown(path)}`, hint);
  }
  if (/no handler for route/.test(errors))
    return storeError("PB702", `${label} has no secrets engine for ${shown(path)}`, "Check `mount` in plugboard.config.ts.");
  return storeError("PB702", `${label} answers ${status} to ${shown(path)}`, "Look into Vault's own log for the reason.");
}

function errorsOf({ text }: Answer): string {
  try {
    const { errors } = JSON.parse(text);
    return Array.isArray(errors) ? errors.join("\n") : "";
  } catch {
    return "";
  }
}

function trimSlashes(path: string): string {
  return path.replace(/^\/+|\/+$/g, "");
}
