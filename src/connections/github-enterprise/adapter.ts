import type { Adapter } from "../../contract/adapter.js";
import type { SettingsOf } from "../../contract/define.js";
import { callbackUrls } from "../../services/github/callbacks.js";
import { checkClient, reportUserRights } from "../../services/github/client-secret.js";
import { checkServer } from "../../services/github/server.js";
import { githubEndpoints, githubSite } from "../../services/github/site.js";
import { readAddress } from "../../transport/addresses.js";
import { guide } from "./guide.js";
import type { githubEnterpriseSettings } from "./settings.js";

export const adapter: Adapter<SettingsOf<typeof githubEnterpriseSettings>> = {
  endpoints: ({ serverUrl }) => githubEndpoints(githubSite(readAddress(serverUrl, "serverUrl"))),
  async test({ serverUrl, useUniqueRedirect, ...client }, context) {
    const site = githubSite(readAddress(serverUrl, "serverUrl"));
    const server = await checkServer(context, site);
    const checked = await checkClient(context, site, client, {
      after: server,
      // TeamCity alone knows the ID in a unique callback.
      callbacks: useUniqueRedirect === true ? [] : callbackUrls(guide.callback, context.serverUrls),
    });
    await reportUserRights(context, checked);
  },
};
