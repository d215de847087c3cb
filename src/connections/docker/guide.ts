import type { Guide } from "../../contract/define.js";

export const guide: Guide = {
  summary: "Logs builds in to a Docker registry: Docker Hub or one of your own.",
  uses: [
    "Docker registry connections build feature (Docker Support in older versions): login before a build, logout after it",
    "clean-up of the images that a build has pushed",
  ],
  rights: ["pull, and push where builds publish images; delete where TeamCity cleans images up"],
  steps: [
    "Create a user, or an access token of one, at the registry and grant it the rights above.",
    "Give the user's name as userName and store the password or token as the secret of password.",
    "Name the connection in the build feature of each build configuration that needs it; it takes several.",
  ],
  notes: [
    "A registry without https, or with a certificate of your own authority, must also be allowed on every agent's Docker, and the certificate be trusted by the server's Java.",
    "A test logs in, and where that proves nothing, once more with made-up credentials. Whether the user may pull from a repository, and push to it, only a build shows.",
    "Docker Hub wants an access token in place of the password where the account has two-factor authentication. Tokens may expire.",
    "Some registries have their logins at another host, which they name themselves, such as a GitLab of your own. A test sends the password there only if that host is in `hosts` of plugboard.config.ts. Docker Hub's and GitLab.com's hosts are known.",
    "Amazon ECR has a connection type of its own.",
  ],
};
