/** A callback URL, with `<root>` for the server's address, for each address of the server. */
export function callbackUrls(callback: string | undefined, roots: readonly string[]): string[] {
  if (callback === undefined) return [];
  return roots.map((root) => callback.replace("<root>", root.replace(/\/+$/, "")));
}
