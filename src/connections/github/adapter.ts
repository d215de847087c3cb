import type { Adapter } from "../../contract/adapter.js";
import type { SettingsOf } from "../../contract/define.js";
import { callbackUrls } from "../../services/github/callbacks.js";
import { checkClient, reportUserRights } from "../../services/github/client-secret.js";
import { githubSite } from "../../services/github/site.js";
import { guide } from "./guide.js";
import type { githubSettings } from "./settings.js";

const site = githubSite(new URL("https://github.com"));

export const adapter: Adapter<SettingsOf<typeof githubSettings>> = {
  endpoints: () => [new URL(site.web)],
  async test(client, context) {
    const checked = await checkClient(context, site, client, { callbacks: callbackUrls(guide.callback, context.serverUrls) });
    await reportUserRights(context, checked);
  },
};
