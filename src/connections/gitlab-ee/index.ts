import { defineConnection } from "../../contract/define.js";
import { httpUrl } from "../../contract/formats.js";
import { flag, sealed, text } from "../../contract/params.js";
import { gitlabEESettings } from "./settings.js";

export const gitlabEE = defineConnection({
  kind: "gitlabEE",
  functionName: "gitlabEEConnection",
  title: "GitLab CE/EE",
  kotlinClass: "GitLabEEConnection",
  providerType: "GitLabCEorEE",
  settings: gitlabEESettings,
  params: {
    displayName: text("displayName", "displayName"),
    serverUrl: text("gitLabUrl", "serverUrl", { format: httpUrl }),
    applicationId: text("clientId", "applicationId"),
    clientSecret: sealed("secure:clientSecret", "clientSecret"),
    useUniqueRedirect: flag("useUniqueRedirect", "useUniqueRedirect", { default: false, kotlinSince: "2024.07" }),
  },
  guide: () => import("./guide.js"),
});
