import { type Scope, secret, token } from "plugboard";

/** Hosts of repositories, and what signs users in. */
export function sourceControl({
  azureDevOpsOAuthConnection,
  azureDevopsConnection,
  bitbucketCloudConnection,
  bitbucketServerConnection,
  gheConnection,
  githubAppConnection,
  githubConnection,
  gitlabConnection,
  gitlabEEConnection,
  googleConnection,
  perforceAdminAccess,
  spaceConnection,
}: Scope): void {
  githubAppConnection("GitHubApp", {
    displayName: "GitHub App",
    appId: "123456",
    clientId: "Iv1.0123456789abcdef",
    clientSecret: secret("github-app/client-secret"),
    privateKey: secret("github-app/private-key"),
    ownerUrl: "https://github.com/example",
    webhookSecret: secret("github-app/webhook-secret"),
    useUniqueRedirect: true,
  });
  githubConnection("GitHub", {
    displayName: "GitHub.com",
    clientId: "0123456789abcdef0123",
    clientSecret: secret("github/client-secret"),
  });
  gheConnection("GitHubEnterprise", {
    displayName: "GitHub Enterprise",
    serverUrl: "https://github.example.com",
    clientId: "0123456789abcdef0123",
    clientSecret: secret("ghe/client-secret"),
    useUniqueRedirect: true,
  });

  gitlabConnection("GitLab", {
    displayName: "GitLab.com",
    applicationId: "example-application",
    clientSecret: secret("gitlab/client-secret", { expires: "2027-03-01" }),
  });
  gitlabEEConnection("GitLabServer", {
    displayName: "GitLab CE/EE",
    serverUrl: "https://gitlab.example.com",
    applicationId: "example-application",
    clientSecret: secret("gitlab-server/client-secret"),
    useUniqueRedirect: true,
  });

  bitbucketCloudConnection("BitbucketCloud", {
    displayName: "Bitbucket Cloud",
    key: "ExampleConsumerKey",
    // A token that the server made already.
    clientSecret: token("credentialsJSON:00000000-0000-4000-8000-000000000001"),
  });
  bitbucketServerConnection("BitbucketServer", {
    displayName: "Bitbucket Data Center",
    serverUrl: "https://bitbucket.example.com",
    clientId: "example-client",
    clientSecret: secret("bitbucket/client-secret"),
    useUniqueRedirect: true,
  });

  azureDevOpsOAuthConnection("AzureOAuth", {
    displayName: "Azure DevOps OAuth 2.0",
    azureDevOpsUrl: "https://app.vssps.visualstudio.com",
    applicationId: "00000000-0000-4000-8000-00000000000a",
    clientSecret: secret("azure/client-secret"),
    scope: ["vso.identity", "vso.code", "vso.project"],
    useUniqueRedirect: true,
  });
  azureDevopsConnection("AzurePat", {
    displayName: "Azure DevOps PAT",
    serverUrl: "https://dev.azure.com/example",
    accessToken: secret("azure/personal-access-token", { expires: "2027-03-01" }),
  });

  googleConnection("Google", {
    displayName: "Google",
    clientId: "123456789012-example.apps.googleusercontent.com",
    clientSecret: secret("google/client-secret"),
  });

  perforceAdminAccess("Perforce", {
    displayName: "Perforce administrator",
    port: "ssl:perforce.example.com:1666",
    userName: "teamcity-admin",
    password: secret("perforce/password"),
  });

  spaceConnection("Space", {
    displayName: "JetBrains Space, made by hand",
    serverUrl: "https://space.example.com",
    clientId: "00000000-0000-4000-8000-00000000000b",
    clientSecret: secret("space/client-secret"),
    useUniqueRedirect: true,
    creation: { type: "manual" },
  });
  const organization = spaceConnection("SpaceOrganization", {
    displayName: "JetBrains Space, organization",
    serverUrl: "https://space.example.com",
    clientId: "00000000-0000-4000-8000-00000000000c",
    clientSecret: secret("space-organization/client-secret"),
    creation: { type: "organization" },
  });
  spaceConnection("SpaceProject", {
    displayName: "JetBrains Space, project PAY",
    serverUrl: "https://space.example.com",
    clientId: "00000000-0000-4000-8000-00000000000d",
    clientSecret: secret("space-project/client-secret"),
    creation: { type: "project", organization, spaceProjectKey: "PAY" },
  });
}
