import { isIP } from "node:net";
import type { CheckResult } from "../contract/results.js";
import type { Reach } from "../transport/http.js";
import type { Transport } from "../transport/index.js";
import { BUILDS_ON_FAILED, statusOf } from "./run.js";

/** A certificate that expires sooner than this is worth a word, in milliseconds. */
const SOON = 14 * 24 * 3600 * 1000;

type Told = Pick<CheckResult, "message"> & Partial<CheckResult>;

/**
 * Puts the checks of the stages `name` and `tls` before the first one that has sent something: the transport has seen both. A
 * first request that has failed at one of the two moves there, and the check that made it was not run.
 */
export function withReach(
  transport: Transport,
  strict: boolean,
  report: (result: CheckResult) => void,
): (result: CheckResult) => void {
  let done = false;
  return (result) => {
    const url = done ? undefined : requested(result);
    if (url === undefined) return report(result);
    done = true;
    const stage = stageOf(result);
    const tell = (at: "name" | "tls", title: string, told: Told): void => {
      const moved = stage === at ? { ...result, stage: at, title } : undefined;
      const status = told.outcome === undefined ? "notRun" : statusOf(told.outcome, strict);
      report(moved ?? { stage: at, title, status, duration: 0, ...told });
    };
    const reach = transport.reach(url.origin);
    tell("name", "host name resolves", nameCheck(url, reach, result));
    tell("tls", "TLS certificate", stage === "name" ? { message: BUILDS_ON_FAILED } : tlsCheck(url, reach));
    if (stage === undefined) report(result);
    else report({ stage: result.stage, title: result.title, status: "notRun", message: BUILDS_ON_FAILED, duration: 0 });
  };
}

function requested({ evidence }: CheckResult): URL | undefined {
  const url = evidence?.request?.replace(/^\S+ /, "");
  return url !== undefined && URL.canParse(url) ? new URL(url) : undefined;
}

function stageOf({ outcome }: CheckResult): "name" | "tls" | undefined {
  if (outcome === "dns") return "name";
  return outcome?.startsWith("tls-") ? "tls" : undefined;
}

function nameCheck({ hostname }: URL, reach: Reach | undefined, { outcome }: CheckResult): Told {
  if (isIP(hostname.replace(/^\[|\]$/g, "")) !== 0) return { outcome: "ok", message: `${hostname} is an address itself` };
  if (reach?.address !== undefined) return { outcome: "ok", message: `${hostname} is ${reach.address}` };
  if (reach?.proxy !== undefined) return { outcome: "ok", message: `${hostname} is looked up by the proxy ${reach.proxy}` };
  if (outcome === "refused" || outcome === "reset" || outcome?.startsWith("tls-"))
    return { outcome: "ok", message: `${hostname} is known` };
  return { message: "not known, because no connection was made" };
}

function tlsCheck({ protocol, hostname }: URL, reach: Reach | undefined): Told {
  if (protocol === "http:") {
    if (isLoopback(hostname)) return { outcome: "ok", message: "plain http, which does not leave this machine" };
    return {
      outcome: "ok-limited",
      message: "plain http is used: whoever is on the way can read the credentials",
      hint: "Use the https address of the service, if it has one.",
    };
  }
  if (reach?.tls === undefined) return { message: "not known, because no connection was made" };
  const { protocol: version, issuer, validTo } = reach.tls;
  const left = Date.parse(validTo) - Date.now();
  const days = Math.floor(left / (24 * 3600 * 1000));
  return {
    outcome: "ok",
    message: `${version}, signed by ${issuer}, valid until ${validTo.slice(0, 10)}`,
    evidence: { facts: { protocol: version, issuer, validTo } },
    ...(left < SOON ? { hint: `The certificate expires in ${days} days: have it renewed.` } : {}),
  };
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "[::1]" || /^127\./.test(hostname);
}
