import * as z from "zod";
import type { Redacted } from "../../model/redacted.js";
import type { Http } from "../../transport/http.js";
import { call, clientConfig } from "./client.js";
import type { AwsCredentials } from "./credentials.js";
import type { Endpoint } from "./endpoints.js";
import { AwsFailure, refuseAnswer } from "./failure.js";

/** The calls of Secrets Manager that a store makes. They throw `AwsFailure`, or what the transport throws. */
export interface SecretsManagerCalls {
  /** The value of a secret, which has no text if it is binary; `undefined` if there is no such secret. */
  getSecretValue(id: string): Promise<{ readonly text: string | undefined } | undefined>;
  /** Gives a secret another value. Tells whether there is such a secret. */
  putSecretValue(id: string, value: Redacted): Promise<boolean>;
  /** Makes a secret. Tells whether there was none. */
  createSecret(name: string, value: Redacted): Promise<boolean>;
  /** The names of all secrets that start with a text. */
  listSecrets(prefix: string): Promise<readonly string[]>;
}

export async function openSecretsManager(
  http: Http,
  endpoint: Endpoint,
  credentials: AwsCredentials,
): Promise<SecretsManagerCalls> {
  const sdk = await import("@aws-sdk/client-secrets-manager");
  const client = new sdk.SecretsManagerClient(clientConfig(http, endpoint, credentials));
  return {
    async getSecretValue(id) {
      const command = new sdk.GetSecretValueCommand({ SecretId: id });
      const action = "secretsmanager:GetSecretValue";
      const found = await callIfExists(action, () => client.send(command));
      if (found === undefined) return undefined;
      const { SecretString: text, SecretBinary: bytes } = found;
      if (typeof text !== "string" && bytes === undefined) throw refuseAnswer(action, "a value");
      return { text };
    },
    async putSecretValue(id, value) {
      const command = new sdk.PutSecretValueCommand({ SecretId: id, SecretString: value.reveal() });
      return (await callIfExists("secretsmanager:PutSecretValue", () => client.send(command))) !== undefined;
    },
    async createSecret(name, value) {
      const command = new sdk.CreateSecretCommand({ Name: name, SecretString: value.reveal() });
      try {
        await call("secretsmanager:CreateSecret", () => client.send(command));
        return true;
      } catch (error) {
        if (codeOf(error) === "ResourceExistsException") return false;
        throw error;
      }
    },
    async listSecrets(prefix) {
      const action = "secretsmanager:ListSecrets";
      const filter = prefix === "" ? {} : { Filters: [{ Key: "name" as const, Values: [prefix] }] };
      const names: string[] = [];
      let next: string | undefined;
      do {
        const command = new sdk.ListSecretsCommand({ ...filter, ...(next === undefined ? {} : { NextToken: next }) });
        const page = await call(action, () => client.send(command));
        const { data: list } = listSchema.safeParse(page.SecretList, { jitless: true });
        if (list === undefined) throw refuseAnswer(action, "a list of secrets");
        names.push(...list.map(({ Name }) => Name));
        next = page.NextToken;
      } while (next !== undefined);
      // The filter leaves capitals and small letters alone.
      return names.filter((each) => each.startsWith(prefix));
    },
  };
}

const listSchema = z.array(z.looseObject({ Name: z.string() }));

/** Makes one call; `undefined` if there is no such secret. */
async function callIfExists<Output>(action: string, send: () => Promise<Output>): Promise<Output | undefined> {
  try {
    return await call(action, send);
  } catch (error) {
    const code = codeOf(error);
    if (code === "ResourceNotFoundException") return undefined;
    if (code !== "InvalidRequestException") throw error;
    throw new AwsFailure({
      outcome: "invalid-input",
      message: "its present state does not allow it",
      hint: "It may be marked for deletion: aws secretsmanager restore-secret takes that back.",
      evidence: { code },
    });
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof AwsFailure ? error.verdict.evidence?.code : undefined;
}
