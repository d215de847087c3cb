import type { Guide } from "../../contract/define.js";

export const guide: Guide = {
  summary: "Signs users in with a GitHub Enterprise server and acts for them there, through an OAuth app.",
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
    "Register an OAuth app in the developer settings of an account or organization on the server.",
    "Enter the callback URL as Authorization callback URL.",
    "Copy the client ID to clientId, generate a client secret and store it as the secret of clientSecret.",
    "If the server's certificate is not from a well-known authority, add it to the certificates that TeamCity trusts.",
    "For sign-in, declare the connection in the Root project and have the administrator enable the authentication module.",
  ],
  notes: [
    "With `useUniqueRedirect: true` the callback has an ID of the connection in its path, probably `<root>/oauth/github/rid:<id>/accessToken.html`. That form is not confirmed: copy the URL from TeamCity's form.",
    "Files saved by older servers have no `defaultTokenScope`; it is always written here.",
    "Organizations may have to approve the app before it sees their repositories.",
    "Tokens belong to the user who authorized TeamCity. A GitHub App grants less and needs no such user.",
  ],
};
