import { defineConnection } from "../../contract/define.js";
import { sealed, text } from "../../contract/params.js";
import { githubSettings } from "./settings.js";

export const github = defineConnection({
  kind: "github",
  functionName: "githubConnection",
  title: "GitHub.com",
  kotlinClass: "GitHubConnection",
  providerType: "GitHub",
  settings: githubSettings,
  params: {
    displayName: text("displayName", "displayName"),
    clientId: text("clientId", "clientId"),
    clientSecret: sealed("secure:clientSecret", "clientSecret"),
  },
  fixed: {
    gitHubUrl: "https://github.com/",
    defaultTokenScope: "public_repo,repo,repo:status,write:repo_hook",
  },
  adapter: () => import("./adapter.js"),
  guide: () => import("./guide.js"),
});
