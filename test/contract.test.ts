import { describe, it } from "vitest";
import { contractCases } from "../src/contract/suite.js";
import { typesWithFixtures } from "./support/fixtures.js";

describe.each(typesWithFixtures)("$type.functionName keeps the contract", ({ type, fixtures }) => {
  for (const { name, run } of contractCases(type, fixtures)) it(name, run);
});
