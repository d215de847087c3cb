import { acknowledge, type Connection, connectionRef, type Scope } from "plugboard";

export interface AwsAccess {
  /** The project's ID: connection IDs of AWS are unique over the whole server. */
  readonly projectId: string;
  readonly region: string;
  readonly account: string;
  /** Names of the roles to assume, as our AWS accounts call them. */
  readonly roles: readonly string[];
}

/** The platform team's shared connection, declared in a project above all teams. */
const server = connectionRef("aws", "AcmeServer");

/** One AWS connection per role, all assumed through the server's own role. */
export function awsAccess({ awsConnection }: Scope, { projectId, region, account, roles }: AwsAccess): Connection<"aws">[] {
  return roles.map((role) =>
    awsConnection(`${projectId}_Aws_${role}`, {
      displayName: `AWS · ${role} in ${account}`,
      region,
      credentials: { type: "iamRole", principal: server, roleArn: `arn:aws:iam::${account}:role/teamcity-${role}` },
      allowInBuilds: true,
      acknowledge: [acknowledge("PB209", "the platform team keeps AcmeServer shared with sub-projects")],
    }),
  );
}
