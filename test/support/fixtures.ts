import { connectionTypes } from "../../src/connections/index.js";
import type { ConnectionType, Fixture } from "../../src/contract/define.js";

/** The folder of a kind: kebab-case of its name. */
export function folderOf(kind: string): string {
  return kind.replace(/([a-z0-9])([A-Z])/g, "$1-$2").toLowerCase();
}

/** Every built-in type with its fixtures, read from the registry: a new type is tested without another list. */
export const typesWithFixtures: readonly { readonly type: ConnectionType; readonly fixtures: readonly Fixture[] }[] =
  await Promise.all(
    connectionTypes.map(async (type) => {
      const { fixtures } = await import(`../../src/connections/${folderOf(type.kind)}/fixtures.ts`);
      return { type, fixtures };
    }),
  );
