import type { Adapter } from "../../contract/adapter.js";
import type { SettingsOf } from "../../contract/define.js";
import { shown } from "../../model/text.js";
import { callbackUrls } from "../../services/github/callbacks.js";
import { checkClient, reportUserRights } from "../../services/github/client-secret.js";
import { checkServer } from "../../services/github/server.js";
import { type GithubSite, githubEndpoints, githubSite } from "../../services/github/site.js";
import { readAddress } from "../../transport/addresses.js";
import { TransportFailure } from "../../transport/http.js";
import { guide } from "./guide.js";
import type { githubEnterpriseSettings } from "./settings.js";

export const adapter: Adapter<SettingsOf<typeof githubEnterpriseSettings>> = {
  endpoints: ({ serverUrl }) => githubEndpoints(siteAt(serverUrl)),
  async test({ serverUrl, useUniqueRedirect, ...client }, context) {
    const site = siteAt(serverUrl);
    const server = await checkServer(context, site);
    const checked = await checkClient(context, site, client, {
      after: server,
      // TeamCity alone knows the ID in a unique callback.
      callbacks: useUniqueRedirect === true ? [] : callbackUrls(guide.callback, context.serverUrls),
    });
    await reportUserRights(context, checked);
  },
};

/** Every GitHub Enterprise server is at the root of its host. */
function siteAt(serverUrl: string): GithubSite {
  const address = readAddress(serverUrl, "serverUrl");
  if (address.href === `${address.origin}/`) return githubSite(address);
  throw new TransportFailure("invalid-input", "serverUrl has more in it than the address of a server", {
    hint: `Write it as ${shown(address.origin)}.`,
  });
}
