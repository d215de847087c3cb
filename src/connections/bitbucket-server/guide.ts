import type { Guide } from "../../contract/define.js";

export const guide: Guide = {
  summary: "Reaches repositories of a Bitbucket Server or Data Center.",
  uses: [
    "projects and VCS roots from a repository URL",
    "tokens for Git VCS roots",
    "Commit Status Publisher build feature",
    "Pull Requests build feature",
  ],
  callback: "<root>/oauth/bitbucketserver/accessToken.html",
  rights: ["Repositories: write, on the application link"],
  steps: [
    "Open Administration | Application Links in Bitbucket and create a link.",
    "Choose External application as the type and Incoming as the direction.",
    "Enter the callback URL as Redirect URL and tick Write under Repositories.",
    "Copy the Client ID to clientId and store the Client Secret as the secret of clientSecret.",
  ],
  notes: [
    "With `useUniqueRedirect: true` the callback is `<root>/oauth/bitbucketserver/rid:<id>/accessToken.html`. The ID is new for each connection and each copy of one; TeamCity's form shows it.",
    "The type cannot sign users in.",
  ],
};
