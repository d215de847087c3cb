import { connectionSettings, secret, text } from "../../model/schema.js";

export const perforceAdminSettings = connectionSettings({
  port: text.describe(
    "Address of the Perforce server as in P4PORT, `perforce.example.com:1666` or `ssl:perforce.example.com:1666`.",
  ),
  userName: text.describe("A Perforce user with the `admin` access level."),
  password: secret.describe("The user's password or ticket."),
});
