import type { IncomingHttpHeaders, RequestListener } from "node:http";
import { connectionTypes } from "../../src/connections/index.js";
import type { ConnectionType } from "../../src/contract/define.js";
import { type Answers, hostsOf, type Rehearsal, replyTo } from "../../src/contract/rehearsal.js";
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
  return Object.fromEntries(hostsOf(answers).map((host) => [host, serve(host, answers)]));
}

function serve(host: string, answers: Answers): RequestListener {
  return (request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => {
      body += text;
    });
    request.on("end", () => {
      const url = new URL(request.url as string, `https://${host}`);
      const reply = replyTo(answers, request.method as string, { headers: asText(request.headers), url, body });
      const isText = typeof reply.body === "string";
      const headers = { "content-type": isText ? "text/plain" : "application/json", ...reply.headers };
      response.writeHead(reply.status ?? 200, headers).end(isText ? reply.body : JSON.stringify(reply.body ?? {}));
    });
  };
}

function asText(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
