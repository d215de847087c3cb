import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Store as StoreConfig } from "../config/authoring.js";
import { rememberSecretHalf } from "../model/key-pair.js";
import type { Redacted } from "../model/redacted.js";
import { quote } from "../model/text.js";
import type { Environment } from "../transport/http.js";
import type { Transport } from "../transport/index.js";
import { AGE_FILE } from "./age-file.js";
import { type Ask, openIdentities } from "./age-identity.js";
import { createAgeStore } from "./age-store.js";
import { createAwsSecretsManagerStore } from "./aws-secrets-manager.js";
import { createEnvStore } from "./env.js";
import { type Store, storeError } from "./store.js";
import { createVaultStore } from "./vault.js";

export type { Ask } from "./age-identity.js";
export type { Store } from "./store.js";

/** The values of secrets, from all stores. */
export interface Secrets {
  /** In the order in which they are asked. */
  readonly stores: readonly Store[];
  /** Where values are looked up, in words: `the environment, plugboard.secrets.json`. */
  readonly places: string;
  /**
   * The value of a secret, from the first store that knows its name; `undefined` if none does. A store that fails is an
   * error (`FindingsError`), and those behind it are not asked. Every name is looked up once.
   */
  get(name: string): Promise<Redacted | undefined>;
}

export interface StoresOptions {
  /** The folder of the settings. */
  readonly folder: string;
  /** The folder of the configuration, from which the paths in it start. Default: that of the settings. */
  readonly configFolder?: string | undefined;
  readonly environment: Environment;
  /** The way to stores on the network. */
  readonly transport: Transport;
  readonly signal: AbortSignal;
  /** Asks for the passphrase of an identity. Without it, one that has a passphrase cannot be used. */
  readonly ask?: Ask | undefined;
}

/**
 * Opens the stores that the configuration lists; by default the environment, then the encrypted file beside the settings if
 * there is one. A store is loaded and asked when the first value is wanted.
 */
export function openStores(configs: readonly StoreConfig[] | undefined, options: StoresOptions): Secrets {
  let opened: Promise<readonly Redacted[]> | undefined;
  const identities = (): Promise<readonly Redacted[]> => {
    opened ??= openIdentities(options);
    return opened;
  };
  const stores = (configs ?? defaultStores(options.folder)).map((each) => createStore(each, options, identities));
  const lookups = new Map<string, Promise<Redacted | undefined>>();
  return {
    stores,
    places: stores.map(({ label }) => label).join(", ") || "no store",
    get(name) {
      const lookup = lookups.get(name) ?? findValue(stores, name);
      lookups.set(name, lookup);
      return lookup;
    },
  };
}

/** All encrypted files are decrypted with the same identities: a passphrase is asked for once. */
function createStore(config: StoreConfig, options: StoresOptions, identities: () => Promise<readonly Redacted[]>): Store {
  const { environment, transport, signal } = options;
  switch (config.type) {
    case "env":
      return createEnvStore(environment);
    case "age":
      return createAgeStore(ageFilePath(config, options), { identities, signal });
    case "vault":
      return createVaultStore(config, environment, transport.http({ signal }));
    case "awsSecretsManager":
      return createAwsSecretsManagerStore(config, environment, transport.http({ signal }));
  }
}

/** The file of an encrypted store: by default beside the settings. */
export function ageFilePath(
  config: StoreConfig | undefined,
  { folder, configFolder = folder }: Pick<StoresOptions, "folder" | "configFolder">,
): string {
  return config?.type === "age" && config.file !== undefined ? resolve(configFolder, config.file) : join(folder, AGE_FILE);
}

async function findValue(stores: readonly Store[], name: string): Promise<Redacted | undefined> {
  for (const store of stores) {
    const value = await store.get(name);
    if (value === undefined) continue;
    if (value.reveal() === "") throw emptyValue(name, store);
    rememberSecretHalf(value);
    return value;
  }
  return undefined;
}

function emptyValue(name: string, { label }: Store): Error {
  return storeError(
    "PB706",
    `${label}: the value of secret ${quote(name)} is empty`,
    `plugboard secrets set ${name} stores one.`,
  );
}

function defaultStores(folder: string): readonly StoreConfig[] {
  return existsSync(join(folder, AGE_FILE)) ? [{ type: "env" }, { type: "age" }] : [{ type: "env" }];
}
