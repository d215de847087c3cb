import { defineConnection } from "../../contract/define.js";
import { sealed, text } from "../../contract/params.js";
import { gitlabSettings } from "./settings.js";

export const gitlab = defineConnection({
  kind: "gitlab",
  functionName: "gitlabConnection",
  title: "GitLab.com",
  kotlinClass: "GitLabConnection",
  providerType: "GitLabCom",
  settings: gitlabSettings,
  params: {
    displayName: text("displayName", "displayName"),
    applicationId: text("clientId", "applicationId"),
    clientSecret: sealed("secure:clientSecret", "clientSecret"),
  },
  guide: () => import("./guide.js"),
});
