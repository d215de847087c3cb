import type { Guide } from "../../contract/define.js";

export const guide: Guide = {
  summary: "Signs users in with Azure DevOps Services and reaches its Git repositories.",
  uses: [
    "sign-in to TeamCity",
    "projects and VCS roots from a repository URL",
    "tokens for Git VCS roots",
    "Commit Status Publisher build feature, with a token",
    "Pull Requests build feature, with a token",
  ],
  rights: [
    "Identity (read), Project and team (read), Code (read)",
    "Code (status), to publish build statuses",
    "Code (read and write), for labels, automatic merge and versioned settings",
  ],
  steps: [
    "Open the application in Azure DevOps that TeamCity is to use, or register one where Microsoft still allows it.",
    "Register the callback URL that TeamCity's connection form shows, and the scopes above.",
    "Copy the App ID to applicationId and store the Client Secret as the secret of clientSecret.",
    "If the scopes differ from TeamCity's own, list the same ones in scope.",
    "For sign-in, declare the connection in the Root project and have the administrator enable the authentication module.",
  ],
  notes: [
    "Only Azure DevOps Services are supported, not Azure DevOps Server.",
    "With `useUniqueRedirect: true` the callback is `<root>/oauth/azuredevops/rid:<id>/accessToken.html`. The ID is new for each connection and each copy of one; TeamCity's form shows it.",
    "The callback without a unique part, `<root>/oauth/azuredevops/accessToken.html`, follows the other types and is not confirmed.",
    "Microsoft takes no new registrations of such applications since April 2025 and has announced to retire them in 2026.",
    "Whether newer servers accept an Entra ID application here is not confirmed.",
  ],
};
