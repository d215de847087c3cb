import type { AwsSecretsManagerStore } from "../config/authoring.js";
import { Redacted } from "../model/redacted.js";
import { quote } from "../model/text.js";
import { findDefaultCredentials } from "../services/aws/credentials.js";
import { findEndpoint } from "../services/aws/endpoints.js";
import { AwsFailure } from "../services/aws/failure.js";
import { openSecretsManager, type SecretsManagerCalls } from "../services/aws/secrets-manager.js";
import { type Environment, type Http, TransportFailure } from "../transport/http.js";
import { type Store, storeError } from "./store.js";

/** AWS Secrets Manager. The value of a secret is its `SecretString`. */
export function createAwsSecretsManagerStore(config: AwsSecretsManagerStore, environment: Environment, http: Http): Store {
  const { region, prefix = "", endpoint: address } = config;
  const label = `AWS Secrets Manager in ${region}`;
  let opened: Promise<SecretsManagerCalls> | undefined;

  async function open(): Promise<SecretsManagerCalls> {
    const endpoint = address ? { url: new URL(address), region } : findEndpoint("SECRETS_MANAGER", region, environment);
    const { credentials } = await findDefaultCredentials(environment);
    return openSecretsManager(http, endpoint, credentials);
  }

  /** Makes calls. What goes wrong is an error of the store, about a secret or about all of it. */
  async function use<Output>(about: string, run: (calls: SecretsManagerCalls) => Promise<Output>): Promise<Output> {
    try {
      opened ??= open();
      return await run(await opened);
    } catch (error) {
      throw explain(error, about);
    }
  }

  const aboutSecret = (name: string): string => `${label}: secret ${quote(name)}`;
  return {
    type: "awsSecretsManager",
    label,
    async get(name) {
      const found = await use(aboutSecret(name), (calls) => calls.getSecretValue(prefix + name));
      if (found === undefined) return undefined;
      if (found.text === undefined) throw storeError("PB706", `${aboutSecret(name)} is binary`, "Store it as text.");
      return new Redacted(found.text, name);
    },
    async list() {
      const names = await use(label, (calls) => calls.listSecrets(prefix));
      return names.map((each) => each.slice(prefix.length));
    },
    set: (name, value) =>
      use(aboutSecret(name), async (calls) => {
        const id = prefix + name;
        if ((await calls.putSecretValue(id, value)) || (await calls.createSecret(id, value))) return;
        // Somebody else has made it in the meantime.
        if (!(await calls.putSecretValue(id, value)))
          throw storeError("PB702", `${aboutSecret(name)} is made or deleted by somebody else`, "Run the command again.");
      }),
  };
}

function explain(error: unknown, about: string): unknown {
  if (error instanceof AwsFailure) {
    const { message, hint, evidence } = error.verdict;
    const code = evidence?.code === undefined ? "" : ` (${evidence.code})`;
    return storeError("PB702", `${about} cannot be used: ${message}${code}`, hint);
  }
  if (error instanceof TransportFailure)
    return storeError("PB702", `${about} cannot be asked: ${error.message}`, error.details.hint);
  return error;
}
