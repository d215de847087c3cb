import { awsAccess, teamConnections } from "@acme/connections";
import { input, project, secret, settings } from "plugboard";
import accounts from "./accounts.json";

/** Connections of the checkout team, for one stage: `plugboard compile --input stage=production`. */
export default settings(
  { stage: input.oneOf("staging", "production"), region: input.text({ default: "eu-west-1" }) },
  ({ stage, region }) => {
    const { account, apiServer } = accounts[stage];
    const projectId = `Checkout_${stage}`;

    return project(projectId, { name: `Checkout (${stage})`, parentId: "Acme" }, (scope) => {
      teamConnections(scope, { name: "checkout", gitHubApp: { appId: "412873", clientId: "Iv1.8a61f9b3a7aba766" } });
      awsAccess(scope, { projectId, region, account, roles: ["deploy", "artifacts"] });

      scope.kubernetesConnection("checkout-cluster", {
        displayName: `Kubernetes · ${stage}`,
        apiServerUrl: apiServer,
        caCertificate: secret(`checkout/${stage}/ca-certificate`),
        namespace: "checkout-builds",
        authStrategy: { type: "token", token: secret(`checkout/${stage}/token`) },
      });
    });
  },
);
