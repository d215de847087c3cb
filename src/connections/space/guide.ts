import type { Guide } from "../../contract/define.js";

export const guide: Guide = {
  summary: "Signs users in with JetBrains Space, reaches its repositories and reports to its merge requests.",
  uses: [
    "sign-in to TeamCity (organization and manual connections)",
    "projects, build configurations and VCS roots from a Space repository",
    "tokens for Git VCS roots",
    "Commit Status Publisher build feature, by the connection's ID",
    "Pull Requests build feature (merge requests), by the connection's ID",
  ],
  callback: "<root>/oauth/space/accessToken.html",
  rights: [
    "Members | View member profile, for sign-in and merge requests; a Space administrator approves it",
    "Git Repositories | Report external check status and Code Review Comments | Post comments to code reviews, for build statuses",
    "Code Review | View code reviews, for merge requests",
  ],
  steps: [
    "Create an application under Administration | Applications in Space.",
    "Name the Space project under In-context Authorization, add the permissions above and have them approved.",
    "Enable Client Credentials Flow on the Authentication tab.",
    "For sign-in, or to create projects from repositories, enable Authorization Code Flow too and enter the callback URL.",
    "Copy the client ID to clientId and store the client secret as the secret of clientSecret.",
    "Make yourself a member of the Space project: TeamCity sees only projects of which the user is a member.",
  ],
  notes: [
    "Space was discontinued in June 2025. Servers still have the type.",
    "Automatic creation happens in TeamCity's form: an organization connection first, then one per Space project, in the same project or below. A Space administrator approves each application.",
    "The address of an application that TeamCity installs is the server URL of that moment and cannot be changed later. Its certificate must be from a well-known authority.",
    "`creation` is not stored. Whether TeamCity marks automatic connections in storage is not confirmed; the files seen hold the ordinary settings.",
    "With `useUniqueRedirect: true` the callback is `<root>/oauth/space/rid:<id>/accessToken.html`. The ID is new for each connection and each copy of one; TeamCity's form shows it.",
    "Tokens of project applications belong to no person: builds go on when somebody leaves.",
  ],
};
