import type { Guide } from "../../contract/define.js";

export const guide: Guide = {
  summary: "Signs users in with GitHub.com or GitHub Enterprise and reaches repositories through a GitHub App.",
  uses: [
    "sign-in to TeamCity",
    "projects and VCS roots from a repository URL",
    "tokens for Git VCS roots",
    "Commit Status Publisher build feature",
    "Pull Requests build feature",
    "GitHub issue tracker, with a token",
    "webhooks that report commits, and the checks trigger",
  ],
  callback: "<root>/oauth/githubapp/accessToken.html",
  rights: [
    "repository permissions: Contents, Pull requests, Commit statuses and Checks (read and write), Metadata and Issues (read-only)",
    "webhook and checks trigger: the Check run and Check suite events besides",
  ],
  steps: [
    "Create a GitHub App in the developer settings of the user or organization, with the callback URL and the permissions above.",
    "If GitHub is to report commits, enable the webhook, choose a secret and store it as the secret of webhookSecret.",
    "Copy App ID and client ID, generate a client secret and store it as the secret of clientSecret.",
    "Generate a private key and store the text of the file as the secret of privateKey.",
    "Install the app for the user or organization and give that page's address as ownerUrl.",
    "For sign-in, declare the connection in the Root project and have the administrator enable the authentication module.",
  ],
  notes: [
    "An app that TeamCity registers itself (creation mode Automatic) gives a connection of the same settings: the mode is not stored. Its callback is the plain one, so `useUniqueRedirect` stays false.",
    "With `useUniqueRedirect: true` the callback is `<root>/oauth/githubapp/rid:<id>/accessToken.html`. The ID is new for each connection and each copy of one; TeamCity's form shows it.",
    "Users sign in to GitHub before they use the connection. A token gets the smaller of the app's and the user's rights.",
    "A token serves a single repository: submodules in other repositories are out of its reach.",
    "JetBrains' Terraform provider demands a webhook secret, TeamCity itself does not.",
    "The certificate of a GitHub Enterprise server must be one that the TeamCity server trusts.",
  ],
};
