import type { Guide } from "../../contract/define.js";

export const guide: Guide = {
  summary: "Signs users in with GitLab.com and acts for them there.",
  uses: [
    "sign-in to TeamCity",
    "projects and VCS roots from a repository URL",
    "tokens for Git VCS roots",
    "Commit Status Publisher build feature",
    "Pull Requests build feature",
    "GitLab issue tracker: helps to fill in its form",
  ],
  callback: "<root>/oauth/gitlab/accessToken.html",
  rights: ["scope `api`"],
  steps: [
    "Add an application on GitLab.com, owned by a user or by a group.",
    "Enter the callback URL as Redirect URI and tick the scope api.",
    "Copy the Application ID to applicationId and store the secret as the secret of clientSecret.",
    "For sign-in, declare the connection in the Root project and have the administrator enable the authentication module.",
  ],
  notes: [
    "TeamCity Cloud has such a connection in its Root project from the start.",
    "Each user authorizes TeamCity once in GitLab before repositories are listed.",
    "TeamCity's form shows a box for a unique redirect URL, its Kotlin DSL has no such property. Whether it takes effect on GitLab.com is not confirmed.",
  ],
};
