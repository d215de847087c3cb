import { connectionSettings, secret, text } from "../../model/schema.js";

export const bitbucketCloudSettings = connectionSettings({
  key: text.describe("The key of the OAuth consumer in the Bitbucket workspace."),
  clientSecret: secret.describe("The secret of the OAuth consumer."),
});
