import type { Guide } from "../../contract/define.js";

export const guide: Guide = {
  summary: "Reaches Git and TFVC repositories of Azure DevOps Services or Azure DevOps Server with a personal access token.",
  uses: [
    "projects and VCS roots from a Git or TFVC repository URL",
    "Azure DevOps VCS roots: the form takes over the token",
    "Commit Status Publisher build feature: the form fills the token in",
    "Azure Board Work Items issue tracker: the form fills the token in",
  ],
  rights: ["a personal access token with all scopes"],
  steps: [
    "Sign in to Azure DevOps as the user that TeamCity is to act for.",
    "Create a personal access token with all scopes, for the one organization that the connection serves.",
    "Store it as the secret of accessToken.",
  ],
  notes: [
    "There is no callback to register, and the type cannot sign users in: that is the Azure DevOps OAuth 2.0 type.",
    "Who uses the connection gets all that the token permits.",
    "A personal access token expires. Give the date with the secret: `secret(name, { expires })`.",
    "With several connections TeamCity shows the server's address beside each, to tell them apart.",
  ],
};
