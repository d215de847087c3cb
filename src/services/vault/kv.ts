import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { Redacted } from "../../model/redacted.js";
import { quote, shown } from "../../model/text.js";
import { type Answer, type Environment, type Http, TransportFailure } from "../../transport/http.js";

/** Where a secrets engine is. */
export interface KvAddress {
  readonly address: string;
  readonly namespace?: string;
  readonly mount: string;
}

/**
 * A secrets engine of type KV version 2 of HashiCorp Vault or OpenBao. Paths are those of secrets, below the mount. Whatever
 * goes wrong is thrown as `VaultFailure`. https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2
 */
export interface KvEngine {
  /** What messages call it: `Vault at vault.example.com`. */
  readonly label: string;
  read(path: string): Promise<KvEntry>;
  /** Stores fields as the version that follows another one, and fails if there is a newer one. */
  write(path: string, fields: KvFields, after: number): Promise<void>;
  /** The paths of all secrets below a folder, which is empty or ends in a slash. */
  list(folder: string): Promise<readonly string[]>;
}

export type KvFields = Readonly<Record<string, unknown>>;

export interface KvEntry {
  /** Absent if nothing is stored, or no longer. */
  readonly fields: KvFields | undefined;
  /** 0 if nothing has ever been stored. */
  readonly version: number;
}

/** Why Vault does not do what it is asked. */
export class VaultFailure extends Error {
  override readonly name = "VaultFailure";
  readonly hint: string | undefined;

  constructor(message: string, hint: string | undefined) {
    super(message);
    this.hint = hint;
  }
}

/** Opens an engine. Nothing is asked yet; the token is read when something is. */
export function openKvEngine(http: Http, { address, namespace, mount }: KvAddress, environment: Environment): KvEngine {
  const base = address.replace(/\/+$/, "");
  const engine = mount.replace(/^\/+|\/+$/g, "");
  const label = `Vault at ${new URL(base).host}`;
  let token: Redacted | undefined;
  let versionChecked: Promise<void> | undefined;

  async function ask(path: string, { query = "", body }: { query?: string; body?: unknown } = {}): Promise<Answer> {
    token ??= readToken(environment, label);
    try {
      return await http.request(`${base}/v1/${encodePath(path, label)}${query}`, {
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
      throw new VaultFailure(`${label} cannot be asked: ${error.message}`, error.details.hint);
    }
  }

  /** Version 1 of the engine has no such paths, and answers as if nothing were stored. A token may not be allowed to look. */
  async function checkVersion(): Promise<void> {
    const answer = await ask(`sys/internal/ui/mounts/${engine}`);
    if (answer.status !== 200 || parse(mountSchema, answer, label).data.options?.version === "2") return;
    throw new VaultFailure(
      `${label}: the secrets engine ${quote(engine)} is not of type KV version 2`,
      `vault kv enable-versioning ${shown(engine)} makes version 2 of version 1; \`mount\` names another engine.`,
    );
  }

  /** Whether an answer says that nothing is stored there. */
  async function isNothing(answer: Answer): Promise<boolean> {
    if (answer.status !== 404 || errorsOf(answer) !== "") return false;
    versionChecked ??= checkVersion();
    await versionChecked;
    return true;
  }

  async function listBelow(folder: string, depth: number): Promise<string[]> {
    if (depth > DEEPEST)
      throw new VaultFailure(
        `${label} has more than ${DEEPEST} folders within folders`,
        "Give a `prefix` that leads further down.",
      );
    const path = `${engine}/metadata/${folder}`;
    const answer = await ask(path, { query: "?list=true" });
    if (await isNothing(answer)) return [];
    if (answer.status !== 200) throw refusal(answer, path, "list", label);
    const paths: string[] = [];
    for (const key of parse(listSchema, answer, label).data.keys) {
      if (key.endsWith("/")) paths.push(...(await listBelow(folder + key, depth + 1)));
      else paths.push(folder + key);
    }
    return paths;
  }

  return {
    label,
    async read(secret) {
      const path = `${engine}/data/${secret}`;
      const answer = await ask(path);
      // A deleted version is answered with 404 and its metadata.
      const data = answer.status === 200 || answer.status === 404 ? parse(readSchema, answer, label).data : undefined;
      if (data != null) return { fields: data.data ?? undefined, version: data.metadata?.version ?? 0 };
      if (await isNothing(answer)) return { fields: undefined, version: 0 };
      throw refusal(answer, path, "read", label);
    },
    async write(secret, fields, after) {
      const path = `${engine}/data/${secret}`;
      const answer = await ask(path, { body: { options: { cas: after }, data: fields } });
      if (answer.status === 200) return;
      if (answer.status === 400 && /check-and-set/.test(errorsOf(answer))) {
        throw new VaultFailure(
          `${label}: secret ${quote(secret)} was changed by somebody else at the same moment`,
          "Nothing was changed. Look at what is there now, then run the command again.",
        );
      }
      throw refusal(answer, path, after === 0 ? "create" : "update", label);
    },
    list: (folder) => listBelow(folder, 0),
  };
}

/** The most folders within folders that are listed. */
const DEEPEST = 20;

const readSchema = z.looseObject({
  data: z
    .looseObject({
      data: z.record(z.string(), z.unknown()).nullish(),
      metadata: z.looseObject({ version: z.number() }).optional(),
    })
    .nullish(),
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
  throw new VaultFailure(`what answers at ${label} is not Vault`, "Check `address` in plugboard.config.ts.");
}

/** A path as it stands in an address. One with dot segments would lead elsewhere. */
function encodePath(path: string, label: string): string {
  const segments = path.replace(/\/$/, "").split("/");
  if (segments.some((each) => each === "" || each === "." || each === "..")) {
    throw new VaultFailure(
      `${label} cannot have the path ${quote(path)}`,
      "Names of secrets, `prefix` and `mount` have no empty parts and no dots alone.",
    );
  }
  return path.split("/").map(encodeURIComponent).join("/");
}

function readToken({ VAULT_TOKEN, HOME }: Environment, label: string): Redacted {
  let token = VAULT_TOKEN?.trim();
  try {
    token ||= readFileSync(join(HOME || homedir(), ".vault-token"), "utf8").trim();
  } catch {
    // There is no such file: nobody has signed in on this machine.
  }
  if (token) return new Redacted(token, "Vault token");
  throw new VaultFailure(`there is no token for ${label}`, "Set VAULT_TOKEN, or sign in with vault login.");
}

/** Why Vault does not do what it is asked. Its words are few and known: other words are not shown. */
function refusal(answer: Answer, path: string, capability: string, label: string): VaultFailure {
  const { status } = answer;
  const errors = errorsOf(answer);
  if (status === 503 && /sealed/i.test(errors)) return new VaultFailure(`${label} is sealed`, "Unseal it, then try again.");
  if (status === 403 && /invalid token/.test(errors))
    return new VaultFailure(`${label} does not accept the token`, "Sign in again with vault login, or set VAULT_TOKEN.");
  if (status === 403) {
    const hint = `Is the token still valid (vault token lookup)? Its policy needs "${capability}" there.`;
    return new VaultFailure(`${label} denies permission for ${shown(path)}`, hint);
  }
  if (/no handler for route/.test(errors))
    return new VaultFailure(`${label} has no secrets engine for ${shown(path)}`, "Check `mount` in plugboard.config.ts.");
  return new VaultFailure(`${label} answers ${status} to ${shown(path)}`, "Look into Vault's own log for the reason.");
}

function errorsOf({ text }: Answer): string {
  try {
    const { errors } = JSON.parse(text);
    return Array.isArray(errors) ? errors.join("\n") : "";
  } catch {
    return "";
  }
}
