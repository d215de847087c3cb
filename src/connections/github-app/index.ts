import { defineConnection } from "../../contract/define.js";
import { httpUrl, matching } from "../../contract/formats.js";
import { flag, sealed, text } from "../../contract/params.js";
import { githubAppSettings } from "./settings.js";

const appId = matching(/^\d+$/, "PB133", "is not an App ID", "It is the number on the app's page, not its client ID or name.");

export const githubApp = defineConnection({
  kind: "githubApp",
  functionName: "githubAppConnection",
  title: "GitHub App",
  kotlinClass: "GitHubAppConnection",
  providerType: "GitHubApp",
  settings: githubAppSettings,
  params: {
    displayName: text("displayName", "displayName"),
    appId: text("gitHubApp.appId", "appId", { format: appId }),
    clientId: text("gitHubApp.clientId", "clientId"),
    clientSecret: sealed("secure:gitHubApp.clientSecret", "clientSecret"),
    privateKey: sealed("secure:gitHubApp.privateKey", "privateKey"),
    ownerUrl: text("gitHubApp.ownerUrl", "ownerUrl", { format: httpUrl }),
    webhookSecret: sealed("secure:gitHubApp.webhookSecret", "webhookSecret"),
    useUniqueRedirect: flag("useUniqueRedirect", "useUniqueCallback", { default: false, kotlinSince: "2024.07" }),
  },
  fixed: { connectionSubtype: "gitHubApp" },
  adapter: () => import("./adapter.js"),
  guide: () => import("./guide.js"),
});
