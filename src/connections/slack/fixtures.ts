import type { Fixture } from "../../contract/define.js";

export const fixtures: readonly Fixture[] = [
  {
    name: "required settings only",
    settings: {
      displayName: "Slack",
      botToken: { $secret: "slack/bot" },
      clientId: "1234567890.1234567890",
      clientSecret: { $secret: "slack/client" },
    },
    params: {
      clientId: "1234567890.1234567890",
      displayName: "Slack",
      providerType: "slackConnection",
      "secure:clientSecret": { $secret: "slack/client" },
      "secure:token": { $secret: "slack/bot" },
    },
  },
  {
    name: "every setting",
    settings: {
      displayName: "Slack",
      botToken: { $token: "credentialsJSON:00000000-0000-4000-8000-000000000001" },
      clientId: "1234567890.1234567890",
      clientSecret: { $token: "credentialsJSON:00000000-0000-4000-8000-000000000002" },
      serviceMessageMaxNotificationsPerBuild: -1,
      serviceMessageAllowedDomainNames: ["example.com", "*.example.org"],
    },
    params: {
      clientId: "1234567890.1234567890",
      displayName: "Slack",
      providerType: "slackConnection",
      "secure:clientSecret": { $token: "credentialsJSON:00000000-0000-4000-8000-000000000002" },
      "secure:token": { $token: "credentialsJSON:00000000-0000-4000-8000-000000000001" },
      serviceMessageAllowedDomainNames: "example.com,*.example.org",
      serviceMessageMaxNotificationsPerBuild: "-1",
    },
  },
];
