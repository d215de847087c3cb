import { randomUUID } from "node:crypto";
import { closeSync, existsSync, fchmodSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { TestResult, TestSummary } from "../contract/results.js";
import type { Finding } from "../model/finding.js";
import { nearest } from "../model/text.js";
import { palette } from "../report/pretty.js";
import { githubAnnotations, githubSummary } from "../report/tests/github.js";
import { jsonTests } from "../report/tests/json.js";
import { junitTests } from "../report/tests/junit.js";
import { prettyTests } from "../report/tests/pretty.js";
import type { TestReporter } from "../report/tests/reporter.js";
import { teamcityTests } from "../report/tests/teamcity.js";
import { writeScrubbed } from "../secrets/guard.js";
import { followLinks } from "../secrets/links.js";
import { scrubData } from "../secrets/scrub-data.js";
import { type ReportOptions, UsageError } from "./options.js";
import { shownPath } from "./report.js";

/** All reports of a run. Results go into each as they come. One that cannot be written takes no other with it. */
export interface TestReports {
  start(findings: readonly Finding[]): void;
  result(result: TestResult): void;
  /** Completes all of them, tells on stderr what could not be written, and returns whether everything was. */
  end(summary: TestSummary): boolean;
}

/** The reporters by name. Those that fill a whole document share stdout with no other. */
const reporters = {
  pretty: { whole: false, make: ({ color, quiet }: ReportOptions) => prettyTests(palette(color), quiet) },
  json: { whole: true, make: jsonTests },
  junit: { whole: true, make: junitTests },
  teamcity: { whole: false, make: teamcityTests },
  github: { whole: false, make: ({ cwd }: ReportOptions) => githubAnnotations((file) => pathInRepository(file, cwd)) },
} as const;

type Name = keyof typeof reporters;

/** Opens the reports that the options name as `NAME` or `NAME=FILE`. Files appear when they are complete. */
export function openReports(specs: readonly string[], options: ReportOptions): TestReports {
  const wanted = specs.map((each) => parseSpec(each, options.cwd));
  const onStdout = wanted.filter(({ name, file }) => file === undefined || name === "github");
  const whole = onStdout.find(({ name }) => reporters[name].whole);
  if (whole !== undefined && onStdout.length > 1)
    throw new UsageError(`reporter ${whole.name} cannot share stdout with another: write --reporter ${whole.name}=FILE`);
  const files = wanted.flatMap(({ name, file = name === "github" ? process.env.GITHUB_STEP_SUMMARY : undefined }) => file || []);
  const places = files.map((each) => orWrongUsage(each, followLinks));
  const twice = places.find((each, index) => places.indexOf(each) !== index);
  if (twice !== undefined) throw new UsageError(`two reports cannot be written to ${twice}`);
  const sinks = wanted.flatMap(({ name, file }) => openSinks(name, file, options));
  return {
    start(findings) {
      const scrubbed = findings.map(scrubFinding);
      for (const { reporter, target } of sinks) target.write(reporter.start(scrubbed));
    },
    result(result) {
      for (const { reporter, target } of sinks) target.write(reporter.result(result));
    },
    end(summary) {
      for (const { reporter, target } of sinks) target.write(reporter.end(summary));
      const failures = sinks.flatMap(({ target }) => target.close() ?? []);
      for (const each of failures) process.stderr.write(`plugboard: ${each}\n`);
      return failures.length === 0;
    },
  };
}

/** Results have been scrubbed where they were made. */
function scrubFinding({ message, hint, subject, frame, ...rest }: Finding): Finding {
  return { ...rest, ...scrubData({ message, hint, subject, frame }) } as Finding;
}

function parseSpec(spec: string, cwd: string): { readonly name: Name; readonly file: string | undefined } {
  const [name = "", ...rest] = spec.split("=");
  const file = rest.join("=");
  if (!Object.hasOwn(reporters, name)) {
    const meant = nearest(name, Object.keys(reporters));
    const advice = meant === undefined ? `choose ${Object.keys(reporters).join(", ")}` : `did you mean ${meant}?`;
    throw new UsageError(`reporter ${JSON.stringify(name)} is not known: ${advice}`);
  }
  if (spec.includes("=") && file === "") throw new UsageError(`--reporter ${name}= needs a file`);
  return { name: name as Name, file: file === "" ? undefined : resolve(cwd, file) };
}

interface Sink {
  readonly reporter: TestReporter;
  readonly target: Target;
}

/** Where the text of one report goes. Its texts are scrubbed already. */
interface Target {
  readonly write: (text: string) => void;
  /** Completes it. Returns why it could not be written, if so. */
  readonly close: () => string | undefined;
}

function openSinks(name: Name, file: string | undefined, options: ReportOptions): Sink[] {
  if (name === "github") {
    const { GITHUB_STEP_SUMMARY: summary } = process.env;
    const [target, open] = file === undefined ? [summary, appendTo] : [file, openFile];
    return [
      { reporter: reporters.github.make(options), target: stdout },
      { reporter: githubSummary(), target: target ? orWrongUsage(target, open) : stdout },
    ];
  }
  if (file === undefined) return [{ reporter: reporters[name].make(options), target: stdout }];
  // A file has no colours, and all of the report.
  return [{ reporter: reporters[name].make({ ...options, color: false, quiet: false }), target: orWrongUsage(file, openFile) }];
}

/** GitHub tells where it has checked out the repository, which may be above the folder of the command. */
function pathInRepository(file: string, cwd: string): string {
  return shownPath(resolve(cwd, file), process.env.GITHUB_WORKSPACE || cwd);
}

const stdout: Target = { write: writeScrubbed, close: () => undefined };

/** A file that cannot be opened is wrong usage, told before the first test. */
function orWrongUsage<Result>(file: string, open: (file: string) => Result): Result {
  try {
    return open(file);
  } catch (error) {
    throw new UsageError(describeFailure(file, error));
  }
}

function describeFailure(file: string, error: unknown): string {
  return `the report cannot be written to ${file}: ${(error as NodeJS.ErrnoException).code}`;
}

function appendTo(file: string): Target {
  return openBuffered(file, openSync(file, "a"));
}

/**
 * A file that is written beside its place and renamed when it is complete; a link stays, and so does the file's mode. What is no
 * file, such as a device or a pipe, is written to as it is.
 */
function openFile(file: string): Target {
  const place = followLinks(file);
  const there = statSync(place, { throwIfNoEntry: false });
  if (there?.isFile() === false || DEVICES.test(file)) return openBuffered(file, openSync(file, "a"));
  const beside = join(dirname(place), `.plugboard-${randomUUID()}.tmp`);
  const discard = (): void => rmSync(beside, { force: true });
  process.once("exit", discard);
  makeFolder(dirname(place));
  const descriptor = openSync(beside, "wx");
  if (there !== undefined) fchmodSync(descriptor, there.mode & 0o7777);
  return openBuffered(file, descriptor, () => {
    renameSync(beside, place);
    process.off("exit", discard);
  });
}

/** What is named here leads to whatever the process has open. */
const DEVICES = /^\/(dev|proc)\//;

/** Makes a folder and those above it, one by one: in some file systems Node tries for ever to make all at once. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}

/** Characters that are written to a file at a time. */
const BUFFER = 65_536;

/** Texts for a file, collected. A file that cannot be written any more is left alone. */
function openBuffered(file: string, descriptor: number, finish = (): void => {}): Target {
  let waiting = "";
  let failure: string | undefined;
  const attempt = (act: () => void): void => {
    if (failure !== undefined) return;
    try {
      act();
    } catch (error) {
      failure = describeFailure(file, error);
    }
  };
  const flush = (): void => {
    writeFileSync(descriptor, waiting);
    waiting = "";
  };
  return {
    write(text) {
      waiting += text;
      if (waiting.length > BUFFER) attempt(flush);
      if (failure !== undefined) waiting = "";
    },
    close() {
      attempt(flush);
      attempt(() => closeSync(descriptor));
      attempt(finish);
      return failure;
    },
  };
}
