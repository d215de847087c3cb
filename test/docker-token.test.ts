import type { RequestListener } from "node:http";
import { expect, it } from "vitest";
import { Redacted } from "../src/model/redacted.js";
import { logIn } from "../src/services/docker-registry/login.js";
import { createTransport } from "../src/transport/index.js";
import { startInternet } from "./support/internet.js";

/** Logs in to registry.example.com, which names a token service at auth.example.com. */
async function logInWhere(allowed: readonly string[]) {
  const asked: string[] = [];
  const handler: RequestListener = (request, response) => {
    asked.push(`${request.headers.host} ${request.headers.authorization?.split(" ")[0]}`);
    response.end('{"token":"opaque"}');
  };
  const internet = await startInternet({ "registry.example.com": handler, "auth.example.com": handler });
  const transport = createTransport({ environment: {}, ...internet.config });
  const http = transport.http({ signal: AbortSignal.timeout(10_000), allows: (host) => allowed.includes(host) });
  const params = new Map([["realm", "https://auth.example.com/token"]]);
  const registry = { url: new URL("https://registry.example.com"), challenges: [{ scheme: "bearer", params }] };
  const credentials = { user: "ci", password: new Redacted("s3cret", "registry/ci") };
  const result = await logIn(http, registry, credentials).finally(() => transport.close());
  return { asked, result };
}

it("a service at another host hears nothing unless it is allowed, and the failure says which host", async () => {
  await expect(logInWhere(["registry.example.com"])).rejects.toMatchObject({
    outcome: "invalid-input",
    message: expect.stringContaining("the registry sends user and password to auth.example.com"),
    details: { hint: expect.stringContaining("hosts") },
  });
});

it("a service at another host is used if it is allowed", async () => {
  const { asked } = await logInWhere(["registry.example.com", "auth.example.com"]);
  expect(asked.slice(0, 2)).toEqual(["auth.example.com Basic", "registry.example.com Bearer"]);
});
