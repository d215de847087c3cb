import type { Guide } from "../../contract/define.js";

export const guide: Guide = {
  summary: "Lets TeamCity clean up workspaces and task streams on a Perforce server.",
  uses: [
    "server clean-up: workspaces idle for more than 7 days are deleted",
    "the Delete workspaces action",
    "deletion of task streams",
  ],
  rights: ["access level `admin` in the protections table"],
  steps: [
    "Create a Perforce user for TeamCity and grant it `admin` in the protections table.",
    "Store its password or ticket as the secret of password.",
  ],
  notes: [
    "VCS roots have no setting that names the connection.",
    "Without the connection TeamCity tries the user of the VCS root.",
    "A ticket expires with its login. Choose a user whose tickets do not time out, or give the password.",
  ],
};
