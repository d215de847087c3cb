import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { broken, kotlinPieces, verdictOfKotlin, verdictOfXml, xmlPieces } from "./support/broken.js";
import { samples } from "./support/samples.js";
import { root } from "./support/workspace.js";

const seed = 20_261_120;

/** A sample of what `npm run campaign` does at length. */
describe("broken files", () => {
  it("in XML end in findings, or in settings that compile to their bytes", () => {
    const sources = samples.flatMap(({ files }) => [...files.values()]);
    const verdicts = { settings: 0, findings: 0 };
    fc.assert(
      fc.property(broken(sources, xmlPieces), (text) => {
        verdicts[verdictOfXml(text)] += 1;
      }),
      { numRuns: 1000, seed },
    );
    // Were all of one sort, the other would not have been tested.
    expect(verdicts.settings).toBeGreaterThan(50);
    expect(verdicts.findings).toBeGreaterThan(300);
  });

  it("in Kotlin end in findings, or in valid settings", async () => {
    const folder = join(root, "test/kotlin-samples");
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((each) => each.endsWith(".kts"));
    const sources = files.sort().map((each) => readFileSync(join(folder, each), "utf8"));
    const verdicts = { settings: 0, findings: 0 };
    await fc.assert(
      fc.asyncProperty(broken(sources, kotlinPieces), async (text) => {
        verdicts[await verdictOfKotlin(text)] += 1;
      }),
      { numRuns: 300, seed },
    );
    expect(verdicts.settings).toBeGreaterThan(20);
    expect(verdicts.findings).toBeGreaterThan(20);
  });
});
