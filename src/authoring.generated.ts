// Generated from the registry of connection types by `npm run generate`. Do not edit.
import type { Acknowledgement, Connection, Secret } from "./model/values.js";

/** The functions of a scope that declare connections. Each returns a handle that other settings may refer to. */
export interface ConnectionFunctions {
  /** Amazon ECR. Logs builds in to a private or public Amazon Elastic Container Registry. */
  dockerECRRegistry(connectionId: string, settings: AmazonEcrSettings): Connection<"amazonEcr">;
  /** Amazon Web Services (AWS). Gives AWS credentials to builds, to artifact storages and to other AWS connections that assume roles. */
  awsConnection(connectionId: string, settings: AwsSettings): Connection<"aws">;
  /** Azure DevOps OAuth 2.0. Signs users in with Azure DevOps Services and reaches its Git repositories. */
  azureDevOpsOAuthConnection(connectionId: string, settings: AzureDevOpsOAuthSettings): Connection<"azureDevOpsOAuth">;
  /** Azure DevOps PAT. Reaches Git and TFVC repositories of Azure DevOps Services or Azure DevOps Server with a personal access token. */
  azureDevopsConnection(connectionId: string, settings: AzureDevOpsPatSettings): Connection<"azureDevOpsPat">;
  /** Bitbucket Cloud. Signs users in with Bitbucket Cloud and reaches its repositories. */
  bitbucketCloudConnection(connectionId: string, settings: BitbucketCloudSettings): Connection<"bitbucketCloud">;
  /** Bitbucket Server / Data Center. Reaches repositories of a Bitbucket Server or Data Center. */
  bitbucketServerConnection(connectionId: string, settings: BitbucketServerSettings): Connection<"bitbucketServer">;
  /** Docker Registry. Logs builds in to a Docker registry: Docker Hub or one of your own. */
  dockerRegistry(connectionId: string, settings: DockerSettings): Connection<"docker">;
  /** GitHub.com. Signs users in with GitHub.com and acts for them there, through an OAuth app. */
  githubConnection(connectionId: string, settings: GithubSettings): Connection<"github">;
  /** GitHub App. Signs users in with GitHub.com or GitHub Enterprise and reaches repositories through a GitHub App. */
  githubAppConnection(connectionId: string, settings: GithubAppSettings): Connection<"githubApp">;
  /** GitHub Enterprise. Signs users in with a GitHub Enterprise server and acts for them there, through an OAuth app. */
  gheConnection(connectionId: string, settings: GithubEnterpriseSettings): Connection<"githubEnterprise">;
  /** GitLab.com. Signs users in with GitLab.com and acts for them there. */
  gitlabConnection(connectionId: string, settings: GitlabSettings): Connection<"gitlab">;
  /** GitLab CE/EE. Signs users in with a GitLab server of your own, Community or Enterprise Edition, and acts for them there. */
  gitlabEEConnection(connectionId: string, settings: GitlabEESettings): Connection<"gitlabEE">;
  /** Google. Signs users in with a Google account. */
  googleConnection(connectionId: string, settings: GoogleSettings): Connection<"google">;
  /** Kubernetes Connection. Reaches the API server of a Kubernetes cluster that runs builds. */
  kubernetesConnection(connectionId: string, settings: KubernetesSettings): Connection<"kubernetes">;
  /** NPM Registry. Gives Node.js build steps access to an npm registry. */
  npmRegistry(connectionId: string, settings: NpmSettings): Connection<"npm">;
  /** Perforce Administrator Access. Lets TeamCity clean up workspaces and task streams on a Perforce server. */
  perforceAdminAccess(connectionId: string, settings: PerforceAdminSettings): Connection<"perforceAdmin">;
  /** Slack. Sends notifications to Slack channels and users. */
  slackConnection(connectionId: string, settings: SlackSettings): Connection<"slack">;
  /** JetBrains Space. Signs users in with JetBrains Space, reaches its repositories and reports to its merge requests. */
  spaceConnection(connectionId: string, settings: SpaceSettings): Connection<"space">;
  /** HashiCorp Vault. Lets builds read secrets from HashiCorp Vault. */
  hashiCorpVaultConnection(connectionId: string, settings: VaultSettings): Connection<"vault">;
}

/** Settings of a connection to Amazon ECR. */
export interface AmazonEcrSettings {
  /** The name shown in TeamCity's lists. */
  readonly displayName: string;
  /** A private registry of the account, or its public one in the Amazon ECR Public Gallery. Default: `private`, always written. */
  readonly registryType?: "private" | "public" | undefined;
  /** The account ID that owns the registry, 12 digits, such as `123456789012`. */
  readonly registryId: string;
  /** AWS region of the registry, such as `eu-central-1`. TeamCity's form asks for it for private registries only. */
  readonly region: string;
  /** A role whose temporary credentials are used at the registry. Unless given, the credentials are used as they are. */
  readonly role?: AmazonEcrRole | undefined;
  /** Where credentials come from: an access key, or the server's own environment. */
  readonly credentials: AmazonEcrCredentials;
  /** Stored parameters as they are, written over what the settings give; `null` leaves one out. For what TeamCity stores and no setting expresses. */
  readonly params?: Readonly<Record<string, string | Secret | null>> | undefined;
  /** Findings accepted for this connection, each with a reason: `acknowledge("PB204", "…")`. */
  readonly acknowledge?: readonly Acknowledgement[] | undefined;
}

/** A role whose temporary credentials are used at the registry. Unless given, the credentials are used as they are. */
export interface AmazonEcrRole {
  /** ARN of the role to assume, `arn:aws:iam::123456789012:role/registry`. */
  readonly roleArn: string;
  /** External ID that the role's trust policy demands, 2 to 1,224 characters. TeamCity advises to have one always. */
  readonly externalId?: string | undefined;
}

/** Where credentials come from: an access key, or the server's own environment. */
export type AmazonEcrCredentials =
  | {
      readonly type: "accessKeys";
      /** One secret that keeps access key ID and secret access key together: rotation then needs no edit of the settings. */
      readonly accessKey: Secret;
      readonly accessKeyId?: undefined;
      readonly secretAccessKey?: undefined;
    }
  | {
      readonly type: "accessKeys";
      /** The access key ID of an IAM user. */
      readonly accessKeyId: string;
      /** The secret access key that belongs to it. */
      readonly secretAccessKey: Secret;
      readonly accessKey?: undefined;
    }
  | {
      readonly type: "defaultProviderChain";
    };

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

/** Settings of a connection to Azure DevOps OAuth 2.0. */
export interface AzureDevOpsOAuthSettings {
  /** The name shown in TeamCity's lists. */
  readonly displayName: string;
  /** Address of Azure DevOps Services, such as `https://app.vssps.visualstudio.com`. */
  readonly azureDevOpsUrl: string;
  /** The App ID of the OAuth application in Azure DevOps. */
  readonly applicationId: string;
  /** The Client Secret of the application. Its App Secret does not work. */
  readonly clientSecret: Secret;
  /** Scopes of the application, such as `vso.code`. They must be the ones it is registered with. Default: `["vso.identity","vso.code","vso.project"]`. */
  readonly scope?: readonly string[] | undefined;
  /** Use a callback URL that belongs to this connection alone, as a guard against mix-up attacks. Default: `false`. */
  readonly useUniqueRedirect?: boolean | undefined;
  /** Stored parameters as they are, written over what the settings give; `null` leaves one out. For what TeamCity stores and no setting expresses. */
  readonly params?: Readonly<Record<string, string | Secret | null>> | undefined;
  /** Findings accepted for this connection, each with a reason: `acknowledge("PB204", "…")`. */
  readonly acknowledge?: readonly Acknowledgement[] | undefined;
}

/** Settings of a connection to Azure DevOps PAT. */
export interface AzureDevOpsPatSettings {
  /** The name shown in TeamCity's lists. */
  readonly displayName: string;
  /** Address of the organization or server: `https://dev.azure.com/example`, `https://example.visualstudio.com` or `https://azure.example.com:8080/tfs/`. */
  readonly serverUrl: string;
  /** A personal access token with all scopes. */
  readonly accessToken: Secret;
  /** Stored parameters as they are, written over what the settings give; `null` leaves one out. For what TeamCity stores and no setting expresses. */
  readonly params?: Readonly<Record<string, string | Secret | null>> | undefined;
  /** Findings accepted for this connection, each with a reason: `acknowledge("PB204", "…")`. */
  readonly acknowledge?: readonly Acknowledgement[] | undefined;
}

/** Settings of a connection to Bitbucket Cloud. */
export interface BitbucketCloudSettings {
  /** The name shown in TeamCity's lists. */
  readonly displayName: string;
  /** The key of the OAuth consumer in the Bitbucket workspace. */
  readonly key: string;
  /** The secret of the OAuth consumer. */
  readonly clientSecret: Secret;
  /** Stored parameters as they are, written over what the settings give; `null` leaves one out. For what TeamCity stores and no setting expresses. */
  readonly params?: Readonly<Record<string, string | Secret | null>> | undefined;
  /** Findings accepted for this connection, each with a reason: `acknowledge("PB204", "…")`. */
  readonly acknowledge?: readonly Acknowledgement[] | undefined;
}

/** Settings of a connection to Bitbucket Server / Data Center. */
export interface BitbucketServerSettings {
  /** The name shown in TeamCity's lists. */
  readonly displayName: string;
  /** Base URL of the server, such as `https://bitbucket.example.com`. */
  readonly serverUrl: string;
  /** The Client ID of the incoming application link in Bitbucket. */
  readonly clientId: string;
  /** The Client Secret of the application link. */
  readonly clientSecret: Secret;
  /** Use a callback URL that belongs to this connection alone, as a guard against mix-up attacks. Default: `false`. */
  readonly useUniqueRedirect?: boolean | undefined;
  /** Stored parameters as they are, written over what the settings give; `null` leaves one out. For what TeamCity stores and no setting expresses. */
  readonly params?: Readonly<Record<string, string | Secret | null>> | undefined;
  /** Findings accepted for this connection, each with a reason: `acknowledge("PB204", "…")`. */
  readonly acknowledge?: readonly Acknowledgement[] | undefined;
}

/** Settings of a connection to Docker Registry. */
export interface DockerSettings {
  /** The name shown in TeamCity's lists. */
  readonly displayName: string;
  /** Address of the registry, `[http(s)://]host[:port]`; without a scheme TeamCity takes https. Default: `https://docker.io`. */
  readonly url?: string | undefined;
  /** The user to log in as. Unless given, the registry is used anonymously. */
  readonly userName?: string | undefined;
  /** The password of the user, or an access token. */
  readonly password?: Secret | undefined;
  /** Stored parameters as they are, written over what the settings give; `null` leaves one out. For what TeamCity stores and no setting expresses. */
  readonly params?: Readonly<Record<string, string | Secret | null>> | undefined;
  /** Findings accepted for this connection, each with a reason: `acknowledge("PB204", "…")`. */
  readonly acknowledge?: readonly Acknowledgement[] | undefined;
}

/** Settings of a connection to GitHub.com. */
export interface GithubSettings {
  /** The name shown in TeamCity's lists. */
  readonly displayName: string;
  /** The client ID of the OAuth app on GitHub.com. */
  readonly clientId: string;
  /** A client secret of the OAuth app. */
  readonly clientSecret: Secret;
  /** Stored parameters as they are, written over what the settings give; `null` leaves one out. For what TeamCity stores and no setting expresses. */
  readonly params?: Readonly<Record<string, string | Secret | null>> | undefined;
  /** Findings accepted for this connection, each with a reason: `acknowledge("PB204", "…")`. */
  readonly acknowledge?: readonly Acknowledgement[] | undefined;
}

/** Settings of a connection to GitHub App. */
export interface GithubAppSettings {
  /** The name shown in TeamCity's lists. */
  readonly displayName: string;
  /** The App ID of the GitHub App, a number such as `123456`. */
  readonly appId: string;
  /** The client ID of the GitHub App. */
  readonly clientId: string;
  /** A client secret of the GitHub App. */
  readonly clientSecret: Secret;
  /** A private key of the GitHub App: the text of the `.private-key.pem` file. */
  readonly privateKey: Secret;
  /** Address of the user or organization that the app is installed for, `https://github.com/example`. Its host tells GitHub.com from GitHub Enterprise. */
  readonly ownerUrl: string;
  /** The secret of the app's webhook. Needed if GitHub is to report commits to TeamCity. */
  readonly webhookSecret?: Secret | undefined;
  /** Use a callback URL that belongs to this connection alone, as a guard against mix-up attacks. Default: `false`. */
  readonly useUniqueRedirect?: boolean | undefined;
  /** Stored parameters as they are, written over what the settings give; `null` leaves one out. For what TeamCity stores and no setting expresses. */
  readonly params?: Readonly<Record<string, string | Secret | null>> | undefined;
  /** Findings accepted for this connection, each with a reason: `acknowledge("PB204", "…")`. */
  readonly acknowledge?: readonly Acknowledgement[] | undefined;
}

/** Settings of a connection to GitHub Enterprise. */
export interface GithubEnterpriseSettings {
  /** The name shown in TeamCity's lists. */
  readonly displayName: string;
  /** Address of the GitHub Enterprise server, such as `https://github.example.com`. */
  readonly serverUrl: string;
  /** The client ID of the OAuth app on the server. */
  readonly clientId: string;
  /** A client secret of the OAuth app. */
  readonly clientSecret: Secret;
  /** Use a callback URL that belongs to this connection alone, as a guard against mix-up attacks. Default: `false`. */
  readonly useUniqueRedirect?: boolean | undefined;
  /** Stored parameters as they are, written over what the settings give; `null` leaves one out. For what TeamCity stores and no setting expresses. */
  readonly params?: Readonly<Record<string, string | Secret | null>> | undefined;
  /** Findings accepted for this connection, each with a reason: `acknowledge("PB204", "…")`. */
  readonly acknowledge?: readonly Acknowledgement[] | undefined;
}

/** Settings of a connection to GitLab.com. */
export interface GitlabSettings {
  /** The name shown in TeamCity's lists. */
  readonly displayName: string;
  /** The Application ID of the OAuth application on GitLab.com. */
  readonly applicationId: string;
  /** The secret of the OAuth application. */
  readonly clientSecret: Secret;
  /** Stored parameters as they are, written over what the settings give; `null` leaves one out. For what TeamCity stores and no setting expresses. */
  readonly params?: Readonly<Record<string, string | Secret | null>> | undefined;
  /** Findings accepted for this connection, each with a reason: `acknowledge("PB204", "…")`. */
  readonly acknowledge?: readonly Acknowledgement[] | undefined;
}

/** Settings of a connection to GitLab CE/EE. */
export interface GitlabEESettings {
  /** The name shown in TeamCity's lists. */
  readonly displayName: string;
  /** Base URL of the GitLab server, such as `https://gitlab.example.com`; it may have a context path. */
  readonly serverUrl: string;
  /** The Application ID of the OAuth application on the server. */
  readonly applicationId: string;
  /** The secret of the OAuth application. */
  readonly clientSecret: Secret;
  /** Use a callback URL that belongs to this connection alone, as a guard against mix-up attacks. Default: `false`. */
  readonly useUniqueRedirect?: boolean | undefined;
  /** Stored parameters as they are, written over what the settings give; `null` leaves one out. For what TeamCity stores and no setting expresses. */
  readonly params?: Readonly<Record<string, string | Secret | null>> | undefined;
  /** Findings accepted for this connection, each with a reason: `acknowledge("PB204", "…")`. */
  readonly acknowledge?: readonly Acknowledgement[] | undefined;
}

/** Settings of a connection to Google. */
export interface GoogleSettings {
  /** The name shown in TeamCity's lists. */
  readonly displayName: string;
  /** The client ID of the OAuth client, such as `123456789012-example.apps.googleusercontent.com`. */
  readonly clientId: string;
  /** The client secret of the OAuth client. */
  readonly clientSecret: Secret;
  /** Stored parameters as they are, written over what the settings give; `null` leaves one out. For what TeamCity stores and no setting expresses. */
  readonly params?: Readonly<Record<string, string | Secret | null>> | undefined;
  /** Findings accepted for this connection, each with a reason: `acknowledge("PB204", "…")`. */
  readonly acknowledge?: readonly Acknowledgement[] | undefined;
}

/** Settings of a connection to Kubernetes Connection. */
export interface KubernetesSettings {
  /** The name shown in TeamCity's lists. */
  readonly displayName: string;
  /** Address of the cluster's API server, such as `https://cluster.example.com:6443`. */
  readonly apiServerUrl: string;
  /** The CA certificate of the API server. Unless given, TeamCity does not verify the server's identity. */
  readonly caCertificate?: Secret | undefined;
  /** The Kubernetes namespace to work in. Unless given, the default namespace is used. */
  readonly namespace?: string | undefined;
  /** How TeamCity proves who it is to the API server. */
  readonly authStrategy: KubernetesAuthStrategy;
  /** Stored parameters as they are, written over what the settings give; `null` leaves one out. For what TeamCity stores and no setting expresses. */
  readonly params?: Readonly<Record<string, string | Secret | null>> | undefined;
  /** Findings accepted for this connection, each with a reason: `acknowledge("PB204", "…")`. */
  readonly acknowledge?: readonly Acknowledgement[] | undefined;
}

/** How TeamCity proves who it is to the API server. */
export type KubernetesAuthStrategy =
  | {
      readonly type: "token";
      /** A bearer token, such as that of a service account. */
      readonly token: Secret;
    }
  | {
      readonly type: "usernameAndPassword";
      /** The user's name. */
      readonly userName: string;
      /** The user's password. */
      readonly password: Secret;
    }
  | {
      readonly type: "openId";
      /** Issuer URL of the identity provider, such as `https://id.example.com`. */
      readonly idpIssuerUrl: string;
      /** The client ID at the identity provider. */
      readonly clientId: string;
      /** The client secret at the identity provider. */
      readonly clientSecret: Secret;
      /** The refresh token that ID tokens are fetched with. */
      readonly refreshToken: Secret;
    }
  | {
      readonly type: "clientCertificateAndKey";
      /** The client certificate. */
      readonly clientCertificate: Secret;
      /** The private key of the client certificate. */
      readonly clientKey: Secret;
    }
  | {
      readonly type: "eks";
      /** The name of the Amazon EKS cluster. */
      readonly clusterName: string;
      /** Use the AWS credentials that the TeamCity server itself finds, instead of accessId and secretKey. */
      readonly useInstanceProfile?: boolean | undefined;
      /** The access key ID of an IAM user. */
      readonly accessId?: string | undefined;
      /** The secret access key that belongs to it. */
      readonly secretKey?: Secret | undefined;
      /** A role to assume for access to the cluster. */
      readonly role?: KubernetesAuthStrategyRole | undefined;
    }
  | {
      readonly type: "unauthorized";
    };

/** A role to assume for access to the cluster. */
export interface KubernetesAuthStrategyRole {
  /** ARN of the role to assume, `arn:aws:iam::123456789012:role/cluster`. */
  readonly roleArn: string;
}

/** Settings of a connection to NPM Registry. */
export interface NpmSettings {
  /** The name shown in TeamCity's lists. */
  readonly displayName: string;
  /** Address of the registry, `http(s)://host[:port]`, such as `https://npm.example.com`; without a scheme TeamCity takes https. */
  readonly url?: string | undefined;
  /** Scope of the packages that come from the registry, `@example` or `example`. Unless given, the registry is the default one of npm and yarn. */
  readonly scope?: string | undefined;
  /** An access token. Unless given, the registry is used anonymously. */
  readonly token?: Secret | undefined;
  /** Stored parameters as they are, written over what the settings give; `null` leaves one out. For what TeamCity stores and no setting expresses. */
  readonly params?: Readonly<Record<string, string | Secret | null>> | undefined;
  /** Findings accepted for this connection, each with a reason: `acknowledge("PB204", "…")`. */
  readonly acknowledge?: readonly Acknowledgement[] | undefined;
}

/** Settings of a connection to Perforce Administrator Access. */
export interface PerforceAdminSettings {
  /** The name shown in TeamCity's lists. */
  readonly displayName: string;
  /** Address of the Perforce server as in P4PORT, `perforce.example.com:1666` or `ssl:perforce.example.com:1666`. */
  readonly port: string;
  /** A Perforce user with the `admin` access level. */
  readonly userName: string;
  /** The user's password or ticket. */
  readonly password: Secret;
  /** Stored parameters as they are, written over what the settings give; `null` leaves one out. For what TeamCity stores and no setting expresses. */
  readonly params?: Readonly<Record<string, string | Secret | null>> | undefined;
  /** Findings accepted for this connection, each with a reason: `acknowledge("PB204", "…")`. */
  readonly acknowledge?: readonly Acknowledgement[] | undefined;
}

/** Settings of a connection to Slack. */
export interface SlackSettings {
  /** The name shown in TeamCity's lists. */
  readonly displayName: string;
  /** The bot user token of the Slack app; it starts with `xoxb-`. */
  readonly botToken: Secret;
  /** The client ID of the Slack app, such as `1234567890.1234567890`. */
  readonly clientId: string;
  /** The client secret of the Slack app. */
  readonly clientSecret: Secret;
  /** How many notifications a build may send with service messages. 0 switches them off, -1 sets no limit. Default: `0`. */
  readonly serviceMessageMaxNotificationsPerBuild?: number | undefined;
  /** Domains that such notifications may name, `example.com` or `*.example.com`. */
  readonly serviceMessageAllowedDomainNames?: readonly string[] | undefined;
  /** Stored parameters as they are, written over what the settings give; `null` leaves one out. For what TeamCity stores and no setting expresses. */
  readonly params?: Readonly<Record<string, string | Secret | null>> | undefined;
  /** Findings accepted for this connection, each with a reason: `acknowledge("PB204", "…")`. */
  readonly acknowledge?: readonly Acknowledgement[] | undefined;
}

/** Settings of a connection to JetBrains Space. */
export interface SpaceSettings {
  /** The name shown in TeamCity's lists. */
  readonly displayName: string;
  /** Address of the Space organization, such as `https://space.example.com`. */
  readonly serverUrl: string;
  /** The client ID of the Space application. */
  readonly clientId: string;
  /** The client secret of the Space application. */
  readonly clientSecret: Secret;
  /** Use a callback URL that belongs to this connection alone, as a guard against mix-up attacks. Default: `false`. */
  readonly useUniqueRedirect?: boolean | undefined;
  /** How the Space application comes about: made by hand (`manual`, the default), or by TeamCity for the organization or for one of its projects. Steers guides and checks. */
  readonly creation?: SpaceCreation | undefined;
  /** Stored parameters as they are, written over what the settings give; `null` leaves one out. For what TeamCity stores and no setting expresses. */
  readonly params?: Readonly<Record<string, string | Secret | null>> | undefined;
  /** Findings accepted for this connection, each with a reason: `acknowledge("PB204", "…")`. */
  readonly acknowledge?: readonly Acknowledgement[] | undefined;
}

/** How the Space application comes about: made by hand (`manual`, the default), or by TeamCity for the organization or for one of its projects. Steers guides and checks. */
export type SpaceCreation =
  | {
      readonly type: "manual";
    }
  | {
      readonly type: "organization";
    }
  | {
      readonly type: "project";
      /** The organization connection, of the same project or of a parent. */
      readonly organization: Connection<"space">;
      /** The key of the Space project, such as `PAY`. */
      readonly spaceProjectKey: string;
    };

/** Settings of a connection to HashiCorp Vault. */
export interface VaultSettings {
  /** The name shown in TeamCity's lists. */
  readonly displayName: string;
  /** Address of the Vault server, such as `https://vault.example.com:8200`. */
  readonly url: string;
  /** The namespace within Vault Enterprise or HCP Vault, such as `teams/payments`. */
  readonly vaultNamespace?: string | undefined;
  /** How TeamCity logs in to Vault. */
  readonly authMethod: VaultAuthMethod;
  /** Stored parameters as they are, written over what the settings give; `null` leaves one out. For what TeamCity stores and no setting expresses. */
  readonly params?: Readonly<Record<string, string | Secret | null>> | undefined;
  /** Findings accepted for this connection, each with a reason: `acknowledge("PB204", "…")`. */
  readonly acknowledge?: readonly Acknowledgement[] | undefined;
}

/** How TeamCity logs in to Vault. */
export type VaultAuthMethod =
  | {
      readonly type: "appRole";
      /** The role ID of the AppRole. */
      readonly roleId: string;
      /** A secret ID of the AppRole. */
      readonly secretId: Secret;
      /** The path where the AppRole method is mounted, without slashes around it. Default: `approle`. */
      readonly endpointPath?: string | undefined;
    }
  | {
      readonly type: "ldap";
      /** The path where the LDAP method is mounted, such as `ldap`. */
      readonly path: string;
      /** The user's name in the directory. */
      readonly userName: string;
      /** The user's password. */
      readonly password: Secret;
    }
  | {
      readonly type: "gcpIam";
      /** The Vault role of the Google Cloud method. */
      readonly role: string;
      /** The Google Cloud service account to log in as, such as `builds@example.iam.gserviceaccount.com`. */
      readonly serviceAccount?: string | undefined;
      /** The path where the Google Cloud method is mounted, without slashes around it. Default: `gcp`. */
      readonly endpointPath?: string | undefined;
    };
