import { connectionSettings, secret, text } from "../../model/schema.js";

export const gitlabSettings = connectionSettings({
  applicationId: text.describe("The Application ID of the OAuth application on GitLab.com."),
  clientSecret: secret.describe("The secret of the OAuth application."),
});
