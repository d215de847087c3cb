import type { RequestListener } from "node:http";
import { connectionTypes } from "../../src/connections/index.js";
import type { ConnectionType } from "../../src/contract/define.js";
import { type Answers, hostsOf, playAnswers, type Rehearsal } from "../../src/contract/rehearsal.js";
import { folderOf } from "./fixtures.js";

export interface NamedRehearsal extends Rehearsal {
  /** Kind and variant. */
  readonly name: string;
  readonly type: ConnectionType;
}

/** Every built-in type that can be tested, with its rehearsals: a new type is tested without another list. */
export const typesWithRehearsals: readonly { readonly type: ConnectionType; readonly rehearsals: readonly Rehearsal[] }[] =
  await Promise.all(
    connectionTypes
      .filter(({ adapter }) => adapter !== undefined)
      .map(async (type) => {
        const { rehearsals } = await import(`../../src/connections/${folderOf(type.kind)}/rehearsals.ts`);
        return { type, rehearsals };
      }),
  );

export const allRehearsals: readonly NamedRehearsal[] = typesWithRehearsals.flatMap(({ type, rehearsals }) =>
  rehearsals.map((each) => ({
    ...each,
    type,
    name: each.variant === undefined ? type.kind : `${type.kind}: ${each.variant}`,
  })),
);

/** A played service as servers, by host. */
export function sitesOf(answers: Answers): Record<string, RequestListener> {
  return Object.fromEntries(hostsOf(answers).map((host) => [host, playAnswers(answers)]));
}
