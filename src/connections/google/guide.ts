import type { Guide } from "../../contract/define.js";

export const guide: Guide = {
  summary: "Signs users in with a Google account.",
  uses: ["sign-in to TeamCity"],
  rights: ["an OAuth client of the type Web application"],
  steps: [
    "Create a Google Cloud project and register the app on its consent screen, unless both exist.",
    "Create an OAuth client ID of the type Web application on the project's Credentials page.",
    "Copy the redirect URLs that TeamCity's connection form shows to Authorized redirect URIs.",
    "Copy the client ID to clientId and store the client secret as the secret of clientSecret.",
    "Declare the connection in the Root project and have the administrator enable the Google authentication module.",
  ],
  notes: [
    "The type serves sign-in only, so it belongs in the Root project.",
    "TeamCity shows redirect URLs for its server URL and for the address in use. Their path is not confirmed, probably `<root>/oauth/google/accessToken.html`: copy them from the form.",
    "The stored names come from TeamCity's Kotlin DSL; no file saved by a server was seen.",
  ],
};
