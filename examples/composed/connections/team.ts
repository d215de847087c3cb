import { type Connection, type Scope, secret } from "plugboard";

export interface Team {
  /** The team's name in lower case, as GitHub and our registry know it. */
  readonly name: string;
  readonly gitHubApp: { readonly appId: string; readonly clientId: string };
}

/** What every team has: its GitHub App, the company's registry, Slack. */
export function teamConnections(
  { dockerRegistry, githubAppConnection, slackConnection }: Scope,
  { name, gitHubApp }: Team,
): { readonly gitHub: Connection<"githubApp">; readonly slack: Connection<"slack"> } {
  dockerRegistry(`${name}-registry`, {
    displayName: "Docker · registry.acme.example",
    url: "https://registry.acme.example",
    userName: `teamcity-${name}`,
    password: secret(`${name}/registry-password`),
  });
  return {
    gitHub: githubAppConnection(`${name}-github`, {
      displayName: `GitHub · acme-${name}`,
      ownerUrl: `https://github.com/acme-${name}`,
      ...gitHubApp,
      clientSecret: secret(`${name}/github-client-secret`),
      privateKey: secret(`${name}/github-private-key`),
    }),
    slack: slackConnection(`${name}-slack`, {
      displayName: "Slack · acme",
      botToken: secret("acme/slack-bot-token"),
      clientId: "1234567890.1234567890",
      clientSecret: secret("acme/slack-client-secret"),
    }),
  };
}
