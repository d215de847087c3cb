import { generateKeyPairSync } from "node:crypto";
import type { Rehearsal } from "../../contract/rehearsal.js";
import { never, says } from "../../services/github/rehearsal.js";

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});

const permissions = {
  contents: "write",
  metadata: "read",
  pull_requests: "write",
  issues: "read",
  statuses: "write",
  checks: "write",
};

const app = {
  id: 412873,
  client_id: "Iv1.8a61f9b3a7aba766",
  slug: "teamcity-acme",
  name: "TeamCity Acme",
  html_url: "https://github.com/apps/teamcity-acme",
  owner: { login: "acme", html_url: "https://github.com/acme" },
  permissions,
  events: ["push"],
  installations_count: 1,
};

const installation = {
  id: 7,
  app_id: app.id,
  repository_selection: "all",
  account: { login: "acme", html_url: "https://github.com/acme" },
  permissions,
  suspended_at: null,
};

const ACCESS = "POST github.com/login/oauth/access_token";
const APP = "GET api.github.com/app";
const INSTALLATIONS = "GET api.github.com/app/installations";

const githubApp: Rehearsal = {
  source: "docs.github.com: REST API endpoints for GitHub Apps",
  settings: {
    appId: "412873",
    clientId: app.client_id,
    clientSecret: { $secret: "github/client" },
    privateKey: { $secret: "github/key" },
    ownerUrl: "https://github.com/acme",
  },
  secrets: (unique) => ({ "github/client": unique("client"), "github/key": privateKey }),
  answers: {
    [ACCESS]: says("bad_verification_code"),
    "GET api.github.com/meta": { body: { verifiable_password_authentication: false } },
    [APP]: { body: app },
    [INSTALLATIONS]: { body: [installation] },
  },
  failures: {
    ...never,
    "ok-limited": {
      answers: {
        [APP]: { body: { ...app, permissions: { contents: "read", metadata: "read", pull_requests: "read" } } },
        [INSTALLATIONS]: {
          body: [{ ...installation, permissions: { contents: "read", metadata: "read", pull_requests: "read" } }],
        },
      },
    },
    unverifiable: {
      settings: { webhookSecret: { $secret: "github/webhook" } },
      serverUrls: ["https://teamcity.example.com"],
      answers: {
        "GET api.github.com/app/hook/config": {
          body: { url: "https://teamcity.example.com/app/hooks", content_type: "json", insecure_ssl: "0", secret: "********" },
        },
      },
    },
    "invalid-input": { secrets: { "github/key": "no key" } },
    "wrong-id": { answers: { [APP]: { status: 404, body: { message: "Integration not found" } } } },
    "wrong-secret": { answers: { [ACCESS]: says("incorrect_client_credentials") } },
    "wrong-credentials": { answers: { [APP]: { status: 401, body: { message: "A JSON web token could not be decoded" } } } },
    suspended: { answers: { [INSTALLATIONS]: { body: [{ ...installation, suspended_at: "2026-01-01T00:00:00Z" }] } } },
    "identity-mismatch": { answers: { [APP]: { body: { ...app, client_id: "Iv1.ffffffffffffffff" } } } },
    "missing-permission": { answers: { [APP]: { body: { ...app, permissions: { metadata: "read" } } } } },
    "not-installed": { answers: { [INSTALLATIONS]: { body: [] } } },
    "callback-mismatch": {
      serverUrls: ["https://teamcity.example.com"],
      answers: {
        [ACCESS]: ({ body }) => says(body.includes("redirect_uri") ? "redirect_uri_mismatch" : "bad_verification_code"),
      },
    },
    "clock-skew": {
      answers: {
        [APP]: {
          status: 401,
          body: {
            message:
              "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
          },
        },
      },
    },
  },
};

export const rehearsals: readonly Rehearsal[] = [githubApp];
