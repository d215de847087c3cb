import { useUniqueRedirect } from "../../contract/settings.js";
import { connectionSettings, secret, text } from "../../model/schema.js";

export const gitlabEESettings = connectionSettings({
  serverUrl: text.describe("Base URL of the GitLab server, such as `https://gitlab.example.com`; it may have a context path."),
  applicationId: text.describe("The Application ID of the OAuth application on the server."),
  clientSecret: secret.describe("The secret of the OAuth application."),
  useUniqueRedirect,
});
