import { connectionRef, project, token } from "plugboard";

// What TeamCity's own form stores besides what the settings say.
const blankPrincipal = { awsConnectionId: "" };
const formDefaults = { awsIamRoleSessionName: "TeamCity-session", awsSessionCredentials: "true" };

export default project("Depot_Agents", { name: "Build agents: EC2", parentId: "Depot" }, ({ awsConnection }) => {
  awsConnection("awsConnection_2", {
    displayName: "AWS: agent role",
    region: "eu-west-1",
    credentials: {
      type: "iamRole",
      principal: connectionRef("aws", "DepotAws"),
      roleArn: "arn:aws:iam::210987654321:role/build-agent",
      sessionName: "TeamCity-session",
    },
    sessionDuration: 60,
    params: { awsSessionCredentials: "true" },
  });
  awsConnection("awsConnection_3", {
    displayName: "AWS: keys",
    region: "eu-west-1",
    credentials: {
      type: "accessKeys",
      accessKeyId: "AKIAEXAMPLE000000000",
      secretAccessKey: token("credentialsJSON:00000000-0000-4000-8000-000000000002"),
    },
    sessionDuration: 60,
    allowInSubProjects: true,
    allowInBuilds: true,
    params: { ...blankPrincipal, ...formDefaults },
  });
  awsConnection("awsConnection_4", {
    displayName: "AWS: server role",
    region: "eu-west-1",
    credentials: { type: "defaultProviderChain" },
    sessionDuration: 60,
    params: { ...blankPrincipal, ...formDefaults },
  });
});
