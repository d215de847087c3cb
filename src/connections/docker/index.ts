import { defineConnection } from "../../contract/define.js";
import { hostUrl } from "../../contract/formats.js";
import { sealed, text } from "../../contract/params.js";
import { dockerSettings } from "./settings.js";

export const docker = defineConnection({
  kind: "docker",
  functionName: "dockerRegistry",
  title: "Docker Registry",
  kotlinClass: "DockerRegistryConnection",
  providerType: "Docker",
  settings: dockerSettings,
  params: {
    displayName: text("displayName", "name"),
    url: text("repositoryUrl", "url", { default: "https://docker.io", format: hostUrl }),
    userName: text("userName", "userName"),
    password: sealed("secure:userPass", "password"),
  },
  adapter: () => import("./adapter.js"),
  guide: () => import("./guide.js"),
});
