import { hostname } from "node:os";
import type { ConnectionAddress } from "../contract/define.js";
import type { Types } from "../formats/features.js";
import { type Finding, FindingsError, type Place } from "../model/finding.js";
import { type DeclaredConnection, indexTree, type Tree } from "../rules/tree.js";
import { guardOutput, onCrash } from "../secrets/guard.js";
import { type Ask, openStores } from "../secrets/index.js";
import { chooseConnections, UnknownName } from "../tester/choose.js";
import { hasPassed, testTree } from "../tester/index.js";
import type { Exchange } from "../transport/http.js";
import { warmUp } from "../transport/index.js";
import { type Base, openBase } from "./base.js";
import type { Evaluation } from "./evaluation.js";
import { INTERRUPTED, type Interrupts, listenForInterrupts } from "./interrupt.js";
import { type CommonOptions, evaluationHelp, parseCount, parseSeconds, printingHelp, UsageError } from "./options.js";
import { Interrupted, terminalAsk } from "./prompt.js";
import { shownPath } from "./report.js";
import { type Prepared, prepareTests } from "./test-preparation.js";
import { noProgress, type Progress, showProgress } from "./test-progress.js";
import { openReports, type TestReports } from "./test-reports.js";

export const help = `plugboard test [ID…] [options]

Tests connections against the real services, side by side, with the values of their secrets. Each passed test rests on
something that only the right credentials could give. It proves what this machine can reach.

  ID…                 the connections to test, by their IDs (default: all)
  --kind KIND         only connections of this kind, such as aws; may be repeated
  --project ID        only connections of this project and those below it; may be repeated
  --changed BASE      only connections that differ from the Git revision BASE. Configuration comes from there, and a secret
                      goes nowhere where it does not go at BASE: for changes that nobody has looked at yet
  --strict            fail where something was not run, could not be looked at, or has an announced end
  --deep              run checks too that create something for a moment and take it away again
  --timeout SECONDS   what the test of one connection may take (default 30); one request may take a third of it
  --parallel N        the most tests at a time (default 64)
  --per-host N        the most of them that lead to one host (default 16, or what --parallel says)
  --reporter NAME     pretty (default), json, junit, teamcity or github; NAME=FILE writes to a file; may be repeated
  --json              the same as --reporter json
  --debug             prints to stderr a line for every request
  --settings FILE     the settings (default ./settings.ts)
${evaluationHelp}
${printingHelp}

Exit codes: 0 all passed, 1 a test failed or the settings have errors, 2 wrong usage, 70 an error in Plugboard itself,
130 given up with Ctrl-C.`;

interface Values {
  readonly ids?: readonly string[];
  readonly kind?: readonly string[];
  readonly project?: readonly string[];
  readonly changed?: string;
  readonly config?: string;
  readonly strict?: boolean;
  readonly deep?: boolean;
  readonly timeout?: string;
  readonly parallel?: string;
  readonly "per-host"?: string;
  readonly reporter?: readonly string[];
  readonly json?: boolean;
  readonly debug?: boolean;
}

export async function run(values: Values, options: CommonOptions, evaluation: Evaluation): Promise<number> {
  const bounds = {
    timeout: parseSeconds("--timeout", values.timeout),
    parallel: parsePositive("--parallel", values.parallel),
    perHost: parsePositive("--per-host", values["per-host"]),
  };
  guardOutput();
  const wanted = [...(values.json ? ["json"] : []), ...(values.reporter ?? [])];
  const reports = openReports(wanted.length === 0 ? ["pretty"] : wanted, options);
  const interrupts = listenForInterrupts();
  const around: Surroundings = { options, reports, interrupts };
  let base: Base | undefined;
  try {
    base = values.changed === undefined ? undefined : await openBase(values.changed, values.config, options);
    const run = await prepareTests(options, evaluation, base);
    const shown = run.findings.map((each) => ({ ...each, ...shownPlace(each.place, options) }));
    if (run.tree === undefined) return reportNothing(reports, shown);
    const chosen = choose(run.tree, run.types, values);
    const code = await testAndReport({ ...run, findings: shown }, run.tree, chosen, { ...values, ...bounds }, around);
    const warnings = shown.filter((each) => each.severity === "warning").length;
    return code === 0 && options.maxWarnings !== undefined && warnings > options.maxWarnings ? 1 : code;
  } catch (error) {
    if (!(error instanceof FindingsError)) throw error;
    return reportNothing(
      reports,
      error.findings.map((each) => ({ ...each, ...shownPlace(each.place, options) })),
    );
  } finally {
    base?.remove();
    interrupts.stop();
  }
}

function parsePositive(option: string, value: string | undefined): number | undefined {
  const count = parseCount(option, value);
  if (count === 0) throw new UsageError(`${option} needs at least 1`);
  return count;
}

/** The connections that IDs and options name. A name that nothing has is wrong usage. */
function choose(tree: Tree, types: Types, { ids = [], kind, project }: Values): readonly DeclaredConnection[] {
  try {
    return chooseConnections(tree, types, { connections: ids.length === 0 ? undefined : ids, kinds: kind, projects: project });
  } catch (error) {
    throw error instanceof UnknownName ? new UsageError(error.message) : error;
  }
}

interface Bounds {
  readonly timeout: number | undefined;
  readonly parallel: number | undefined;
  readonly perHost: number | undefined;
}

interface Surroundings {
  readonly options: CommonOptions;
  readonly reports: TestReports;
  readonly interrupts: Interrupts;
}

/** Runs the tests and reports each as it ends. Returns the exit code. */
async function testAndReport(
  { findings, config, network, folders, base, locate }: Prepared,
  tree: Tree,
  chosen: readonly DeclaredConnection[],
  values: Omit<Values, keyof Bounds> & Bounds,
  { options, reports, interrupts }: Surroundings,
): Promise<number> {
  const { strict, deep, debug, timeout, parallel, perHost } = values;
  const { hosts, serverUrls } = config;
  const { signal } = interrupts;
  const environment = process.env;
  const { isTTY: terminal = false, columns: width = 80 } = process.stderr;
  const progress = options.quiet ? noProgress : showProgress({ terminal, width });
  const ask = askBetween(progress, interrupts);
  let crashed = false;
  process.on("exit", tellEarlyEnd);
  let leaveCrashes = (): void => {};
  try {
    const [place] = await Promise.all([locate(tree), warmUp()]);
    interrupts.defer();
    leaveCrashes = onCrash(() => {
      crashed = true;
      interrupts.interrupt();
    });
    reports.start(findings);
    const summary = await testTree(tree, chosen, {
      ...{ environment, network, hosts, serverUrls, deep, strict, timeout, parallel, perHost, signal },
      secrets: (transport) => ({
        ...openStores(config.stores, { ...folders, environment, transport, signal, ask }),
        asksPeople: ask !== undefined,
      }),
      base: base && indexTree(base.settings.project, base.types),
      onPlan: progress.planned,
      onStart: progress.started,
      onResult(result) {
        progress.ended(result);
        if (result.outcome === "internal-error") crashed = true;
        progress.clear();
        reports.result({ ...result, ...shownPlace(place(result), options) });
      },
      ...(debug ? { onExchange: printExchange } : {}),
    });
    progress.stop();
    const isComplete = reports.end(summary);
    if (crashed) return 70;
    if (signal.aborted) return INTERRUPTED;
    return hasPassed(summary, strict) && isComplete ? 0 : 1;
  } finally {
    leaveCrashes();
    progress.stop();
    process.off("exit", tellEarlyEnd);
  }
}

/** Code of a plug-in may end the process, which must not pass for the end of the tests. */
function tellEarlyEnd(code: number): void {
  if (code === INTERRUPTED || code === 70) return;
  process.stderr.write("plugboard: the process was ended before the tests were\n");
  process.exitCode = 70;
}

/** Asks for passphrases where the status line stands. Ctrl-C at the question gives the run up. */
function askBetween(progress: Progress, interrupts: Interrupts): Ask | undefined {
  const ask = terminalAsk();
  return (
    ask &&
    ((question, signal) =>
      progress
        .pause(() => ask(question, signal))
        .catch((error) => {
          if (error instanceof Interrupted) interrupts.interrupt();
          throw error;
        }))
  );
}

/** Ends with the findings, before any test. */
function reportNothing(reports: TestReports, findings: readonly Finding[]): number {
  reports.start(findings);
  // Findings have failed the command anyway.
  reports.end({ passed: 0, failed: 0, notRun: 0, notEnded: 0, from: { host: hostname(), proxies: [] }, duration: 0 });
  return 1;
}

function printExchange({ projectId, connectionId }: ConnectionAddress, exchange: Exchange): void {
  const { method, url, status, failure, attempts, retried, duration } = exchange;
  const again = attempts > 1 ? `, ${attempts} attempts because of ${retried}` : "";
  process.stderr.write(
    `debug ${projectId} › ${connectionId}: ${method} ${url} ${status ?? failure}${again}, ${Math.round(duration)} ms\n`,
  );
}

function shownPlace(place: Place | undefined, { cwd }: CommonOptions): { readonly place?: Place } {
  return place === undefined ? {} : { place: { ...place, file: shownPath(place.file, cwd) } };
}
