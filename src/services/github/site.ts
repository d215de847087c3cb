/** The two addresses of one GitHub. */
export interface GithubSite {
  /** Where people sign in and apps exchange their codes. */
  readonly web: string;
  /** The root of the REST API, without a slash at the end. */
  readonly api: string;
}

/**
 * The GitHub that an address is on: GitHub.com, an enterprise with data residency on ghe.com, or a GitHub Enterprise Server.
 * Source: GitHub's docs, "Getting started with the REST API" in the three editions.
 */
export function githubSite(address: URL): GithubSite {
  const { host, hostname, origin } = address;
  if (/^(www\.)?github\.com$/.test(hostname)) return { web: "https://github.com", api: "https://api.github.com" };
  if (hostname.endsWith(".ghe.com")) return { web: origin, api: `https://api.${host}` };
  return { web: origin, api: `${origin}/api/v3` };
}

/** The addresses that credentials of an app on a site are sent to. */
export function githubEndpoints({ web, api }: GithubSite): URL[] {
  return [new URL(web), new URL(api)];
}

/** Headers of every request to the REST API. `2026-03-10` is newer, and unknown to older Enterprise Servers. */
export const apiHeaders = { accept: "application/vnd.github+json", "x-github-api-version": "2022-11-28" };
