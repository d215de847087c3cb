import { defineConnection } from "../../contract/define.js";
import { httpUrl } from "../../contract/formats.js";
import { flag, sealed, text } from "../../contract/params.js";
import { githubEnterpriseSettings } from "./settings.js";

export const githubEnterprise = defineConnection({
  kind: "githubEnterprise",
  functionName: "gheConnection",
  title: "GitHub Enterprise",
  kotlinClass: "GHEConnection",
  providerType: "GHE",
  settings: githubEnterpriseSettings,
  params: {
    displayName: text("displayName", "displayName"),
    serverUrl: text("gitHubUrl", "serverUrl", { format: httpUrl }),
    clientId: text("clientId", "clientId"),
    clientSecret: sealed("secure:clientSecret", "clientSecret"),
    useUniqueRedirect: flag("useUniqueRedirect", "useUniqueCallback", { default: false, kotlinSince: "2024.07" }),
  },
  fixed: { defaultTokenScope: "public_repo,repo,repo:status,write:repo_hook" },
  adapter: () => import("./adapter.js"),
  guide: () => import("./guide.js"),
});
