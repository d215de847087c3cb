import { describe, it } from "vitest";
import { contractCases } from "../src/contract/suite.js";
import { adapterCases } from "../src/tester/suite.js";
import { typesWithFixtures } from "./support/fixtures.js";
import { typesWithRehearsals } from "./support/rehearsals.js";

describe.each(typesWithFixtures)("$type.functionName keeps the contract", ({ type, fixtures }) => {
  for (const { name, run } of contractCases(type, fixtures)) it(name, run);
});

describe.each(typesWithRehearsals)("the adapter of $type.functionName keeps the contract", ({ type, rehearsals }) => {
  for (const { name, run } of adapterCases(type, rehearsals)) it(name, run);
});
