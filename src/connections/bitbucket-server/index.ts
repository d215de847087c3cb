import { defineConnection } from "../../contract/define.js";
import { httpUrl } from "../../contract/formats.js";
import { flag, sealed, text } from "../../contract/params.js";
import { bitbucketServerSettings } from "./settings.js";

export const bitbucketServer = defineConnection({
  kind: "bitbucketServer",
  functionName: "bitbucketServerConnection",
  title: "Bitbucket Server / Data Center",
  kotlinClass: "BitbucketServerConnection",
  providerType: "BitbucketServer",
  settings: bitbucketServerSettings,
  params: {
    displayName: text("displayName", "displayName"),
    serverUrl: text("bitbucketUrl", "serverUrl", { format: httpUrl }),
    clientId: text("clientId", "clientId"),
    clientSecret: sealed("secure:clientSecret", "clientSecret"),
    useUniqueRedirect: flag("useUniqueRedirect", "useUniqueRedirect", { default: false, kotlinSince: "2024.07" }),
  },
  guide: () => import("./guide.js"),
});
