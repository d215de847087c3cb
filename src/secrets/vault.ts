import type { VaultStore } from "../config/authoring.js";
import { readKeyPair, serializeKeyPair } from "../model/key-pair.js";
import { Redacted } from "../model/redacted.js";
import { quote } from "../model/text.js";
import { type KvFields, openKvEngine, VaultFailure } from "../services/vault/kv.js";
import type { Environment, Http } from "../transport/http.js";
import { type Store, storeError } from "./store.js";

/**
 * HashiCorp Vault or OpenBao, a secrets engine of type KV version 2. A secret has its value in the field `value`; a pair
 * may have the fields `accessKeyId` and `secretAccessKey` instead. Other fields are left alone.
 */
export function createVaultStore(
  { prefix = "", mount = "secret", ...address }: VaultStore,
  environment: Environment,
  http: Http,
): Store {
  const engine = openKvEngine(http, { ...address, mount }, environment);
  const { label } = engine;
  return {
    type: "vault",
    label,
    async get(name) {
      const { fields } = await engine.read(prefix + name).catch(explain);
      return fields === undefined ? undefined : valueIn(fields, name, label);
    },
    async set(name, value) {
      const { fields = {}, version } = await engine.read(prefix + name).catch(explain);
      const { value: _value, accessKeyId: _id, secretAccessKey: _secret, ...others } = fields;
      const pair = readKeyPair(value);
      const own =
        pair === undefined
          ? { value: value.reveal() }
          : { accessKeyId: pair.accessKeyId, secretAccessKey: pair.secretAccessKey.reveal() };
      await engine.write(prefix + name, { ...others, ...own }, version).catch(explain);
    },
    async list() {
      const paths = await engine.list(prefix.slice(0, prefix.lastIndexOf("/") + 1)).catch(explain);
      return paths.filter((each) => each.startsWith(prefix)).map((each) => each.slice(prefix.length));
    },
  };
}

function valueIn(fields: KvFields, name: string, label: string): Redacted {
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

function explain(error: unknown): never {
  throw error instanceof VaultFailure ? storeError("PB702", error.message, error.hint) : error;
}
