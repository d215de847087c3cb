import { defineConnection } from "../../contract/define.js";
import { sealed, text } from "../../contract/params.js";
import { perforceAdminSettings } from "./settings.js";

export const perforceAdmin = defineConnection({
  kind: "perforceAdmin",
  functionName: "perforceAdminAccess",
  title: "Perforce Administrator Access",
  kotlinClass: "PerforceAdminConnection",
  providerType: "PerforceAdmin",
  settings: perforceAdminSettings,
  params: {
    displayName: text("displayName", "name"),
    port: text("port", "port"),
    userName: text("user", "userName"),
    password: sealed("secure:passwd", "password"),
  },
  guide: () => import("./guide.js"),
});
