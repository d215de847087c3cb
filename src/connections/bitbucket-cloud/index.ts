import { defineConnection } from "../../contract/define.js";
import { sealed, text } from "../../contract/params.js";
import { bitbucketCloudSettings } from "./settings.js";

export const bitbucketCloud = defineConnection({
  kind: "bitbucketCloud",
  functionName: "bitbucketCloudConnection",
  title: "Bitbucket Cloud",
  kotlinClass: "BitbucketCloudConnection",
  providerType: "BitBucketCloud",
  settings: bitbucketCloudSettings,
  params: {
    displayName: text("displayName", "displayName"),
    key: text("clientId", "key"),
    clientSecret: sealed("secure:clientSecret", "clientSecret"),
  },
  guide: () => import("./guide.js"),
});
