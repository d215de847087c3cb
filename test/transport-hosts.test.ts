import { expect, it } from "vitest";
import { matchesHost, matchHost } from "../src/transport/index.js";

it.each([
  ["registry.example.com", "registry.example.com", true],
  ["registry.example.com", "Registry.EXAMPLE.com", true],
  ["registry.example.com.", "registry.example.com", true],
  ["registry.example.com", "registry.example.com.", true],
  ["registry.example.com", "example.com", false],
  ["registry.example.com", "*.example.com", true],
  ["deep.registry.example.com", "*.example.com", true],
  ["example.com", "*.example.com", false],
  ["notexample.com", "*.example.com", false],
  ["example.com.evil.test", "*.example.com", false],
  ["registry.example.com", "*", true],
  ["registry.example.com", "reg*.example.com", false],
  ["xn--bcher-kva.example", "bücher.example", true],
  ["shop.xn--bcher-kva.example", "*.Bücher.example", true],
  ["[::1]", "::1", true],
  ["[::1]", "[0:0:0:0:0:0:0:1]", true],
  ["[::1]", "*", true],
  ["127.0.0.1", "127.0.0.1", true],
  ["127.0.0.1", "*.0.0.1", false],
  ["localhost", "localhost:8080", false],
])("the host %s and the pattern %s", (host, pattern, expected) => {
  expect(matchesHost(host, pattern)).toBe(expected);
});

it("takes the first pattern that means a host", () => {
  const patterns = { "registry.example.com": 1, "*.example.com": 2, "*": 3 };
  expect(["registry.example.com", "api.example.com", "example.com"].map((host) => matchHost(host, patterns))).toEqual([1, 2, 3]);
  expect(matchHost("example.com", {})).toBeUndefined();
  expect(matchHost("example.com", undefined)).toBeUndefined();
});
