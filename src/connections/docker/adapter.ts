import type { Adapter, Resolved, Verdict } from "../../contract/adapter.js";
import type { SettingsOf } from "../../contract/define.js";
import { registryAddress } from "../../services/docker-registry/address.js";
import type { Credentials } from "../../services/docker-registry/credentials.js";
import { logIn } from "../../services/docker-registry/login.js";
import { reachRegistry } from "../../services/docker-registry/reach.js";
import type { dockerSettings } from "./settings.js";

type Settings = SettingsOf<typeof dockerSettings>;

export const adapter: Adapter<Settings> = {
  endpoints({ url }) {
    const address = registryAddress(url);
    return [address.url, ...address.tokenServices];
  },

  async test(settings, { http, session, check }) {
    const { url } = registryAddress(settings.url);
    const input = await check({ stage: "input", title: "user and password belong together" }, () => readCredentials(settings));
    const registry = await check({ stage: "server", title: "the registry answers", after: input }, () =>
      reachRegistry(http, url),
    );
    await check({ stage: "authentication", title: "the registry lets the user in", after: registry }, (found) =>
      session(["docker login", url.href, input.value?.user, input.value?.password], (shared) =>
        logIn(shared, found, input.value),
      ),
    );
  },
};

function readCredentials({ userName: user = "", password }: Resolved<Settings>): Verdict<Credentials> {
  const given = password !== undefined && password.reveal() !== "";
  if (user === "" && !given) return { outcome: "ok", message: "there are none: the registry is used anonymously" };
  if (user === "" || !given) {
    return {
      outcome: "invalid-input",
      message: user === "" ? "there is a password without a user name" : "there is a user name without a password",
      hint: "Give both, or none of them if the registry is used anonymously.",
    };
  }
  // RFC 7617, section 2: what follows the first colon would count as the password.
  if (user.includes(":")) {
    return {
      outcome: "invalid-input",
      message: "the user name has a colon in it, which no login can carry",
      hint: "Which part of it is the user's name?",
    };
  }
  if (/[\r\n]/.test(password.reveal())) {
    return {
      outcome: "invalid-input",
      message: "the password has a line break in it",
      hint: "Put the bare password into the store, without the end of its line.",
    };
  }
  return { outcome: "ok", message: "there are both", value: { user, password } };
}
