import { defineConnection } from "../../contract/define.js";
import { integer, list, sealed, text } from "../../contract/params.js";
import { slackSettings } from "./settings.js";

export const slack = defineConnection({
  kind: "slack",
  functionName: "slackConnection",
  title: "Slack",
  kotlinClass: "SlackConnection",
  providerType: "slackConnection",
  settings: slackSettings,
  params: {
    displayName: text("displayName", "displayName"),
    botToken: sealed("secure:token", "botToken"),
    clientId: text("clientId", "clientId"),
    clientSecret: sealed("secure:clientSecret", "clientSecret"),
    serviceMessageMaxNotificationsPerBuild: integer(
      "serviceMessageMaxNotificationsPerBuild",
      "serviceMessageMaxNotificationsPerBuild",
      { default: 0 },
    ),
    serviceMessageAllowedDomainNames: list(",", "serviceMessageAllowedDomainNames", "serviceMessageAllowedDomainNames"),
  },
  formerKotlin: {
    adHocMaxNotificationsPerBuild: "adHocMaxNotificationsPerBuild",
    adHocAllowedDomainNames: "adHocAllowedDomainNames",
  },
  adapter: () => import("./adapter.js"),
  guide: () => import("./guide.js"),
});
