import type { ConnectionType } from "../contract/define.js";
import type { Change, Rehearsal, Reply, ServiceFailure } from "../contract/rehearsal.js";
import type { ContractCase } from "../contract/suite.js";
import type { Outcome } from "../model/outcomes.js";
import type { Network, Played } from "./play.js";

/**
 * What every adapter must do, shown on the rehearsals of its type: pass when all is well, tell each failure of its service
 * apart, and report every failure of the way to it as what it is. Nothing leaves the machine.
 */
export function adapterCases(type: ConnectionType, rehearsals: readonly Rehearsal[]): ContractCase[] {
  return rehearsals.flatMap((rehearsal) => {
    const title = rehearsal.variant === undefined ? "" : `${rehearsal.variant}: `;
    const play = async (change: Change, network: Network): Promise<Played> => {
      const { playRehearsal } = await import("./play.js");
      return playRehearsal(type, rehearsal, change, network);
    };
    const served = (change: Change): Network => ({ answers: { ...rehearsal.answers, ...change.answers } });
    const failures = Object.entries(rehearsal.failures) as [ServiceFailure, Change | string][];
    return [
      {
        name: `${title}the test passes when all is well`,
        run: async () => expectOutcome(await play({}, served({})), rehearsal.best ?? "ok"),
      },
      ...failures.flatMap(([failure, change]): ContractCase[] =>
        typeof change === "string"
          ? []
          : [
              {
                name: `${title}the service's failure is told: ${failure}`,
                run: async () => expectOutcome(await play(change, served(change)), failure),
              },
            ],
      ),
      ...Object.entries(errors).map(
        ([outcome, code]): ContractCase => ({
          name: `${title}the way to the service fails: ${outcome}`,
          run: async () => expectOutcome(await play({}, { error: code }), outcome as Outcome),
        }),
      ),
      ...Object.entries(strangers).map(
        ([name, reply]): ContractCase => ({
          name: `${title}what answers is not the service: ${name}`,
          async run() {
            const played = await play({}, { answers: { "*": reply } });
            if (played.passed || played.outcome === "internal-error") throw new Error(told(played, "a failure"));
          },
        }),
      ),
    ];
  });
}

/** Failures of the way, each with a code that it is known by. */
const errors: Partial<Readonly<Record<Outcome, string>>> = {
  dns: "ENOTFOUND",
  refused: "ECONNREFUSED",
  reset: "ECONNRESET",
  timeout: "UND_ERR_CONNECT_TIMEOUT",
  "tls-untrusted": "SELF_SIGNED_CERT_IN_CHAIN",
  "tls-hostname": "ERR_TLS_CERT_ALTNAME_INVALID",
  "tls-expired": "CERT_HAS_EXPIRED",
  "tls-protocol": "ERR_SSL_WRONG_VERSION_NUMBER",
};

/** Things that give one answer to everything. */
const strangers: Readonly<Record<string, Reply>> = {
  "a page": { status: 200, headers: { "content-type": "text/html" }, body: "<!DOCTYPE html><title>Sign in</title>" },
  "an empty object": { status: 200, headers: { "content-type": "application/json" }, body: "{}" },
  "an empty list": { status: 200, headers: { "content-type": "application/json" }, body: "[]" },
  "no text": { status: 200, headers: {}, body: "" },
  "not found": { status: 404, headers: { "content-type": "text/plain" }, body: "not found" },
  "a redirect": { status: 302, headers: { location: "https://elsewhere.example.com/" }, body: "" },
  "too many requests": { status: 429, headers: { "retry-after": "3600" }, body: "{}" },
  "an error": { status: 500, headers: {}, body: "{}" },
};

function expectOutcome(played: Played, expected: Outcome): void {
  if (played.outcome !== expected) throw new Error(told(played, expected));
}

function told({ outcome, checks }: Played, expected: string): string {
  const lines = checks.map(({ title, message, ...each }) => `${title}: ${each.outcome ?? "not run"}, ${message}`);
  return [`the outcome is ${outcome}, expected ${expected}`, ...lines].join("\n");
}
