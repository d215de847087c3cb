import { acknowledge, project, secret } from "plugboard";

const region = "eu-central-1";

/** AWS accounts that the payments service is deployed to, one per stage. */
const stages = [
  { name: "Staging", account: "111122223333" },
  { name: "Production", account: "444455556666" },
];

/**
 * Connections of the payments team.
 *
 * AWS access follows the set-up that TeamCity recommends: the server's machine runs with role A, which has no
 * permissions. It may only assume the role B of each stage, whose trust policy demands the external ID that
 * `plugboard compile` prints.
 */
export default project("Payments", ({ awsConnection, dockerRegistry, githubAppConnection, slackConnection, subProject }) => {
  const roleA = awsConnection("PaymentsServer", {
    displayName: "AWS · TeamCity server (role A)",
    region,
    credentials: { type: "defaultProviderChain" },
    allowInSubProjects: true, // the stages below assume their roles through it
    acknowledge: [acknowledge("PB221", "enabled on our server; role A has no permissions")],
  });

  githubAppConnection("PaymentsGitHub", {
    displayName: "GitHub · acme-payments",
    ownerUrl: "https://github.com/acme-payments",
    appId: "412873",
    clientId: "Iv1.8a61f9b3a7aba766",
    clientSecret: secret("github/client-secret"),
    privateKey: secret("github/private-key"),
    webhookSecret: secret("github/webhook-secret"),
    useUniqueRedirect: true,
  });

  dockerRegistry("PaymentsRegistry", {
    displayName: "Docker · registry.acme.example",
    url: "https://registry.acme.example",
    userName: "teamcity-payments",
    password: secret("docker/registry-password"),
  });

  slackConnection("PaymentsSlack", {
    displayName: "Slack · acme",
    clientId: "1234567890.1234567890",
    clientSecret: secret("slack/client-secret"),
    botToken: secret("slack/bot-token"),
    serviceMessageMaxNotificationsPerBuild: 5,
    serviceMessageAllowedDomainNames: ["acme.example", "*.acme.example"],
  });

  for (const { name, account } of stages) {
    subProject(`Payments_${name}`, { name }, ({ awsConnection }) => {
      awsConnection(`PaymentsDeploy${name}`, {
        displayName: `AWS · deploy to ${name.toLowerCase()} (role B)`,
        region,
        credentials: {
          type: "iamRole",
          principal: roleA,
          roleArn: `arn:aws:iam::${account}:role/teamcity-payments-deploy`,
          sessionName: `teamcity-payments-${name.toLowerCase()}`,
        },
        allowInBuilds: true,
      });
    });
  }
});
