import type { Guide } from "../../contract/define.js";

export const guide: Guide = {
  summary: "Signs users in with a GitLab server of your own, Community or Enterprise Edition, and acts for them there.",
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
    "Add an application on the server: owned by a user, owned by a group, or for the whole instance.",
    "Enter the callback URL as Redirect URI and tick the scope api.",
    "Copy the Application ID to applicationId and store the secret as the secret of clientSecret.",
    "If the server's certificate is not from a well-known authority, add it to the certificates that TeamCity trusts.",
    "For sign-in, declare the connection in the Root project and have the administrator enable the authentication module.",
  ],
  notes: [
    "With `useUniqueRedirect: true` the callback is `<root>/oauth/gitlab/rid:<id>/accessToken.html`. The ID is new for each connection and each copy of one; TeamCity's form shows it.",
    "An application for the whole instance can be marked as trusted: users then need not authorize TeamCity.",
  ],
};
