import type { Check, SettingsOf } from "../../contract/define.js";
import type { CodeEntry } from "../../model/codes.js";
import type { awsSettings } from "./settings.js";

export const codes = {
  PB221: {
    severity: "warning",
    title: "The default credential provider chain is switched off on a TeamCity server",
    help: 'The server refuses such connections until its administrator sets the internal property `teamcity.internal.aws.connection.defaultCredentialsProviderEnabled=true`. Once that is done, accept the finding: `acknowledge("PB221", "enabled on our server")`. Mind that whoever may edit the project can then use all that the server\'s own role permits.',
  },
  PB222: {
    severity: "warning",
    title: "A role session lasts longer than AWS allows",
    help: "STS AssumeRole gives at most 720 minutes, and 60 where the principal is itself a role (role chaining). TeamCity stores a longer duration; AWS then refuses the call.",
  },
  PB223: {
    severity: "warning",
    title: "A role can be assumed without its external ID",
    help: 'The external ID keeps others from having TeamCity assume the role for them ("confused deputy"). AWS ignores one that the trust policy does not ask for. Add the condition to the trust policy: `"Condition": { "StringEquals": { "sts:ExternalId": "…" } }`, with the ID that `compile` prints.',
  },
  PB224: {
    severity: "note",
    title: "The user of an access key has no room for another key",
    help: "AWS allows two access keys per user, inactive ones counted. A rotation creates one, and fails while there are two. Delete the one that is not in use.",
  },
} as const satisfies Record<string, CodeEntry>;

type AwsCheck = Check<SettingsOf<typeof awsSettings>>;

const defaultChainGate: AwsCheck = function* ({ credentials }, { target }) {
  if (credentials.type !== "defaultProviderChain") return;
  yield {
    code: "PB221",
    message:
      target.edition === "cloud"
        ? "the default credential provider chain is not offered by TeamCity Cloud"
        : "the default credential provider chain works only where the server's administrator has switched it on",
    hint:
      target.edition === "cloud"
        ? "Use an access key, or a role assumed through one."
        : "Is teamcity.internal.aws.connection.defaultCredentialsProviderEnabled=true set on the server? Then acknowledge this finding.",
    path: ["credentials"],
  };
};

const roleDuration: AwsCheck = function* ({ credentials, sessionDuration }) {
  if (sessionDuration === undefined || sessionDuration <= 720 || credentials.type !== "iamRole") return;
  yield {
    code: "PB222",
    message: `sessionDuration is ${sessionDuration} minutes, and a role session lasts at most 720`,
    hint: "Choose 720 or less; the role's own maximum may be lower still.",
    path: ["sessionDuration"],
  };
};

export const checks: readonly AwsCheck[] = [defaultChainGate, roleDuration];
