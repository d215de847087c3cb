// Generated from the registry of connection types by `npm run generate`. Do not edit.
import type { Acknowledgement, Connection, Secret } from "./model/values.js";

/** The functions of a scope that declare connections. Each returns a handle that other settings may refer to. */
export interface ConnectionFunctions {
  /** Amazon Web Services (AWS). Gives AWS credentials to builds, to artifact storages and to other AWS connections that assume roles. */
  awsConnection(connectionId: string, settings: AwsSettings): Connection<"aws">;
}

/** Function name to kind. */
export const connectionFunctions = {
  awsConnection: "aws",
} as const satisfies Record<keyof ConnectionFunctions, string>;

/** Settings of a connection to Amazon Web Services (AWS). */
export interface AwsSettings {
  /** The name shown in TeamCity's lists. */
  readonly displayName: string;
  /** AWS region of the resources, such as `eu-central-1`. */
  readonly region: string;
  /** Where credentials come from: an access key, a role, or the server's own environment. */
  readonly credentials: AwsCredentials;
  /** STS endpoint. Unless given, the region's own is written. */
  readonly stsEndpoint?: string | undefined;
  /** How long temporary credentials live, in minutes, 15 to 2160. Default: `60`. */
  readonly sessionDuration?: number | undefined;
  /** Available for sub-projects: connections and builds below may use it. Default: `false`, always written. */
  readonly allowInSubProjects?: boolean | undefined;
  /** Available for build steps: the AWS Credentials build feature may use it. Default: `false`, always written. */
  readonly allowInBuilds?: boolean | undefined;
  /** Stored parameters as they are, written over what the settings give; `null` leaves one out. For what TeamCity stores and no setting expresses. */
  readonly params?: Readonly<Record<string, string | Secret | null>> | undefined;
  /** Findings accepted for this connection, each with a reason: `acknowledge("PB204", "…")`. */
  readonly acknowledge?: readonly Acknowledgement[] | undefined;
}

/** Where credentials come from: an access key, a role, or the server's own environment. */
export type AwsCredentials =
  | {
      readonly type: "accessKeys";
      /** One secret that keeps access key ID and secret access key together: rotation then needs no edit of the settings. */
      readonly accessKey: Secret;
      /** Hand out temporary credentials from STS GetSessionToken instead of the key itself. Default: `true`. */
      readonly useSessionCredentials?: boolean | undefined;
      readonly accessKeyId?: undefined;
      readonly secretAccessKey?: undefined;
    }
  | {
      readonly type: "accessKeys";
      /** The access key ID of an IAM user. */
      readonly accessKeyId: string;
      /** The secret access key that belongs to it. */
      readonly secretAccessKey: Secret;
      /** Hand out temporary credentials from STS GetSessionToken instead of the key itself. Default: `true`. */
      readonly useSessionCredentials?: boolean | undefined;
      readonly accessKey?: undefined;
    }
  | {
      readonly type: "iamRole";
      /** The AWS connection whose credentials assume the role: of the same project, or of a parent that shares it with sub-projects. */
      readonly principal: Connection<"aws">;
      /** ARN of the role to assume, `arn:aws:iam::123456789012:role/deploy`. */
      readonly roleArn: string;
      /** Name of the role session in AWS logs, 2 to 64 characters. TeamCity's form calls it session tag. Default: `TeamCity-session`. */
      readonly sessionName?: string | undefined;
    }
  | {
      readonly type: "defaultProviderChain";
    };
