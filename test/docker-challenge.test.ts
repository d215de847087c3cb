import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseChallenges } from "../src/services/docker-registry/challenge.js";

const read = (header: string) => parseChallenges(header).map(({ scheme, params }) => [scheme, Object.fromEntries(params)]);

describe("challenges of the specifications", () => {
  it.each<[string, string, unknown]>([
    [
      "distribution, docs/spec/auth/token.md",
      'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:samalba/my-app:pull,push"',
      [
        [
          "bearer",
          {
            realm: "https://auth.docker.io/token",
            service: "registry.docker.io",
            scope: "repository:samalba/my-app:pull,push",
          },
        ],
      ],
    ],
    [
      "RFC 9110, 11.6.1",
      'Basic realm="simple", Newauth realm="apps", type=1, title="Login to \\"apps\\""',
      [
        ["basic", { realm: "simple" }],
        ["newauth", { realm: "apps", type: "1", title: 'Login to "apps"' }],
      ],
    ],
    ["RFC 6750, 3", 'Bearer realm="example", error="invalid_token"', [["bearer", { realm: "example", error: "invalid_token" }]]],
    [
      "RFC 4559, 4.1, twice",
      "Negotiate YWJj==, Negotiate",
      [
        ["negotiate", {}],
        ["negotiate", {}],
      ],
    ],
    [
      "several headers in one line",
      'Negotiate, Basic realm="a"',
      [
        ["negotiate", {}],
        ["basic", { realm: "a" }],
      ],
    ],
    [
      "capitals, blanks and empty elements",
      ', BASIC  Realm = x ,, charset="UTF-8" ,',
      [["basic", { realm: "x", charset: "UTF-8" }]],
    ],
    ["a parameter twice", "Basic realm=a, realm=b", [["basic", { realm: "a" }]]],
    ["nothing", "", []],
    ["a parameter of nobody", "realm=a, Basic realm=b", [["basic", { realm: "b" }]]],
    [
      "text that does not end",
      'Basic realm=a, Bearer realm="b',
      [
        ["basic", { realm: "a" }],
        ["bearer", {}],
      ],
    ],
    ["names of JavaScript", "Basic __proto__=a, constructor=b", [["basic", { ["__proto__"]: "a", constructor: "b" }]]],
  ])("%s", (_, header, expected) => {
    expect(read(header)).toEqual(expected);
  });
});

const name = fc.stringMatching(/^[a-z][a-z0-9_-]{0,10}$/);
const value = fc.string({ unit: fc.constantFrom(...'ab ,;="\\/:{}äß\t') });
const challenge = fc.record({ scheme: name, params: fc.dictionary(name, value, { maxKeys: 4, noNullPrototype: true }) });

describe("any challenges", () => {
  it("are read as they were written", () => {
    fc.assert(
      fc.property(fc.array(challenge, { maxLength: 4 }), fc.constantFrom(",", ", ", " , ,\t"), (challenges, comma) => {
        const header = challenges
          .map(({ scheme, params }) => {
            const written = Object.entries(params).map(([key, text]) => `${key}="${text.replace(/["\\]/g, "\\$&")}"`);
            return written.length === 0 ? scheme : `${scheme} ${written.join(comma)}`;
          })
          .join(comma);
        expect(read(header)).toEqual(challenges.map(({ scheme, params }) => [scheme, params]));
      }),
    );
  });

  it("are read from any text, without an error", () => {
    const text = fc.string({ unit: fc.constantFrom(...'aB=", \t\\/~\u0000é'), maxLength: 60 });
    fc.assert(
      fc.property(text, (header) => {
        for (const { scheme, params } of parseChallenges(header)) {
          expect(header.toLowerCase()).toContain(scheme);
          for (const key of params.keys()) expect(header.toLowerCase()).toContain(key);
        }
      }),
    );
  });
});

/** Twice the length may take little more than twice the time: a parser that tries again and again takes minutes here. */
describe("a long header ends", () => {
  const length = 2 ** 18;
  it.each([
    ["of one letter", "a"],
    ["of blanks", " "],
    ["of names", "a "],
    ["of commas", ","],
    ["of equals signs", "a="],
    ["of quotation marks", 'a="'],
    ["of backslashes", "\\"],
    ["of escapes", '\\"'],
  ])(
    "%s",
    (_, part) => {
      const long = part.repeat(length / part.length);
      for (const header of [long, `Bearer ${long}`, `Bearer realm="${long}`, `Bearer realm="${long}"`, `Bearer ${long}"`])
        expect(parseChallenges(header).length).toBeLessThanOrEqual(length);
    },
    20_000,
  );
});
