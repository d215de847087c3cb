import { type Finding, finding, type Place } from "../../model/finding.js";
import { groupBy } from "../../model/group.js";
import { secretShape } from "../plain-secrets.js";

interface LeftAlone {
  /** As a message names it. */
  readonly name: string;
  readonly place: Place;
}

/** What a reading of Kotlin files finds. What is left alone is counted and told once for each file. */
export class Report {
  readonly findings: Finding[] = [];
  /** Parts of projects that settings do not describe, by their functions. */
  readonly parts: LeftAlone[] = [];
  /** Project features that are no connections, by the functions that know their parameters. */
  readonly features: LeftAlone[] = [];

  add(...findings: readonly Finding[]): void {
    for (const each of findings) this.findings.push(each);
  }

  /** Something that cannot be evaluated, or that an import does not know. */
  notUnderstood(message: string, place: Place): void {
    this.add(finding("PB308", secretShape(message) === undefined ? message : "there is a part with a secret in it", { place }));
  }

  /** All findings, with notes of what was left alone. */
  all(): Finding[] {
    return [...this.findings, ...partNotes(this.parts), ...featureNotes(this.features)];
  }
}

function* partNotes(parts: readonly LeftAlone[]): Generator<Finding> {
  for (const [file, inFile] of groupBy(parts, ({ place }) => place.file)) {
    const counted = [...groupBy(inFile, ({ name }) => name)].map(([name, { length }]) => name + times(length));
    yield finding("PB315", `left alone: ${counted.join(", ")}`, { place: { file } });
  }
}

function* featureNotes(features: readonly LeftAlone[]): Generator<Finding> {
  for (const [first, ...others] of groupBy(features, ({ name, place }) => `${place.file}\0${name}`).values()) {
    const { name, place } = first as LeftAlone;
    const what = `project feature ${name}${times(others.length + 1)}`;
    yield finding("PB315", `left alone: ${what}, whose stored parameters are known to its function only`, { place });
  }
}

function times(count: number): string {
  return count === 1 ? "" : ` (${count} times)`;
}
