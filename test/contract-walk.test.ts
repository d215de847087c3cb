import { describe, expect, it } from "vitest";
import { aws, docker } from "../src/connections/registry.js";
import { holdsCredentials, hostUrl, httpUrl } from "../src/contract/formats.js";
import { isShared, readFeature, readParams, writeParams } from "../src/contract/walk.js";
import type { ConnectionSettings } from "../src/model/schema.js";

const context = { target: {}, extraRegions: [] };

describe("whether a connection is shared", () => {
  const awsSettings = (more: object): ConnectionSettings => ({
    displayName: "a",
    region: "eu-west-1",
    credentials: { type: "defaultProviderChain" },
    ...more,
  });

  it.each([
    ["nothing said", {}, false],
    ["the flag", { allowInSubProjects: true }, true],
    ["the flag, overruled", { allowInSubProjects: true, params: { awsAllowedInSubProjects: "false" } }, false],
    ["the stored parameter", { params: { awsAllowedInSubProjects: "true" } }, true],
    ["no stored parameter, which TeamCity takes for permission", { params: { awsAllowedInSubProjects: null } }, true],
    ["a stored parameter that is neither", { params: { awsAllowedInSubProjects: "maybe" } }, false],
  ])("%s", (_name, more, expected) => expect(isShared(aws, awsSettings(more))).toBe(expected));

  it("is not asked of a type that always is", () => expect(isShared(docker, { displayName: "d" })).toBe(true));
});

describe("an address with credentials", () => {
  const holding = [
    "https://bob:secret@example.com",
    "https://bob@example.com/path",
    "https://bob:p%40ss%21word@example.com",
    "https://bob:p%40ss%21word@%host%",
    "https://bob:pa/ss@example.com",
    "https://bob:pa#ss@%host%/",
    "https://bob%3Ap@x%3Fy",
    "https:bob:secret@example.com",
    "bob:secret@example.com",
    "bob:p%40ss%21word@example.com:5000/path",
    "ssh://bob:secret@example.com",
  ];
  const open = [
    "",
    "%url%",
    "example.com",
    "https://example.com/@scope/package",
    "https://example.com/?mail=a@example.com",
    "example.com:5000/@scope",
    "https://%host%:%port%/x",
    "https://%user%:%password%@example.com",
    "https://%user%:%password%@%host%",
    "no address at all",
  ];

  it.each(holding)("%s", (value) => {
    expect(holdsCredentials(value)).toBe(true);
    for (const format of [httpUrl, hostUrl]) expect(format(value, context)?.code).toBe("PB131");
  });
  it.each(open)("none: %s", (value) => expect(holdsCredentials(value)).toBe(false));
});

describe("stored parameters that settings cannot hold", () => {
  const stored = { providerType: "Docker", displayName: "d" };

  it.each([
    ["without a name", { "": "x" }],
    ["longer than a text may be", { other: "x".repeat(70_000) }],
  ])("make no settings: a parameter %s", (_name, more) => {
    expect(readParams(docker, { ...stored, ...more })).toBeUndefined();
  });

  it("are kept whatever their name", () => {
    const all = JSON.parse(`{"providerType":"Docker","displayName":"d","__proto__":"p","constructor":"c"}`);
    const settings = readParams(docker, all) as ConnectionSettings;
    expect(Object.entries(writeParams(docker, settings)).sort()).toEqual(Object.entries(all).sort());
    expect(Object.entries(readFeature("f", "X", all).params)).toEqual(Object.entries(all));
  });
});
