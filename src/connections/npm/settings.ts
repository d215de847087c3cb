import { connectionSettings, secret, text } from "../../model/schema.js";

export const npmSettings = connectionSettings({
  url: text
    .describe(
      "Address of the registry, `http(s)://host[:port]`, such as `https://npm.example.com`; without a scheme TeamCity takes https.",
    )
    .optional(),
  scope: text
    .describe(
      "Scope of the packages that come from the registry, `@example` or `example`. Unless given, the registry is the default one of npm and yarn.",
    )
    .optional(),
  token: secret.describe("An access token. Unless given, the registry is used anonymously.").optional(),
});
