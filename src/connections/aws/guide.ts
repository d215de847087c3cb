import type { Guide } from "../../contract/define.js";

export const guide: Guide = {
  summary: "Gives AWS credentials to builds, to artifact storages and to other AWS connections that assume roles.",
  uses: [
    "AWS Credentials build feature",
    "artifacts in Amazon S3",
    "EC2 cloud profiles",
    "principal of AWS connections that assume an IAM role",
  ],
  rights: [
    "access keys: iam:GetUser, iam:CreateAccessKey and iam:DeleteAccessKey on the user itself, for rotation",
    "IAM role: a trust policy that allows sts:AssumeRole to the principal, with the connection's external ID as condition",
  ],
  steps: [
    "Create an IAM role without any permissions (role A) and let the TeamCity server's machine run with it.",
    "Have the administrator set teamcity.internal.aws.connection.defaultCredentialsProviderEnabled=true.",
    "Declare a connection of type defaultProviderChain, with allowInSubProjects: true if sub-projects are to use it.",
    "Create a second role (role B) with the permissions that builds need, and allow role A to assume it in B's trust policy.",
    "Declare a connection of type iamRole whose principal is the first connection and whose roleArn is role B.",
    "Compile: the external ID of the connection is printed. Add it to B's trust policy as sts:ExternalId.",
  ],
  notes: [
    "The external ID is the project ID, a hyphen and the connection ID. Renaming either breaks trust policies.",
    "TeamCity reads an absent allow flag as allowed, so both are always written.",
    "The default credential provider chain is not offered by TeamCity Cloud.",
  ],
};
