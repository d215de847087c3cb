import type { Guide } from "../../contract/define.js";

export const guide: Guide = {
  summary: "Signs users in with GitHub.com and acts for them there, through an OAuth app.",
  uses: [
    "sign-in to TeamCity",
    "projects and VCS roots from a repository URL",
    "tokens for Git VCS roots",
    "Commit Status Publisher build feature",
    "Pull Requests build feature",
    "GitHub issue tracker",
    "webhooks that report commits",
  ],
  callback: "<root>/oauth/github/accessToken.html",
  rights: ["full control of repositories and write access to repository hooks: the scopes that TeamCity asks each user for"],
  steps: [
    "Register an OAuth app in the developer settings of the GitHub account or organization.",
    "Enter the callback URL as Authorization callback URL.",
    "Copy the client ID to clientId, generate a client secret and store it as the secret of clientSecret.",
    "For sign-in, declare the connection in the Root project and have the administrator enable the authentication module.",
  ],
  notes: [
    "TeamCity Cloud has such a connection in its Root project from the start.",
    "Organizations do not let OAuth apps in by default: each must approve the app, above all where sign-in is limited to their members.",
    "Tokens belong to the user who authorized TeamCity. A GitHub App grants less and needs no such user.",
    "The type has no callback URL of its own per connection.",
  ],
};
