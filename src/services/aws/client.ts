import type { Http } from "../../transport/http.js";
import type { AwsCredentials } from "./credentials.js";
import type { Endpoint } from "./endpoints.js";
import { explainError, isRefusedSignature } from "./errors.js";
import { createRequestHandler } from "./http-handler.js";

/** The configuration of an SDK client. It leaves nothing to the environment and the profile files of the process. */
export function clientConfig(http: Http, { url, region }: Endpoint, credentials: AwsCredentials) {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  return {
    endpoint: url.href,
    region,
    credentials: {
      accessKeyId,
      secretAccessKey: secretAccessKey.reveal(),
      ...(sessionToken === undefined ? {} : { sessionToken: sessionToken.reveal() }),
    },
    requestHandler: createRequestHandler(http),
    maxAttempts: 1,
    retryMode: "standard",
    defaultsMode: "standard",
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
  } as const;
}

/** Makes one call. What AWS refuses is thrown as `AwsFailure`; a refused signature is tried once more before. */
export async function call<Output>(action: string, send: () => Promise<Output>): Promise<Output> {
  try {
    return await send().catch((error) => {
      if (isRefusedSignature(error)) return send();
      throw error;
    });
  } catch (error) {
    throw explainError(error, action);
  }
}
