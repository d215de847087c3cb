import type { Guide } from "../../contract/define.js";

export const guide: Guide = {
  summary: "Signs users in with Bitbucket Cloud and reaches its repositories.",
  uses: [
    "sign-in to TeamCity",
    "projects and VCS roots from a repository URL",
    "tokens for Git VCS roots",
    "Mercurial VCS roots",
    "Commit Status Publisher build feature",
    "Pull Requests build feature",
    "Bitbucket Cloud issue tracker: helps to fill in its form",
  ],
  callback: "<root>/oauth/bitbucket/",
  rights: [
    "Account: read, for sign-in",
    "Repositories: read, for projects and build statuses",
    "Repositories: write, for labels, automatic merge and versioned settings",
    "Pull requests: read",
  ],
  steps: [
    "Open the settings of the Bitbucket workspace and add an OAuth consumer.",
    "Register the callback URL and tick the rights above.",
    "Copy the consumer's key to key and store its secret as the secret of clientSecret.",
    "For sign-in, declare the connection in the Root project and have the administrator enable the authentication module.",
  ],
  notes: [
    "TeamCity Cloud has such a connection in its Root project from the start.",
    "The type has no callback URL of its own per connection.",
    "Each user authorizes TeamCity once in Bitbucket before repositories are listed.",
  ],
};
