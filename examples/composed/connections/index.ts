/**
 * Connections that every team at Acme declares alike. A function takes the scope of a project, declares in it, and
 * returns the handles that others refer to. In real life this is an npm package of its own.
 */
export { type AwsAccess, awsAccess } from "./aws.js";
export { type Team, teamConnections } from "./team.js";
