import type { Guide } from "../../contract/define.js";

export const guide: Guide = {
  summary: "Sends notifications to Slack channels and users.",
  uses: [
    "Slack notifier of the Notifications build feature and of user profiles",
    "notifications that a build sends with service messages",
  ],
  callback: "<root>",
  rights: [
    "bot token scopes: `channels:read`, `chat:write`, `im:read`, `im:write`, `users:read`, `team:read`, `groups:read`",
    "user token scopes, for users who sign in to Slack from TeamCity: `identity.basic`, `identity.team`",
  ],
  steps: [
    "Create a Slack app in the workspace.",
    "Add the bot token scopes under OAuth & Permissions.",
    "Add the server's address under Redirect URLs there. Behind a proxy add every address by which the server is reached.",
    "Install the app to the workspace and store the bot user token as the secret of botToken.",
    "Copy the client ID from Basic Information to clientId and store the client secret as the secret of clientSecret.",
    "Invite the bot to the channels it is to write to.",
  ],
  notes: [
    "Users link their Slack accounts in their TeamCity profiles to be notified in person.",
    "Service messages are off unless `serviceMessageMaxNotificationsPerBuild` says otherwise.",
    "The first versions stored `adHocMaxNotificationsPerBuild` and `adHocAllowedDomainNames`. Such parameters are kept in `params`.",
  ],
};
