import { randomUUID } from "node:crypto";
import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
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
import { scrub } from "../secrets/scrub.js";
import { type ReportOptions, UsageError } from "./options.js";

/** All reports of a run. Results go into each as they come. */
export interface TestReports {
  start(findings: readonly Finding[]): void;
  result(result: TestResult): void;
  end(summary: TestSummary): void;
}

/** The reporters by name. Those that fill a whole document share stdout with no other. */
const reporters = {
  pretty: { whole: false, make: ({ color, quiet }: ReportOptions) => prettyTests(palette(color), quiet) },
  json: { whole: true, make: jsonTests },
  junit: { whole: true, make: junitTests },
  teamcity: { whole: false, make: teamcityTests },
  github: { whole: false, make: githubAnnotations },
} as const;

type Name = keyof typeof reporters;

/** Opens the reports that the options name as `NAME` or `NAME=FILE`. Files appear when they are complete. */
export function openReports(specs: readonly string[], options: ReportOptions): TestReports {
  const wanted = specs.map((each) => parseSpec(each, options.cwd));
  const onStdout = wanted.filter(({ name, file }) => file === undefined || name === "github");
  const whole = onStdout.find(({ name }) => reporters[name].whole);
  if (whole !== undefined && onStdout.length > 1)
    throw new UsageError(`reporter ${whole.name} cannot share stdout with another: write --reporter ${whole.name}=FILE`);
  const sinks = wanted.flatMap(({ name, file }) => openSinks(name, file, options));
  return {
    start(findings) {
      for (const { reporter, write } of sinks) write(reporter.start(findings));
    },
    result(result) {
      for (const { reporter, write } of sinks) write(reporter.result(result));
    },
    end(summary) {
      const failures = sinks.flatMap(({ reporter, write, close }) => {
        try {
          write(reporter.end(summary));
          close();
          return [];
        } catch (error) {
          return [error];
        }
      });
      if (failures.length > 0) throw failures[0];
    },
  };
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

/** Where the text of one report goes. */
interface Sink {
  readonly reporter: TestReporter;
  readonly write: (text: string) => void;
  readonly close: () => void;
}

function openSinks(name: Name, file: string | undefined, options: ReportOptions): Sink[] {
  if (name === "github") {
    const { GITHUB_STEP_SUMMARY: summary } = process.env;
    return [
      { reporter: githubAnnotations(), ...stdout },
      { reporter: githubSummary(), ...(file !== undefined ? openFile(file) : summary ? appendTo(summary) : stdout) },
    ];
  }
  // A file has no colours, and all of the report.
  if (file !== undefined)
    return [{ reporter: reporters[name].make({ ...options, color: false, quiet: false }), ...openFile(file) }];
  return [{ reporter: reporters[name].make(options), ...stdout }];
}

const stdout = {
  write: (text: string): void => {
    if (text !== "") process.stdout.write(text);
  },
  close: (): void => {},
};

/** Characters that are written to a file at a time. */
const BUFFER = 65_536;

/** A file that is written beside its place and renamed when it is complete. */
function openFile(file: string) {
  const beside = join(dirname(file), `.plugboard-${randomUUID()}.tmp`);
  const discard = (): void => rmSync(beside, { force: true });
  const { write, close } = openBuffered(file, () => {
    mkdirSync(dirname(file), { recursive: true });
    return openSync(beside, "wx");
  });
  process.once("exit", discard);
  return {
    write,
    close(): void {
      close(() => renameSync(beside, file));
      process.off("exit", discard);
    },
  };
}

/** A file that others have written to before. */
function appendTo(file: string) {
  const { write, close } = openBuffered(file, () => openSync(file, "a"));
  return { write, close: () => close(() => {}) };
}

/** Texts for a file, collected and without secrets. A file that cannot be written is wrong usage. */
function openBuffered(file: string, open: () => number) {
  const orFail = <Result>(act: () => Result): Result => {
    try {
      return act();
    } catch (error) {
      throw new UsageError(`the report cannot be written to ${file}: ${(error as NodeJS.ErrnoException).code}`);
    }
  };
  const descriptor = orFail(open);
  let waiting = "";
  const flush = (): void => {
    writeFileSync(descriptor, waiting);
    waiting = "";
  };
  return {
    write(text: string): void {
      waiting += scrub(text);
      if (waiting.length > BUFFER) orFail(flush);
    },
    close(finish: () => void): void {
      orFail(() => {
        flush();
        closeSync(descriptor);
        finish();
      });
    },
  };
}
