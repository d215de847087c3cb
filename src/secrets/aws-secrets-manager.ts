import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { AwsSecretsManagerStore } from "../config/authoring.js";
import { FindingsError } from "../model/finding.js";
import { Redacted } from "../model/redacted.js";
import { quote } from "../model/text.js";
import { call, clientConfig } from "../services/aws/client.js";
import { findDefaultCredentials } from "../services/aws/credentials.js";
import { AwsFailure } from "../services/aws/failure.js";
import { dnsSuffix } from "../services/aws/regions.js";
import type { Environment, Http } from "../transport/http.js";
import { TransportFailure } from "../transport/http.js";
import { type Store, storeError } from "./store.js";

/** AWS Secrets Manager. The value of a secret is its `SecretString`. */
export function createAwsSecretsManagerStore(config: AwsSecretsManagerStore, environment: Environment, http: Http): Store {
  const { region, prefix = "" } = config;
  const label = `AWS Secrets Manager in ${region}`;
  let opened: Promise<SecretsManagerClient> | undefined;

  async function open(): Promise<SecretsManagerClient> {
    const { SecretsManagerClient } = await import("@aws-sdk/client-secrets-manager");
    const { credentials } = await findDefaultCredentials(environment);
    return new SecretsManagerClient(clientConfig(http, { url: endpointOf(config, environment), region }, credentials));
  }

  /** Makes one call; `undefined` if there is no such secret. */
  async function send<Output>(
    action: string,
    name: string | undefined,
    make: (sdk: typeof import("@aws-sdk/client-secrets-manager"), client: SecretsManagerClient) => Promise<Output>,
  ): Promise<Output | undefined> {
    try {
      const sdk = await import("@aws-sdk/client-secrets-manager");
      opened ??= open();
      const client = await opened;
      return await call(`secretsmanager:${action}`, () => make(sdk, client));
    } catch (error) {
      if (error instanceof AwsFailure && error.verdict.evidence?.code === "ResourceNotFoundException") return undefined;
      throw explain(error, name, label);
    }
  }

  return {
    type: "awsSecretsManager",
    label,
    async get(name) {
      const found = await send("GetSecretValue", name, (sdk, client) =>
        client.send(new sdk.GetSecretValueCommand({ SecretId: prefix + name })),
      );
      if (found === undefined) return undefined;
      if (found.SecretString === undefined)
        throw storeError("PB706", `${label}: secret ${quote(name)} is binary`, "Store it as text.");
      return new Redacted(found.SecretString, name);
    },
    async list() {
      const names: string[] = [];
      let next: string | undefined;
      do {
        const page = await send("ListSecrets", undefined, (sdk, client) =>
          client.send(
            new sdk.ListSecretsCommand({
              ...(prefix === "" ? {} : { Filters: [{ Key: "name", Values: [prefix] }] }),
              ...(next === undefined ? {} : { NextToken: next }),
            }),
          ),
        );
        names.push(...(page?.SecretList ?? []).flatMap(({ Name }) => (Name === undefined ? [] : [Name])));
        next = page?.NextToken;
      } while (next !== undefined);
      return names.filter((each) => each.startsWith(prefix)).map((each) => each.slice(prefix.length));
    },
    async set(name, value) {
      const id = prefix + name;
      const text = value.reveal();
      const put = await send("PutSecretValue", name, (sdk, client) =>
        client.send(new sdk.PutSecretValueCommand({ SecretId: id, SecretString: text })),
      );
      if (put !== undefined) return;
      await send("CreateSecret", name, (sdk, client) =>
        client.send(new sdk.CreateSecretCommand({ Name: id, SecretString: text })),
      );
    },
  };
}

/** SDKs and Tools Reference Guide, "Service-specific endpoints": a variable of the service, one for all, or the region's own. */
function endpointOf({ endpoint, region }: AwsSecretsManagerStore, environment: Environment): URL {
  const configured = endpoint || environment.AWS_ENDPOINT_URL_SECRETS_MANAGER || environment.AWS_ENDPOINT_URL;
  return new URL(configured || `https://secretsmanager.${region}.${dnsSuffix(region)}`);
}

function explain(error: unknown, name: string | undefined, label: string): unknown {
  if (error instanceof FindingsError) return error;
  const about = name === undefined ? label : `${label}: secret ${quote(name)}`;
  if (error instanceof AwsFailure) {
    const { message, hint, evidence } = error.verdict;
    if (evidence?.code === "InvalidRequestException") {
      const restore = "It may be marked for deletion: aws secretsmanager restore-secret takes that back.";
      return storeError("PB702", `${about} cannot be used in its present state`, restore);
    }
    const code = evidence?.code === undefined ? "" : ` (${evidence.code})`;
    return storeError("PB702", `${about} cannot be used: ${message}${code}`, hint);
  }
  if (error instanceof TransportFailure)
    return storeError("PB702", `${about} cannot be asked: ${error.message}`, error.details.hint);
  return error;
}
