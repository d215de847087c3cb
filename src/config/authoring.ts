import { DECLARATION, type Declaration } from "../model/values.js";

/** What becomes of connections in existing files that the settings do not declare. */
export type Ownership = "leave" | "report" | "remove";

/** A place that holds the values of secrets. The first one that knows a name gives its value. */
export type Store = EnvStore | AgeStore | VaultStore | AwsSecretsManagerStore;

/** Variables of the environment: `PLUGBOARD_SECRET_<NAME>`, the name in capitals with every other character as `_`. */
export interface EnvStore {
  readonly type: "env";
}

/** A file of values that are encrypted with age, each on its own. Made by `plugboard secrets init`. */
export interface AgeStore {
  readonly type: "age";
  /** Path from the configuration. Default: `plugboard.secrets.json`. */
  readonly file?: string;
}

/** HashiCorp Vault or OpenBao, a secrets engine of type KV version 2. The token comes from `VAULT_TOKEN` or the file `~/.vault-token`. */
export interface VaultStore {
  readonly type: "vault";
  /** `https://vault.example.com`. */
  readonly address: string;
  readonly namespace?: string;
  /** Where the engine is mounted. Default: `secret`. */
  readonly mount?: string;
  /** Put before the name of a secret, such as `teamcity/`. Default: nothing. */
  readonly prefix?: string;
}

/** AWS Secrets Manager. Credentials come from the default provider chain. */
export interface AwsSecretsManagerStore {
  readonly type: "awsSecretsManager";
  readonly region: string;
  /** Put before the name of a secret, such as `teamcity/`. Default: nothing. */
  readonly prefix?: string;
  /** Address of another service with the same interface. Default: the region's own. */
  readonly endpoint?: string;
}

/** The configuration of a settings repository: data, evaluated like settings. */
export interface Config {
  /** The server that the settings are for. Default: nothing is assumed. */
  readonly target?: { readonly edition?: "cloud" | "onPremises"; readonly version?: string };
  /** Severity of findings by code: `{ PB204: "error", PB209: "off" }`. Other errors than those of the rules, PB2xx, stay errors. */
  readonly rules?: Readonly<Record<string, "error" | "warning" | "note" | "off">>;
  /** What becomes of connections in existing files that the settings do not declare. Default: `report`. Per project by its ID. */
  readonly ownership?: Ownership | { readonly [projectId: string]: Ownership };
  /** AWS regions accepted besides those that this release knows. */
  readonly extraRegions?: readonly string[];
  /** Where the values of secrets are looked up, in this order. Default: the environment, then `plugboard.secrets.json` if it exists. */
  readonly stores?: readonly Store[];
  /** The hosts that tests may reach: `registry.example.com`, `*.example.com`. Default: every host that the settings name. */
  readonly hosts?: readonly string[];
  /** The HTTP proxy, for all hosts or by host: `{ "*.example.com": "none", "*": "http://proxy:3128" }`. Default: `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`. */
  readonly proxy?: string | { readonly [host: string]: string };
  /** Certificates of private authorities by host: paths of PEM files, from the configuration. `{ "*.corp.example.com": "ca.pem" }`. */
  readonly ca?: { readonly [host: string]: string };
  /** All addresses under which people reach the TeamCity server, for callback URLs. */
  readonly serverUrls?: readonly string[];
}

/** Declares the configuration; the default export of `plugboard.config.ts`. */
export function config(value: Config): Declaration {
  return { [DECLARATION]: () => [JSON.stringify({ config: value })] };
}
