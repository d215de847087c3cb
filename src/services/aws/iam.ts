import type { Http } from "../../transport/http.js";
import { call, clientConfig } from "./client.js";
import type { AwsCredentials } from "./credentials.js";
import type { Endpoint } from "./endpoints.js";

/** The calls of IAM that tests make, for the user that signs them. They throw `AwsFailure`, or what the transport throws. */
export interface IamCalls {
  /** Ends without a result: that it is allowed is what counts. */
  getUser(): Promise<void>;
  /** How many access keys the user has, inactive ones counted. */
  countAccessKeys(): Promise<number>;
}

export async function openIam(http: Http, endpoint: Endpoint, credentials: AwsCredentials): Promise<IamCalls> {
  const sdk = await import("@aws-sdk/client-iam");
  const client = new sdk.IAMClient(clientConfig(http, endpoint, credentials));
  return {
    async getUser() {
      await call("iam:GetUser", () => client.send(new sdk.GetUserCommand({})));
    },
    async countAccessKeys() {
      const answer = await call("iam:ListAccessKeys", () => client.send(new sdk.ListAccessKeysCommand({})));
      return answer.AccessKeyMetadata?.length ?? 0;
    },
  };
}
